"""Words of messages, in the reader's language."""

from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy

from safetyplant.notifications import types
from safetyplant.notifications.types import MessageType, register, render


def test_text_is_filled_in() -> None:
    text = render("test.told", {"what": "the guard", "where": "N12-45"})
    assert (text.title, text.body, text.icon) == ("Fix the guard", "It is at N12-45.", "wrench")


def test_missing_parameter_leaves_a_hole_and_not_an_error() -> None:
    assert render("test.told", {"what": "it"}).body == "It is at …."


def test_unknown_code_has_a_neutral_title() -> None:
    assert render("gone.type", {"a": 1}).title == "You have a new message"


def test_language_is_that_of_the_moment() -> None:
    register(MessageType("test.lazy", gettext_lazy("Monday")))
    with translation.override("zh-hans"):
        assert render("test.lazy", {}).title == "星期一"
    with translation.override("en"):
        assert render("test.lazy", {}).title == "Monday"


@pytest.mark.parametrize(
    ("language", "value", "expected"),
    [
        ("en", {"en": "Station 12", "zh-hans": "十二站"}, "Station 12"),
        ("zh-hans", {"en": "Station 12", "zh-hans": "十二站"}, "十二站"),
        ("zh-hans", {"en": "Station 12"}, "Station 12"),
        ("en", {"on": "2025-06-18"}, "18 June 2025"),
        ("zh-hans", {"on": "2025-06-18"}, "2025年6月18日"),
        ("zh-hans", {"at": "2025-06-18T04:30:00+00:00"}, "2025年6月18日 12:30"),
        ("zh-hans", {"msg": "Monday"}, "星期一"),
        ("en", 7, "7"),
        ("en", "100 %", "100 %"),
    ],
)
def test_values_are_put_into_words(language: str, value: Any, expected: str) -> None:
    register(MessageType("test.value", "%(it)s"))
    with translation.override(language):
        assert render("test.value", {"it": value}).title == expected


def test_title_is_one_line() -> None:
    assert render("test.told", {"what": "a\r\nBcc: x@y", "where": ""}).title == "Fix a Bcc: x@y"


def test_prepare_derives_parameters() -> None:
    register(MessageType("test.count", "%(count)s items", prepare=lambda params, _at: {"count": len(params["items"])}))
    assert render("test.count", {"items": [1, 2]}).title == "2 items"


def test_same_code_twice_is_a_mistake() -> None:
    with pytest.raises(ValueError, match=r"test\.told"):
        register(MessageType("test.told", "Other"))


def test_validity_is_true_unless_a_check_denies_it() -> None:
    assert types.is_still_true("test.told", {})
    types.register_validity("test.told", lambda params: params["open"])
    assert types.is_still_true("test.told", {"open": True})
    assert not types.is_still_true("test.told", {"open": False})
