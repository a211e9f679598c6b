"""Writing plans of inspections, and making their visits ahead of time.

Visits are rows `AHEAD` days before they are due; their deadline opens `OPENS` days before, so that "My work" shows a week and
not a month of daily rounds. Both runs are idempotent: a plan is locked while its visits are made, and their key is unique.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.choices import ByWhom, FreeDays, InspectionKind, Rhythm, VisitStatus
from inspections.models import InspectionPlan, PlannedVisit, PlanTarget
from inspections.permissions import can_plan_visits_of
from inspections.recurrence import END_OF_DAY, Rule, Slot, slots_of
from inspections.services.bans import require_admitted
from responsibilities.chain import ChainReader
from responsibilities.choices import DeadlineKind, Field
from responsibilities.models import Deadline
from responsibilities.roles import Right
from responsibilities.services.deadlines import Subject, new_deadline
from responsibilities.services.schedules import ScheduleBook, place_cursor
from responsibilities.standing import standing_of
from safetyplant.access.transitions import require
from safetyplant.audit.services import record
from safetyplant.notifications.services import Notice, notify_many

if TYPE_CHECKING:
    from responsibilities.models import Person, Place, Unit
    from safetyplant.documents.models import Document

AHEAD, OPENS = timedelta(days=35), timedelta(days=7)
BATCH = 500


@dataclass
class PlanData:
    """What a plan says. `targets` in their order: a unit as a whole, or a place with its unit."""

    title: str
    unit: "Unit"
    targets: "Sequence[tuple[Unit, Place | None]]"
    inspectors: "Sequence[Person]"
    starts_on: date
    rhythm: str = Rhythm.RULE
    rule: str = ""
    shifts: str = ""
    times: int | None = None
    kind: str = InspectionKind.ROUTINE
    standard: "Document | None" = None
    field: str = Field.PRODUCTION
    free_days: str = FreeDays.KEEP
    due_time: time = END_OF_DAY
    days_before: int = 0
    by_whom: str = ByWhom.ANYONE
    ends_on: date | None = None

    @property
    def columns(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if name not in ("targets", "inspectors")}


@transaction.atomic
def create_plan(data: PlanData, *, by: "Person", now: datetime | None = None) -> InspectionPlan:
    """Write it and make its visits at once. ValidationError for inspectors who may not inspect a target."""
    moment = now or timezone.now()
    require(can_plan_visits_of(by, data.unit), _("You may not plan inspections of this unit."))
    require_possible(data, by, moment)
    plan = InspectionPlan.objects.create(**data.columns, created_by=by, created_at=moment)
    write_lists(plan, data)
    record("plan.created", plan, by=by, detail={"title": plan.title}, at=moment)
    make_visits_of(plan, now=moment)
    return plan


def write_lists(plan: InspectionPlan, data: PlanData) -> None:
    """Whom it names and what it visits, in its order."""
    plan.inspectors.set(data.inspectors)
    PlanTarget.objects.bulk_create(
        PlanTarget(plan=plan, unit=unit, place=place, position=position)
        for position, (unit, place) in enumerate(data.targets, start=1)
    )


def require_possible(data: PlanData, by: "Person", now: datetime) -> None:
    """Everyone named may go where they are sent, and who plans answers for every target."""
    if not data.targets or not data.inspectors:
        raise ValidationError(_("A plan says what is inspected, and by whom."))
    for unit, _place in data.targets:
        require(can_plan_visits_of(by, unit), _("You may not plan inspections of %(unit)s.") % {"unit": unit.name})
    day = timezone.localdate(now)
    for person in data.inspectors:
        standing = standing_of(person, day)
        barred = next((unit for unit, _place in data.targets if not standing.has_for(Right.INSPECT, unit)), None)
        if barred is not None:
            words = {"name": person.name, "unit": barred.name}
            raise ValidationError({"inspectors": _("%(name)s may not inspect %(unit)s.") % words})
    require_admitted(data.inspectors, field="inspectors", day=day)


def rule_of(plan: InspectionPlan) -> Rule:
    return Rule(
        rhythm=plan.rhythm,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        rule=plan.rule,
        shifts=plan.shifts,
        times=plan.times or 0,
        free_days=plan.free_days,
        due_time=plan.due_time,
        days_before=plan.days_before,
    )


def make_visits(*, now: datetime | None = None) -> int:
    """Make the visits of all plans ahead, one plan a transaction; a plan that someone else has locked is left to them."""
    moment = now or timezone.now()
    until = timezone.localdate(moment) + AHEAD
    waiting = InspectionPlan.objects.in_force().filter(Q(made_until__isnull=True) | Q(made_until__lt=until))
    return sum(_make_alone(pk, moment) for pk in list(waiting.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _make_alone(pk: int, now: datetime) -> int:
    plan = InspectionPlan.objects.in_force().filter(pk=pk).select_for_update(skip_locked=True, of=("self",)).first()
    return make_visits_of(plan, now=now) if plan is not None else 0


def make_visits_of(plan: InspectionPlan, *, now: datetime) -> int:
    """Those that are not there yet; in the caller's transaction, which has the plan locked. Nothing is made for days gone by."""
    today = timezone.localdate(now)
    until = today + AHEAD
    first = max(plan.starts_on, today, (plan.made_until or today - timedelta(days=1)) + timedelta(days=1))
    slots = [slot for slot in slots_of(rule_of(plan), first, until) if slot.due_at > now]
    people = list(plan.inspectors.filter(is_active=True).order_by("pk"))
    visits = [visit for slot in slots for target in plan.targets.all() for visit in _visits_of(plan, target, slot, people)]
    PlannedVisit.objects.bulk_create(visits, ignore_conflicts=True, batch_size=BATCH)
    plan.made_until = until
    plan.save(update_fields=["made_until"])
    open_visits(now=now, plan=plan)
    return len(visits)


