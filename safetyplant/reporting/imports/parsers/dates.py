"""Parsers of dates and times in the styles people mix in one column, and the evidence for the order of day and month."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from safetyplant.reporting.imports.parsers.cells import Cell, CellFault, CellStyle, normal_text
from safetyplant.reporting.imports.parsers.values import Parser

YEARS = range(1900, 2100)
SERIALS = range(10_000, 80_000)  # Excel's day numbers of 1927 to 2119; anything else in a date column is a slip
MONTHS = {
    name: number
    for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)
}

_WEEKDAY = re.compile(
    r"\(?\b(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?\b\.?,?\)?|\(?(星期|周|礼拜)[一二三四五六日天]\)?", re.IGNORECASE
)
_YEAR_FIRST = re.compile(r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})?)?")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})(?!\d)")
_DAY_NAMED_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3,9})\.?,?[\s-]+(\d{4}|\d{2})(?!\d)", re.IGNORECASE)
_NAMED_MONTH_DAY = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.IGNORECASE)
_HALVES = r"(?:am|pm|a\.m\.|p\.m\.|凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|晚)"
_SECONDS = r"(?:\s*(?::|分)\s*(?:(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?)?"
_MINUTES = rf"(?:\s*(?::|时|点)\s*(?:(?P<minute>\d{{1,2}}){_SECONDS})?)?"
_TIME = re.compile(rf"(?:(?P<before>{_HALVES})\s*)?(?P<hour>\d{{1,2}}){_MINUTES}\s*(?P<after>{_HALVES})?", re.IGNORECASE)
_OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2})\s*$")
_SECOND_HALF = frozenset({"pm", "p.m.", "下午", "傍晚", "晚上", "夜里", "晚"})
_FIRST_HALF = frozenset({"am", "a.m.", "凌晨", "早上", "早晨", "上午"})


def day_month_evidence(cell: Cell) -> str:
    """What a cell says about the order in its column: `mdy`, `dmy`, `either`, or "" when it says nothing."""
    if not isinstance(cell, str):
        return ""
    match = _YEAR_LAST.match(_without_weekday(cell))
    if not match:
        return ""
    first, second = int(match[1]), int(match[3])
    if first > 12 >= second:
        return "dmy"
    if second > 12 >= first:
        return "mdy"
    return "either" if first != second and max(first, second) <= 12 else ""


def read_date_and_time(cell: Cell, style: CellStyle) -> tuple[date, time | None]:
    """A date, and the time of day if there is one. Raises `CellFault` for anything that isn't certainly a date."""
    if isinstance(cell, datetime):
        return cell.date(), cell.time() if cell.time() != time(0) else None
    if isinstance(cell, date):
        return cell, None
    if isinstance(cell, time):
        raise CellFault(_("A time without a date."))
    text = _without_weekday(cell)
    if _is_plain_number(text):
        return _numeric_date(text, style)
    found, rest = _leading_date(text, style)
    rest = rest.lstrip(" ,T")
    return found, read_time(rest) if rest else None


def _is_plain_number(text: str) -> bool:
    return bool(re.fullmatch(r"\d+(\.\d+)?", text))


def _numeric_date(text: str, style: CellStyle) -> tuple[date, time | None]:
    """20260618, 202606181420, or Excel's day number with the time as its fraction."""
    compact = _COMPACT.fullmatch(text)
    if compact:
        clock = time(*_in_clock(compact[4], compact[5], compact[6])) if compact[4] else None
        return _date(int(compact[1]), int(compact[2]), int(compact[3])), clock
    if len(text) > 20 or int(float(text)) not in SERIALS:
        raise CellFault(_("Not a date."))
    origin = MAC_EPOCH if style.epoch_1904 else WINDOWS_EPOCH
    moment = origin + timedelta(seconds=round(float(text) * 86400))
    return moment.date(), moment.time() if moment.time() != time(0) else None


def _in_clock(hour: str, minute: str, second: str | None) -> tuple[int, int, int]:
    parts = int(hour), int(minute), int(second or 0)
    if parts[0] > 23 or parts[1] > 59 or parts[2] > 59:
        raise CellFault(_("There is no such time of day."))
    return parts


