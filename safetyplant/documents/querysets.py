"""Which version of a document counted on a day."""

from datetime import date

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from safetyplant.documents.choices import VersionStatus


class VersionQuerySet(models.QuerySet):
    def published(self) -> "VersionQuerySet":
        return self.filter(status=VersionStatus.PUBLISHED)

    def drafts(self) -> "VersionQuerySet":
        return self.filter(status=VersionStatus.DRAFT)

    def in_force(self, on: date) -> "VersionQuerySet":
        """At most one version per document: the latest published one valid by that day, unless the document was withdrawn."""
        latest = (
            self.model.objects.published()
            .filter(document=OuterRef("document"), valid_from__lte=on)
            .order_by("-valid_from", "-number")
            .values("pk")[:1]
        )
        standing = Q(document__withdrawn_on__isnull=True) | Q(document__withdrawn_on__gt=on)
        return self.filter(standing, pk=Subquery(latest))


class DocumentQuerySet(models.QuerySet):
    def of_kind(self, kind: str) -> "DocumentQuerySet":
        return self.filter(kind=kind)

    def current(self) -> "DocumentQuerySet":
        return self.filter(withdrawn_on__isnull=True)
