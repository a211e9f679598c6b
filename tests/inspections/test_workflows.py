"""Hazards and inspections through their lives."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inspections.choices import HazardStatus
from inspections.models import Hazard, HazardCategory, Violation, ViolationType
from inspections.services import (
    AnswerData,
    FindingData,
    HazardReport,
    InspectionData,
    ViolationData,
    record_violation,
    start_inspection,
)
from inspections.workflows import (
    acknowledge_inspection,
    assess_hazard,
    cancel_hazard,
    change_level,
    decide_major,
    release_work,
    report_hazard,
    stop_work,
    submit_inspection,
)
from inspections.workflows.hazards import Assessment
from inspections.workflows.inspections import Incomplete
from responsibilities.choices import RoleCode
from responsibilities.models import Deadline, Level, Unit
from responsibilities.services import close_unit
from responsibilities.services.people import suspend_person
from responsibilities.sweep import sweep_deadlines
from responsibilities.workflows import return_fix, start_fix, submit_fix, verify_fix
from safetyplant.access.exceptions import NotAllowed, WrongState
from safetyplant.attachments.owners import is_set_visible
from safetyplant.intake.models import SetAside
from safetyplant.intake.services import DifferentBody
from safetyplant.notifications.models import Message
from tests.factories.inspections import answers, assigned, draft, reported, standard
from tests.factories.responsibilities import PersonFactory, UnitFactory, appoint

pytestmark = pytest.mark.usefixtures("catalogue", "people")

NOW = timezone.now()


def test_anyone_reports_and_the_officer_owes_an_assessment(station, worker2, officer, head):
    hazard = reported(station, worker2, now=NOW)
    assert (hazard.status, hazard.holder, hazard.due_at) == (HazardStatus.REPORTED, officer, NOW + timedelta(hours=8))
    assert set(Message.objects.values_list("recipient__username", flat=True)) == {"officer", "head"}


def test_immediate_danger_tells_the_whole_chain_and_shortens_the_assessment(station, worker):
    hazard = reported(station, worker, immediate_danger=True, now=NOW)
    assert hazard.due_at == NOW + timedelta(hours=1)
    assert set(Message.objects.values_list("recipient__username", flat=True)) == {"officer", "head", "leader", "director"}


def test_the_same_report_sent_again_is_the_same_hazard(station, worker):
    report = HazardReport(title="Leak", unit=station)
    first, new = report_hazard(report, by=worker)
    again, new_again = report_hazard(report, by=worker)
    assert (first.pk, new, new_again) == (again.pk, True, False)


def test_another_body_under_the_same_id_is_refused_and_kept(station, worker):
    client_id = uuid4()
    report_hazard(HazardReport(title="Leak", unit=station, client_id=client_id), by=worker)
    with pytest.raises(DifferentBody), transaction.atomic():
        report_hazard(HazardReport(title="Fire", unit=station, client_id=client_id), by=worker)


def test_ids_of_different_people_never_meet(station, worker, worker2):
    client_id = uuid4()
    one, _ = report_hazard(HazardReport(title="Leak", unit=station, client_id=client_id), by=worker)
    two, _ = report_hazard(HazardReport(title="Fire", unit=station, client_id=client_id), by=worker2)
    assert one.pk != two.pk


def test_assessing_assigns_by_the_chain_and_the_levels_term(station, worker, officer, head, leader):
    hazard = assigned(station, worker, assessor=officer, level="G1", now=NOW)
    assert (hazard.status, hazard.holder, hazard.due_at) == (HazardStatus.ASSIGNED, head, NOW + timedelta(days=15))
    assert hazard.action.verifier == leader
    assert [link["role"] for link in hazard.chain.links] == ["unit_head", "leader_in_charge", "director"]


@pytest.mark.parametrize("who", ["worker", "head", "head2", "supervisor"])
def test_only_those_who_assess_may_assess(station, worker, people, who):
    hazard = reported(station, worker)
    with pytest.raises(NotAllowed):
        assess_hazard(hazard, Assessment(Level.objects.get(code="G3"), None), by=getattr(people, who))


def test_the_hazard_follows_its_action_to_the_end(station, worker, officer, head, leader):
    hazard = assigned(station, worker, assessor=officer, now=NOW)
    start_fix(hazard.action, by=head, now=NOW)
    submit_fix(hazard.action, by=head, note="done", now=NOW)
    hazard.refresh_from_db()
    assert (hazard.status, hazard.holder, hazard.due_at) == (HazardStatus.SUBMITTED, officer, NOW + timedelta(hours=48))
    return_fix(hazard.action, by=leader, reason="again", now=NOW + timedelta(hours=1))
    hazard.refresh_from_db()
    assert (hazard.status, hazard.holder, hazard.done_at) == (HazardStatus.RETURNED, head, None)
    submit_fix(hazard.action, by=head, note="done", now=NOW + timedelta(hours=2))
    verify_fix(hazard.action, by=leader, now=NOW + timedelta(hours=3))
    hazard.refresh_from_db()
    assert (hazard.status, hazard.closed_by, hazard.holder, hazard.due_at) == (HazardStatus.CLOSED, leader, None, None)


def test_the_owning_unit_never_lowers_a_level(station, worker, officer, people):
    hazard = assigned(station, worker, assessor=officer, level="G1", now=NOW)

    own_officer = PersonFactory(unit=station)
    appoint(own_officer, "safety_officer", station)
    with pytest.raises(NotAllowed):
        change_level(hazard, by=own_officer, level=Level.objects.get(code="G2"), reason="not so bad")
    change_level(hazard, by=own_officer, level=Level.objects.get(code="M"), reason="worse", interim_control="Unit stopped")


def test_a_raised_level_brings_its_own_date_and_verifier(station, worker, officer, leader, head):
    hazard = assigned(station, worker, assessor=officer, level="G2", now=NOW)
    hazard = change_level(hazard, by=leader, level=Level.objects.get(code="G1"), reason="worse", now=NOW)
    assert (hazard.due_at, hazard.action.verifier) == (NOW + timedelta(days=15), leader)


def test_stopped_work_names_a_releaser_and_keeps_the_hazard_open(station, worker, officer, head, leader, head2):
    hazard = assigned(station, worker, assessor=officer, now=NOW)
    stop_work(hazard, by=worker, now=NOW)
    assert Message.objects.filter(code="hazard.work_stopped", urgent=True).count() == 3
    submit_fix(hazard.action, by=head, note="done", now=NOW)
    with pytest.raises(WrongState), transaction.atomic():
        verify_fix(hazard.action, by=leader, now=NOW)
    with pytest.raises(NotAllowed):
        release_work(hazard, by=head2, note="fine", now=NOW)
    release_work(hazard, by=head, note="gate locked", now=NOW)
    verify_fix(hazard.action, by=leader, now=NOW)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        *[(role, True) for role in ("head", "leader", "director", "on_duty")],  # named, above in the chain, on duty there
        *[(role, False) for role in ("worker", "supervisor", "officer", "head2", "worker2", "outsider")],
    ],
)
@pytest.mark.parametrize("is_stopper", [True, False])
def test_work_is_released_by_the_named_or_above_whoever_stopped_it(people, station, branch, role, may, is_stopper):
    people.on_duty = PersonFactory(unit=branch)
    appoint(people.on_duty, RoleCode.LEADER_ON_DUTY, branch)
    by = getattr(people, role)
    hazard = stop_work(reported(station, people.worker, now=NOW), by=by if is_stopper else people.worker, now=NOW)
    assert hazard.releaser == people.head
    if may:
        assert release_work(hazard, by=by, note="gate locked", now=NOW).released_by == by
    else:
        with pytest.raises(NotAllowed):
            release_work(hazard, by=by, note="gate locked", now=NOW)


def test_the_database_refuses_to_close_while_work_is_stopped(station, worker, officer):
    hazard = assigned(station, worker, assessor=officer, now=NOW)
    stop_work(hazard, by=worker, now=NOW)
    with pytest.raises(IntegrityError, match="hazard_closed_not_stopped"), transaction.atomic():
        Hazard.objects.filter(pk=hazard.pk).update(status="closed", closed_at=NOW)


def test_cancelling_needs_a_reason_and_ends_everything_owed(station, worker, officer):
    hazard = assigned(station, worker, assessor=officer, now=NOW)
    cancel_hazard(hazard, by=officer, reason="Duplicate of HZ-1", now=NOW)
    assert not Deadline.objects.open().exists()
    with pytest.raises(WrongState):
        cancel_hazard(hazard, by=officer, reason="again", now=NOW)


GUARD, CLEARANCE = 3, 16  # items of the well-site checklist: serious, possibly major


def test_a_failed_item_finds_its_responsible_person_and_date(station, supervisor, head, leader):
    inspection = submit_inspection(
        draft(station, supervisor, failed={GUARD: FindingData(text="Gate broken\nHangs on one hinge")}), by=supervisor, now=NOW
    )
    hazard = Hazard.objects.get(inspection=inspection)
    assert (hazard.title, hazard.description) == ("Gate broken", "Hangs on one hinge")
    assert (hazard.level_id, hazard.category_id, hazard.status) == ("G1", "MECH", HazardStatus.ASSIGNED)
    assert (hazard.holder, hazard.due_at) == (head, NOW + timedelta(days=15))
    assert Message.objects.filter(recipient=head, code="action.assigned").exists()
    assert inspection.failed_count == 1
    assert inspection.score < 100


def test_a_possibly_major_item_needs_interim_control_and_a_decision_within_the_day(station, supervisor, officer, leader):
    with pytest.raises(Incomplete) as refused:
        submit_inspection(draft(station, supervisor, failed={CLEARANCE: FindingData(text="Too near")}), by=supervisor)
    assert list(refused.value.faults) == [CLEARANCE]
    finding = FindingData(text="Too near", interim_control="Crane barred")
    submit_inspection(draft(station, supervisor, failed={CLEARANCE: finding}), by=supervisor, now=NOW)
    hazard = Hazard.objects.get()
    assert (hazard.level_id, hazard.possibly_major) == ("G1", True)
    assert (hazard.decide_deadline.owner, hazard.decide_deadline.due_at) == (officer, NOW + timedelta(hours=24))
    decide_major(hazard, by=officer, is_major=True, reason="Distance 3 m", now=NOW)
    hazard.refresh_from_db()
    assert (hazard.level_id, hazard.possibly_major) == ("M", False)


SHA_BEFORE, SHA_AFTER = "a" * 64, "b" * 64


@pytest.mark.parametrize("kind", ["violation", "fixed"])
def test_stopped_work_is_never_lost_without_a_word(station, supervisor, kind):
    finding = FindingData(kind=kind, text="Open pit", stop_work=True, photos=[SHA_BEFORE], after_photos=[SHA_AFTER])
    with pytest.raises(Incomplete) as refused:
        submit_inspection(draft(station, supervisor, failed={GUARD: finding}), by=supervisor)
    assert "Stop work now" in refused.value.faults[GUARD]


def test_what_may_be_major_is_not_closed_on_the_spot(station, supervisor):
    finding = FindingData(kind="fixed", text="Too near", interim_control="Moved", photos=[SHA_BEFORE], after_photos=[SHA_AFTER])
    with pytest.raises(Incomplete) as refused:
        submit_inspection(draft(station, supervisor, failed={CLEARANCE: finding}), by=supervisor)
    assert "record it as a hazard" in refused.value.faults[CLEARANCE]


def test_the_owning_unit_never_says_that_its_hazard_is_not_major(station, supervisor, officer, leader):
    """Its officer may say that it is; the decision is asked of someone who may say either."""
    own_officer = PersonFactory(unit=station)
    appoint(own_officer, "safety_officer", station)
    finding = FindingData(text="Too near", interim_control="Crane barred")
    submit_inspection(draft(station, supervisor, failed={CLEARANCE: finding}), by=supervisor, now=NOW)
    hazard = Hazard.objects.get()
    assert hazard.decide_deadline.owner == leader
    with pytest.raises(NotAllowed):
        decide_major(hazard, by=own_officer, is_major=False, reason="Not so bad", now=NOW)
    decide_major(hazard, by=own_officer, is_major=True, reason="Distance 3 m", now=NOW)
    hazard.refresh_from_db()
    assert hazard.level_id == "M"


def test_a_finding_without_checklist_counts_as_grave_as_goes_without_alarm(station, supervisor):
    """By the catalogue, not by a code."""
    Level.objects.filter(code="G2").update(is_urgent=True)
    finding = AnswerData(item=None, result="fail", finding=FindingData(text="Loose handrail"))
    inspection, _new = start_inspection(InspectionData(unit=station, answers=[finding]), by=supervisor)
    submit_inspection(inspection, by=supervisor)
    assert Hazard.objects.get().level_id == "G3"


def test_numbers_are_taken_last_and_in_one_order(station, supervisor, worker):
    """Whoever submits waits for whoever holds a number: hazards, then violations, then the inspection's own."""
    breach = FindingData(kind="violation", text="Inside", violation_type="VO11", person="worker")
    inspection = draft(station, supervisor, failed={GUARD: breach, GUARD + 1: FindingData(text="Gate broken")})
    with CaptureQueriesContext(connection) as queries:
        submit_inspection(inspection, by=supervisor)
    numbered = [at for at, query in enumerate(queries) if "INSERT INTO numbering_counter" in query["sql"]]
    series = [queries[at]["sql"].split("VALUES ('")[1].split("'")[0] for at in numbered]
    assert series == ["HZ", "VI", "INS"]
    assert not any('INSERT INTO "inspections_' in query["sql"] for query in queries.captured_queries[numbered[-1] :])


