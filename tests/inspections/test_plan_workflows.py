"""Visits: made ahead, met by an inspection that fits, missed and told up the chain, excused by somebody else."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from inspections.choices import ByWhom, InspectionKind, Rhythm, VisitStatus
from inspections.models import Inspection, InspectionPlan, PlannedVisit
from inspections.services import InspectionData, PlanData, plan_visit, start_inspection
from inspections.workflows import ask_excuse, change_plan, end_plan, excuse_visit, refuse_excuse, submit_inspection
from inspections.workflows.plans import keep_plans
from inspections.workflows.visits import follow_visit
from responsibilities.choices import DeadlineStatus, RoleCode
from responsibilities.models import Place, RouteStop, Unit
from responsibilities.sweep import sweep_deadlines
from responsibilities.workflows.deadlines import move_deadline
from safetyplant.access.exceptions import NotAllowed, StaleVersion, WrongState
from safetyplant.notifications.models import Message
from tests.factories.inspections import answers, standard
from tests.factories.plans import MONDAY, days, first_visit, plan
from tests.factories.responsibilities import PersonFactory, PlaceFactory, appoint

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def daily(people: SimpleNamespace, station: Unit) -> InspectionPlan:
    return plan(station, [people.supervisor], people.officer)


def inspected(unit: Unit, by: Any, *, at: Any = MONDAY, place: Place | None = None, **kwargs: Any) -> Inspection:
    version = standard()
    data = InspectionData(unit=unit, place=place, standard=version, answers=answers(version), started_at=at, **kwargs)
    inspection, _new = start_inspection(data, by=by, now=at + timedelta(hours=1))
    return submit_inspection(inspection, by=by, now=at + timedelta(hours=1))


def test_a_plan_makes_its_visits_ahead_and_opens_the_nearest(daily: InspectionPlan) -> None:
    made = PlannedVisit.objects.filter(plan=daily)
    assert made.count() == 36
    assert made.filter(deadline__isnull=False).count() == 7
    assert {visit.deadline.owner.username for visit in made.filter(deadline__isnull=False)} == {"supervisor"}


def test_made_again_nothing_is_made_twice(daily: InspectionPlan) -> None:
    keep_plans(now=MONDAY)
    assert keep_plans(now=MONDAY) == 0
    InspectionPlan.objects.update(made_until=None)
    keep_plans(now=MONDAY)
    assert PlannedVisit.objects.count() == 36


def test_the_horizon_rolls(daily: InspectionPlan) -> None:
    keep_plans(now=MONDAY + days(1))
    assert PlannedVisit.objects.latest("on").on == timezone.localdate(MONDAY) + days(36)


def test_the_database_refuses_a_second_visit_of_a_day(daily: InspectionPlan) -> None:
    visit = first_visit(daily)
    visit.pk, visit.deadline = None, None
    with pytest.raises(IntegrityError), transaction.atomic():
        visit.save(force_insert=True)


def test_everyone_owes_a_visit_of_their_own(people: SimpleNamespace, station: Unit) -> None:
    each = plan(station, [people.supervisor, people.leader], people.officer, by_whom=ByWhom.EVERYONE)
    on = first_visit(each).on
    assert {visit.owner.username for visit in PlannedVisit.objects.filter(on=on)} == {"supervisor", "leader"}


def test_anyone_takes_turns(people: SimpleNamespace, station: Unit) -> None:
    turns = plan(station, [people.supervisor, people.leader], people.officer)
    owners = [visit.owner.username for visit in PlannedVisit.objects.filter(plan=turns).order_by("on")[:4]]
    assert owners[0] != owners[1]
    assert owners[:2] == owners[2:]


def test_an_inspection_that_fits_meets_the_visit(daily: InspectionPlan, people: SimpleNamespace, station: Unit) -> None:
    inspection = inspected(station, people.supervisor, at=MONDAY + timedelta(hours=2))
    visit = first_visit(daily)
    assert (visit.status, visit.is_late, visit.deadline.status) == (VisitStatus.DONE, False, DeadlineStatus.MET)
    assert list(visit.inspections.all()) == [inspection]
    assert PlannedVisit.objects.filter(status=VisitStatus.DONE).count() == 1


MISSES: dict[str, Callable[[SimpleNamespace, Unit, Unit], Any]] = {
    "another unit": lambda p, a, b: inspected(b, p.supervisor, at=MONDAY + timedelta(hours=2)),
    "another person": lambda p, a, b: inspected(a, p.leader, at=MONDAY + timedelta(hours=2)),
    "another kind": lambda p, a, b: inspected(a, p.supervisor, at=MONDAY + timedelta(hours=2), kind=InspectionKind.PATROL),
    "the day before": lambda p, a, b: inspected(a, p.supervisor, at=MONDAY - timedelta(hours=20)),
}


@pytest.mark.parametrize("miss", MISSES)
def test_an_inspection_that_does_not_fit_meets_nothing(
    miss: str, daily: InspectionPlan, people: SimpleNamespace, station: Unit, station2: Unit
) -> None:
    MISSES[miss](people, station, station2)
    assert not PlannedVisit.objects.filter(status=VisitStatus.DONE).exists()


def test_a_colleague_makes_an_anyone_visit(people: SimpleNamespace, station: Unit) -> None:
    turns = plan(station, [people.supervisor, people.leader], people.officer)
    visit = first_visit(turns)
    other = people.leader if visit.owner == people.supervisor else people.supervisor
    inspected(station, other, at=MONDAY + timedelta(hours=2))
    visit.refresh_from_db()
    assert visit.status == VisitStatus.DONE


def test_a_route_is_done_with_its_last_point(people: SimpleNamespace, station: Unit) -> None:
    route = PlaceFactory(unit=station, kind="route")
    stops = [PlaceFactory(unit=station) for _n in range(2)]
    for position, stop in enumerate(stops, start=1):
        RouteStop.objects.create(route=route, place=stop, position=position)
    patrol = plan(station, [people.supervisor], people.officer, targets=[(station, route)])
    visit = first_visit(patrol)
    inspected(station, people.supervisor, at=MONDAY + timedelta(hours=2), place=stops[1])
    visit.refresh_from_db()
    assert visit.status == VisitStatus.PLANNED
    inspected(station, people.supervisor, at=MONDAY + timedelta(hours=3), place=stops[0])
    visit.refresh_from_db()
    assert visit.status == VisitStatus.DONE
    assert visit.inspections.count() == 2


def test_a_missed_visit_is_told_up_the_chain_and_stays_missed(daily: InspectionPlan, people: SimpleNamespace) -> None:
    visit = first_visit(daily)
    keep_plans(now=MONDAY + days(1))
    visit.refresh_from_db()
    assert visit.status == VisitStatus.MISSED
    sweep_deadlines(MONDAY + days(5))
    told = set(Message.objects.filter(link=visit.deadline.link).values_list("recipient__username", flat=True))
    assert {"supervisor", "leader", "director"} <= told
    keep_plans(now=MONDAY + days(20))
    visit.refresh_from_db()
    assert (visit.status, visit.deadline.status) == (VisitStatus.MISSED, DeadlineStatus.CANCELLED)


def test_a_missed_visit_is_made_up_from_its_page_and_stays_late(
    daily: InspectionPlan, people: SimpleNamespace, station: Unit
) -> None:
    visit = first_visit(daily)
    keep_plans(now=MONDAY + days(1))
    inspected(station, people.supervisor, at=MONDAY + days(1) + timedelta(hours=2), visit=visit.pk)
    visit.refresh_from_db()
    assert (visit.status, visit.is_late) == (VisitStatus.DONE, True)
    assert visit.missed_at is not None


def test_entered_later_but_seen_in_time_is_in_time(daily: InspectionPlan, people: SimpleNamespace, station: Unit) -> None:
    visit = first_visit(daily)
    keep_plans(now=MONDAY + days(2))
    version = standard()
    data = InspectionData(unit=station, standard=version, answers=answers(version), started_at=MONDAY + timedelta(hours=3))
    inspection, _new = start_inspection(data, by=people.supervisor, now=MONDAY + days(2))
    submit_inspection(inspection, by=people.supervisor, now=MONDAY + days(2))
    visit.refresh_from_db()
    assert (visit.status, visit.is_late) == (VisitStatus.DONE, False)


def test_an_excuse_is_asked_and_decided_by_another(daily: InspectionPlan, people: SimpleNamespace) -> None:
    visit = ask_excuse(first_visit(daily), excuse="weather", note="Sandstorm", by=people.supervisor, now=MONDAY)
    assert visit.excuse_deadline.owner == people.leader
    visit = excuse_visit(visit, excuse="weather", note="Sandstorm", by=people.leader, now=MONDAY)
    assert (visit.status, visit.excused_by) == (VisitStatus.EXCUSED, people.leader)
    visit.deadline.refresh_from_db()
    assert visit.deadline.status == DeadlineStatus.CANCELLED
    assert Message.objects.filter(recipient=people.supervisor, code="visit.excused").count() == 1


def test_a_refused_excuse_leaves_the_visit_owed(daily: InspectionPlan, people: SimpleNamespace) -> None:
    visit = ask_excuse(first_visit(daily), excuse="road", note="Mud", by=people.supervisor, now=MONDAY)
    asked = visit.excuse_deadline
    visit = refuse_excuse(visit, note="The road was open", by=people.leader, now=MONDAY)
    asked.refresh_from_db()
    assert (visit.status, visit.excuse, asked.status) == (VisitStatus.PLANNED, "", DeadlineStatus.MET)
    ask_excuse(visit, excuse="road", note="Mud again", by=people.supervisor, now=MONDAY)


def test_nobody_excuses_their_own_visit(people: SimpleNamespace, station: Unit) -> None:
    own = plan(station, [people.leader], people.officer, kind=InspectionKind.LEADER)
    with pytest.raises(NotAllowed):
        excuse_visit(first_visit(own), excuse="weather", note="Rain", by=people.leader, now=MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedVisit.objects.filter(plan=own).update(
            status="excused", excuse="weather", excused_at=MONDAY, excused_by=people.leader
        )


@pytest.mark.parametrize("who", ["head", "supervisor", "worker", "head2", "outsider"])
def test_only_those_above_excuse(who: str, daily: InspectionPlan, people: SimpleNamespace) -> None:
    with pytest.raises(NotAllowed):
        excuse_visit(first_visit(daily), excuse="weather", note="Rain", by=getattr(people, who), now=MONDAY)


def test_a_visit_done_is_not_excused(daily: InspectionPlan, people: SimpleNamespace, station: Unit) -> None:
    inspected(station, people.supervisor, at=MONDAY + timedelta(hours=2))
    with pytest.raises(WrongState):
        excuse_visit(first_visit(daily), excuse="weather", note="Rain", by=people.leader)


def test_a_stale_decision_is_refused(daily: InspectionPlan, people: SimpleNamespace) -> None:
    visit = ask_excuse(first_visit(daily), excuse="road", note="Mud", by=people.supervisor, now=MONDAY)
    with pytest.raises(StaleVersion):
        excuse_visit(visit, excuse="road", note="", by=people.leader, revision=1, now=MONDAY)


def test_a_later_date_makes_a_missed_visit_planned_again(daily: InspectionPlan, people: SimpleNamespace) -> None:
    visit = first_visit(daily)
    keep_plans(now=MONDAY + days(1))
    moved = move_deadline(visit.deadline, due_at=MONDAY + days(4), now=MONDAY + days(1))
    follow_visit(moved, people.leader, MONDAY + days(1))
    visit.refresh_from_db()
    assert (visit.status, visit.due_at) == (VisitStatus.PLANNED, MONDAY + days(4))


def test_an_ended_plan_takes_back_what_is_to_come(daily: InspectionPlan, people: SimpleNamespace) -> None:
    visit = first_visit(daily)
    end_plan(daily, by=people.officer, now=MONDAY)
    visit.refresh_from_db()
    assert (visit.status, visit.deadline.status) == (VisitStatus.CANCELLED, DeadlineStatus.CANCELLED)
    assert PlannedVisit.objects.filter(plan=daily, status=VisitStatus.PLANNED).count() == 0
    assert keep_plans(now=MONDAY + days(10)) == 0


def test_a_changed_plan_keeps_the_past(daily: InspectionPlan, people: SimpleNamespace, station: Unit) -> None:
    past = first_visit(daily)
    tuesday = MONDAY + days(1)
    keep_plans(now=tuesday)
    data = PlanData("Weekly", station, [(station, None)], [people.leader], date(2026, 11, 23), rule="FREQ=WEEKLY;BYDAY=FR")
    change_plan(daily, data, by=people.officer, revision=1, now=tuesday)
    past.refresh_from_db()
    assert past.status == VisitStatus.MISSED
    coming = PlannedVisit.objects.filter(plan=daily, status=VisitStatus.PLANNED)
    assert {visit.on.weekday() for visit in coming} == {4}
    assert {visit.owner for visit in coming} == {people.leader}


def test_a_plan_changed_by_someone_faster_is_refused(daily: InspectionPlan, people: SimpleNamespace, station: Unit) -> None:
    data = PlanData("Mine", station, [(station, None)], [people.leader], date(2026, 11, 23), rule="FREQ=DAILY")
    change_plan(daily, data, by=people.officer, revision=1, now=MONDAY)
    with pytest.raises(StaleVersion):
        change_plan(daily, data, by=people.leader, revision=1, now=MONDAY)


@pytest.mark.parametrize("who", ["supervisor", "head", "worker", "outsider"])
def test_only_officer_leader_and_director_plan(who: str, people: SimpleNamespace, station: Unit) -> None:
    with pytest.raises(NotAllowed):
        plan(station, [people.supervisor], getattr(people, who))


def test_an_inspector_who_may_not_go_there_is_refused(people: SimpleNamespace, station: Unit) -> None:
    with pytest.raises(ValidationError):
        plan(station, [people.worker], people.officer)


def test_an_inspector_who_loses_the_right_hands_the_visit_up(
    daily: InspectionPlan, people: SimpleNamespace, station: Unit
) -> None:
    people.supervisor.appointments.update(ends_on=timezone.localdate(MONDAY))
    sweep_deadlines(MONDAY + days(1))
    visits = PlannedVisit.objects.filter(plan=daily, deadline__isnull=False, status=VisitStatus.PLANNED)
    assert {visit.owner for visit in visits} == {people.leader}


def test_a_gap_is_closed_by_one_visit(people: SimpleNamespace, station: Unit) -> None:
    on = timezone.localdate(MONDAY) + days(2)
    visit = plan_visit(station, owner=people.leader, on=on, by=people.officer, now=MONDAY)
    assert visit == plan_visit(station, owner=people.leader, on=on, by=people.officer, now=MONDAY)
    assert visit.deadline.owner == people.leader
    assert Message.objects.filter(recipient=people.leader, code="visit.planned").count() == 1


def test_so_many_times_a_month_each_has_its_stretch(people: SimpleNamespace, station: Unit) -> None:
    twice = plan(station, [people.leader], people.officer, rhythm=Rhythm.COUNT, times=2, kind=InspectionKind.LEADER)
    ends = [visit.on for visit in PlannedVisit.objects.filter(plan=twice).order_by("on")]
    assert ends == [date(2026, 11, 30), date(2026, 12, 15)]


def test_people_who_inspect_elsewhere_do_not_see_it(daily: InspectionPlan, people: SimpleNamespace) -> None:
    visible = {
        name: PlannedVisit.objects.visible_to(person).exists() and InspectionPlan.objects.visible_to(person).exists()
        for name, person in vars(people).items()
    }
    assert {name for name, sees in visible.items() if sees} == {
        "director", "leader", "officer", "supervisor", "head", "worker"
    }  # fmt: skip


def test_a_named_inspector_sees_what_is_shared(people: SimpleNamespace, station: Unit, station2: Unit) -> None:
    patrol = PersonFactory(unit=station2)
    appoint(patrol, RoleCode.SUPERVISOR, station)
    shared = plan(station, [patrol, people.supervisor], people.officer)
    assert PlannedVisit.objects.of_person(patrol).filter(plan=shared).count() == 36
