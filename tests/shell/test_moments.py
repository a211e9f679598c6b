"""Points in time as people say them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from safetyplant.shell.moments import day_text, due_text, moment_text, span_text

NOW = datetime(2026, 6, 18, 14, 20, tzinfo=ZoneInfo("Asia/Shanghai"))


def at(day: int, hour: int = 17, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("moment", "english", "chinese"),
    [
        (at(18, 14, 20), "Today 14:20", None),
        (at(17, 16, 5), "Yesterday 16:05", None),
        (at(13, 8, 30), "Sat 13 June 08:30", "6月13日 星期六 08:30"),
        (datetime(2025, 6, 13, 0, 30, tzinfo=UTC), "13 June 2025 08:30", "2025年6月13日 08:30"),
        (date(2026, 6, 12), "Fri 12 June", "6月12日 星期五"),
    ],
)
def test_moment_text(moment: date, english: str, chinese: str | None) -> None:
    with translation.override("en"):
        assert moment_text(moment, now=NOW) == english
    if chinese:
        with translation.override("zh-hans"):
            assert moment_text(moment, now=NOW) == chinese


def test_day_text_uses_the_plants_day_not_utc() -> None:
    with translation.override("en"):
        assert day_text(datetime(2026, 6, 17, 17, 0, tzinfo=UTC), today=NOW.date()) == "18 June"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=5), "1 min"),
        (timedelta(minutes=40), "40 min"),
        (timedelta(hours=1, minutes=40), "1 h 40 min"),
        (timedelta(hours=22, minutes=10), "22 h"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=1, hours=2), "1 day 2 h"),
        (timedelta(days=9, hours=3), "9 days"),
        (timedelta(days=-9), "9 days"),
    ],
)
def test_span_text(span: timedelta, words: str) -> None:
    with translation.override("en"):
        assert span_text(span) == words


@pytest.mark.parametrize(
    ("due", "tone", "relative", "absolute"),
    [
        (at(22), "", "in 4 days", "22 June"),
        (at(18, 16), "", "in 1 h 40 min", "16:00"),
        (at(19, 16, 20), "", "in 1 day 2 h", "19 June 16:20"),
        (at(17, 16, 20), "late", "22 h late", "17 June 16:20"),
        (at(9), "late", "8 days late", "9 June"),
        (date(2026, 6, 18), "", "today", "18 June"),
        (date(2026, 6, 17), "late", "1 day late", "17 June"),
        (date(2026, 6, 19), "", "in 1 day", "19 June"),
    ],
)
def test_due_text(due: date, tone: str, relative: str, absolute: str) -> None:
    with translation.override("en"):
        words = due_text(due, now=NOW)

    assert (words.tone, words.relative, words.absolute) == (tone, relative, absolute)


def test_due_text_of_what_is_done_or_stopped() -> None:
    with translation.override("en"):
        in_time = due_text(at(27), met=at(17), now=NOW)
        late = due_text(at(10), met=at(17), now=NOW)
        stopped = due_text(at(10), paused=True, now=NOW)

    assert (in_time.tone, in_time.relative, in_time.absolute) == ("done", "On time", "27 June, done 17 June")
    assert (late.tone, late.relative) == ("late", "Done 7 days late")
    assert (stopped.tone, stopped.relative) == ("", "Clock stopped")