def test_a_failed_item_can_be_a_violation(station, supervisor, worker):
    finding = FindingData(
        kind="violation", text="Inside the running guard", violation_type="VO11", person="worker", correction="Sent out"
    )
    submit_inspection(draft(station, supervisor, failed={GUARD: finding}), by=supervisor)
    violation = Violation.objects.get()
    assert (violation.person, violation.proposed_points, violation.correction) == (worker, 4, "Sent out")
    assert not Hazard.objects.exists()


def test_an_unanswered_item_is_named(station, supervisor):

    version = standard()
    inspection, _ = start_inspection(InspectionData(unit=station, standard=version, answers=answers(version)[:20]), by=supervisor)
    with pytest.raises(Incomplete) as refused:
        submit_inspection(inspection, by=supervisor)
    assert list(refused.value.faults) == [21, 22]


def test_an_inspection_is_submitted_once(station, supervisor):
    inspection = draft(station, supervisor)
    submit_inspection(inspection, by=supervisor)
    with pytest.raises(WrongState):
        submit_inspection(inspection, by=supervisor)


def test_the_head_acknowledges_and_nobody_else(station, supervisor, head, head2, worker):
    inspection = submit_inspection(draft(station, supervisor), by=supervisor)
    for other in (supervisor, head2, worker):
        with pytest.raises(NotAllowed):
            acknowledge_inspection(inspection, by=other)
    acknowledge_inspection(inspection, by=head)


