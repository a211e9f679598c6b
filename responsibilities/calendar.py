"""The plant's working days: paperwork counts them, fixing never does (DESIGN §4.3)."""

from datetime import date, datetime, timedelta
from functools import cache

import holidays
from django.conf import settings
from django.utils import timezone


@cache
def _public_holidays(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)


def is_working_day(day: date) -> bool:
    """Public holidays and weekends are free, except weekends that the state's calendar makes working days in exchange."""
    calendar = _public_holidays(settings.PLANT_COUNTRY)
    return calendar.is_working_day(day)


def add_working_days(moment: datetime, days: int) -> datetime:
    """The same time of day, so many working days later, in the plant's time zone."""
    local = timezone.localtime(moment)
    day = local.date()
    left = days
    while left > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            left -= 1
    return local.replace(year=day.year, month=day.month, day=day.day)
