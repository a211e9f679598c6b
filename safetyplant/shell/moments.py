"""Points in time as people say them, in the plant's time zone and both languages."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def local(moment: datetime) -> datetime:
    """In the plant's time zone, which is everybody's here; asking which zone is active costs more than the conversion."""
    return moment.astimezone(timezone.get_default_timezone()) if moment.tzinfo is not None else moment


def local_day(moment: date) -> date:
    return local(moment).date() if isinstance(moment, datetime) else moment


def day_text(moment: date, *, today: date | None = None, weekday: bool = False) -> str:
    """`18 June`, `Thu 18 June`, `18 June 2025`; 6月18日, 6月18日 星期四, 2025年6月18日. The year only when it is another."""
    day = local_day(moment)
    with_year = day.year != (today or timezone.localdate()).year
    if _is_chinese():
        pattern = ("Y年" if with_year else "") + "n月j日" + (" l" if weekday and not with_year else "")
    else:
        pattern = ("D " if weekday and not with_year else "") + "j F" + (" Y" if with_year else "")
    return _written(day, pattern, get_language())


@lru_cache(maxsize=4096)
def _written(day: date, pattern: str, _language: str | None) -> str:
    """A page says the same few days over and over."""
    return date_format(day, pattern)


def clock_text(moment: datetime) -> str:
    return f"{local(moment):%H:%M}"


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