def test_a_refused_body_is_set_aside(station, worker):
    client_id = uuid4()
    report_hazard(HazardReport(title="Leak", unit=station, client_id=client_id), by=worker)
    with pytest.raises(DifferentBody):
        report_hazard(HazardReport(title="Fire", unit=station, client_id=client_id), by=worker)
    assert SetAside.objects.get().body["title"] == "Fire"


def test_the_same_breach_again_in_the_year_proposes_more_points(station, supervisor, worker):
    kind = ViolationType.objects.get(code="VO11", points=4)
    data = {"unit": station, "description": "Inside the guard", "violation_type": kind, "person": worker}
    points = [record_violation(ViolationData(**data), by=supervisor)[0].proposed_points for _ in range(3)]
    assert points == [4, 6, 8]


def test_points_follow_the_day_of_the_breach_not_of_the_record(station, supervisor, worker):
    """A phone was offline over New Year: what is sent in January counts in the year in which it was found."""
    kind = ViolationType.objects.get(code="VO11", points=4)
    year = timezone.localtime(NOW).year
    days = [(year - 2, 11, 3), (year - 1, 1, 2), (year - 2, 12, 30), (year - 2, 10, 1)]
    data = {"unit": station, "description": "Inside the guard", "violation_type": kind, "person": worker}
    found = [datetime(*day, 9, tzinfo=timezone.get_current_timezone()) for day in days]
    points = [record_violation(ViolationData(**data, found_at=at), by=supervisor)[0].proposed_points for at in found]
    assert points == [4, 4, 6, 4]


