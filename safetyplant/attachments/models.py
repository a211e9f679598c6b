"""Photos as evidence: what a record shows, and what is still on its way in."""

from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from safetyplant.attachments.choices import Purpose
from safetyplant.attachments.querysets import AttachmentQuerySet


class AttachmentSet(models.Model):
    """The files of one record. The record holds a foreign key here; `owner_kind` names the rule that decides who sees them."""

    owner_kind = models.CharField(max_length=40)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("set of files")
        verbose_name_plural = _("sets of files")

    def __str__(self) -> str:
        return f"{self.owner_kind} {self.pk}"


class Attachment(models.Model):
    """One photo, re-encoded from its pixels: no metadata, own hash, a random name in private storage.

    Life cycle: received (unbound, exists for its uploader alone, removed after a week) → bound to a set, once, for good: it is
    evidence then, and a trigger refuses to change or remove it. `sent_sha256` is the hash of the bytes as sent, `sha256` that
    of the file kept; `taken_at` is the camera's own claim.
    """

    set = models.ForeignKey(AttachmentSet, models.PROTECT, null=True, blank=True, related_name="attachments", db_index=False)
    purpose = models.CharField(max_length=10, choices=Purpose, blank=True)
    sent_sha256 = models.CharField(max_length=64)
    sent_size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=40, default="image/jpeg")
    file_key = models.CharField(max_length=120)
    thumb_key = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    uploaded_at = models.DateTimeField(default=timezone.now)
    bound_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    bound_at = models.DateTimeField(null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["set", "id"], name="attachment_set", condition=Q(set__isnull=False)),
            models.Index(fields=["uploaded_by", "uploaded_at"], name="attachment_by_when"),
            models.Index(fields=["uploaded_at"], name="attachment_unbound", condition=Q(set__isnull=True)),
            models.Index(fields=["uploaded_by", "sent_sha256"], name="attachment_by_sent"),
            models.Index(fields=["file_key"], name="attachment_file"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["uploaded_by", "sent_sha256"], condition=Q(set__isnull=True), name="attachment_unbound_once"
            ),
            models.CheckConstraint(
                condition=Q(set__isnull=True, bound_by__isnull=True, bound_at__isnull=True, purpose="")
                | (Q(set__isnull=False, bound_by__isnull=False, bound_at__isnull=False) & ~Q(purpose="")),
                name="attachment_bound_all_or_nothing",
            ),
        ]

    def __str__(self) -> str:
        name = self.get_purpose_display() or _("Photo")
        return f"{name} {self.pk}"

    @property
    def is_bound(self) -> bool:
        return self.set_id is not None

    @property
    def alt(self) -> str:
        """What the picture is, for those who can't see it."""
        return self.caption or str(self)

    @property
    def url(self) -> str:
        return reverse("attachments:file", args=[self.pk])

    @property
    def thumb_url(self) -> str:
        return reverse("attachments:thumb", args=[self.pk])

    def open_file(self) -> Any:
        """The file kept, for reading in binary; whoever calls has asked the owner's rule."""
        return default_storage.open(self.file_key)


class Upload(models.Model):
    """A file on its way in, in pieces. The pieces lie in storage, so any web host can take the next one."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    sent_sha256 = models.CharField(max_length=64)
    total = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        constraints = [
            models.UniqueConstraint(fields=["person", "sent_sha256"], name="upload_once"),
            models.CheckConstraint(condition=Q(received__lte=models.F("total")), name="upload_within_total"),
        ]

    def __str__(self) -> str:
        return f"{self.sent_sha256[:12]} {self.received}/{self.total}"


class UploadPiece(models.Model):
    """Consecutive bytes of an upload: from `start`, `size` of them, in storage under `key`."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="pieces", db_index=False)
    start = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    key = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("piece of an upload")
        verbose_name_plural = _("pieces of an upload")
        ordering = ["start"]
        constraints = [models.UniqueConstraint(fields=["upload", "start"], name="upload_piece_once")]

    def __str__(self) -> str:
        return f"{self.start}+{self.size}"
