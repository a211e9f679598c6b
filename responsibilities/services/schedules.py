"""Which reminder schedule a deadline follows, and moving what is open to a changed one."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from responsibilities.choices import DeadlineStatus
from responsibilities.models import Deadline, Schedule
from responsibilities.schedules import Period, Step, find_step, first_occurrence, moment_of

BATCH = 2000
#: Steps fall after the beginning of a version: this much before a step, and it still belongs to it.
TICK = timedelta(microseconds=1)

FOLLOW = """
    UPDATE responsibilities_deadline AS d
    SET version = d.version + 1, version_began_at = c.began, schedule_id = c.schedule, sweep_failures = 0,
        next_step_at = c.moment, next_position = c.position, next_occurrence = c.occurrence
    FROM unnest(%(id)s::bigint[], %(began)s::timestamptz[], %(schedule)s::bigint[],
                %(moment)s::timestamptz[], %(position)s::int[], %(occurrence)s::int[])
         AS c(id, began, schedule, moment, position, occurrence)
    WHERE d.id = c.id
"""


class ScheduleBook:
    """Every schedule with its steps, read once: in two queries, however many deadlines ask.

    An edition never changes once it is made, so that a deadline's cursor points into the same steps until it is moved.
    """

    def __init__(self) -> None:
        newest_first = Schedule.objects.order_by("-valid_from", "-edition").prefetch_related("steps")
        self._editions: dict[str, list[Schedule]] = defaultdict(list)
        self._steps: dict[int, list[Step]] = {}
        for schedule in newest_first:
            self._editions[schedule.code].append(schedule)
            self._steps[schedule.pk] = steps_of(schedule)

    def steps(self, schedule_id: int | None) -> list[Step]:
        """The steps of a schedule, also of one made since the book was read."""
        if schedule_id is None:
            return []
        if schedule_id not in self._steps:
            self._steps[schedule_id] = steps_of(Schedule.objects.prefetch_related("steps").get(pk=schedule_id))
        return self._steps[schedule_id]

    def in_force(self, on: date) -> list[Schedule]:
        """Of each code the edition of that day, the newest first."""
        current = (next((each for each in all_of_it if each.valid_from <= on), None) for all_of_it in self._editions.values())
        return sorted((each for each in current if each is not None), key=lambda each: each.valid_from, reverse=True)

    def superseded(self, on: date) -> list[int]:
        """Ids of the editions that another one of their code has replaced by that day."""
        current = {schedule.pk for schedule in self.in_force(on)}
        return [
            each.pk
            for all_of_it in self._editions.values()
            for each in all_of_it
            if each.valid_from <= on and each.pk not in current
        ]

    def choose(self, deadline: Deadline, on: date) -> Schedule | None:
        """The schedule in force on a day: for the deadline's level if there is one, else by the length of its period."""
        in_force = self.in_force(on)
        for schedule in in_force:
            if schedule.level_id is not None and schedule.level_id == deadline.level_id and deadline.kind == "fix":
                return schedule
        length = deadline.due_at - deadline.starts_at
        for schedule in in_force:
            if (
                schedule.level_id is None
                and schedule.longer_than < length
                and (schedule.up_to is None or length <= schedule.up_to)
            ):
                return schedule
        return None


def steps_of(schedule: Schedule) -> list[Step]:
    return [
        Step(step.position, step.anchor, step.offset, step.repeat, tuple(step.audience), step.asks_answer)
        for step in schedule.steps.all()
    ]


def period_of(deadline: Deadline) -> Period:
    return Period(deadline.starts_at, deadline.due_at, deadline.version_began_at)


def place_cursor(deadline: Deadline, book: ScheduleBook | None = None, *, on: date | None = None) -> None:
    """Choose the schedule of a day (default: when the version began), the cursor at its first step. Does not save."""
    book = book or ScheduleBook()
    deadline.schedule = book.choose(deadline, on or timezone.localdate(deadline.version_began_at))
    deadline.next_step_at = deadline.next_position = deadline.next_occurrence = None
    if deadline.status != DeadlineStatus.OPEN or deadline.schedule is None:
        return
    first = first_occurrence(book.steps(deadline.schedule.pk), period_of(deadline))
    if first is not None:
        deadline.next_step_at, deadline.next_position, deadline.next_occurrence = first.moment, first.position, first.occurrence


def recompute_cursors(*, now: datetime | None = None, book: ScheduleBook | None = None) -> int:
    """Let what is open follow changed schedules: each deadline on a replaced edition begins a new version. Part of each sweep.

    Returns how many were moved. What is left to do is read from the deadlines themselves, so that a run that dies halfway
    is finished by the next one, and one more run changes nothing. Past steps are not told again, since steps before the
    version began never existed; so what is due under the old steps is told first, and its deadline left to the next run.
    """
    moment, book = now or timezone.now(), book or ScheduleBook()
    replaced = book.superseded(timezone.localdate(moment))
    moved = 0
    while replaced and (found := _move_batch(replaced, moment, book)):
        moved += found
    return moved


@transaction.atomic
def _move_batch(replaced: list[int], now: datetime, book: ScheduleBook) -> int:
    told = Q(next_step_at__isnull=True) | Q(next_step_at__gt=now)
    waiting = Deadline.objects.open().filter(told, schedule__in=replaced).order_by("pk")
    batch = list(waiting.select_for_update(skip_locked=True)[:BATCH])
    for deadline in batch:
        deadline.version_began_at = _told_until(deadline, book, now)
        place_cursor(deadline, book, on=timezone.localdate(now))
    if batch:
        _save_cursors(batch)
    return len(batch)


def _told_until(deadline: Deadline, book: ScheduleBook, now: datetime) -> datetime:
    """Now; for a deadline whose step could not be told and was put off, the moment before that step."""
    step = find_step(book.steps(deadline.schedule_id), deadline.next_position or 0)
    if step is None or not deadline.sweep_failures:
        return now
    try:
        return min(now, moment_of(step, period_of(deadline), deadline.next_occurrence or 0) - TICK)
    except OverflowError:  # an occurrence beyond the calendar: what the sweep could not read either
        return now


def _save_cursors(batch: list[Deadline]) -> None:
    columns = {
        "id": "pk",
        "began": "version_began_at",
        "schedule": "schedule_id",
        "moment": "next_step_at",
        "position": "next_position",
        "occurrence": "next_occurrence",
    }
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW, {name: [getattr(row, field) for row in batch] for name, field in columns.items()})