def test_an_assessment_handed_on_shows_its_new_holder(station, worker, officer, leader, director):
    hazard = reported(station, worker, now=NOW)
    suspend_person(officer, by=director, reason="Left", now=NOW)
    hazard.refresh_from_db()
    assert hazard.holder != officer
    assert hazard.holder == Deadline.objects.get(pk=hazard.assess_deadline_id).owner


def test_open_hazards_of_a_closed_unit_go_on_in_its_successor(station, station2, worker, officer, head, head2, leader):
    hazard = assigned(station, worker, assessor=officer, now=NOW)
    closed = assigned(station, worker, assessor=officer, now=NOW)
    submit_fix(closed.action, by=head, note="done", now=NOW)
    verify_fix(closed.action, by=leader, now=NOW)
    Unit.objects.filter(parent=station).update(is_active=False, closed_on=NOW.date())
    close_unit(station, successor=station2, by=officer)
    hazard.refresh_from_db()
    closed.refresh_from_db()
    assert (hazard.unit, hazard.holder, closed.unit) == (station2, head2, station)


def test_the_reporter_sees_how_it_was_fixed(station2, worker, officer, head2, people):
    """Reported in another unit: the worker sees the hazard as its reporter, and so the photos of the fix."""
    hazard = assigned(station2, worker, assessor=officer, now=NOW)
    submit_fix(hazard.action, by=head2, note="done", now=NOW)
    hazard.action.refresh_from_db()
    assert is_set_visible(worker, hazard.action.evidence)
    assert not is_set_visible(people.outsider, hazard.action.evidence)


