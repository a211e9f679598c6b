"""Message types: the words of every message, declared by the rooms and rendered in the reader's language.

A room registers its types in `AppConfig.ready()` from its own `notifications.py`:

    register(MessageType("hazard.assigned", _("Fix %(hazard)s by %(due)s"), _("%(title)s at %(place)s."), icon="wrench"))

`params` are stored as JSON. Besides text and numbers a value may be one of these, put into words when it is rendered:
`{"en": …, "zh-hans": …}` a name kept in both languages; `{"at": ISO}` a moment and `{"on": ISO}` a day, in plant time;
`{"msg": English}` a source string of the catalogue, such as the label of a choice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from safetyplant.formats.days import day_and_clock, day_text

Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MessageType:
    """`title` and `body` are lazy `%(name)s` templates; `icon` is a Bootstrap icon; `prepare` may derive further params.

    `prepare(params, at)` is given the moment for which the words are to be true, so that "3 days late" can be said.
    """

    code: str
    title: Any
    body: Any = ""
    icon: str = "bell"
    prepare: Callable[[dict[str, Any], datetime], dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    title: str
    body: str
    icon: str


UNKNOWN = MessageType("", _("You have a new message"), "", "bell")
_types: dict[str, MessageType] = {}
_validity: dict[str, Callable[[Params], bool]] = {}


def register(*types: MessageType) -> None:
    """Declare message types; the same code twice is a mistake unless it is the same declaration again."""
    for message_type in types:
        known = _types.setdefault(message_type.code, message_type)
        if known != message_type:
            raise ValueError(f"Message type {message_type.code!r} is registered twice.")


def register_validity(code: str, check: Callable[[Params], bool]) -> None:
    """`check(params)` is asked right before a mail leaves; False withdraws it, so that nobody is told what is no longer true."""
    _validity[code] = check


def registered_types() -> dict[str, MessageType]:
    return dict(_types)


def is_still_true(code: str, params: Params) -> bool:
    check = _validity.get(code)
    return check is None or check(params)


class _Forgiving(dict[str, Any]):
    """A missing parameter shows as …, because a message with a hole is better than an inbox that fails."""

    def __missing__(self, key: str) -> str:
        return "…"


def render(code: str, params: Params, *, at: datetime | None = None) -> RenderedMessage:
    """The message in the language active now, true at a moment (default: now).

    An unknown code (a type since removed) gives a neutral title.
    """
    message_type = _types.get(code, UNKNOWN)
    prepared = message_type.prepare(dict(params), at or timezone.now()) if message_type.prepare else params
    values = _Forgiving({name: _in_words(value) for name, value in prepared.items()})
    title = " ".join((str(message_type.title) % values).split())
    body = (str(message_type.body) % values).strip() if message_type.body else ""
    return RenderedMessage(title, body, message_type.icon)


def _in_words(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "at" in value:
        return day_and_clock(datetime.fromisoformat(value["at"]))
    if "on" in value:
        return day_text(date.fromisoformat(value["on"]))
    if "msg" in value:
        source = value["msg"]
        return gettext(source)
    language = get_language() or "en"
    return value.get(language) or value.get("en") or next(iter(value.values()), "")
