"""Changing what levels, stages and reminders ask for: from a day on, never backwards, so that past records keep their terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from responsibilities.choices import RoleCode
from responsibilities.models import Deadline, Level, LevelTerm, Schedule, ScheduleStep, StageTerm
from responsibilities.permissions import can_manage_catalogue
from safetyplant.access.transitions import require
from safetyplant.audit.services import record
from safetyplant.notifications.models import QuietHours

if TYPE_CHECKING:
    from responsibilities.models import Person

#: Of quiet hours: long enough for every night, too short to keep a day's mails back.
LONGEST_QUIET = timedelta(hours=12)
ANCHOR_ORDER = {"half": 0, "before": 1, "due": 2, "after": 3}


@dataclass(frozen=True)
class StepText:
    """A step of a schedule as its writer gives it; its position follows from its moment."""

    anchor: str
    audience: tuple[str, ...]
    offset: timedelta = timedelta(0)
    repeat: timedelta | None = None
    asks_answer: bool = False


@transaction.atomic
def change_level_term(
    level: Level,
    *,
    valid_from: date,
    days: int,
    owner_role: str,
    verifier_role: str,
    by: "Person",
    most_times: int | None = None,
    accept_days: int | None = None,
    today: date | None = None,
) -> LevelTerm:
    """Other terms for a level from a day on; what is open keeps its date. ValidationError for a day in the past.

    `most_times`, `accept_days` empty: as before.
    """
    require(can_manage_catalogue(by))
    _refuse_past(valid_from, today)
    before = LevelTerm.objects.filter(level=level, valid_from__lte=valid_from).order_by("-valid_from").first()
    values: dict[str, Any] = {"days": days, "owner_role": str(owner_role), "verifier_role": str(verifier_role)}
    if most_times is not None or before is not None:
        values["most_times"] = most_times or before.most_times  # type: ignore[union-attr]  # one of them is there
    if accept_days is not None or before is not None:
        values["accept_days"] = accept_days if accept_days is not None else before.accept_days  # type: ignore[union-attr]
    term, _created = LevelTerm.objects.update_or_create(level=level, valid_from=valid_from, defaults=values)
    changes = {
        name: [getattr(before, name, None), value] for name, value in values.items() if getattr(before, name, None) != value
    }
    detail = {"level": level.short, "level_zh": level.short_zh, "days": days, "valid_from": valid_from}
    record("level.term_changed", term, by=by, changes=changes, detail=detail)
    return term


@transaction.atomic
def change_stage_term(
    code: str,
    *,
    valid_from: date,
    hours: int | None = None,
    working_days: int | None = None,
    by: "Person",
    today: date | None = None,
) -> StageTerm:
    """Another time for a stage from a day on; either hours or working days."""
    require(can_manage_catalogue(by))
    _refuse_past(valid_from, today)
    if (hours is None) == (working_days is None):
        raise ValidationError({"hours": _("Give either hours or working days")})
    values = {"hours": hours, "working_days": working_days}
    before = StageTerm.objects.filter(code=code, valid_from__lte=valid_from).order_by("-valid_from").first()
    term, _created = StageTerm.objects.update_or_create(code=code, valid_from=valid_from, defaults=values)
    changes = {
        name: [getattr(before, name, None), value] for name, value in values.items() if getattr(before, name, None) != value
    }
    record("stage.term_changed", term, by=by, changes=changes, detail={"stage": code, "valid_from": valid_from})
    return term


@transaction.atomic
def change_quiet_hours(
    *, valid_from: date, starts: time, ends: time, is_on: bool, by: "Person", today: date | None = None
) -> QuietHours:
    """Other quiet hours (plant time, over midnight if they end before they start) from a day on; what is held keeps its time.

    ValidationError for a day in the past, or for hours in which a mail could wait longer than `LONGEST_QUIET`.
    """
    require(can_manage_catalogue(by))
    _refuse_past(valid_from, today)
    if starts == ends:
        raise ValidationError({"ends": _("Give another time than the one they start at")})
    if is_on and _length(starts, ends) > LONGEST_QUIET:
        raise ValidationError({"ends": _("At most twelve hours: what is due today must not wait until tomorrow")})
    before = QuietHours.objects.filter(valid_from__lte=valid_from).first() or QuietHours(valid_from=valid_from)
    values = {"starts": starts, "ends": ends, "is_on": is_on}
    changes = {name: [getattr(before, name), value] for name, value in values.items() if getattr(before, name) != value}
    hours, _created = QuietHours.objects.update_or_create(valid_from=valid_from, defaults=values)
    detail = {"hours": str(hours), "is_on": is_on, "valid_from": valid_from}
    record("quiet_hours.changed", hours, by=by, changes=changes, detail=detail)
    return hours


def _length(starts: time, ends: time) -> timedelta:
    """How long they last: to the next morning if they end before they start."""
    length = datetime.combine(date.min, ends) - datetime.combine(date.min, starts)
    return length if length > timedelta(0) else length + timedelta(days=1)


@transaction.atomic
def change_schedule(schedule: Schedule, steps: Sequence[StepText], *, by: "Person", now: datetime | None = None) -> Schedule:
    """Other steps for a schedule, from now on; what is open follows them with the next sweep, and is told no past step again.

    ValidationError when nothing late would reach the director again and again: then it could be forgotten.
    """
    require(can_manage_catalogue(by))
    if not any(step.repeat and RoleCode.DIRECTOR in step.audience for step in steps):
        raise ValidationError(_("Let one step after the date repeat and reach the director, so that nothing late falls silent."))
    changed = next_edition(schedule, valid_from=timezone.localdate(now))
    ScheduleStep.objects.bulk_create(
        ScheduleStep(
            schedule=changed,
            position=position,
            anchor=step.anchor,
            offset=step.offset,
            repeat=step.repeat,
            audience=list(step.audience),
            asks_answer=step.asks_answer,
        )
        for position, step in enumerate(sorted(steps, key=_moment_order), start=1)
    )
    following = Deadline.objects.open().filter(schedule__code=schedule.code).count()
    record("schedule.changed", changed, by=by, detail={"schedule": schedule.code, "steps": len(steps), "moved": following})
    return changed


def next_edition(schedule: Schedule, *, valid_from: date) -> Schedule:
    """A new row of the same code for that day, still without steps. Runs in the caller's transaction."""
    of_code = Schedule.objects.filter(code=schedule.code)
    of_code.order_by("pk").select_for_update().first()  # two changes at once follow each other
    last = of_code.filter(valid_from=valid_from).aggregate(last=Max("edition"))["last"] or 0
    return Schedule.objects.create(
        code=schedule.code,
        valid_from=valid_from,
        edition=last + 1,
        level_id=schedule.level_id,
        longer_than=schedule.longer_than,
        up_to=schedule.up_to,
    )


def _moment_order(step: StepText) -> tuple[int, timedelta]:
    """In the order in which they fall: before the date, the longest notice first."""
    return ANCHOR_ORDER[step.anchor], -step.offset if step.anchor == "before" else step.offset


def _refuse_past(day: date, today: date | None) -> None:
    if day < (today or timezone.localdate()):
        raise ValidationError({"valid_from": _("The day must not be in the past")})
