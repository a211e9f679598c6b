"""What was found, kind by kind, in a fixed number of queries: one for all counts, one per kind shown."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from safetyplant.search.counts import capped_counts, count_text
from safetyplant.search.services import CAP, Asked, matching, search_column
from safetyplant.search.sources import Source, all_sources

FIRST = 5
MOST = 50


@dataclass(frozen=True)
class Hit:
    title: str
    note: str
    link: str


@dataclass(frozen=True)
class Group:
    """One kind's share of the result."""

    source: Source
    count: int
    is_chosen: bool
    more_link: str
    hits: list[Hit] = field(default_factory=list)

    @property
    def count_text(self) -> str:
        return count_text(self.count)

    @property
    def has_more(self) -> bool:
        return self.count > len(self.hits)


@dataclass(frozen=True)
class Found:
    asked: Asked
    kind: str
    groups: list[Group]

    @property
    def total(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def shown(self) -> list[Group]:
        return [group for group in self.groups if group.hits]


def find(text: str, *, user: Any, kind: str = "") -> Found:
    """Search every source in what the user may see; `kind` shows more of one of them."""
    asked, sources = Asked.from_input(text), all_sources()
    kind = kind if any(source.kind == kind for source in sources) else ""
    if asked.is_empty or asked.is_too_short:
        return Found(asked, kind, [])
    found = [matching(source.queryset(user), asked.text, CAP + 1) for source in sources]
    counts = capped_counts(found)
    return Found(asked, kind, [_group(*parts, asked=asked, kind=kind) for parts in zip(sources, found, counts, strict=True)])


def _group(source: Source, rows: QuerySet, count: int, *, asked: Asked, kind: str) -> Group:
    is_chosen = source.kind == kind
    hits = []
    if count and (is_chosen or not kind):
        limit = MOST if is_chosen else FIRST
        page = rows.defer(search_column(rows.model)).order_by(*source.order)[:limit]
        hits = [Hit(str(source.title(row)), str(source.note(row)) if source.note else "", source.link(row)) for row in page]
    if is_chosen and source.list_url:
        more = f"{source.list_url()}?{urlencode({'q': asked.text})}"
    else:
        more = "" if is_chosen else f"?{urlencode({'q': asked.text, 'kind': source.kind})}"
    return Group(source, count, is_chosen, more, hits)
