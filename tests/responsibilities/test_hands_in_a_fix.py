"""Nobody judges their own work, through whatever hands it went since, nor their own unit while standing in for those above."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from inspections import workflows as inspecting
from inspections.models import Hazard
from responsibilities import workflows
from responsibilities.choices import RoleCode
from responsibilities.models import ActionFixer, CorrectiveAction, Level, Person
from responsibilities.services.appointments import appoint_person
from responsibilities.sweep import sweep_deadlines
from safetyplant.access.exceptions import NotAllowed, WrongState
from tests.factories.inspections import assigned
from tests.factories.responsibilities import appoint

pytestmark = pytest.mark.usefixtures("catalogue")
NOW = timezone.now()


@pytest.fixture
def hazard(people, station):
    return assigned(station, people.worker, assessor=people.officer, level="G1", now=NOW)


def fresh(hazard):
    return Hazard.objects.select_related("action").get(pk=hazard.pk)


def own_then_pass_on(hazard, people, *steps):
    """The leader takes it, does `steps`, and gives it to the worker."""
    action = hazard.action
    workflows.reassign_fix(action, by=people.officer, owner=people.leader, reason="I see to it", now=NOW)
    for step in steps:
        if step == "start":
            workflows.start_fix(action, by=people.leader, now=NOW)
        if step == "wait":
            workflows.wait_fix(action, by=people.leader, waiting_for="parts", interim_control="Shut in", now=NOW)
        if step == "submit":
            workflows.submit_fix(action, by=people.leader, note="Welded", now=NOW)
            workflows.return_fix(action, by=people.director, reason="Leaks", now=NOW)
    workflows.reassign_fix(action, by=people.officer, owner=people.worker, reason="On site", now=NOW)
    return CorrectiveAction.objects.get(pk=action.pk)


@pytest.mark.parametrize("steps", [["start"], ["wait"], ["submit"], ["start", "wait", "submit"]])
def test_whoever_had_a_hand_in_it_neither_accepts_nor_cancels_nor_lowers(hazard, people, steps):
    action = own_then_pass_on(hazard, people, *steps)
    with pytest.raises(NotAllowed):
        workflows.cancel_action(action, by=people.leader, reason="Nothing there", now=NOW)
    with pytest.raises(NotAllowed):
        inspecting.cancel_hazard(fresh(hazard), by=people.leader, reason="Nothing there", now=NOW)
    with pytest.raises(NotAllowed):
        inspecting.change_level(fresh(hazard), by=people.leader, level=Level.objects.get(code="G3"), reason="Small", now=NOW)
    submitted = workflows.submit_fix(action, by=people.worker, note="Welded again", now=NOW)
    assert submitted.verifier == people.director
    with pytest.raises(NotAllowed):
        workflows.verify_fix(action, by=people.leader, now=NOW)
    workflows.verify_fix(action, by=people.director, now=NOW)


def test_whoever_only_had_it_in_their_name_may_check_it(hazard, people):
    action = own_then_pass_on(hazard, people)
    workflows.submit_fix(action, by=people.worker, note="Welded", now=NOW)
    workflows.verify_fix(action, by=people.leader, now=NOW)


def test_the_database_refuses_an_earlier_fixer(hazard, people):
    action = own_then_pass_on(hazard, people, "start")
    workflows.submit_fix(action, by=people.worker, note="Welded", now=NOW)
    verified = {"status": "verified", "verified_at": NOW}
    rows = CorrectiveAction.objects.filter(pk=action.pk)
    with pytest.raises(IntegrityError, match="action_never_self_verified"), transaction.atomic():
        rows.update(**verified, verified_by=people.leader)
    rows.update(**verified, verified_by=people.director)
    with pytest.raises(IntegrityError, match="action_never_self_verified"), transaction.atomic():
        ActionFixer.objects.create(action=action, person=people.director)


def test_the_last_who_could_check_it_does_not_begin_it(hazard, people):
    """Else nobody could ever accept it: someone else has to be appointed first, and the sentence says so."""
    action = hazard.action
    for person in (people.leader, people.director):
        workflows.reassign_fix(action, by=people.officer, owner=person, reason="I see to it", now=NOW)
        workflows.start_fix(action, by=person, now=NOW)
        workflows.wait_fix(action, by=person, waiting_for="parts", interim_control="Shut in", now=NOW)
    for person in (people.officer, people.head):
        person.is_active = person == people.head
        person.save()
    with pytest.raises(WrongState, match="has worked on it"):
        workflows.start_fix(action, by=people.head, now=NOW)


def test_a_late_check_is_not_asked_of_an_earlier_fixer(hazard, people):
    action = own_then_pass_on(hazard, people, "start")
    check = workflows.submit_fix(action, by=people.worker, note="Welded", now=NOW).check_deadline
    sweep_deadlines(check.due_at + timedelta(days=9))
    assert people.leader.pk not in check.escalations.values_list("addressee", flat=True)


@pytest.fixture
def acting_head(people, branch):
    """The head stands in for the leader."""
    appoint(people.head, RoleCode.DEPUTY, branch, deputy_of=people.leader.appointments.get())
    return Person.objects.get(pk=people.head.pk)


def test_a_deputy_has_no_say_over_the_unit_they_lead(hazard, people, acting_head):
    with pytest.raises(NotAllowed):
        inspecting.change_level(fresh(hazard), by=acting_head, level=Level.objects.get(code="G3"), reason="Small", now=NOW)
    with pytest.raises(NotAllowed):
        inspecting.cancel_hazard(fresh(hazard), by=acting_head, reason="Nothing there", now=NOW)
    with pytest.raises(NotAllowed):
        workflows.cancel_action(hazard.action, by=acting_head, reason="Nothing there", now=NOW)
    workflows.reassign_fix(hazard.action, by=people.officer, owner=people.worker, reason="On site", now=NOW)
    submitted = workflows.submit_fix(hazard.action, by=people.worker, note="Welded", now=NOW)
    assert submitted.verifier != acting_head
    with pytest.raises(NotAllowed):
        workflows.verify_fix(hazard.action, by=acting_head, now=NOW)


def test_a_deputy_does_not_call_a_hazard_of_their_unit_harmless(hazard, acting_head):
    Hazard.objects.filter(pk=hazard.pk).update(possibly_major=True, interim_control="Watched by two")
    with pytest.raises(NotAllowed):
        inspecting.decide_major(fresh(hazard), by=acting_head, is_major=False, reason="Small", now=NOW)


def test_a_deputy_decides_over_other_units(people, station2, acting_head):
    hazard = assigned(station2, people.worker2, assessor=people.officer, level="G1", now=NOW)
    workflows.submit_fix(hazard.action, by=people.head2, note="Welded", now=NOW)
    workflows.return_fix(hazard.action, by=acting_head, reason="Leaks", now=NOW)
    inspecting.change_level(fresh(hazard), by=acting_head, level=Level.objects.get(code="G2"), reason="Seen", now=NOW)


def test_whoever_stands_in_for_a_head_has_no_say_over_that_unit(hazard, people, station):
    appoint(people.leader, RoleCode.DEPUTY, station, deputy_of=people.head.appointments.get())
    acting = Person.objects.get(pk=people.leader.pk)
    workflows.reassign_fix(hazard.action, by=people.officer, owner=people.worker, reason="On site", now=NOW)
    workflows.submit_fix(hazard.action, by=people.worker, note="Welded", now=NOW)
    assert CorrectiveAction.objects.get(pk=hazard.action_id).verifier == people.leader  # named before, by their own post
    with pytest.raises(NotAllowed):
        inspecting.change_level(fresh(hazard), by=acting, level=Level.objects.get(code="G3"), reason="Small", now=NOW)


def ask(hazard, by, days=2):
    due_at = hazard.action.deadline.due_at + timedelta(days=days)
    return workflows.ask_extension(hazard.action, by=by, due_at=due_at, reason="Parts", now=NOW)


def given_to_worker(hazard, people):
    workflows.reassign_fix(hazard.action, by=people.officer, owner=people.worker, reason="On site", now=NOW)
    return fresh(hazard)


def test_a_deputy_does_not_give_their_own_unit_a_later_date(hazard, people, acting_head):
    request = ask(given_to_worker(hazard, people), people.worker)
    assert request.deadline.owner == people.director
    for grant in (True, False):
        with pytest.raises(NotAllowed):
            workflows.decide_extension(request, by=acting_head, grant=grant, now=NOW)
    assert workflows.decide_extension(request, by=people.director, grant=True, now=NOW).status == "granted"


def test_a_deputy_gives_other_units_a_later_date(people, station2, acting_head):
    hazard = assigned(station2, people.worker2, assessor=people.officer, level="G1", now=NOW)
    request = ask(hazard, people.head2)
    assert request.deadline.owner == acting_head
    assert workflows.decide_extension(request, by=acting_head, grant=True, now=NOW).status == "granted"


def test_without_a_director_the_safety_officer_decides(hazard, people, acting_head):
    Person.objects.filter(pk=people.director.pk).update(is_active=False)
    request = ask(given_to_worker(hazard, people), people.worker)
    assert request.deadline.owner == people.officer
    workflows.decide_extension(request, by=people.officer, grant=False, now=NOW)


def test_where_nobody_is_left_to_decide_the_one_who_asks_is_told(hazard, people, acting_head):
    Person.objects.filter(pk__in=[people.director.pk, people.officer.pk]).update(is_active=False)
    with pytest.raises(WrongState, match="could decide about it"):
        ask(fresh(hazard), people.head)


def test_a_question_asked_of_those_above_is_not_answered_by_a_deputy_of_their_own_unit(hazard, people, acting_head):
    late = given_to_worker(hazard, people).action.deadline
    sweep_deadlines(late.due_at + timedelta(days=20))
    asked = late.escalations.get(addressee=people.director)
    with pytest.raises(NotAllowed):
        workflows.answer_escalation(asked, by=acting_head, answer="fix", text="We see to it", now=NOW)
    own = late.escalations.filter(addressee=acting_head).first()
    assert own is not None
    with pytest.raises(NotAllowed, match="above may move the date"):
        workflows.answer_escalation(
            own, by=acting_head, answer="extend", text="Later", due_at=late.due_at + timedelta(days=40), now=NOW
        )


def test_a_decision_that_waits_goes_up_when_its_decider_stands_in_for_the_head(hazard, people, station):
    request = ask(given_to_worker(hazard, people), people.worker)
    assert request.deadline.owner == people.leader
    held, today = people.head.appointments.get(), timezone.localdate()
    appoint_person(people.leader, role=RoleCode.DEPUTY, unit=station, by=people.officer, deputy_of=held, starts_on=today)
    request.deadline.refresh_from_db()
    assert request.deadline.owner == people.director
    with pytest.raises(NotAllowed):
        workflows.decide_extension(request, by=Person.objects.get(pk=people.leader.pk), grant=True, now=NOW)


def test_the_director_decides_also_while_standing_in_for_a_head(hazard, people, station):
    """Nobody is above who could decide instead."""
    Person.objects.filter(pk=people.leader.pk).update(is_active=False)
    appoint(people.director, RoleCode.DEPUTY, station, deputy_of=people.head.appointments.get())
    request = ask(given_to_worker(hazard, people), people.worker)
    assert request.deadline.owner == people.director
    workflows.decide_extension(request, by=Person.objects.get(pk=people.director.pk), grant=True, now=NOW)


def test_nobody_decides_what_they_asked_for_someone_else(hazard, people):
    """The director leads every unit's fixes, so may ask for a later date: then it is for another to decide."""
    request = ask(given_to_worker(hazard, people), people.director, days=300)
    assert request.deadline.owner == people.leader
