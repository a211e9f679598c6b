"""Reminders and escalation: once each, in order, up the real chain."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from responsibilities.choices import AnswerKind, DeadlineStatus
from responsibilities.models import Deadline, Escalation, Reminder, Schedule
from responsibilities.services.levels import StepText, change_schedule
from responsibilities.sweep import sweep_deadlines
from responsibilities.workflows import answer_escalation, return_fix, submit_fix, verify_fix
from safetyplant.access.exceptions import NotAllowed
from safetyplant.notifications.delivery import deliver_due
from safetyplant.notifications.models import Message
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


def told_in_messages():
    """How many messages the ledger asks for: one for each deadline and person of a sweep."""
    return Reminder.objects.values("deadline", "version", "recipient", "created_at").distinct().count()


def inbox(person, **about):
    """What the sweep told someone, as they read it."""
    rows = Message.objects.filter(recipient=person, dedupe_key__startswith="step:", **about).order_by("pk")
    return [(row.code, row.text.title) for row in rows]


def test_running_again_says_nothing_twice(hazard):
    moment = NOW + timedelta(days=15)
    first = sweep_deadlines(moment)
    again = sweep_deadlines(moment)
    assert first.reminders > 0
    assert first.messages == told_in_messages() < first.reminders
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


def test_a_late_sweep_says_several_steps_in_one_message_and_keeps_each_in_the_ledger(hazard, head, leader, director):
    deadline = hazard.action.deadline
    sweep_deadlines(deadline.due_at + timedelta(days=3, hours=1))
    assert [day for day, name in told(deadline) if name == "head"] == [-3.5, -3, -1, 0]
    assert inbox(head, params__deadline=deadline.pk) == [("deadline.late", "3 days late · Fix: Guard gate broken")]
    assert [code for code, _title in inbox(leader, params__deadline=deadline.pk)] == ["deadline.answer"]
    sweep_deadlines(deadline.due_at + timedelta(days=7))
    assert [code for code, _title in inbox(director, params__deadline=deadline.pk)] == ["deadline.answer"]


@pytest.mark.parametrize(
    ("after", "code", "state"),
    [
        ({"hours": -20}, "deadline.due", "Due in 20 h"),
        ({"minutes": 1}, "deadline.due", "Due now"),
        ({"hours": 5}, "deadline.late", "5 h late"),
        ({"hours": 30}, "deadline.late", "1 day 6 h late"),
    ],
)
def test_a_message_says_how_things_stand_whichever_step_is_told(hazard, head, after, code, state):
    deadline = hazard.action.deadline
    sweep_deadlines(deadline.due_at + timedelta(**after))
    assert inbox(head, params__deadline=deadline.pk) == [(code, f"{state} · Fix: Guard gate broken")]


def test_whoever_owes_several_answers_about_one_thing_hears_of_them_once(hazard, leader, director):
    deadline = hazard.action.deadline
    sweep_deadlines(deadline.due_at + timedelta(days=4))
    asked = Escalation.objects.filter(deadline=deadline, addressee=leader)
    assert asked.count() == 2
    answers = [one.answer_deadline for one in asked]
    sweep_deadlines(answers[0].due_at + timedelta(days=2))
    for person in (leader, director):
        ledger = Reminder.objects.filter(deadline__in=answers, recipient=person)
        assert {row.deadline_id for row in ledger} == {answer.pk for answer in answers}
        assert len(inbox(person, params__kind="answer")) == 1


def test_a_new_version_of_an_answer_tells_its_own_steps(hazard, head, leader):
    sweep_deadlines(hazard.action.deadline.due_at + timedelta(days=4))
    answers = [one.answer_deadline for one in Escalation.objects.filter(deadline=hazard.action.deadline, addressee=leader)]
    handed_in = answers[0].due_at - timedelta(hours=2)
    sweep_deadlines(handed_in)
    submit_fix(hazard.action, by=head, note="done", now=handed_in)
    hazard.action.refresh_from_db()
    return_fix(hazard.action, by=hazard.action.verifier, reason="No", now=handed_in + timedelta(hours=1))
    sweep_deadlines(handed_in + timedelta(hours=3, minutes=10))
    assert {answer.version for answer in Deadline.objects.filter(kind="answer", owner=leader)} == {2}
    titles = [title for _code, title in inbox(leader, params__kind="answer")]
    assert titles == ["Due in 2 h · Answer: Guard gate broken", "Due now · Answer: Guard gate broken"]


def test_only_the_level_that_is_addressed_is_asked_for_an_answer(hazard, leader, director, officer):
    steps = [
        StepText("after", ("leader_in_charge", "director"), timedelta(days=1), asks_answer=True),
        StepText("after", ("director",), timedelta(days=9), repeat=timedelta(days=7)),
    ]
    change_schedule(Schedule.objects.get(code="long"), steps, by=officer)
    sweep_deadlines(NOW)
    sweep_deadlines(hazard.action.deadline.due_at + timedelta(days=1))
    assert [code for code, _title in inbox(leader)] == ["deadline.answer"]
    assert [code for code, _title in inbox(director)] == ["deadline.late_other"]
    assert Escalation.objects.get().addressee == leader


def test_a_mail_held_over_night_says_how_things_stand_when_it_leaves(station, worker, officer, head, leader, director, mailbox):
    night = datetime(2026, 6, 10, 2, 0, tzinfo=timezone.get_default_timezone())
    deadline = assigned(station, worker, assessor=officer, now=night - timedelta(days=6)).action.deadline
    assert deadline.due_at == night + timedelta(days=1)
    sweep_deadlines(night - timedelta(hours=1))
    deliver_due(night - timedelta(hours=1))
    sweep_deadlines(night)
    deliver_due(night + timedelta(hours=4))
    subjects = [mail["Subject"] for mail in mailbox.to(head.email)]
    assert "Due in 20 h · Fix: Guard gate broken" in subjects
    assert inbox(head, params__deadline=deadline.pk)[-1] == ("deadline.due", "Due in 1 day · Fix: Guard gate broken")
