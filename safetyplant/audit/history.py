"""The story of a record, told in sentences. Rooms register one sentence per action, in their `audit.py`:

    register("hazard.closed", sentence=_("%(actor)s accepted the fix. The hazard is closed."), icon="check-circle", tone="good")

Parameters are the event's `detail` and `personal`; dates among them are written out in the reader's language. What an event
quotes (a reason, a comment) stands under the sentence.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from safetyplant.audit.models import Event
from safetyplant.formats.days import day_and_clock, day_text

Text = str | Promise
SYSTEM = "SafetyPlant"
LOOKS_LIKE_A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T.+)?")
DEFAULT_LIMIT = 200


@dataclass(frozen=True)
class SentenceType:
    """How one action is told. `quote` names the parameter shown as a quotation; `params` may add or replace some.

    `sentence` may be a function of the event, where one sentence does not fit all ("with 2 photos", "without a photo").
    """

    sentence: Text | Callable[[Event], Text]
    icon: str = "dot"
    tone: str = ""
    quote: str = "quote"
    params: Callable[[Event], dict[str, Any]] | None = None


@dataclass(frozen=True)
class Change:
    """One changed field in words: its label, and its value before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One line of the timeline. `sentence` is safe HTML with the actor in bold; `actor` None is the system."""

    event: Event
    actor: Any
    icon: str
    tone: str
    sentence: SafeString
    quote: str
    at: datetime
    changes: list[Change] = field(default_factory=list)

    @property
    def html(self) -> SafeString:
        return self.sentence

    @property
    def time(self) -> datetime:
        return self.at


_types: dict[str, SentenceType] = {}
UNKNOWN = SentenceType(_("%(actor)s changed this record."), icon="pencil")


def register(
    action: str,
    *,
    sentence: Text | Callable[[Event], Text],
    icon: str = "check",
    tone: str = "",
    quote: str = "quote",
    params: Callable[[Event], dict[str, Any]] | None = None,
) -> None:
    """Tell `action` with this sentence. `tone` is good, bad, now or empty."""
    if tone not in ("", "good", "bad", "now"):
        raise ValueError(f"{action}: a tone is good, bad, now or empty, not {tone!r}.")
    _types[action] = SentenceType(sentence, icon, tone, quote, params)


def registered_actions() -> frozenset[str]:
    return frozenset(_types)


def history(*subjects: models.Model, limit: int | None = DEFAULT_LIMIT) -> list[Entry]:
    """What happened to these records (a hazard and its corrective action), newest first, in one query."""
    if not subjects:
        return []
    wanted = Q()
    for subject in subjects:
        wanted |= Q(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    events = Event.objects.filter(wanted).select_related("actor").order_by("-id")
    return [entry_of(event) for event in (events[:limit] if limit is not None else events)]


def entry_of(event: Event) -> Entry:
    """The event as a line of the timeline, in the active language."""
    kind = _types.get(event.action, UNKNOWN)
    given = {**(event.personal or {}), **event.detail}
    if kind.params:
        given |= kind.params(event)
    quote = given.get(kind.quote) or ""
    return Entry(
        event=event,
        actor=event.actor,
        icon=kind.icon,
        tone=kind.tone,
        sentence=_tell(kind.sentence(event) if callable(kind.sentence) else kind.sentence, event, given),
        quote=str(quote),
        at=event.at,
        changes=changes_of(event),
    )


def _tell(sentence: Text, event: Event, given: dict[str, Any]) -> SafeString:
    # A parameter that is missing (erased, or an event older than the sentence) leaves an ellipsis, never an error.
    words: defaultdict[str, Any] = defaultdict(
        lambda: "…", {name: conditional_escape(in_words(value)) for name, value in given.items()}
    )
    words["actor"] = format_html("<b>{}</b>", event.actor if event.actor_id else SYSTEM)
    # SECURITY: the sentence comes from our own code and translations; every value in it is escaped above.
    return mark_safe(str(sentence) % words)  # noqa: S308


def in_words(value: Any) -> str:
    """A stored value as people write it: dates in the reader's language, yes and no, lists with commas."""
    match value:
        case None | "":
            return gettext("nothing")
        case bool():
            return gettext("yes") if value else gettext("no")
        case list():
            return gettext(", ").join(in_words(part) for part in value)
        case str() if LOOKS_LIKE_A_DAY.fullmatch(value):
            return _moment_in_words(value)
        case _:
            return str(value)


def _moment_in_words(text: str) -> str:
    try:
        moment: datetime | date | None = parse_datetime(text) if "T" in text else parse_date(text)
    except ValueError:
        return text
    if isinstance(moment, datetime):
        return day_and_clock(moment)
    return day_text(moment) if moment else text


def changes_of(event: Event) -> list[Change]:
    """The changed fields with the labels of the model's form."""
    try:
        model = apps.get_model(event.subject_type) if event.subject_type else None
    except (LookupError, ValueError):
        model = None
    changes = []
    for name, pair in event.changes.items():
        before, after = [*pair, None, None][:2] if isinstance(pair, list) else (None, pair)
        known = _field(model, name)
        choices = dict(known.flatchoices) if known is not None and getattr(known, "flatchoices", None) else {}
        changes.append(Change(_label(known, name), _shown(before, choices), _shown(after, choices)))
    return changes


def _field(model: type[models.Model] | None, name: str) -> Any:
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _label(known: Any, name: str) -> str:
    return (
        capfirst(str(known.verbose_name))
        if known is not None and hasattr(known, "verbose_name")
        else capfirst(name.replace("_", " "))
    )


def _shown(value: Any, choices: dict[Any, Any]) -> str:
    return str(choices[value]) if isinstance(value, str | int) and value in choices else in_words(value)
