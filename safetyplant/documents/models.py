"""Versioned documents with numbered clauses: regulations, standards, plans. Records cite a clause, not a book."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from safetyplant.documents.choices import DocumentKind, VersionStatus
from safetyplant.documents.querysets import DocumentQuerySet, VersionQuerySet
from safetyplant.search.fields import SearchIndex, SearchVector


def in_reader_language(english: str, chinese: str) -> str:
    """The text in the active language, or the other one where that is empty: half a document is better than none."""
    if (get_language() or "en").startswith("zh"):
        return chinese or english
    return english or chinese


class Document(models.Model):
    """A regulation, standard or plan through all its versions. `code` is how people cite it; withdrawn ones stay readable."""

    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind)
    code = models.CharField(_("code"), max_length=60)
    title = models.CharField(_("title"), max_length=240)
    title_zh = models.CharField(_("title in Chinese"), max_length=240, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    search = SearchVector("code", "title", "title_zh")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["kind", "code"]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="document_code_in_kind")]
        indexes = [SearchIndex(name="document_search")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_reader_language(self.title, self.title_zh)


class DocumentVersion(models.Model):
    """One edition. A draft may be edited by anyone allowed to; once published, it and its clauses never change (trigger)."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions", verbose_name=_("document"))
    number = models.PositiveIntegerField(_("version"))
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=VersionStatus, default=VersionStatus.DRAFT)
    note = models.TextField(_("what changed"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("document version")
        verbose_name_plural = _("document versions")
        ordering = ["document_id", "-number"]
        indexes = [models.Index(fields=["document", "-valid_from"], name="document_version_valid")]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_number"),
            models.UniqueConstraint(
                fields=["document"], condition=Q(status=VersionStatus.DRAFT), name="document_one_draft",
                violation_error_message=_("This document has a draft already."),
            ),
            # published_by may be empty: the catalogue that ships with the product has no publisher.
            models.CheckConstraint(
                condition=Q(status=VersionStatus.DRAFT, published_at__isnull=True, published_by__isnull=True)
                | Q(status=VersionStatus.PUBLISHED, published_at__isnull=False, valid_from__isnull=False),
                name="document_published_all_set",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.document.label} v{self.number}"

    @property
    def is_published(self) -> bool:
        return self.status == VersionStatus.PUBLISHED

    @property
    def label(self) -> str:
        return str(self)


class Clause(models.Model):
    """A numbered clause of one version, in reading order. What records cite: "Well site standard v3, clause 2.4"."""

    version = models.ForeignKey(
        DocumentVersion,
        models.CASCADE,
        related_name="clauses",
        verbose_name=_("version"),
    )
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("under"),
    )
    position = models.PositiveIntegerField(_("position"))
    number = models.CharField(_("number"), max_length=32)
    text = models.TextField(_("text"))
    text_zh = models.TextField(_("text in Chinese"), blank=True)
    search = SearchVector("text", "text_zh")

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["version_id", "position"]
        indexes = [SearchIndex(name="clause_search")]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"],
                name="clause_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["version", "number"], name="clause_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"

    @property
    def label(self) -> str:
        return in_reader_language(self.text, self.text_zh)