@pytest.mark.parametrize("act", ["cancel", "level"])
def test_the_fix_is_locked_before_its_hazard(station, worker, officer, act):
    """In the order of the fix's own steps, so that two people at once never wait for each other in a circle."""
    hazard = assigned(station, worker, assessor=officer)
    acts = {
        "cancel": lambda: cancel_hazard(hazard, by=officer, reason="Twice"),
        "level": lambda: change_level(hazard, by=officer, level=Level.objects.get(code="G1"), reason="Worse"),
    }
    locks = locked_by(acts[act])
    assert locks[:3] == ["responsibilities_correctiveaction", "responsibilities_deadline", "inspections_hazard"]


def test_the_assessment_is_locked_before_its_hazard(station, worker, officer):
    hazard = reported(station, worker)
    found = Assessment(Level.objects.get(code="G2"), HazardCategory.objects.get(code="MECH"))
    locks = locked_by(lambda: assess_hazard(hazard, found, by=officer))
    assert locks[:2] == ["responsibilities_deadline", "inspections_hazard"]


def test_the_release_is_locked_before_its_hazard(station, worker, officer, head):
    hazard = stop_work(assigned(station, worker, assessor=officer), by=worker)
    locks = locked_by(lambda: release_work(hazard, by=head, note="Locked"))
    assert locks[:3] == ["responsibilities_correctiveaction", "responsibilities_deadline", "inspections_hazard"]