def _leading_date(text: str, style: CellStyle) -> tuple[date, str]:
    if match := _YEAR_FIRST.match(text):
        return _date(int(match[1]), int(match[2]), int(match[3])), text[match.end() :]
    if match := _YEAR_LAST.match(text):
        return _year_last_date(int(match[1]), int(match[3]), _full_year(match[4]), style), text[match.end() :]
    if match := _DAY_NAMED_MONTH.match(text):
        return _date(_full_year(match[3]), _named_month(match[2]), int(match[1])), text[match.end() :]
    if match := _NAMED_MONTH_DAY.match(text):
        return _date(int(match[3]), _named_month(match[1]), int(match[2])), text[match.end() :]
    raise CellFault(_("Not a date."))


def _year_last_date(first: int, second: int, year: int, style: CellStyle) -> date:
    month, day = (second, first) if style.date_order == "dmy" else (first, second)
    if month > 12 >= day:
        raise CellFault(_("Day and month stand the other way round than in the rest of the column."))
    return _date(year, month, day)


def _full_year(text: str) -> int:
    # Records of past work: 69 to 99 are the twentieth century, as in POSIX.
    year = int(text)
    return year if len(text) == 4 else year + (1900 if year >= 69 else 2000)


def _named_month(word: str) -> int:
    month = MONTHS.get(word[:3].casefold())
    if month is None:
        raise CellFault(_("Not a date."))
    return month


def _date(year: int, month: int, day: int) -> date:
    if year not in YEARS:
        raise CellFault(_("The year is not between 1900 and 2099."))
    try:
        return date(year, month, day)
    except ValueError as error:
        raise CellFault(_("There is no such day in the calendar.")) from error


def _without_weekday(cell: Cell) -> str:
    text = normal_text(cell)
    if text.lower() != text.upper() or not text.isascii():
        text = _WEEKDAY.sub(" ", text)
    return " ".join(text.split())


def read_time(cell: Cell) -> time:
    """A time of day: 14:20, 2:20 PM, 下午2:20, 14时20分, 1420, or Excel's fraction of a day."""
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, time):
        return cell
    text = normal_text(cell).replace("点半", "点30分").replace("点整", "点")
    if isinstance(cell, float) or re.fullmatch(r"0?\.\d+", text):
        return _fraction_time(float(text))
    if re.fullmatch(r"\d{4}", text):
        return time(*_in_clock(text[:2], text[2:], None))
    match = _TIME.fullmatch(text)
    if not match or (match["minute"] is None and not re.search("时|点", text) and not (match["before"] or match["after"])):
        raise CellFault(_("Not a time of day."))
    return _clock(match)


def _fraction_time(fraction: float) -> time:
    if not 0 <= fraction < 1:
        raise CellFault(_("Not a time of day."))
    return (WINDOWS_EPOCH + timedelta(seconds=min(round(fraction * 86400), 86399))).time()


def _clock(match: re.Match[str]) -> time:
    hour = int(match["hour"])
    half = (match["after"] or match["before"] or "").casefold()
    # "13:30 PM" is said in real records and means 13:30.
    if half in _SECOND_HALF and hour < 12:
        hour += 12
    elif half in _FIRST_HALF and hour == 12:
        hour = 0
    return time(*_in_clock(str(hour), match["minute"] or "0", match["second"]))


class Date(Parser):
    """A date → `datetime.date`; a time beside it is dropped."""

    def parse(self, cell: Cell, style: CellStyle) -> Any:
        if moment := _with_zone(cell):
            return timezone.localtime(moment).date()
        return read_date_and_time(cell, style)[0]


class DateTime(Parser):
    """A moment → aware `datetime` in the plant's time zone, unless the cell names its own. A date alone is its midnight."""

    def parse(self, cell: Cell, style: CellStyle) -> datetime:
        if moment := _with_zone(cell):
            return moment
        day, clock = read_date_and_time(cell, style)
        return timezone.make_aware(datetime.combine(day, clock or time(0)))


class TimeOfDay(Parser):
    """A time of day → `datetime.time`."""

    def parse(self, cell: Cell, style: CellStyle) -> time:
        return read_time(cell)


def _with_zone(cell: Cell) -> datetime | None:
    """ISO 8601 with an offset, as machines write it."""
    if not isinstance(cell, str) or ":" not in cell or not _OFFSET.search(cell):
        return None
    try:
        moment = parse_datetime(normal_text(cell))
    except ValueError:
        return None
    if moment is None or timezone.is_naive(moment) or moment.year not in YEARS:
        return None
    return moment
