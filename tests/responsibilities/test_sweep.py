"""Reminders and escalation: once each, in order, up the real chain."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from responsibilities.choices import AnswerKind, DeadlineStatus
from responsibilities.models import Deadline, Escalation, Reminder
from responsibilities.sweep import sweep_deadlines
from responsibilities.workflows import answer_escalation, submit_fix, verify_fix
from safetyplant.access.exceptions import NotAllowed
from tests.factories.inspections import assigned

pytestmark = pytest.mark.usefixtures("catalogue")

NOW = timezone.now()


@pytest.fixture
def hazard(station, worker, head, officer, leader, director):
    """A moderate hazard of the station, seven days to fix."""
    return assigned(station, worker, assessor=officer, now=NOW)


def told(deadline, after=None):
    rows = Reminder.objects.filter(deadline=deadline).order_by("moment", "recipient__username")
    return [(round((row.moment - deadline.due_at) / timedelta(days=1), 2), row.recipient.username) for row in rows]


def test_the_chain_is_walked_owner_head_leader_director(hazard):
    deadline = hazard.action.deadline
    sweep_deadlines(NOW + timedelta(days=15))
    assert told(deadline) == [
        (-3.5, "head"),
        (-3, "head"),
        (-1, "head"),
        (0, "head"),
        (1, "leader"),  # the head owns it, so the answer is asked of the next above
        (3, "leader"),
        (7, "director"),
    ]


def test_running_again_says_nothing_twice(hazard):
    moment = NOW + timedelta(days=15)
    first = sweep_deadlines(moment)
    again = sweep_deadlines(moment)
    assert first.reminders > 0
    assert first.messages == first.reminders
    assert (again.deadlines, again.reminders, again.messages) == (0, 0, 0)


def test_many_small_sweeps_tell_the_same_as_one_late_sweep(hazard):
    for hour in range(0, 15 * 24, 6):
        sweep_deadlines(NOW + timedelta(hours=hour))
    often = told(hazard.action.deadline)
    Reminder.objects.all().delete()
    assert often == [(-3.5, "head"), (-3, "head"), (-1, "head"), (0, "head"), (1, "leader"), (3, "leader"), (7, "director")]


def test_the_director_hears_again_every_week(hazard):
    sweep_deadlines(NOW + timedelta(days=7 + 29))
    days = [day for day, name in told(hazard.action.deadline) if name == "director"]
    assert days == [7, 14, 21, 28]


def test_an_escalated_level_owes_an_answer_which_climbs_but_asks_no_further(hazard):
    sweep_deadlines(hazard.action.deadline.due_at + timedelta(days=1))
    escalation = Escalation.objects.get(deadline=hazard.action.deadline)
    assert escalation.addressee.username == "leader"
    sweep_deadlines(escalation.answer_deadline.due_at + timedelta(days=4))
    assert "director" in {row.recipient.username for row in Reminder.objects.filter(deadline=escalation.answer_deadline)}
    assert not Escalation.objects.filter(deadline=escalation.answer_deadline).exists()


def test_an_answer_settles_the_escalation(hazard, leader, worker):
    late = hazard.action.deadline.due_at + timedelta(days=1)
    sweep_deadlines(late)
    escalation = Escalation.objects.get()
    with pytest.raises(NotAllowed):
        answer_escalation(escalation, by=worker, answer=AnswerKind.VISIT, now=late)
    new_date = late + timedelta(days=5)
    answer_escalation(escalation, by=leader, answer=AnswerKind.EXTEND, text="Parts come Monday", due_at=new_date, now=late)
    escalation.refresh_from_db()
    hazard.refresh_from_db()
    assert escalation.settled_at == late
    assert escalation.answer_deadline.status == DeadlineStatus.MET
    assert hazard.due_at == new_date
    assert hazard.first_due_at < new_date


def test_a_new_date_is_a_new_version_and_tells_its_own_steps(hazard, leader):
    late = hazard.action.deadline.due_at + timedelta(days=1)
    sweep_deadlines(late)
    answer_escalation(
        Escalation.objects.get(), by=leader, answer=AnswerKind.EXTEND, text="Parts", due_at=late + timedelta(days=5), now=late
    )
    before = Reminder.objects.count()
    sweep_deadlines(late)
    assert Reminder.objects.count() == before
    sweep_deadlines(late + timedelta(days=4))
    assert set(Reminder.objects.filter(version=2).values_list("recipient__username", flat=True)) == {"head"}


def test_a_fix_that_waits_for_its_check_is_not_late(hazard, head, leader):
    submit_fix(hazard.action, by=head, note="done", now=NOW + timedelta(days=1))
    sweep_deadlines(NOW + timedelta(days=30))
    assert told(hazard.action.deadline) == []
    check = Deadline.objects.get(kind="verify")
    assert {name for _day, name in told(check)} >= {"officer"}


def test_nothing_is_told_about_what_is_closed(hazard, head, leader):
    submit_fix(hazard.action, by=head, note="done", now=NOW)
    hazard.action.refresh_from_db()
    verify_fix(hazard.action, by=leader, now=NOW)
    assert sweep_deadlines(NOW + timedelta(days=60)).reminders == 0


@pytest.mark.parametrize("gone", ["head", "leader", "director"])
def test_someone_alive_always_hears_it(hazard, people, gone):
    person = getattr(people, gone)
    person.is_active = False
    person.save()
    sweep_deadlines(NOW + timedelta(days=15))
    recipients = [name for _day, name in told(hazard.action.deadline)]
    assert gone not in recipients
    assert len(recipients) == 7


def test_one_bad_row_never_stops_the_rest(hazard, station, worker, officer):
    bad = assigned(station, worker, assessor=officer, now=NOW).action.deadline
    # A cursor that points at a step which cannot be computed: its occurrence lies beyond the calendar.
    Deadline.objects.filter(pk=bad.pk).update(next_position=8, next_occurrence=2_000_000_000, next_step_at=NOW)
    result = sweep_deadlines(NOW + timedelta(days=15))
    assert result.failures == 1
    assert len(told(hazard.action.deadline)) == 7
    bad.refresh_from_db()
    assert (bad.sweep_failures, bad.next_step_at) == (1, NOW + timedelta(days=15, minutes=10))


@pytest.mark.parametrize(("failed", "counted", "gap"), [(4, 5, {"minutes": 50}), (32_767, 1000, {"hours": 6})])
def test_a_row_that_keeps_failing_is_tried_ever_later_and_never_stops_the_sweep(
    hazard, station, worker, officer, failed, counted, gap
):
    bad = assigned(station, worker, assessor=officer, now=NOW).action.deadline
    broken = {"next_position": 8, "next_occurrence": 2_000_000_000, "next_step_at": NOW, "sweep_failures": failed}
    Deadline.objects.filter(pk=bad.pk).update(**broken)
    assert sweep_deadlines(NOW + timedelta(days=15)).failures == 1
    assert len(told(hazard.action.deadline)) == 7
    bad.refresh_from_db()
    assert (bad.sweep_failures, bad.next_step_at) == (counted, NOW + timedelta(days=15, **gap))


def test_the_cost_of_a_sweep_follows_what_is_due_not_what_exists(hazard, station, worker, officer):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert sweep_deadlines(NOW).reminders == 0
        return len(captured)

    sweep_deadlines(NOW)  # the first run ever makes its heartbeat
    with_one = cost()
    for _ in range(5):
        assigned(station, worker, assessor=officer, now=NOW)
    assert cost() == with_one


@pytest.mark.parametrize("answer", [{"answer": AnswerKind.EXTEND}, {"answer": AnswerKind.REASSIGN}])
def test_an_answer_that_changes_nothing_does_not_silence_the_question(hazard, leader, answer):
    late = hazard.action.deadline.due_at + timedelta(days=1)
    sweep_deadlines(late)
    escalation = Escalation.objects.get()
    with pytest.raises(ValidationError):
        answer_escalation(escalation, by=leader, text="Soon", now=late, **answer)
    assert Escalation.objects.waiting().exists()


def test_an_extension_never_brings_the_date_forward(hazard, leader):
    late = hazard.action.deadline.due_at + timedelta(days=1)
    sweep_deadlines(late)
    for due_at in (hazard.action.deadline.due_at - timedelta(days=1), late - timedelta(hours=1)):
        with pytest.raises(ValidationError):
            answer_escalation(
                Escalation.objects.get(), by=leader, answer=AnswerKind.EXTEND, text="Parts", due_at=due_at, now=late
            )


def test_asking_many_costs_no_more_queries_than_asking_one(hazard, station, worker, officer):
    def cost(moment):
        with CaptureQueriesContext(connection) as captured:
            asked = sweep_deadlines(moment).deadlines
        return asked, len(captured)

    late = hazard.action.deadline.due_at + timedelta(days=1)
    sweep_deadlines(late - timedelta(hours=1))
    asked, with_one = cost(late)
    assert asked == 1
    start = late + timedelta(hours=1)
    for _ in range(5):
        assigned(station, worker, assessor=officer, now=start)
    late = start + timedelta(days=8)
    sweep_deadlines(late - timedelta(hours=1))
    Escalation.objects.all().delete()
    asked, with_five = cost(late)
    assert asked == 5
    assert with_five == with_one


def test_a_late_sweep_asks_once_for_each_step_it_catches_up_on(hazard):
    sweep_deadlines(hazard.action.deadline.due_at + timedelta(days=30))
    asked = Escalation.objects.filter(deadline=hazard.action.deadline).order_by("position")
    assert [(each.position, each.addressee.username) for each in asked] == [(5, "leader"), (6, "leader"), (7, "director")]
    assert {each.answer_deadline.owner_id for each in asked} == {each.addressee_id for each in asked}
    assert all(each.answer_deadline.next_step_at is not None for each in asked)
