"""A planned visit's life.

    planned ──inspection that fits──▶ done          missed ──inspection made late──▶ done
    planned ──date gone by──────────▶ missed        planned, missed ──reason, by another──▶ excused
    planned ──plan ended or changed─▶ cancelled     missed ──long enough──▶ missed, no longer asked for

Order of locks: the visit's deadlines, then the visit (`responsibilities/workflows/deadlines.py`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.choices import OPEN_VISIT, Excuse, InspectionStatus, VisitStatus
from inspections.models import Inspection, InspectionPlan, PlannedVisit
from inspections.permissions import can_ask_excuse, can_excuse_visit
from inspections.services.plans import link_of
from responsibilities.chain import ChainReader
from responsibilities.choices import DeadlineKind, DeadlineStatus, PlaceKind, StageCode
from responsibilities.models import Deadline, Person, StageTerm
from responsibilities.services.deadlines import Subject, open_deadline, stage_due_at
from responsibilities.services.owners import choose_approver
from responsibilities.workflows import asked_key, cancel_deadline, meet_deadline
from responsibilities.workflows.deadlines import lock_deadlines
from safetyplant.access.exceptions import StaleVersion
from safetyplant.access.transitions import locked, require, require_state
from safetyplant.audit.services import Row, record, record_many
from safetyplant.notifications.services import notify

RELATED = ("plan", "unit", "place", "owner__unit", "deadline", "excuse_deadline__owner")
RUNNING = (DeadlineStatus.OPEN, DeadlineStatus.PAUSED)
BATCH = 500


def locked_visit(pk: int) -> PlannedVisit:
    """Its deadlines first, then the row itself."""
    ids = PlannedVisit.objects.filter(pk=pk).values_list("deadline_id", "excuse_deadline_id").get()
    lock_deadlines(ids)
    return locked(PlannedVisit.objects.select_related(*RELATED), pk)


# --- done ---------------------------------------------------------------------------------------------------------------


def meet_visits(inspections: Sequence[Inspection], *, by: Person, now: datetime) -> list[PlannedVisit]:
    """What these inspections, just submitted, were owed for: the visits they were begun from, and those that they fit.

    A visit fits where it was, of its kind, by its checklist if it names one, within its time, by someone who may make it. Of a
    route it is one stop: the visit is met with the last one. Runs in the submission's transaction; visits by their ids, so
    that two who need the same ones wait instead of blocking each other.
    """
    met = []
    for pk, inspection in sorted(_pairs(inspections), key=lambda pair: pair[0]):
        visit = locked_visit(pk)
        if visit.status not in OPEN_VISIT:
            continue
        visit.inspections.add(inspection)
        made = visit.inspections.filter(Q(pk=inspection.pk) | ~Q(status=InspectionStatus.DRAFT))
        if _is_whole(visit, made):
            met.append(_done(visit, max(made.values_list("started_at", flat=True)), by=by, now=now))
    return met


def _pairs(inspections: Sequence[Inspection]) -> list[tuple[int, Inspection]]:
    """Visits with the inspections that may meet them. One question for all says for most of them that there is none."""
    hints = list(_hints(inspections).values("inspections", "unit", "place", "place__kind", "kind", "starts_at", "due_at"))
    asked = [inspection for inspection in inspections if any(_hints_at(hint, inspection) for hint in hints)]
    return [(pk, inspection) for inspection in asked for pk in _candidates(inspection)]


def _hints(inspections: Sequence[Inspection]) -> QuerySet:
    """Every open visit that one of these could meet by who was there and when, and more."""
    people = Person.objects.filter(inspections__in=inspections).values("pk")
    started = [inspection.started_at for inspection in inspections]
    whose = Q(owner__in=people) | Q(person__isnull=True, plan__inspectors__in=people)
    in_time = Q(starts_at__lte=max(started), due_at__gte=min(started))
    return PlannedVisit.objects.open().filter(Q(inspections__in=inspections) | (whose & in_time))


def _hints_at(hint: dict[str, Any], inspection: Inspection) -> bool:
    """Whether it is worth asking exactly (`_candidates`): never no where that would find something."""
    if hint["inspections"] == inspection.pk:
        return True
    is_there = hint["unit"] == inspection.unit_id and hint["place"] in (None, inspection.place_id)
    on_route = inspection.place_id is not None and hint["place__kind"] == PlaceKind.ROUTE
    in_time = hint["starts_at"] <= inspection.started_at <= hint["due_at"]
    return hint["kind"] == inspection.kind and in_time and (is_there or on_route)


def _candidates(inspection: Inspection) -> list[int]:
    begun = Q(inspections=inspection)
    routes = Q(place__kind=PlaceKind.ROUTE, place__stops__place=inspection.place_id) if inspection.place_id else Q(pk__in=[])
    here = Q(unit=inspection.unit_id, place=inspection.place_id) | Q(unit=inspection.unit_id, place__isnull=True) | routes
    document = inspection.standard.document_id if inspection.standard is not None else None
    people = list(inspection.inspectors.values_list("pk", flat=True))
    whose = Q(owner__in=people) | Q(person__isnull=True, plan__inspectors__in=people)
    fits = here & whose & Q(kind=inspection.kind) & (Q(standard__isnull=True) | Q(standard=document))
    in_time = Q(starts_at__lte=inspection.started_at)
    rows = PlannedVisit.objects.open().filter(begun | (fits & in_time & _not_older_than_due(inspection)))
    return sorted(set(rows.values_list("pk", flat=True)))


def _not_older_than_due(inspection: Inspection) -> Q:
    """Today's round does not make up for last week's: a missed visit is met from its own page, or by what was seen in time."""
    return Q(due_at__gte=inspection.started_at)


def _is_whole(visit: PlannedVisit, made: QuerySet) -> bool:
    """`made`: the inspections submitted for it, the one in hand included."""
    if visit.place is None or visit.place.kind != PlaceKind.ROUTE:
        return True
    return not visit.place.stops.exclude(place__in=made.values("place_id")).exists()


def _done(visit: PlannedVisit, done_at: datetime, *, by: Person, now: datetime) -> PlannedVisit:
    visit.status = VisitStatus.DONE
    # What was seen in time counts as in time, though it was entered later from paper or from a phone without signal.
    visit.done_at = done_at
    _drop_request(visit, now=now)
    visit.revision += 1
    visit.save()
    if visit.deadline is not None and visit.deadline.status in RUNNING:
        meet_deadline(visit.deadline, now=now)
    record("visit.done", visit, by=by, at=now)
    return visit


# --- missed -------------------------------------------------------------------------------------------------------------


def note_missed(*, now: datetime | None = None) -> int:
    """Every planned visit whose date is gone by is missed from now on. Who hears of it is the sweep's business."""
    moment, total = now or timezone.now(), 0
    while True:
        with transaction.atomic():
            rows = PlannedVisit.objects.filter(status=VisitStatus.PLANNED, due_at__lt=moment).order_by("pk")
            # A draft that is being submitted right now holds its visit: it is looked at again with the next run.
            batch = list(rows.select_for_update(skip_locked=True, of=("self",))[:BATCH])
            PlannedVisit.objects.filter(pk__in=[visit.pk for visit in batch]).update(status=VisitStatus.MISSED, missed_at=moment)
            record_many(Row("visit.missed", visit, None, at=moment) for visit in batch)
        total += len(batch)
        if len(batch) < BATCH:
            return total


