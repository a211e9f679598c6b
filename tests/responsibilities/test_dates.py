"""The two dates of a fix: the first one, by which it counts as on time, and the one that holds now."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inspections.models import Hazard
from inspections.workflows import change_level
from responsibilities import workflows
from responsibilities.choices import AnswerKind
from responsibilities.models import CorrectiveAction, Deadline, Escalation, Level
from responsibilities.sweep import sweep_deadlines
from safetyplant.access.exceptions import StaleVersion, WrongState
from safetyplant.audit.models import Event
from tests.factories.inspections import assigned

pytestmark = pytest.mark.usefixtures("catalogue")

NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture
def hazard(people, station):
    return assigned(station, people.worker, assessor=people.officer, now=NOW)


def dates(hazard):
    """Days after NOW: the first date, the present one."""
    deadline = Deadline.objects.get(pk=hazard.action.deadline_id)
    return (deadline.first_due_at - NOW) / DAY, (deadline.due_at - NOW) / DAY


def raise_to(level, hazard, by, now):
    return change_level(hazard, by=by, level=Level.objects.get(code=level), reason="Worse", interim_control="Off", now=now)


def grant(hazard, people, day, now=NOW):
    request = workflows.ask_extension(hazard.action, by=people.head, due_at=NOW + day * DAY, reason="Parts", now=now)
    return workflows.decide_extension(request, by=people.leader, grant=True, now=now)


def test_the_first_date_is_that_of_the_new_level(people, station):
    hazard = assigned(station, people.worker, assessor=people.officer, level="G3", now=NOW)
    assert dates(hazard) == (1, 1)
    hazard = raise_to("G1", hazard, people.leader, NOW)
    assert dates(hazard) == (15, 15)
    assert hazard.first_due_at == NOW + 15 * DAY
    event = Event.objects.filter(action="action.level_changed").latest("pk")
    assert event.changes["first_due_at"] == [(NOW + DAY).isoformat(), (NOW + 15 * DAY).isoformat()]


def test_another_level_keeps_what_was_granted(hazard, people):
    grant(hazard, people, 30)
    raise_to("G1", hazard, people.leader, NOW)
    assert dates(hazard) == (15, 38)


def test_another_level_keeps_the_time_in_check(hazard, people):
    workflows.submit_fix(hazard.action, by=people.head, note="done", now=NOW + DAY)
    workflows.return_fix(hazard.action, by=people.officer, reason="no", now=NOW + 4 * DAY)
    assert dates(hazard) == (10, 10)
    workflows.submit_fix(hazard.action, by=people.head, note="done", now=NOW + 5 * DAY)
    raise_to("G1", hazard, people.leader, NOW + 7 * DAY)
    assert dates(hazard) == (20, 20)
    workflows.return_fix(hazard.action, by=people.leader, reason="no", now=NOW + 8 * DAY)
    assert dates(hazard) == (21, 21)


def test_a_level_whose_date_has_passed_leaves_a_day(hazard, people):
    raise_to("G3", hazard, people.leader, NOW + 5 * DAY)
    assert dates(hazard) == (6, 6)


def test_time_in_check_is_credited_once(hazard, people):
    """Granted while the fix is in check: the new date is counted from that moment, the first date from the submission."""
    request = workflows.ask_extension(hazard.action, by=people.head, due_at=NOW + 20 * DAY, reason="Parts", now=NOW)
    workflows.submit_fix(hazard.action, by=people.head, note="done", now=NOW + DAY)
    workflows.decide_extension(request, by=people.leader, grant=True, now=NOW + 5 * DAY)
    workflows.return_fix(hazard.action, by=people.officer, reason="no", now=NOW + 6 * DAY)
    assert dates(hazard) == (12, 21)


def test_granting_never_takes_days_away_that_the_check_will_give(hazard, people):
    request = workflows.ask_extension(hazard.action, by=people.head, due_at=NOW + 8 * DAY, reason="Parts", now=NOW)
    workflows.submit_fix(hazard.action, by=people.head, note="done", now=NOW + DAY)
    workflows.decide_extension(request, by=people.leader, grant=True, now=NOW + 5 * DAY)
    workflows.return_fix(hazard.action, by=people.officer, reason="no", now=NOW + 6 * DAY)
    assert dates(hazard) == (12, 12)


def test_a_fix_is_done_when_it_is_handed_in(hazard, people):
    workflows.submit_fix(hazard.action, by=people.head, note="done", now=NOW + DAY)
    assert Deadline.objects.get(pk=hazard.action.deadline_id).done_at == NOW + DAY
    workflows.return_fix(hazard.action, by=people.officer, reason="no", now=NOW + 2 * DAY)
    assert Deadline.objects.get(pk=hazard.action.deadline_id).done_at is None
    workflows.submit_fix(hazard.action, by=people.head, note="done", now=NOW + 3 * DAY)
    workflows.verify_fix(hazard.action, by=people.officer, now=NOW + 60 * DAY)
    deadline = Deadline.objects.get(pk=hazard.action.deadline_id)
    assert (deadline.done_at, deadline.closed_at) == (NOW + 3 * DAY, NOW + 60 * DAY)
    hazard.action.refresh_from_db()
    check = hazard.action.check_deadline
    assert check.done_at == check.closed_at == NOW + 60 * DAY


@pytest.mark.parametrize("day", [6, 9])
def test_more_time_means_a_later_day_that_lies_ahead(hazard, people, day):
    """Of a date of day 7, asked on day 10: neither earlier than it nor past."""
    with pytest.raises(ValidationError):
        workflows.ask_extension(hazard.action, by=people.head, due_at=NOW + day * DAY, reason="Parts", now=NOW + 10 * DAY)


def late_question(hazard):
    late = hazard.action.deadline.due_at + DAY
    sweep_deadlines(late)
    return Escalation.objects.get(deadline=hazard.action.deadline_id), late


def test_a_date_moved_by_an_answer_is_a_change_of_the_fix(hazard, people):
    question, late = late_question(hazard)
    before = hazard.action.revision
    new = late + 5 * DAY
    workflows.answer_escalation(question, by=people.leader, answer=AnswerKind.EXTEND, text="Parts", due_at=new, now=late)
    hazard.action.refresh_from_db()
    assert hazard.action.revision == before + 1
    event = Event.objects.filter(action="escalation.answered").get()
    assert event.changes == {"due_at": [(NOW + 7 * DAY).isoformat(), new.isoformat()]}
    assert Hazard.objects.get(pk=hazard.pk).due_at == new


def test_the_fix_and_its_dates_are_locked_before_the_question(hazard, people):
    question, late = late_question(hazard)
    with CaptureQueriesContext(connection) as queries:
        workflows.answer_escalation(question, by=people.leader, answer=AnswerKind.VISIT, text="Today", now=late)
    locking = [query["sql"].rpartition('FOR UPDATE OF "')[2] for query in queries if "FOR UPDATE" in query["sql"]]
    assert [name.rstrip('"') for name in locking[:3]] == [
        "responsibilities_correctiveaction",
        "responsibilities_deadline",
        "responsibilities_escalation",
    ]


# --- a date changed from above --------------------------------------------------------------------------------------------


def fix_of(hazard):
    return Deadline.objects.get(pk=hazard.action.deadline_id)


@pytest.mark.parametrize("days", [3, 9])
def test_a_date_is_changed_from_above_and_its_steps_are_told_afresh(hazard, people, days):
    before = fix_of(hazard)
    workflows.change_date(hazard.action, by=people.officer, due_at=NOW + days * DAY, reason="Storm", now=NOW)
    after = fix_of(hazard)
    assert (after.due_at, after.first_due_at) == (NOW + days * DAY, before.first_due_at)
    assert after.version == before.version + 1
    hazard.refresh_from_db()
    assert hazard.due_at == NOW + days * DAY
    event = Event.objects.get(action="action.date_changed")
    assert event.actor_id == people.officer.pk
    assert event.changes["due_at"] == [before.due_at.isoformat(), after.due_at.isoformat()]


def test_only_from_above(hazard, people):
    for name in ("worker", "head", "head2", "supervisor", "outsider"):
        with pytest.raises(PermissionDenied):
            workflows.change_date(hazard.action, by=getattr(people, name), due_at=NOW + 9 * DAY, reason="Storm", now=NOW)
    for number, name in enumerate(("officer", "leader", "director")):
        workflows.change_date(hazard.action, by=getattr(people, name), due_at=NOW + (9 + number) * DAY, reason="Storm", now=NOW)


def test_whoever_has_the_fix_does_not_change_its_date(people, station):
    hazard = assigned(station, people.worker, assessor=people.leader, now=NOW)
    CorrectiveAction.objects.filter(pk=hazard.action_id).update(owner=people.officer)
    with pytest.raises(PermissionDenied):
        workflows.change_date(hazard.action, by=people.officer, due_at=NOW + 9 * DAY, reason="Storm", now=NOW)


@pytest.mark.parametrize("change", [{"reason": " "}, {"due_at": NOW}, {"due_at": NOW - DAY}, {"due_at": NOW + 400 * DAY}])
def test_a_changed_date_has_a_reason_and_lies_ahead_within_the_levels_days(hazard, people, change):
    given = {"due_at": NOW + 9 * DAY, "reason": "Storm"} | change
    with pytest.raises(ValidationError):
        workflows.change_date(hazard.action, by=people.officer, now=NOW, **given)


def test_not_while_an_extension_waits_or_the_fix_is_handed_in_or_from_an_old_page(hazard, people):
    given = {"by": people.officer, "due_at": NOW + 9 * DAY, "reason": "Storm", "now": NOW}
    with pytest.raises(StaleVersion):
        workflows.change_date(hazard.action, revision=hazard.action.revision - 1, **given)
    request = workflows.ask_extension(hazard.action, by=people.head, due_at=NOW + 20 * DAY, reason="Parts", now=NOW)
    with pytest.raises(WrongState):
        workflows.change_date(hazard.action, **given)
    workflows.decide_extension(request, by=people.leader, grant=False, now=NOW)
    workflows.submit_fix(hazard.action, by=people.head, note="Welded", now=NOW)
    with pytest.raises(WrongState):
        workflows.change_date(hazard.action, **given)


def test_the_page_and_the_api_change_it(client, hazard, people):
    client.force_login(people.officer)
    assert f"/actions/{hazard.action_id}/date/" in client.get(f"/hazards/{hazard.pk}/").text
    address, day = f"/actions/{hazard.action_id}/date/", timezone.localdate() + 9 * DAY
    revision = CorrectiveAction.objects.get(pk=hazard.action_id).revision
    body = {"due_on": day.isoformat(), "reason": "Storm", "revision": revision}
    assert client.post(address, {**body, "revision": revision - 1}).status_code == 409
    assert client.post(address, {**body, "reason": ""}).status_code == 422
    assert client.post(address, body).status_code == 302
    assert timezone.localtime(fix_of(hazard).due_at).date() == day
    sent = {"due_at": (timezone.now() + 5 * DAY).isoformat(), "reason": "Rain"}
    answer = client.post(f"/api/v1{address}", sent, content_type="application/json")
    assert (answer.status_code, answer.json()["revision"]) == (200, revision + 2)
    client.force_login(people.head)
    assert client.get(address).status_code == 403
    assert client.post(f"/api/v1{address}", sent, content_type="application/json").status_code == 403
