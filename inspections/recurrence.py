"""On which days a plan is due, and within which hours: pure functions, dataclasses in and out, no database.

A rule is data: an RFC 5545 rule of days, a shift pattern, or so many times a month. Hours and working days are the plant's.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from django.utils import timezone

from inspections.choices import FreeDays, Rhythm
from responsibilities.calendar import is_working_day

END_OF_DAY = time(23, 59)
#: The parts a rule may have: whole days without an end of their own. The plan says from when until when.
PARTS = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"})
FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
DAY_SHIFT, NIGHT_SHIFT, NO_SHIFT = "D", "N", "-"
#: Hours of a shift by its letter: from, until (the next day when it is not later).
SHIFTS = {DAY_SHIFT: (time(8), time(20)), NIGHT_SHIFT: (time(20), time(8))}
#: A rule of free days moves a visit at most over the longest holidays.
FURTHEST_MOVE = 15


class BadRule(ValueError):
    """A rule or pattern that cannot be read; the message is for developers, forms say it in their own words."""


@dataclass(frozen=True)
class Rule:
    """How often. `starts_on` also anchors intervals and shift patterns; `days_before` opens the visit so much earlier."""

    rhythm: str
    starts_on: date
    ends_on: date | None = None
    rule: str = ""
    shifts: str = ""
    times: int = 0
    free_days: str = FreeDays.KEEP
    due_time: time = END_OF_DAY
    days_before: int = 0


@dataclass(frozen=True, order=True)
class Slot:
    """One occurrence: its day, and from when until when it can be made in time (plant time)."""

    on: date
    starts_at: datetime
    due_at: datetime


def slots_of(rule: Rule, first: date, last: date) -> list[Slot]:
    """The occurrences whose day lies in first..last, both included, earliest first. Raises BadRule."""
    if rule.ends_on is not None:
        last = min(last, rule.ends_on)
    first = max(first, rule.starts_on)
    if last < first:
        return []
    if rule.rhythm == Rhythm.SHIFTS:
        return list(_shift_slots(rule, first, last))
    if rule.rhythm == Rhythm.COUNT:
        return list(_count_slots(rule, first, last))
    return [_day_slot(rule, day) for day in _rule_days(rule, first, last)]


def require_rule(text: str) -> None:
    """BadRule unless the text is a rule of whole days."""
    parts = dict(part.partition("=")[::2] for part in text.upper().split(";"))
    if not set(parts) <= PARTS or parts.get("FREQ") not in FREQUENCIES:
        raise BadRule(text)
    try:
        rrulestr(text, dtstart=datetime(2026, 1, 1))  # noqa: DTZ001 - days alone
    except (ValueError, TypeError, KeyError) as refused:
        raise BadRule(text) from refused


def require_pattern(text: str) -> None:
    """BadRule unless the text is a pattern of shifts with at least one day on which a visit is due."""
    if not set(text) <= {*SHIFTS, NO_SHIFT} or not set(text) & set(SHIFTS):
        raise BadRule(text)


def _rule_days(rule: Rule, first: date, last: date) -> list[date]:
    """Days of the rule after free days have been moved; two that fall together are one."""
    require_rule(rule.rule)
    move = timedelta(days=FURTHEST_MOVE if rule.free_days in (FreeDays.BEFORE, FreeDays.AFTER) else 0)
    start = datetime.combine(rule.starts_on, time())
    found = rrulestr(rule.rule, dtstart=start).between(
        datetime.combine(first - move, time()), datetime.combine(last + move, time()), inc=True
    )
    days = {_moved(each.date(), rule.free_days) for each in found}
    return sorted(day for day in days if day is not None and first <= day <= last)


def _moved(day: date, free_days: str) -> date | None:
    if free_days == FreeDays.KEEP or is_working_day(day):
        return day
    if free_days == FreeDays.SKIP:
        return None
    step = timedelta(days=1 if free_days == FreeDays.AFTER else -1)
    for _n in range(FURTHEST_MOVE):
        day += step
        if is_working_day(day):
            return day
    return None


def _day_slot(rule: Rule, day: date) -> Slot:
    starts = max(day - timedelta(days=rule.days_before), rule.starts_on)
    return Slot(day, _at(starts, time()), _at(day, max(rule.due_time, time(0, 1))))


def _shift_slots(rule: Rule, first: date, last: date) -> Iterator[Slot]:
    require_pattern(rule.shifts)
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        letter = rule.shifts[(day - rule.starts_on).days % len(rule.shifts)]
        if letter == NO_SHIFT:
            continue
        begins, ends = SHIFTS[letter]
        yield Slot(day, _at(day, begins), _at(day + timedelta(days=ends <= begins), ends))


def _count_slots(rule: Rule, first: date, last: date) -> Iterator[Slot]:
    """The month in so many equal stretches: each visit may be made on any day of its own, and is due on its last."""
    month = first.replace(day=1)
    while month <= last:
        length = calendar.monthrange(month.year, month.month)[1]
        for number in range(rule.times):
            begins = month + timedelta(days=length * number // rule.times)
            ends = month + timedelta(days=length * (number + 1) // rule.times - 1)
            if first <= ends <= last:
                yield Slot(ends, _at(max(begins, rule.starts_on), time()), _at(ends, max(rule.due_time, time(0, 1))))
        month += timedelta(days=length)


def _at(day: date, moment: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, moment))