def let_lapse(*, now: datetime | None = None) -> int:
    """A visit missed long ago is no longer asked for: its deadline ends, it stays missed. How long is data (`lapse`)."""
    moment, total = now or timezone.now(), 0
    term = (
        StageTerm.objects.filter(code=StageCode.LAPSE, valid_from__lte=timezone.localdate(moment)).order_by("-valid_from").first()
    )
    if term is None or term.hours is None:
        return 0
    limit = moment - timedelta(hours=term.hours)
    late = PlannedVisit.objects.filter(status=VisitStatus.MISSED, due_at__lt=limit, deadline__status__in=RUNNING)
    for pk in late.order_by("pk").values_list("pk", flat=True)[:BATCH]:
        with transaction.atomic():
            visit = locked_visit(pk)
            if visit.status == VisitStatus.MISSED and visit.deadline is not None and visit.deadline.status in RUNNING:
                cancel_deadline(visit.deadline, now=moment)
                record("visit.lapsed", visit, by=None, at=moment)
                total += 1
    return total


# --- excused ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_excuse(
    visit: PlannedVisit, *, excuse: str, note: str, by: Person, revision: int | None = None, now: datetime | None = None
) -> PlannedVisit:
    """The owner says why it cannot be or was not made; someone else decides, by a deadline of their own."""
    moment = now or timezone.now()
    visit = _open_visit(visit, revision)
    require(can_ask_excuse(by, visit), _("Whoever owes the visit asks to be excused, once."))
    visit.excuse, visit.excuse_note, visit.excuse_asked_at = Excuse(excuse), note, moment
    reader = ChainReader(timezone.localdate(moment))
    decider = choose_approver(reader, visit.unit, visit.owner)
    visit.excuse_deadline = open_deadline(
        DeadlineKind.EXCUSE,
        Subject("", visit.where, link_of(visit)),
        owner=decider,
        unit=visit.unit,
        starts_at=moment,
        due_at=stage_due_at(StageCode.EXCUSE, moment),
    )
    visit.revision += 1
    visit.save()
    record("visit.excuse_asked", visit, by=by, detail={"excuse": str(visit.excuse), "quote": note}, at=moment)
    params = {"where": visit.where, "day": {"on": visit.on.isoformat()}, "by": by.name, "reason": note}
    notify(
        "visit.excuse_asked",
        [decider],
        params=params,
        link=link_of(visit),
        withdraw_key=asked_key(visit.excuse_deadline),
        now=moment,
    )
    return visit


