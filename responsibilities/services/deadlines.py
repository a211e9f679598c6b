"""Opening deadlines and placing their cursor in the schedule that applies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NotRequired, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from responsibilities.calendar import add_working_days
from responsibilities.models import Deadline, Level, LevelTerm, StageTerm
from responsibilities.services.schedules import ScheduleBook, place_cursor
from safetyplant.shell.moments import day_text

if TYPE_CHECKING:
    from responsibilities.models import Person, Unit


@dataclass(frozen=True)
class Subject:
    """What a deadline says about the record that owes it: its number, what is to be done, where to do it."""

    number: str
    title: str
    link: str
    is_personal: bool = False


class MissingTerm(LookupError):
    """The catalogue has no term for a level or stage on a day: `load_catalogue` has not been run."""


class Terms(TypedDict):
    """Who owes it, for which unit, by when, counted from when; and what makes it graver or narrower."""

    owner: "Person"
    unit: "Unit"
    due_at: datetime
    starts_at: datetime
    level: NotRequired[Level | None]
    field: NotRequired[str]
    is_urgent: NotRequired[bool]


def open_deadline(kind: str, subject: Subject, **terms: Unpack[Terms]) -> Deadline:
    """Open a deadline and point its cursor at the first step."""
    return open_deadlines([new_deadline(kind, subject, **terms)])[0]


def open_deadlines(deadlines: Sequence[Deadline]) -> list[Deadline]:
    """The same for many that `new_deadline` made: the schedules are read once, the rows go in one statement."""
    book = ScheduleBook() if deadlines else None
    for deadline in deadlines:
        place_cursor(deadline, book)
    return Deadline.objects.bulk_create(deadlines)


def new_deadline(kind: str, subject: Subject, **terms: Unpack[Terms]) -> Deadline:
    """A deadline as it begins, without a cursor and not saved: for those that open many at once."""
    level, starts_at, due_at = terms.get("level"), terms["starts_at"], terms["due_at"]
    return Deadline(
        kind=kind,
        number=subject.number,
        title=subject.title[:200],
        link=subject.link,
        owner=terms["owner"],
        unit=terms["unit"],
        is_personal=subject.is_personal,
        level=level,
        field=terms.get("field", ""),
        is_urgent=terms.get("is_urgent", False) or bool(level and level.is_urgent),
        starts_at=starts_at,
        version_began_at=starts_at,
        first_due_at=due_at,
        due_at=due_at,
    )


def usual_level() -> Level:
    """The gravest level that goes without alarm: what a finding counts as until someone assesses it, outside any checklist."""
    level = Level.objects.filter(is_urgent=False).order_by("-rank").first()
    if level is None:
        raise MissingTerm("No level that is not urgent: run manage.py load_catalogue.")
    return level


def level_term(level: Level | str, on: date) -> LevelTerm:
    code = level if isinstance(level, str) else level.code
    term = LevelTerm.objects.filter(level_id=code, valid_from__lte=on).order_by("-valid_from").first()
    if term is None:
        raise MissingTerm(f"No term for level {code} on {on}: run manage.py load_catalogue.")
    return term


def fix_due_at(level: Level | str, start: datetime) -> datetime:
    """The date to fix by: so many calendar days after the start, by the level's term of that day."""
    return start + timedelta(days=level_term(level, timezone.localdate(start)).days)


#: Nobody gives more than this, whatever level: a date beyond it is a slip of the finger, or a way to be rid of a reminder.
FURTHEST = timedelta(days=3 * 365)


def require_near(due_at: datetime, *, last_day: date, is_far_allowed: bool, now: datetime) -> None:
    """ValidationError (`due_on`) for a date after the last one that whoever decides may give.

    Whoever may go beyond that (`is_far_allowed`) is still held to `FURTHEST` from now.
    """
    if due_at > now + FURTHEST:
        raise ValidationError({"due_on": _("This date is too far away: at most %(day)s.") % {"day": day_text(now + FURTHEST)}})
    if timezone.localdate(due_at) > last_day and not is_far_allowed:
        raise ValidationError({"due_on": _("Only the director gives a date after %(day)s.") % {"day": day_text(last_day)}})


def last_day_of(level: Level | None, start: datetime) -> date:
    """The last day to which whoever decides may move what began at `start`; without a level as for the usual one."""
    term = level_term(level or usual_level(), timezone.localdate(start))
    return timezone.localdate(start) + timedelta(days=term.days * term.most_times)


def last_day_for(deadline: Deadline) -> date:
    """The same for a deadline: how long its clock stood for a check does not count."""
    return last_day_of(deadline.level, deadline.starts_at) + deadline.stood_still


def same_hour(day: date, deadline: Deadline) -> datetime:
    """That day, at the hour at which the deadline falls due now."""
    old = timezone.localtime(deadline.due_at)
    return timezone.make_aware(datetime.combine(day, old.time().replace(tzinfo=None)))


def require_later(deadline: Deadline, due_at: datetime, *, now: datetime) -> None:
    """ValidationError (`due_on`) unless a new date is later than the present one, lies ahead and not years away."""
    if due_at <= deadline.due_at:
        raise ValidationError({"due_on": _("The new date must be later than the present one.")})
    if due_at <= now:
        raise ValidationError({"due_on": _("The new date must lie ahead.")})
    require_near(due_at, last_day=last_day_for(deadline), is_far_allowed=True, now=now)


def stage_due_at(code: str, start: datetime) -> datetime:
    """The moment by which a stage (assess, decide, verify, answer …) is due, counted from `start`."""
    day = timezone.localdate(start)
    term = StageTerm.objects.filter(code=code, valid_from__lte=day).order_by("-valid_from").first()
    if term is None:
        raise MissingTerm(f"No term for stage {code} on {day}: run manage.py load_catalogue.")
    if term.working_days is not None:
        return add_working_days(start, term.working_days)
    return start + timedelta(hours=term.hours or 0)
