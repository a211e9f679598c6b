"""A visit to a unit, place or route, and what was answered there."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspections import querysets
from inspections.choices import InspectionKind, InspectionStatus, Result
from responsibilities.choices import Field
from safetyplant.search.fields import SearchIndex, SearchVector


class Inspection(models.Model):
    """One visit by one or more inspectors against a version of a standard, or free.

    Life cycle: draft (saved as it is typed) → submitted → acknowledged by the unit's head. `client_id` is the id that the
    phone gave it, unique per creator; `body_hash` is that of the canonical body as first sent, so that the same body sent
    again is the same inspection and another body is refused. `score` is the percentage of points reached at submission.
    """

    client_id = models.UUIDField(default=uuid.uuid4, editable=False)
    body_hash = models.CharField(max_length=64, blank=True, editable=False)
    number = models.CharField(_("number"), max_length=32, unique=True, null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=InspectionKind, default=InspectionKind.ROUTINE)
    status = models.CharField(_("state"), max_length=14, choices=InspectionStatus, default=InspectionStatus.DRAFT)
    unit = models.ForeignKey("responsibilities.Unit", models.PROTECT, related_name="inspections", verbose_name=_("unit"))
    place = models.ForeignKey(
        "responsibilities.Place", models.PROTECT, null=True, blank=True, related_name="inspections", verbose_name=_("place")
    )
    standard = models.ForeignKey(
        "documents.DocumentVersion", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("standard")
    )
    field = models.CharField(_("field"), max_length=12, choices=Field, default=Field.PRODUCTION)
    inspectors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="inspections", verbose_name=_("inspectors"))
    note = models.TextField(_("note"), blank=True)
    outside_body = models.CharField(_("outside body"), max_length=120, blank=True)
    started_at = models.DateTimeField(_("started"))
    device_at = models.DateTimeField(null=True, blank=True, editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=1, null=True, blank=True)
    failed_count = models.PositiveSmallIntegerField(_("failed"), default=0)
    answered_count = models.PositiveSmallIntegerField(_("answered"), default=0)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    acknowledge_deadline = models.OneToOneField(
        "responsibilities.Deadline", models.PROTECT, null=True, blank=True, related_name="+"
    )
    photos = models.OneToOneField("attachments.AttachmentSet", models.PROTECT, null=True, blank=True, related_name="+")
    chain = models.ForeignKey("responsibilities.ChainSnapshot", models.PROTECT, null=True, blank=True, related_name="+")
    # Null rather than empty: unique among imported records only.
    imported_key = models.CharField(max_length=120, null=True, blank=True, editable=False)  # noqa: DJ001
    search = SearchVector("number", "note", "outside_body")

    objects = querysets.InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(fields=["-started_at", "-id"], name="inspection_started"),
            models.Index(fields=["unit", "-started_at", "-id"], name="inspection_unit_started"),
            models.Index(fields=["created_by", "-started_at", "-id"], name="inspection_creator_started"),
            SearchIndex(name="inspection_search"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["created_by", "client_id"], name="inspection_client_once"),
            models.UniqueConstraint(fields=["imported_key"], name="inspection_imported_once"),
            models.CheckConstraint(
                condition=Q(status=InspectionStatus.DRAFT, submitted_at__isnull=True, number__isnull=True)
                | (
                    ~Q(status=InspectionStatus.DRAFT)
                    & Q(submitted_at__isnull=False, submitted_by__isnull=False, number__isnull=False)
                ),
                name="inspection_submitted_whole",
            ),
            models.CheckConstraint(
                condition=Q(status=InspectionStatus.ACKNOWLEDGED, acknowledged_at__isnull=False, acknowledged_by__isnull=False)
                | (~Q(status=InspectionStatus.ACKNOWLEDGED) & Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)),
                name="inspection_acknowledged_whole",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100), name="inspection_score_range"
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(_("Draft"))


class InspectionAnswer(models.Model):
    """The answer to one item, once per inspection; a failed one leads to a hazard or a violation (`finding`).

    While the inspection is a draft, what was typed about a failure waits in `draft` (kind of finding, text, stop work …);
    submission makes the records from it.
    """

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="answers")
    item = models.ForeignKey("documents.Clause", models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=4, choices=Result)
    note = models.TextField(blank=True)
    draft = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("answer")
        ordering = ["inspection", "position"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "position"], name="answer_position_once"),
            models.UniqueConstraint(fields=["inspection", "item"], name="answer_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.inspection_id}#{self.position}: {self.result}"

    @property
    def checklist_item(self) -> Any:
        """What its item asks for; None for a finding of a free inspection."""
        return getattr(self.item, "checklist_item", None) if self.item_id else None
