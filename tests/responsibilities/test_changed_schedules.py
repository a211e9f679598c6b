"""When a reminder schedule changes, what is open follows it: nothing is lost, told twice or left half done."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from responsibilities import catalogue as room_catalogue
from responsibilities.choices import DeadlineKind
from responsibilities.models import Deadline, Level, Person, Reminder, Schedule, Unit
from responsibilities.services import schedules
from responsibilities.services.deadlines import Subject, open_deadline
from responsibilities.services.levels import StepText, change_schedule
from responsibilities.services.schedules import recompute_cursors
from responsibilities.sweep import sweep_deadlines

pytestmark = pytest.mark.usefixtures("catalogue", "director", "leader")

NOW = timezone.now()
DAY = timedelta(days=1)
#: Only four days and one day before the date, then to the director every week.
STEPS = [
    StepText("before", ("owner",), 4 * DAY),
    StepText("before", ("owner",), DAY),
    StepText("after", ("director",), 14 * DAY, repeat=7 * DAY),
]

Opener = Callable[..., Deadline]


@pytest.fixture
def opened(head: Person, station: Unit) -> Opener:
    """A deadline of ten days: by the shipped schedule told at half of it, three days and one day before, on the day."""

    def open_one(starts_at: datetime = NOW, days: int = 10) -> Deadline:
        subject = Subject("HZ-2026-0001", "Guard open", "/hazards/1/")
        due_at, level = starts_at + days * DAY, Level.objects.get(pk="G2")
        return open_deadline(DeadlineKind.FIX, subject, owner=head, unit=station, starts_at=starts_at, due_at=due_at, level=level)

    return open_one


def change(officer: Person, now: datetime = NOW, steps: list[StepText] = STEPS) -> Schedule:
    current = Schedule.objects.filter(code="long").order_by("valid_from", "edition").last()
    assert current is not None
    return change_schedule(current, steps, by=officer, now=now)


def told(deadline: Deadline) -> list[float]:
    """Days before (-) or after the date, of all that was told."""
    moments = Reminder.objects.filter(deadline=deadline).order_by("moment").values_list("moment", flat=True)
    return [round((moment - deadline.due_at) / DAY, 2) for moment in moments]


def cursor(deadline: Deadline) -> tuple[Any, ...]:
    deadline.refresh_from_db()
    return (deadline.version, deadline.schedule, deadline.next_step_at, deadline.next_position, deadline.next_occurrence)


def test_the_request_touches_no_deadline_and_the_sweep_moves_them(opened: Opener, officer: Person) -> None:
    deadline = opened()
    before = cursor(deadline)
    changed = change(officer)
    assert cursor(deadline) == before
    assert sweep_deadlines(NOW).moved == 1
    assert cursor(deadline) == (2, changed, NOW + 6 * DAY, 1, 0)
    assert sweep_deadlines(NOW).moved == 0


def test_what_is_due_under_the_old_steps_is_told_before_the_new_ones_begin(opened: Opener, officer: Person) -> None:
    deadline = opened()
    change(officer, NOW + 5 * DAY + timedelta(minutes=1))  # half of the period has just come, nobody has swept yet
    sweep_deadlines(NOW + 5 * DAY + timedelta(minutes=2))
    assert told(deadline) == [-5]
    sweep_deadlines(NOW + 9 * DAY)
    assert told(deadline) == [-5, -4, -1]


def test_old_steps_go_on_until_the_change_arrives_and_none_comes_twice(opened: Opener, officer: Person) -> None:
    deadline = opened()
    sweep_deadlines(NOW + 5 * DAY)
    change(officer, NOW + 5 * DAY)
    sweep_deadlines(NOW + 8 * DAY)  # the first run after the change is three days late
    sweep_deadlines(NOW + 9 * DAY)
    assert told(deadline) == [-5, -3, -1]


class Struck(Exception):
    """The process ends here."""


def test_a_run_that_dies_halfway_is_finished_by_the_next(opened: Opener, officer: Person) -> None:
    save, batches = schedules._save_cursors, []

    def save_twice(batch: list[Deadline]) -> None:
        batches.append(batch)
        if len(batches) > 2:
            raise Struck
        save(batch)

    deadlines = [opened() for _each in range(7)]
    changed = change(officer)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schedules, "BATCH", 2)
        patch.setattr(schedules, "_save_cursors", save_twice)
        with pytest.raises(Struck):
            sweep_deadlines(NOW)
    assert Deadline.objects.filter(schedule=changed, version=2).count() == 4
    assert sweep_deadlines(NOW).moved == 3
    assert {cursor(deadline) for deadline in deadlines} == {(2, changed, NOW + 6 * DAY, 1, 0)}


def test_queries_of_a_batch_do_not_follow_its_deadlines(opened: Opener, officer: Person) -> None:
    def cost() -> int:
        change(officer)
        with CaptureQueriesContext(connection) as captured:
            recompute_cursors(now=NOW)
        return len(captured)

    opened()
    with_one = cost()
    for _each in range(20):
        opened()
    assert cost() == with_one


def test_nothing_is_read_when_no_schedule_was_replaced(opened: Opener) -> None:
    opened()
    with CaptureQueriesContext(connection) as captured:
        assert recompute_cursors(now=NOW) == 0
    assert not [query for query in captured if "responsibilities_deadline" in query["sql"]]


def test_a_deadline_that_could_not_be_told_keeps_what_it_was_owed(opened: Opener, officer: Person) -> None:
    deadline = opened()
    put_off = NOW + 6 * DAY + timedelta(minutes=10)
    Deadline.objects.filter(pk=deadline.pk).update(sweep_failures=1, next_step_at=put_off)  # half of the period failed
    change(officer, NOW + 6 * DAY)
    sweep_deadlines(NOW + 6 * DAY)
    sweep_deadlines(NOW + 6 * DAY)
    assert told(deadline) == [-4]  # of the new steps all that fall after the one that failed
    deadline.refresh_from_db()
    assert deadline.sweep_failures == 0


def test_a_deadline_that_cannot_be_read_stops_no_other(opened: Opener, officer: Person) -> None:
    bad, good = opened(), opened()
    Deadline.objects.filter(pk=bad.pk).update(
        sweep_failures=1, next_position=8, next_occurrence=2_000_000_000, next_step_at=NOW + DAY
    )
    changed = change(officer)
    assert sweep_deadlines(NOW).moved == 2
    assert cursor(bad) == cursor(good) == (2, changed, NOW + 6 * DAY, 1, 0)


def test_paused_and_closed_deadlines_stay_as_they_are(opened: Opener, officer: Person) -> None:
    paused, closed = opened(), opened()
    Deadline.objects.filter(pk=paused.pk).update(status="paused", paused_at=NOW, next_step_at=None)
    Deadline.objects.filter(pk=closed.pk).update(status="met", closed_at=NOW, next_step_at=None)
    change(officer)
    assert sweep_deadlines(NOW).moved == 0
    assert cursor(paused)[0] == cursor(closed)[0] == 1


def test_a_schedule_made_during_a_sweep_is_known_to_it(opened: Opener, officer: Person) -> None:
    book = schedules.ScheduleBook()
    changed = change(officer)
    assert [step.offset for step in book.steps(changed.pk)] == [4 * DAY, DAY, 14 * DAY]


def test_a_shipped_change_reaches_what_is_open(opened: Opener, monkeypatch: pytest.MonkeyPatch, officer: Person) -> None:
    deadline = opened()
    data = room_catalogue.read_data(room_catalogue.DATA / "schedules.json")
    assert room_catalogue.load_schedules(NOW).has_changes is False
    long = next(row for row in data if row["code"] == "long")
    long["steps"] = long["steps"][2:]  # nothing before the last day
    monkeypatch.setattr(room_catalogue, "read_data", lambda path: data)
    assert room_catalogue.load_schedules(NOW).updated == 1
    assert room_catalogue.load_schedules(NOW).has_changes is False
    sweep_deadlines(NOW)
    version, schedule, next_step_at, *_rest = cursor(deadline)
    assert (version, schedule.edition, next_step_at) == (2, 2, NOW + 9 * DAY)
    own = change(officer)
    data[0]["steps"] = data[0]["steps"][1:]
    room_catalogue.load_schedules(NOW)
    sweep_deadlines(NOW)
    assert cursor(deadline)[1] == own  # what the officer has set since stays in force
