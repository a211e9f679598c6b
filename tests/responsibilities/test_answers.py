"""Answers that are owed: a junk submission does not wipe them out, empty words do not silence them; and how far dates go."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inspections.models import HazardCategory
from inspections.workflows import assess_hazard
from inspections.workflows.hazards import Assessment
from responsibilities import workflows
from responsibilities.choices import AnswerKind, DeadlineStatus
from responsibilities.models import Deadline, Escalation, Level, LevelTerm
from responsibilities.panels import action_panel
from responsibilities.sweep import sweep_deadlines
from safetyplant.access.exceptions import WrongState
from safetyplant.notifications.models import Message
from tests.factories.inspections import assigned, reported

pytestmark = pytest.mark.usefixtures("catalogue")
NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture
def action(people, station):
    """Moderate, seven days to fix; ten days later still not done, and asked about."""
    action = assigned(station, people.worker, assessor=people.officer, now=NOW - 17 * DAY).action
    sweep_deadlines(NOW)
    return action


def waiting(action):
    return list(Escalation.objects.waiting().filter(deadline=action.deadline_id).order_by("pk"))


def answers(action):
    return {row.pk: row for row in Deadline.objects.filter(asked_by_escalation__deadline=action.deadline_id)}


def test_handing_it_in_suspends_the_answers_and_a_return_asks_them_again(action, people):
    asked, before = waiting(action), answers(action)
    assert len(asked) > 1
    workflows.submit_fix(action, by=people.head, note="junk", now=NOW + DAY)
    assert waiting(action) == []
    assert {row.status for row in answers(action).values()} == {DeadlineStatus.PAUSED}
    assert Escalation.objects.filter(pk__in=[one.pk for one in asked], settled_at=None).count() == len(asked)
    assert action_panel(people.leader, type(action).objects.get(pk=action.pk)).questions == ()
    workflows.return_fix(action, by=people.officer, reason="Nothing was done", now=NOW + 3 * DAY)
    assert waiting(action) == asked
    for pk, row in answers(action).items():
        assert row.status == DeadlineStatus.OPEN
        assert row.due_at == before[pk].due_at + 2 * DAY  # what was left of their time
        assert row.done_at is None
    for one in asked:
        assert Message.objects.filter(recipient=one.addressee, code="deadline.answer", withdrawn_at=None).exists()


def test_a_suspended_question_is_not_asked_and_cannot_be_answered(action, people, client):
    question = waiting(action)[0]
    workflows.submit_fix(action, by=people.head, note="done", now=NOW)
    with pytest.raises(WrongState):
        workflows.answer_escalation(question, by=question.addressee, answer=AnswerKind.VISIT, text="I go", now=NOW)
    client.force_login(question.addressee)
    assert client.get(f"/escalations/{question.pk}/answer/").status_code == 409
    before = sweep_deadlines(NOW + 20 * DAY)
    assert not Escalation.objects.filter(deadline__kind="answer").exists()
    assert before is not None


def test_an_accepted_fix_settles_what_was_asked(action, people):
    asked = waiting(action)
    workflows.submit_fix(action, by=people.head, note="done", now=NOW)
    workflows.verify_fix(action, by=people.officer, now=NOW + DAY)
    assert set(Escalation.objects.filter(pk__in=[one.pk for one in asked]).values_list("settled_at", flat=True)) == {NOW + DAY}
    assert {row.status for row in answers(action).values()} == {DeadlineStatus.CANCELLED}


def test_a_cancelled_fix_settles_what_was_suspended(action, people):
    workflows.submit_fix(action, by=people.head, note="done", now=NOW)
    workflows.cancel_action(action, by=people.officer, reason="Twice", now=NOW + DAY)
    assert not Escalation.objects.unsettled().filter(deadline=action.deadline_id).exists()


@pytest.mark.parametrize("text", ["", "  \n"])
@pytest.mark.parametrize("answer", list(AnswerKind))
def test_an_answer_says_something(action, people, answer, text):
    question = waiting(action)[0]
    more = {"due_at": NOW + 5 * DAY, "owner": people.worker}
    with pytest.raises(ValidationError) as refused:
        workflows.answer_escalation(question, by=question.addressee, answer=answer, text=text, now=NOW, **more)
    assert "text" in refused.value.message_dict
    assert question in waiting(action)


def test_an_empty_answer_is_refused_over_the_api_too(action, people, client):
    question = waiting(action)[0]
    client.force_login(question.addressee)
    body = json.dumps({"answer": "visit"})
    response = client.post(f"/api/v1/escalations/{question.pk}/answer/", body, content_type="application/json")
    assert response.status_code == 422
    assert question in waiting(action)


@pytest.fixture
def open_action(people, station):
    return assigned(station, people.worker, assessor=people.officer, now=NOW).action


LAST = 35  # days: five times the seven of a moderate hazard


def test_a_far_date_is_the_directors_to_give(open_action, people):
    request = workflows.ask_extension(open_action, by=people.head, due_at=NOW + (LAST + 1) * DAY, reason="Parts", now=NOW)
    assert request.deadline.owner == people.director
    with pytest.raises(ValidationError, match="Only the director"):
        workflows.decide_extension(request, by=people.leader, grant=True, now=NOW)
    workflows.decide_extension(request, by=people.director, grant=True, now=NOW)
    assert Deadline.objects.get(pk=open_action.deadline_id).due_at == NOW + (LAST + 1) * DAY


def test_the_last_day_is_data_of_the_levels_term(open_action, people):
    request = workflows.ask_extension(open_action, by=people.head, due_at=NOW + LAST * DAY, reason="Parts", now=NOW)
    assert request.deadline.owner == people.leader
    LevelTerm.objects.filter(level="G2").update(most_times=2)
    with pytest.raises(ValidationError, match="Only the director"):
        workflows.decide_extension(request, by=people.leader, grant=True, now=NOW)


def test_nobody_moves_a_date_by_years(open_action, people):
    far = NOW + 4 * 365 * DAY
    with pytest.raises(ValidationError, match="too far away"):
        workflows.ask_extension(open_action, by=people.head, due_at=far, reason="Parts", now=NOW)


def test_an_answer_is_held_to_the_same_bounds(action, people):
    question = waiting(action)[0]
    for by, due_at, words in (
        (people.leader, NOW + (LAST - 16) * DAY, "Only the director"),
        (people.director, NOW + 4 * 365 * DAY, "too far away"),
    ):
        with pytest.raises(ValidationError, match=words):
            workflows.answer_escalation(question, by=by, answer=AnswerKind.EXTEND, text="Parts", due_at=due_at, now=NOW)
    workflows.answer_escalation(
        question, by=people.director, answer=AnswerKind.EXTEND, text="Parts", due_at=NOW + (LAST - 16) * DAY, now=NOW
    )


def test_a_far_date_comes_back_to_the_page_of_the_answer(action, people, client):
    question = next(one for one in waiting(action) if one.addressee == people.leader)
    client.force_login(people.leader)
    day = (timezone.localdate() + (LAST - 10) * DAY).isoformat()
    page = client.post(f"/escalations/{question.pk}/answer/", {"answer": "extend", "due_on": day, "text": "Parts"})
    assert page.status_code == 422
    assert "Only the director" in page.content.decode()


def test_an_assessment_is_held_to_the_same_bounds(people, station):
    hazard = reported(station, people.worker, now=NOW)
    serious, kind = Level.objects.get(code="G1"), HazardCategory.objects.get(code="MECH")
    for days, words in ((61, "Only the director"), (75 * 365, "too far away")):
        with pytest.raises(ValidationError, match=words):
            assess_hazard(hazard, Assessment(serious, kind, due_at=NOW + days * DAY), by=people.officer, now=NOW)
    assess_hazard(hazard, Assessment(serious, kind, due_at=NOW + 60 * DAY), by=people.officer, now=NOW)


def test_a_panel_asks_once_who_had_a_hand_in_it(open_action, people):
    workflows.submit_fix(open_action, by=people.head, note="done", now=NOW)
    action = type(open_action).objects.select_related("owner", "verifier", "unit", "level", "deadline", "check_deadline").get()
    with CaptureQueriesContext(connection) as asked:
        action_panel(people.officer, action)
    assert sum("responsibilities_actionfixer" in query["sql"] for query in asked) == 1
