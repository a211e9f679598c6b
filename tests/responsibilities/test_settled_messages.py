"""What a message asks for is done: it is settled, no longer open, and stays in the inbox."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inspections.models import HazardCategory
from inspections.workflows import assess_hazard, stops
from inspections.workflows.hazards import Assessment
from responsibilities import workflows
from responsibilities.models import CorrectiveAction, Escalation, Level
from responsibilities.sweep import sweep_deadlines
from safetyplant.notifications.models import Message
from tests.factories.inspections import assigned, reported

pytestmark = pytest.mark.usefixtures("catalogue")

NOW = timezone.now()


@pytest.fixture
def action(people, station):
    return assigned(station, people.worker, assessor=people.officer, now=NOW).action


def open_codes(person):
    return set(Message.objects.filter(recipient=person).unread().values_list("code", flat=True))


def fresh(action):
    return CorrectiveAction.objects.get(pk=action.pk)


def test_being_asked_to_fix_is_settled_by_the_fix(action, people):
    assert "action.assigned" in open_codes(people.head)
    sweep_deadlines(now=action.deadline.due_at + timedelta(minutes=1))
    assert "deadline.due" in open_codes(people.head)
    workflows.submit_fix(action, by=people.head, note="Done")
    assert open_codes(people.head) == set()
    assert Message.objects.filter(recipient=people.head, code="action.assigned").exists(), "still to be found"


def test_being_asked_to_check_is_settled_by_either_answer(action, people):
    workflows.submit_fix(action, by=people.head, note="Done", now=NOW)
    checker = fresh(action).verifier
    assert "action.submitted" in open_codes(checker)
    workflows.return_fix(fresh(action), by=checker, reason="Not locked", now=NOW)
    assert "action.submitted" not in open_codes(checker)
    assert "action.returned" in open_codes(people.head)
    workflows.submit_fix(fresh(action), by=people.head, note="Again", now=NOW)
    assert "action.returned" not in open_codes(people.head)
    workflows.verify_fix(fresh(action), by=checker, now=NOW)
    assert "action.submitted" not in open_codes(checker)
    assert "action.verified" in open_codes(people.head), "news stays unread until it is read"


def test_a_later_date_settles_reminders_but_not_the_task(action, people):
    asked = workflows.ask_extension(action, by=people.head, due_at=NOW + timedelta(days=60), reason="Parts", now=NOW)
    approver = asked.deadline.owner
    assert "extension.asked" in open_codes(approver)
    workflows.decide_extension(asked, by=approver, grant=True, now=NOW)
    assert "extension.asked" not in open_codes(approver)
    assert "action.assigned" in open_codes(people.head)


def test_a_fix_given_to_another_is_no_longer_asked_of_the_first(action, people):
    workflows.reassign_fix(action, by=people.officer, owner=people.worker, reason="On leave", now=NOW)
    assert "action.assigned" not in open_codes(people.head)
    assert "action.assigned" in open_codes(people.worker)


def test_an_answer_settles_the_question_for_the_one_asked(action, people):
    sweep_deadlines(now=action.deadline.due_at + timedelta(days=9))
    question = Escalation.objects.waiting().filter(deadline=action.deadline).first()
    assert "deadline.answer" in open_codes(question.addressee)
    workflows.answer_escalation(question, by=question.addressee, answer="visit", text="Going there today")
    assert "deadline.answer" not in open_codes(question.addressee)


def test_a_reported_hazard_is_settled_when_it_is_assessed(people, station):
    hazard = reported(station, people.worker)
    assessor = hazard.assess_deadline.owner
    assert "hazard.reported" in open_codes(assessor)
    assess_hazard(hazard, Assessment(Level.objects.get(code="G2"), HazardCategory.objects.get(code="MECH")), by=assessor)
    assert "hazard.reported" not in open_codes(assessor)


def test_stopped_work_is_settled_when_it_is_released(action, people):
    hazard = stops.stop_work(action.hazard, by=people.supervisor, now=NOW)
    assert "hazard.work_stopped" in open_codes(people.leader)
    stops.release_work(hazard, by=hazard.releaser, note="Gas-free", now=NOW)
    assert open_codes(people.leader) & {"hazard.work_stopped", "hazard.work_released"} == {"hazard.work_released"}