@transaction.atomic
def excuse_visit(
    visit: PlannedVisit, *, excuse: str, note: str, by: Person, revision: int | None = None, now: datetime | None = None
) -> PlannedVisit:
    """Someone above lets it pass, asked or by themselves: it counts neither as done nor as missed."""
    moment = now or timezone.now()
    visit = _open_visit(visit, revision)
    require(can_excuse_visit(by, visit), _("Somebody else than the one who owed the visit decides about it."))
    _drop_request(visit, now=moment)
    visit.status = VisitStatus.EXCUSED
    visit.excuse, visit.excuse_note = Excuse(excuse), note
    visit.excused_at, visit.excused_by = moment, by
    visit.revision += 1
    visit.save()
    if visit.deadline is not None and visit.deadline.status in RUNNING:
        cancel_deadline(visit.deadline, now=moment)
    record("visit.excused", visit, by=by, detail={"excuse": str(visit.excuse), "quote": note}, at=moment)
    _tell_owner("visit.excused", visit, by, note, now=moment)
    return visit


@transaction.atomic
def refuse_excuse(
    visit: PlannedVisit, *, note: str, by: Person, revision: int | None = None, now: datetime | None = None
) -> PlannedVisit:
    """The reason does not hold: the visit is owed as before, and its owner may ask again."""
    moment = now or timezone.now()
    visit = _open_visit(visit, revision)
    require(can_excuse_visit(by, visit), _("Somebody else than the one who owed the visit decides about it."))
    require(visit.excuse_asked_at is not None, _("Nobody has asked for an excuse."))
    _drop_request(visit, now=moment)
    visit.revision += 1
    visit.save()
    record("visit.excuse_refused", visit, by=by, detail={"quote": note}, at=moment)
    _tell_owner("visit.excuse_refused", visit, by, note, now=moment)
    return visit


def _open_visit(visit: PlannedVisit, revision: int | None) -> PlannedVisit:
    visit = locked_visit(visit.pk)
    require_state(visit, *OPEN_VISIT)
    if revision is not None and revision != visit.revision:
        raise StaleVersion(_("Someone changed this visit meanwhile. Look at it again, then decide."))
    return visit


def _drop_request(visit: PlannedVisit, *, now: datetime) -> None:
    """Nothing is asked any more: the deadline of whoever should decide ends. Does not save the visit."""
    asked, visit.excuse_deadline = visit.excuse_deadline, None
    visit.excuse, visit.excuse_note, visit.excuse_asked_at = "", "", None
    if asked is not None and asked.status in RUNNING:
        meet_deadline(asked, now=now)


def _tell_owner(code: str, visit: PlannedVisit, by: Person, note: str, *, now: datetime) -> None:
    params = {"where": visit.where, "day": {"on": visit.on.isoformat()}, "by": by.name, "reason": note}
    notify(code, [visit.owner_id], params=params, link=link_of(visit), now=now)


# --- plans that end or change ---------------------------------------------------------------------------------------------


def cancel_coming_visits(plan: InspectionPlan, *, now: datetime) -> int:
    """Planned visits not due yet that nobody has begun; in the transaction of whoever changes the plan."""
    coming = PlannedVisit.objects.filter(plan=plan, status=VisitStatus.PLANNED, due_at__gt=now, inspections=None)
    return _cancel(coming.values_list("pk", flat=True), now=now)


def _cancel(ids: Iterable[int], *, now: datetime) -> int:
    """Those without a deadline were never told to anyone: they go without a trace."""
    wanted = list(ids)
    PlannedVisit.objects.filter(pk__in=wanted, deadline__isnull=True).delete()
    told = PlannedVisit.objects.filter(pk__in=wanted).order_by("pk").values_list("pk", "deadline_id", "excuse_deadline_id")
    lock_deadlines([pk for row in told for pk in row[1:]])
    for pk, *_deadlines in told:
        visit = locked(PlannedVisit.objects.select_related("deadline", "excuse_deadline"), pk)
        if visit.status != VisitStatus.PLANNED:
            continue
        _drop_request(visit, now=now)
        visit.status = VisitStatus.CANCELLED
        visit.revision += 1
        visit.save()
        if visit.deadline is not None and visit.deadline.status in RUNNING:
            cancel_deadline(visit.deadline, now=now)
    return len(wanted)


# --- what happens to its deadline ----------------------------------------------------------------------------------------


def follow_visit(deadline: Deadline, by: Person | None, now: datetime) -> None:
    """The visit went to someone else, or to another date: the record says so too. A date ahead makes it planned again."""
    if deadline.kind != DeadlineKind.VISIT:
        return
    visit = PlannedVisit.objects.select_for_update(of=("self",)).filter(deadline=deadline, status__in=OPEN_VISIT).first()
    if visit is None:
        return
    visit.owner, visit.due_at = deadline.owner, deadline.due_at
    if visit.person_id is not None:
        visit.person = deadline.owner
    if deadline.due_at > now:
        visit.status = VisitStatus.PLANNED
    visit.revision += 1
    visit.save()
