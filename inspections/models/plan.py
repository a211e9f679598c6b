"""Plans of inspections, and the visits that are owed by them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections import querysets
from inspections.choices import ByWhom, Excuse, FreeDays, InspectionKind, Rhythm, VisitStatus
from inspections.recurrence import END_OF_DAY
from responsibilities.choices import Field


class InspectionPlan(models.Model):
    """Who inspects what, how often: rounds of supervisors, patrols along a route, leaders' visits to the front line.

    Life cycle: in force from `starts_on` through `ends_on`, until it is ended (`ended_at`). Its days follow from data: an
    RFC 5545 rule (`rule`), a shift pattern (`shifts`, a letter a day: D day shift, N night shift, - none), or `times` a month.
    Each day, target and, where every one of the inspectors has to go, each of them is a `PlannedVisit`, made ahead through
    `made_until`. Kept by whoever plans visits of `unit` (`Right.PLAN_VISITS`).
    """

    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=InspectionKind, default=InspectionKind.ROUTINE)
    unit = models.ForeignKey("responsibilities.Unit", models.PROTECT, related_name="inspection_plans", verbose_name=_("unit"))
    standard = models.ForeignKey(
        "documents.Document", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("standard")
    )
    field = models.CharField(_("field"), max_length=12, choices=Field, default=Field.PRODUCTION)
    rhythm = models.CharField(_("rhythm"), max_length=8, choices=Rhythm, default=Rhythm.RULE)
    rule = models.CharField(_("rule"), max_length=200, blank=True)
    shifts = models.CharField(_("shift pattern"), max_length=60, blank=True)
    times = models.PositiveSmallIntegerField(_("times a month"), null=True, blank=True)
    free_days = models.CharField(_("on free days"), max_length=8, choices=FreeDays, default=FreeDays.KEEP)
    due_time = models.TimeField(_("done by"), default=END_OF_DAY)
    days_before = models.PositiveSmallIntegerField(_("days before"), default=0)
    by_whom = models.CharField(_("by whom"), max_length=10, choices=ByWhom, default=ByWhom.ANYONE)
    inspectors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="inspection_plans", verbose_name=_("inspectors"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("through"), null=True, blank=True)
    made_until = models.DateField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    objects = querysets.InspectionPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspection plan")
        verbose_name_plural = _("inspection plans")
        ordering = ["title", "id"]
        indexes = [models.Index(fields=["title", "id"], name="plan_title")]
        constraints = [
            models.CheckConstraint(
                condition=Q(rhythm=Rhythm.RULE, rule__gt="", shifts="", times__isnull=True)
                | Q(rhythm=Rhythm.SHIFTS, rule="", shifts__gt="", times__isnull=True)
                | Q(rhythm=Rhythm.COUNT, rule="", shifts="", times__gte=1, times__lte=28),
                name="plan_rhythm_whole",
            ),
            models.CheckConstraint(condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="plan_ends_after"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="plan_ended_whole",
            ),
            models.CheckConstraint(condition=Q(days_before__lte=31), name="plan_days_before_range"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_ended(self) -> bool:
        return self.ended_at is not None


class PlanTarget(models.Model):
    """What a plan visits: a unit as a whole, one of its places, or a route with its points in order."""

    plan = models.ForeignKey(InspectionPlan, models.CASCADE, related_name="targets")
    unit = models.ForeignKey("responsibilities.Unit", models.PROTECT, related_name="+")
    place = models.ForeignKey("responsibilities.Place", models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("target of a plan")
        ordering = ["plan", "position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "unit", "place"], name="plan_target_once", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return self.place.name if self.place else self.unit.name


class PlannedVisit(models.Model):
    """One occurrence of a plan, or a single visit somebody planned (`plan` empty): owed by `owner` until `due_at`.

    Life cycle: planned → done, or missed → done all the same; excused with a reason, which somebody else than the owner
    decides; cancelled when its plan ends or changes. A missed one stays missed for good unless it is made up or excused.
    Submitting an inspection that fits meets it; `inspections` are those made for it, of a route one for each stop. `person` is
    set where every inspector of the plan has to go; of an any-one visit `owner` alone says whose turn it is. Its deadline opens
    some days before. What the visit is (`kind`, `standard`) stays as it was when it was made.
    """

    plan = models.ForeignKey(InspectionPlan, models.PROTECT, null=True, blank=True, related_name="visits")
    kind = models.CharField(_("kind"), max_length=12, choices=InspectionKind)
    standard = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    field = models.CharField(_("field"), max_length=12, choices=Field, default=Field.PRODUCTION)
    unit = models.ForeignKey("responsibilities.Unit", models.PROTECT, related_name="visits", verbose_name=_("unit"))
    place = models.ForeignKey(
        "responsibilities.Place", models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("place")
    )
    on = models.DateField(_("day"))
    starts_at = models.DateTimeField(_("from"))
    due_at = models.DateTimeField(_("due"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="visits", verbose_name=_("with"))
    status = models.CharField(_("state"), max_length=10, choices=VisitStatus, default=VisitStatus.PLANNED)
    deadline = models.OneToOneField(
        "responsibilities.Deadline", models.PROTECT, null=True, blank=True, related_name="planned_visit"
    )
    inspections = models.ManyToManyField("inspections.Inspection", related_name="visits")
    done_at = models.DateTimeField(pgettext_lazy("visit", "done"), null=True, blank=True)
    missed_at = models.DateTimeField(_("missed"), null=True, blank=True)
    excuse = models.CharField(_("excuse"), max_length=10, choices=Excuse, blank=True)
    excuse_note = models.TextField(_("note"), blank=True)
    excuse_asked_at = models.DateTimeField(null=True, blank=True)
    excuse_deadline = models.OneToOneField("responsibilities.Deadline", models.PROTECT, null=True, blank=True, related_name="+")
    excused_at = models.DateTimeField(null=True, blank=True)
    excused_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    objects = querysets.PlannedVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned visit")
        verbose_name_plural = _("planned visits")
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["due_at", "id"], name="visit_due"),
            models.Index(fields=["unit", "due_at", "id"], name="visit_unit_due"),
            models.Index(fields=["owner", "due_at", "id"], name="visit_owner_due"),
            models.Index(fields=["due_at", "id"], name="visit_due_planned", condition=Q(status="planned")),
            models.Index(fields=["due_at", "id"], name="visit_due_missed", condition=Q(status="missed")),
            models.Index(fields=["starts_at"], name="visit_to_open", condition=Q(status="planned", deadline__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "unit", "place", "person", "on"],
                name="visit_once",
                condition=~Q(status="cancelled") & Q(plan__isnull=False),
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("starts_at")), name="visit_due_after_start"),
            models.CheckConstraint(
                condition=Q(status="done", done_at__isnull=False) | (~Q(status="done") & Q(done_at__isnull=True)),
                name="visit_done_whole",
            ),
            models.CheckConstraint(condition=~Q(status="missed") | Q(missed_at__isnull=False), name="visit_missed_has_moment"),
            models.CheckConstraint(
                condition=Q(status="excused", excuse__gt="", excused_at__isnull=False, excused_by__isnull=False)
                | (~Q(status="excused") & Q(excused_at__isnull=True, excused_by__isnull=True)),
                name="visit_excused_whole",
            ),
            models.CheckConstraint(
                condition=Q(excused_by__isnull=True) | ~Q(excused_by=F("owner")), name="visit_excused_by_another"
            ),
            models.CheckConstraint(
                condition=Q(excuse_asked_at__isnull=True) | Q(excuse__gt=""), name="visit_asked_excuse_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.where} {self.on}"

    @property
    def where(self) -> str:
        return self.place.name if self.place else self.unit.name

    @property
    def is_late(self) -> bool:
        """Made after its date, though it was made."""
        return self.done_at is not None and self.done_at > self.due_at
