"""What comes in over the API is bounded, storable and can be seen."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter, ValidationError

from safetyplant.rest.fields import Line, Moment, RequiredLine, RequiredText, Text
from safetyplant.texts import TextField, trimmed

UNSEEN = ["\u200b", " \u200b\ufeff ", "\u2060", "\u00ad", "\u3164", "\u2800", "\u200e\u200f", "\x07", "\u3000", "\ufe0f"]


@pytest.mark.parametrize("text", UNSEEN)
def test_text_that_cannot_be_seen_is_none(text: str) -> None:
    assert TypeAdapter(Text).validate_python(text) == TypeAdapter(Line).validate_python(text) == ""
    for required in (RequiredText, RequiredLine):
        with pytest.raises(ValidationError):
            TypeAdapter(required).validate_python(text)


@pytest.mark.parametrize("text", UNSEEN)
def test_neither_is_it_an_answer_in_a_form(text: str) -> None:
    assert TextField(required=False).clean(text) == ""
    with pytest.raises(Exception, match="required"):
        TextField().clean(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("\u200b 阀门漏油 \u200b", "阀门漏油"),
        (" a\u200bb ", "a\u200bb"),
        ("⚠\ufe0f", "⚠\ufe0f"),
        ("👩\u200d🏭", "👩\u200d🏭"),
        ("𠮷\n\n二", "𠮷\n\n二"),
        ("\ue000", "\ue000"),
    ],
)
def test_what_can_be_seen_stays(text: str, kept: str) -> None:
    assert trimmed(text) == kept


def test_a_password_is_left_as_it_is() -> None:
    assert TextField(strip=False).clean("\u200b") == "\u200b"


@pytest.mark.parametrize(
    "moment",
    [
        "2100-12-31T23:59:00-12:00",
        "1970-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+14:00",
        "2101-01-01T00:00:00",
        "1969-12-31T23:59:59",
    ],
)
def test_years_are_those_of_the_plant(moment: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Moment).validate_python(moment)


def test_a_moment_without_offset_is_plant_time() -> None:
    plant = ZoneInfo("Asia/Shanghai")
    read = TypeAdapter(Moment).validate_python

    assert read("2026-05-01T08:00:00") == datetime(2026, 5, 1, 8, tzinfo=plant)
    assert read("2026-05-01T08:00:00+02:00") == datetime(2026, 5, 1, 8, tzinfo=timezone(timedelta(hours=2)))
