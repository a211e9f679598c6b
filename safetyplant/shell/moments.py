"""Points in time as people say them, in the plant's time zone and both languages."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from safetyplant.formats.days import clock_text, day_text, local, local_day

__all__ = [
    "Due", "clock_text", "day_text", "days_text", "due_text", "local", "local_day", "moment_text", "span_text",
]  # fmt: skip

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def moment_text(moment: date, *, now: datetime | None = None) -> str:
    """`Today 14:20`, `Yesterday 16:05`, `Sat 13 June 08:30`, `13 June 2025 08:30`; days alone without a time."""
    today = local_day(now or timezone.now())
    day = local_day(moment)
    names = {today: _("Today"), today - DAY: _("Yesterday"), today + DAY: _("Tomorrow")}
    text = names.get(day) or day_text(day, today=today, weekday=True)
    return f"{text} {clock_text(moment)}" if isinstance(moment, datetime) else text


def span_text(span: timedelta) -> str:
    """How long, to two units at most: `40 min`, `1 h 40 min`, `22 h`, `1 day 2 h`, `9 days`."""
    span = abs(span)
    minutes = max(int(span.total_seconds() // 60), 1)
    if span < HOUR:
        return _("%(minutes)s min") % {"minutes": minutes}
    hours, rest = divmod(minutes, 60)
    if span < DAY:
        if rest and hours < 6:
            return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}
        return _("%(hours)s h") % {"hours": hours}
    if span < 2 * DAY and hours % 24:
        return _("1 day %(hours)s h") % {"hours": hours % 24}
    return days_text(span.days)


def days_text(days: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


@dataclass(frozen=True)
class Due:
    """A deadline in words. `tone`: late, done or nothing; `relative` first, `absolute` beside it."""

    tone: str
    icon: str
    relative: str
    absolute: str


def due_text(due: date, *, met: datetime | None = None, paused: bool = False, now: datetime | None = None) -> Due:
    """How a deadline stands: met (in time or late), stopped, late, or still ahead."""
    now = now or timezone.now()
    today = local_day(now)
    absolute = _absolute(due, today=today)
    if met is not None:
        return _met(due, met, absolute=day_text(due, today=today))
    if paused:
        return Due("", "pause-circle", _("Clock stopped"), absolute)
    if isinstance(due, datetime) and due < now:
        return Due("late", "alarm-fill", _("%(span)s late") % {"span": span_text(now - due)}, absolute)
    days = (local_day(due) - today).days
    if days < 0:
        return Due("late", "alarm-fill", _("%(span)s late") % {"span": days_text(-days)}, absolute)
    return Due("", "clock", _ahead(due, days=days, now=now), absolute)


def _absolute(due: date, *, today: date) -> str:
    """The date; with its time while it is near, and the time alone today."""
    day = day_text(due, today=today)
    if not isinstance(due, datetime):
        return day
    distance = abs((local_day(due) - today).days)
    if distance == 0:
        return clock_text(due)
    return f"{day} {clock_text(due)}" if distance == 1 else day


def _ahead(due: date, *, days: int, now: datetime) -> str:
    if isinstance(due, datetime) and due - now < 2 * DAY:
        return _("in %(span)s") % {"span": span_text(due - now)}
    if days == 0:
        return _("today")
    return _("in %(span)s") % {"span": days_text(days)}


def _met(due: date, met: datetime, *, absolute: str) -> Due:
    in_time = met <= due if isinstance(due, datetime) else local_day(met) <= due
    if in_time:
        text = _("%(due)s, done %(met)s") % {"due": absolute, "met": day_text(met)}
        return Due("done", "check2", _("On time"), text)
    span = met - due if isinstance(due, datetime) else timedelta(days=(local_day(met) - due).days)
    text = _("%(due)s, done %(met)s") % {"due": absolute, "met": day_text(met)}
    return Due("late", "check2", _("Done %(span)s late") % {"span": span_text(span)}, text)
