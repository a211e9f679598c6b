"""What the one search searches: each room registers its kinds of records when its app is ready."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Source:
    """One kind of record.

    `queryset(user)` gives what this user may see, and nothing else (`visible_to`), from a model with a `SearchVector`; it
    brings along what `title` and `note` read. `link(row)` is its page; `list_url`, when given, is the list that shows all
    matches as `?q=`. `order` decides which of the found come first; sources with a higher `place` stand below the others.
    """

    kind: str
    label: Text
    icon: str
    queryset: Callable[[Any], QuerySet]
    title: Callable[[Any], Any]
    link: Callable[[Any], str]
    note: Callable[[Any], Any] | None = None
    list_url: Callable[[], str] | None = None
    order: tuple[str, ...] = ("-pk",)
    place: int = 0


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    if source.kind in _sources and _sources[source.kind] != source:
        raise ValueError(f"Two search sources are called {source.kind!r}.")
    _sources[source.kind] = source


def all_sources() -> list[Source]:
    """By place, and at the same place in the order of registration, which is the order of the rooms."""
    return sorted(_sources.values(), key=lambda source: source.place)
