"""Opening deadlines and placing their cursor in the schedule that applies."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from responsibilities.calendar import add_working_days
from responsibilities.choices import DeadlineStatus
from responsibilities.models import Deadline, Level, LevelTerm, Schedule, StageTerm
from responsibilities.schedules import Period, Step, first_occurrence

if TYPE_CHECKING:
    from responsibilities.models import Person, Unit


@dataclass(frozen=True)
class Subject:
    """What a deadline says about the record that owes it: its number, what is to be done, where to do it."""

    number: str
    title: str
    link: str


class MissingTerm(LookupError):
    """The catalogue has no term for a level or stage on a day: `load_catalogue` has not been run."""


def open_deadline(
    kind: str,
    subject: Subject,
    *,
    owner: "Person",
    unit: "Unit",
    due_at: datetime,
    starts_at: datetime,
    level: Level | None = None,
    field: str = "",
    is_urgent: bool = False,
    is_past: bool = False,
) -> Deadline:
    """Open a deadline and point its cursor at the first step. `is_past` (imported records) is born without steps."""
    deadline = Deadline(
        kind=kind,
        number=subject.number,
        title=subject.title[:200],
        link=subject.link,
        owner=owner,
        unit=unit,
        level=level,
        field=field,
        is_urgent=is_urgent or bool(level and level.is_urgent),
        starts_at=starts_at,
        version_began_at=starts_at,
        first_due_at=due_at,
        due_at=due_at,
    )
    if not is_past:
        place_cursor(deadline)
    deadline.save()
    return deadline


def place_cursor(deadline: Deadline) -> None:
    """Choose the schedule for the present version and set the cursor to its first step. Does not save."""
    deadline.schedule = schedule_for(deadline)
    deadline.next_step_at = deadline.next_position = deadline.next_occurrence = None
    if deadline.status != DeadlineStatus.OPEN or deadline.schedule is None:
        return
    first = first_occurrence(steps_of(deadline.schedule), period_of(deadline))
    if first is not None:
        deadline.next_step_at, deadline.next_position, deadline.next_occurrence = first.moment, first.position, first.occurrence


def schedule_for(deadline: Deadline) -> Schedule | None:
    """The newest schedule in force on the day the version began: for the level if there is one, else by length."""
    day = timezone.localdate(deadline.version_began_at)
    in_force = list(Schedule.objects.filter(valid_from__lte=day).order_by("-valid_from").prefetch_related("steps"))
    for schedule in in_force:
        if schedule.level_id is not None and schedule.level_id == deadline.level_id and deadline.kind == "fix":
            return schedule
    length = deadline.due_at - deadline.starts_at
    for schedule in in_force:
        if schedule.level_id is None and schedule.longer_than < length and (schedule.up_to is None or length <= schedule.up_to):
            return schedule
    return None


def steps_of(schedule: Schedule) -> list[Step]:
    return [
        Step(step.position, step.anchor, step.offset, step.repeat, tuple(step.audience), step.asks_answer)
        for step in schedule.steps.all()
    ]


def period_of(deadline: Deadline) -> Period:
    return Period(deadline.starts_at, deadline.due_at, deadline.version_began_at)


def recompute_cursors(*, now: datetime | None = None) -> int:
    """After a schedule changed: each open deadline begins a new version under the schedules in force today.

    Returns how many were moved. Past steps are not told again, since steps before the version began never existed.
    """
    moment = now or timezone.now()
    moved = 0
    for deadline in Deadline.objects.open().select_for_update().iterator(chunk_size=1000):
        deadline.version += 1
        deadline.version_began_at = moment
        place_cursor(deadline)
        deadline.save()
        moved += 1
    return moved


def level_term(level: Level | str, on: date) -> LevelTerm:
    code = level if isinstance(level, str) else level.code
    term = LevelTerm.objects.filter(level_id=code, valid_from__lte=on).order_by("-valid_from").first()
    if term is None:
        raise MissingTerm(f"No term for level {code} on {on}: run manage.py load_catalogue.")
    return term


def fix_due_at(level: Level | str, start: datetime) -> datetime:
    """The date to fix by: so many calendar days after the start, by the level's term of that day."""
    return start + timedelta(days=level_term(level, timezone.localdate(start)).days)


def stage_due_at(code: str, start: datetime) -> datetime:
    """The moment by which a stage (assess, decide, verify, answer …) is due, counted from `start`."""
    day = timezone.localdate(start)
    term = StageTerm.objects.filter(code=code, valid_from__lte=day).order_by("-valid_from").first()
    if term is None:
        raise MissingTerm(f"No term for stage {code} on {day}: run manage.py load_catalogue.")
    if term.working_days is not None:
        return add_working_days(start, term.working_days)
    return start + timedelta(hours=term.hours or 0)
