"""Which version of a document counted on a day."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery

from safetyplant.documents.choices import VersionStatus


class VersionQuerySet(models.QuerySet):
    def visible_to(self, user: Any, *, with_drafts: bool = False) -> Self:
        """Published versions are for everyone who works here; drafts for those who keep this kind (the room knows who)."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self if with_drafts else self.filter(status=VersionStatus.PUBLISHED)

    def published(self) -> "VersionQuerySet":
        return self.filter(status=VersionStatus.PUBLISHED)

    def drafts(self) -> "VersionQuerySet":
        return self.filter(status=VersionStatus.DRAFT)

    def in_force(self, on: date) -> "VersionQuerySet":
        """At most one version per document: the latest published one valid by that day, unless the document was withdrawn."""
        latest = (
            VersionQuerySet(self.model)
            .published()
            .filter(document=OuterRef("document"), valid_from__lte=on)
            .order_by("-valid_from", "-number")
            .values("pk")[:1]
        )
        standing = Q(document__withdrawn_on__isnull=True) | Q(document__withdrawn_on__gt=on)
        return self.filter(standing, pk=Subquery(latest))


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user: Any, *, with_drafts: bool = False) -> Self:
        """Documents with a published version; those that were never published only for whoever keeps this kind."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if with_drafts:
            return self
        return self.filter(Exists(self._versions().filter(document=OuterRef("pk"), status=VersionStatus.PUBLISHED)))

    def with_in_force(self, on: date) -> Self:
        """Adds `number`, `valid_from` and `clause_count` of the version in force that day, and `has_draft`."""
        versions = self._versions()
        current = versions.in_force(on).filter(document=OuterRef("pk"))
        return self.annotate(
            number=Subquery(current.values("number")[:1]),
            valid_from=Subquery(current.values("valid_from")[:1]),
            clause_count=Subquery(current.annotate(n=Count("clauses")).values("n")[:1]),
            has_draft=Exists(versions.drafts().filter(document=OuterRef("pk"))),
        )

    def _versions(self) -> VersionQuerySet:
        return self.model._meta.get_field("versions").related_model.objects.all()

    def of_kind(self, kind: str) -> "DocumentQuerySet":
        return self.filter(kind=kind)

    def current(self) -> "DocumentQuerySet":
        return self.filter(withdrawn_on__isnull=True)
