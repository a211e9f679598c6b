"""A danger found."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inspections import querysets
from inspections.choices import OPEN_HAZARD, AssessMethod, HazardStatus
from responsibilities.choices import Field, WaitingFor
from safetyplant.search.fields import SearchIndex, SearchVector


class Hazard(models.Model):
    """A danger found by anyone: reported → assessed and assigned → fixed → checked → closed; or fixed on the spot, or cancelled.

    The fixing itself is a `CorrectiveAction`. So that lists sort and filter on this table alone, `status`, `holder` (the one
    person it is with now), `fixer`, `lead_unit`, `due_at` (what that person owes) and `first_due_at` (first date of the fix)
    mirror the action, written by the workflows of the room in the same transaction. The owning unit never lowers a level.
    `repeat_of` is the last hazard of the same category at the same place within `REPEAT_DAYS`.
    """

    client_id = models.UUIDField(default=uuid.uuid4, editable=False)
    body_hash = models.CharField(max_length=64, blank=True, editable=False)
    number = models.CharField(_("number"), max_length=32, unique=True)
    title = models.CharField(_("what is wrong"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    status = models.CharField(_("state"), max_length=12, choices=HazardStatus, default=HazardStatus.REPORTED)
    waiting_for = models.CharField(max_length=10, choices=WaitingFor, blank=True)
    # No index of its own where one below begins with the field: it would only cost writes and tempt the planner.
    unit = models.ForeignKey(
        "responsibilities.Unit", models.PROTECT, related_name="hazards", db_index=False, verbose_name=_("unit")
    )
    place = models.ForeignKey(
        "responsibilities.Place", models.PROTECT, null=True, blank=True, related_name="hazards", verbose_name=_("place")
    )
    field = models.CharField(_("field"), max_length=12, choices=Field, default=Field.PRODUCTION)
    category = models.ForeignKey(
        "inspections.HazardCategory", models.PROTECT, null=True, blank=True, related_name="hazards", verbose_name=_("category")
    )
    level = models.ForeignKey(
        "responsibilities.Level", models.PROTECT, null=True, blank=True, related_name="hazards", verbose_name=_("level")
    )
    possibly_major = models.BooleanField(_("possibly major, undecided"), default=False)
    immediate_danger = models.BooleanField(_("someone is in danger now"), default=False)
    found_at = models.DateTimeField(_("found"))
    reported_at = models.DateTimeField(_("reported"))
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reported_hazards", db_index=False, verbose_name=_("found by")
    )
    inspection = models.ForeignKey("inspections.Inspection", models.PROTECT, null=True, blank=True, related_name="hazards")
    item = models.ForeignKey("documents.Clause", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("item"))
    clause = models.ForeignKey(
        "documents.Clause", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("clause")
    )
    photos = models.OneToOneField("attachments.AttachmentSet", models.PROTECT, null=True, blank=True, related_name="+")
    # Assessment
    assess_deadline = models.OneToOneField("responsibilities.Deadline", models.PROTECT, null=True, blank=True, related_name="+")
    assessed_at = models.DateTimeField(null=True, blank=True)
    assessed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    assess_method = models.CharField(max_length=8, choices=AssessMethod, blank=True)
    assess_inputs = models.JSONField(default=dict, blank=True)
    assess_score = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    decide_deadline = models.OneToOneField("responsibilities.Deadline", models.PROTECT, null=True, blank=True, related_name="+")
    # The fix
    action = models.OneToOneField(
        "responsibilities.CorrectiveAction", models.PROTECT, null=True, blank=True, related_name="hazard"
    )
    # Only when another unit than the hazard's own leads the fix: a short index of its own, and none for the many others.
    lead_unit = models.ForeignKey(
        "responsibilities.Unit", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    interim_control = models.TextField(_("interim control"), blank=True)
    fixed_on_spot = models.BooleanField(_("fixed on the spot"), default=False)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("with"),
    )
    fixer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    first_due_at = models.DateTimeField(_("first due"), null=True, blank=True)
    done_at = models.DateTimeField(_("fix submitted"), null=True, blank=True)
    #: Accepted for a time, so that lists need not ask for its standing `Acceptance`. Then the holder is whoever looks again.
    accepted_until = models.DateTimeField(_("accepted until"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    cancel_reason = models.TextField(_("reason"), blank=True)
    # Stop work
    stopped_at = models.DateTimeField(_("work stopped"), null=True, blank=True)
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    releaser = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("may release the work")
    )
    release_deadline = models.OneToOneField("responsibilities.Deadline", models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(_("work released"), null=True, blank=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    chain = models.ForeignKey("responsibilities.ChainSnapshot", models.PROTECT, null=True, blank=True, related_name="+")
    repeat_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("repeats"))
    is_past = models.BooleanField(default=False, editable=False)
    # Null rather than empty: unique among imported records only.
    imported_key = models.CharField(max_length=120, null=True, blank=True, editable=False)  # noqa: DJ001
    revision = models.PositiveIntegerField(default=1)
    search = SearchVector("number", "title", "description")

    objects = querysets.HazardQuerySet.as_manager()

    class Meta:
        verbose_name = _("hazard")
        verbose_name_plural = _("hazards")
        ordering = ["-found_at", "-id"]
        indexes = [
            models.Index(fields=["-found_at", "-id"], name="hazard_found"),
            models.Index(fields=["unit", "-found_at", "-id"], name="hazard_unit_found"),
            models.Index(fields=["due_at", "id"], name="hazard_due"),
            models.Index(fields=["unit", "due_at", "id"], name="hazard_unit_due"),
            models.Index(fields=["due_at", "id"], name="hazard_due_open", condition=Q(status__in=OPEN_HAZARD)),
            models.Index(fields=["level", "due_at", "id"], name="hazard_level_due_open", condition=Q(status__in=OPEN_HAZARD)),
            models.Index(fields=["due_at", "id"], name="hazard_undecided", condition=Q(possibly_major=True)),
            models.Index(fields=["fixer", "-found_at", "-id"], name="hazard_fixer"),
            models.Index(fields=["holder", "-found_at", "-id"], name="hazard_holder", condition=Q(holder__isnull=False)),
            models.Index(fields=["unit", "due_at", "id"], name="hazard_unit_due_open", condition=Q(status__in=OPEN_HAZARD)),
            models.Index(fields=["holder", "due_at", "id"], name="hazard_holder_open", condition=Q(status__in=OPEN_HAZARD)),
            models.Index(fields=["reported_by", "-found_at", "-id"], name="hazard_reporter"),
            models.Index(
                fields=["place", "category", "-found_at"], name="hazard_place_category", condition=Q(place__isnull=False)
            ),
            models.Index(fields=["-found_at", "-id"], name="hazard_repeats", condition=Q(repeat_of__isnull=False)),
            models.Index(fields=["due_at", "id"], name="hazard_accepted", condition=Q(accepted_until__isnull=False)),
            models.Index(fields=["lead_unit"], name="hazard_lead_unit", condition=Q(lead_unit__isnull=False)),
            SearchIndex(name="hazard_search"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["reported_by", "client_id"], name="hazard_client_once"),
            models.UniqueConstraint(fields=["imported_key"], name="hazard_imported_once"),
            models.CheckConstraint(
                condition=Q(status=HazardStatus.CLOSED, closed_at__isnull=False)
                | (~Q(status=HazardStatus.CLOSED) & Q(closed_at__isnull=True, closed_by__isnull=True)),
                name="hazard_closed_whole",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=HazardStatus.CANCELLED, cancelled_at__isnull=False, cancelled_by__isnull=False, cancel_reason__gt=""
                )
                | (~Q(status=HazardStatus.CANCELLED) & Q(cancelled_at__isnull=True, cancelled_by__isnull=True)),
                name="hazard_cancelled_whole",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["reported", "cancelled"]) | Q(level__isnull=False), name="hazard_worked_on_has_level"
            ),
            models.CheckConstraint(
                condition=Q(assessed_at__isnull=True, assessed_by__isnull=True)
                | Q(assessed_at__isnull=False, assessed_by__isnull=False),
                name="hazard_assessed_whole",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stopped_by__isnull=True, releaser__isnull=True, released_at__isnull=True)
                | Q(stopped_at__isnull=False, stopped_by__isnull=False, releaser__isnull=False),
                name="hazard_stop_whole",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False, released_at__gte=F("stopped_at")),
                name="hazard_release_whole",
            ),
            # Work that was stopped must be released by name before the hazard can be closed.
            models.CheckConstraint(
                condition=~Q(status=HazardStatus.CLOSED) | Q(stopped_at__isnull=True) | Q(released_at__isnull=False),
                name="hazard_closed_not_stopped",
            ),
            models.CheckConstraint(
                condition=~Q(possibly_major=True) | Q(interim_control__gt="") | Q(is_past=True), name="hazard_major_has_control"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_HAZARD

    @property
    def is_stopped(self) -> bool:
        return self.stopped_at is not None and self.released_at is None