def _visits_of(plan: InspectionPlan, target: PlanTarget, slot: Slot, people: "list[Person]") -> Iterable[PlannedVisit]:
    """One for each person, or one whose turn goes round from day to day and target to target."""
    if not people:
        return []
    if plan.by_whom == ByWhom.EVERYONE:
        return [_visit(plan, target, slot, person, person) for person in people]
    turn = people[(slot.on.toordinal() + target.position) % len(people)]
    return [_visit(plan, target, slot, None, turn)]


def _visit(plan: InspectionPlan, target: PlanTarget, slot: Slot, person: "Person | None", owner: "Person") -> PlannedVisit:
    return PlannedVisit(
        plan=plan,
        kind=plan.kind,
        standard_id=plan.standard_id,
        field=plan.field,
        unit_id=target.unit_id,
        place_id=target.place_id,
        on=slot.on,
        starts_at=slot.starts_at,
        due_at=slot.due_at,
        person=person,
        owner=owner,
    )


@transaction.atomic
def plan_visit(
    unit: "Unit",
    place: "Place | None" = None,
    *,
    owner: "Person",
    on: date,
    kind: str = InspectionKind.LEADER,
    by: "Person",
    now: datetime | None = None,
) -> PlannedVisit:
    """A single visit, without a plan: how a gap of the coming week is closed. Twice the same is the same visit."""
    moment = now or timezone.now()
    require(can_plan_visits_of(by, unit), _("You may not plan inspections of this unit."))
    if not standing_of(owner, timezone.localdate(moment)).has_for(Right.INSPECT, unit):
        words = {"name": owner.name, "unit": unit.name}
        raise ValidationError({"owner": _("%(name)s may not inspect %(unit)s.") % words})
    require_admitted([owner], field="owner", day=on)
    slot = slots_of(Rule(Rhythm.RULE, on, on, rule="FREQ=DAILY"), on, on)[0]
    if slot.due_at <= moment:
        raise ValidationError({"on": _("This day is over. Choose one that is still to come.")})
    key = {"plan": None, "unit": unit, "place": place, "owner": owner, "on": on, "kind": kind}
    known = PlannedVisit.objects.living().filter(**key).first()
    if known is not None:
        return known
    visit = PlannedVisit.objects.create(**key, starts_at=slot.starts_at, due_at=slot.due_at, created_by=by)
    record("visit.planned", visit, by=by, detail={"day": on.isoformat()}, at=moment)
    _open_deadlines([visit], ScheduleBook(), ChainReader(timezone.localdate(moment)), now=moment)
    if owner.pk != by.pk:
        notify_many([_notice_of(visit, by)], now=moment)
    return visit


def _notice_of(visit: PlannedVisit, by: "Person") -> Notice:
    params = {"where": visit.where, "day": {"on": visit.on.isoformat()}, "by": by.name}
    return Notice(visit.owner_id, "visit.planned", params=params, link=link_of(visit), dedupe_key=f"visit:{visit.pk}")


def open_visits(*, now: datetime, plan: InspectionPlan | None = None) -> int:
    """Open the deadlines of visits that come within `OPENS`; each batch in one transaction, rows locked by others skipped."""
    book, reader, opened = ScheduleBook(), ChainReader(timezone.localdate(now)), 0
    while True:
        with transaction.atomic():
            rows = PlannedVisit.objects.filter(status=VisitStatus.PLANNED, deadline__isnull=True, due_at__lte=now + OPENS)
            if plan is not None:
                rows = rows.filter(plan=plan)
            # Longer windows open with their first day.
            rows = rows | PlannedVisit.objects.filter(
                status=VisitStatus.PLANNED, deadline__isnull=True, starts_at__lte=now, **({"plan": plan} if plan else {})
            )
            waiting = rows.order_by("pk").select_for_update(skip_locked=True, of=("self",))
            batch = list(waiting.select_related("unit", "place", "owner__unit")[:BATCH])
            _open_deadlines(batch, book, reader, now=now)
        opened += len(batch)
        if len(batch) < BATCH:
            return opened


def _open_deadlines(visits: list[PlannedVisit], book: ScheduleBook, reader: ChainReader, *, now: datetime) -> None:
    """In the caller's transaction. A deadline runs from the beginning of its visit, so that reminders fall into its hours."""
    deadlines = []
    for visit in visits:
        deadline = new_deadline(
            DeadlineKind.VISIT,
            Subject("", visit.where, link_of(visit)),
            owner=visit.owner,
            unit=told_unit(visit),
            field="",
            starts_at=visit.starts_at,
            due_at=visit.due_at,
        )
        place_cursor(deadline, book, on=reader.on)
        deadlines.append(deadline)
    for visit, deadline in zip(visits, Deadline.objects.bulk_create(deadlines), strict=True):
        visit.deadline = deadline
    PlannedVisit.objects.bulk_update(visits, ["deadline"])


def told_unit(visit: PlannedVisit) -> "Unit":
    """Whose chain hears that the visit was missed: that of whoever owes it, not of the unit that waits for it in vain."""
    return visit.owner.unit or visit.unit


def link_of(visit: PlannedVisit) -> str:
    return reverse("inspections:visit-detail", args=[visit.pk])
