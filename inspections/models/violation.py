"""A breach of rules by a person, a contractor or a unit."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspections import querysets
from inspections.choices import ViolationStatus
from safetyplant.search.fields import SearchIndex, SearchVector


class Violation(models.Model):
    """A breach, with the correction made on the spot. The person concerned is personal data, seen by those who need it.

    Life cycle: recorded → noticed → (appealed) → final, or cancelled while it is only recorded (`workflows/penalties.py`, held
    by a trigger). Past (imported) violations are final at once and cost no points. `proposed_points` is the catalogue's
    proposal; what it costs stands in its `Penalty`. What someone reported of themself (`self_reported`) never costs points.
    """

    client_id = models.UUIDField(default=uuid.uuid4, editable=False)
    body_hash = models.CharField(max_length=64, blank=True, editable=False)
    number = models.CharField(_("number"), max_length=32, unique=True)
    status = models.CharField(_("state"), max_length=12, choices=ViolationStatus, default=ViolationStatus.RECORDED)
    unit = models.ForeignKey("responsibilities.Unit", models.PROTECT, related_name="violations", verbose_name=_("unit"))
    place = models.ForeignKey(
        "responsibilities.Place", models.PROTECT, null=True, blank=True, related_name="violations", verbose_name=_("place")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="violations", verbose_name=_("person")
    )
    violation_type = models.ForeignKey(
        "inspections.ViolationType", models.PROTECT, null=True, blank=True, related_name="violations", verbose_name=_("type")
    )
    level = models.ForeignKey(
        "responsibilities.Level", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("level")
    )
    clause = models.ForeignKey(
        "documents.Clause", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("clause")
    )
    clause_text = models.CharField(_("clause or item broken"), max_length=200, blank=True)
    description = models.TextField(_("what happened"))
    correction = models.TextField(_("correction made on the spot"), blank=True)
    proposed_points = models.PositiveSmallIntegerField(_("points proposed"), null=True, blank=True)
    found_at = models.DateTimeField(_("found"))
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="recorded_violations", verbose_name=_("by")
    )
    inspection = models.ForeignKey("inspections.Inspection", models.PROTECT, null=True, blank=True, related_name="violations")
    item = models.ForeignKey("documents.Clause", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("item"))
    photos = models.OneToOneField("attachments.AttachmentSet", models.PROTECT, null=True, blank=True, related_name="+")
    chain = models.ForeignKey("responsibilities.ChainSnapshot", models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    cancel_reason = models.TextField(_("reason"), blank=True)
    self_reported = models.BooleanField(_("reported by the person themself"), default=False, db_default=False)
    # Without an index: whoever has the deadline has its link, and nobody asks the other way.
    notice_deadline = models.ForeignKey(
        "responsibilities.Deadline", models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    revision = models.PositiveIntegerField(default=1, db_default=1)
    is_past = models.BooleanField(default=False, editable=False)
    # Null rather than empty: unique among imported records only.
    imported_key = models.CharField(max_length=120, null=True, blank=True, editable=False)  # noqa: DJ001
    # SECURITY: never the person's name: the terms are searched by whoever sees the unit's violations.
    search = SearchVector("number", "clause_text", "description")

    objects = querysets.ViolationQuerySet.as_manager()

    class Meta:
        verbose_name = _("violation")
        verbose_name_plural = _("violations")
        ordering = ["-found_at", "-id"]
        indexes = [
            models.Index(fields=["-found_at", "-id"], name="violation_found"),
            models.Index(fields=["unit", "-found_at", "-id"], name="violation_unit_found"),
            models.Index(fields=["person", "-found_at"], name="violation_person", condition=Q(person__isnull=False)),
            models.Index(fields=["recorded_by", "-found_at", "-id"], name="violation_recorder"),
            SearchIndex(name="violation_search"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["recorded_by", "client_id"], name="violation_client_once"),
            models.UniqueConstraint(fields=["imported_key"], name="violation_imported_once"),
            models.CheckConstraint(
                condition=Q(
                    status=ViolationStatus.CANCELLED, cancelled_at__isnull=False, cancelled_by__isnull=False, cancel_reason__gt=""
                )
                | (~Q(status=ViolationStatus.CANCELLED) & Q(cancelled_at__isnull=True, cancelled_by__isnull=True)),
                name="violation_cancelled_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.number