def locked_by(act):
    """Names of the tables whose rows an act locks, in order."""
    with CaptureQueriesContext(connection) as queries:
        act()
    locking = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
    return [sql.rpartition('FOR UPDATE OF "')[2].rstrip('"') for sql in locking]


def test_an_assessment_names_someone_of_the_unit_and_a_day_to_come(station, worker, worker2, officer):
    hazard = reported(station, worker, now=NOW)
    for wrong in ({"owner": worker2}, {"due_at": NOW - timedelta(hours=1)}):
        found = Assessment(Level.objects.get(code="G2"), HazardCategory.objects.get(code="MECH"), **wrong)
        with pytest.raises(ValidationError):
            assess_hazard(hazard, found, by=officer, now=NOW)


@pytest.fixture
def led_elsewhere(station, station2, branch, worker, officer):
    """A hazard of station A that station B fixes and the pump team helps to fix."""
    team = UnitFactory(name="Pump Team", parent=branch)
    category = HazardCategory.objects.get(code="MECH")
    found = Assessment(Level.objects.get(code="G2"), category, unit=station2, assisting=[team])
    return assess_hazard(reported(station, worker), found, by=officer), team


def test_units_that_fix_a_hazard_of_another_unit_see_it(client, led_elsewhere, worker2, outsider, head2):
    hazard, team = led_elsewhere
    for person in (worker2, PersonFactory(unit=team), head2):
        client.force_login(person)
        assert client.get(hazard.action.link).status_code == 200
        assert hazard.number in b"".join(client.get("/hazards/?format=csv").streaming_content).decode()
    client.force_login(PersonFactory(unit=UnitFactory(parent=team.parent)))
    assert client.get(hazard.action.link).status_code == 404


def test_a_closed_unit_hands_on_what_it_fixes_for_others(led_elsewhere, station, station2, head, officer):
    hazard, team = led_elsewhere
    close_unit(station2, successor=team, by=officer)
    hazard.refresh_from_db()
    assert (hazard.unit, hazard.lead_unit) == (station, team)
    close_unit(team, successor=station, by=officer)
    hazard.refresh_from_db()
    assert (hazard.unit, hazard.lead_unit) == (station, None)


def test_whoever_may_release_stopped_work_owes_it_and_is_reminded_up_the_chain(station, worker, officer, head, leader):
    hazard = assigned(station, worker, assessor=officer, now=NOW)
    hazard = stop_work(hazard, by=worker, now=NOW)
    assert (hazard.release_deadline.owner, hazard.release_deadline.due_at) == (head, NOW + timedelta(hours=24))
    sweep_deadlines(NOW + timedelta(hours=24 + 25))
    told = set(hazard.release_deadline.reminders.values_list("recipient__username", flat=True))
    assert told >= {"head", "leader"}
    release_work(hazard, by=head, note="gate locked", now=NOW + timedelta(hours=50))
    assert Deadline.objects.get(pk=hazard.release_deadline_id).status == "met"


def test_raising_to_major_asks_for_interim_control(station, worker, officer, leader):
    hazard = assigned(station, worker, assessor=officer, now=NOW)
    major = Level.objects.get(code="M")
    with pytest.raises(ValidationError):
        change_level(hazard, by=leader, level=major, reason="worse", now=NOW)
    change_level(hazard, by=leader, level=major, reason="worse", interim_control="Unit stopped", now=NOW)
