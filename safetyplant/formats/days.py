"""A day as each language writes it, one way on all pages: `18 June`, 6月18日; the year only when it is another.

Stands below every app, because what happened, what is told and what is listed all say days.
"""

from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language


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


def day_and_clock(moment: datetime) -> str:
    """`18 June 14:20`, 6月18日 14:20, in the plant's time zone."""
    return f"{day_text(moment)} {clock_text(moment)}"
