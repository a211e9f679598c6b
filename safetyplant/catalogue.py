"""The shipped defaults: each room says in its `catalogue.py` what it brings, `load_catalogue` puts it into the database.

Loading again changes nothing. What officers added or published later stays: the shipped rows carry their own valid-from
dates, and a standard gets a new version only when what is shipped has changed.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules


@dataclass(frozen=True)
class Counts:
    """`skipped`: shipped changes that wait because someone is writing a draft of the same document."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.skipped + other.skipped,
        )

    @property
    def has_changes(self) -> bool:
        return bool(self.created or self.updated)


Loader = Callable[[datetime], Counts]


@dataclass(frozen=True)
class _Part:
    order: int
    name: str
    load: Loader


_parts: dict[str, _Part] = {}


def register(name: str, load: Loader, *, order: int) -> None:
    """Offer a part of the catalogue. Lower `order` first: what others refer to comes before them."""
    _parts[name] = _Part(order, name, load)


@transaction.atomic
def load_catalogue(*, now: datetime | None = None) -> dict[str, Counts]:
    """Load every part, all or none; returns what happened to each."""
    autodiscover_modules("catalogue")
    moment = now or timezone.now()
    return {part.name: part.load(moment) for part in sorted(_parts.values(), key=lambda part: (part.order, part.name))}


def read_data(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def sync_rows(model: type[models.Model], rows: Iterable[Mapping[str, Any]], *, key: tuple[str, ...]) -> Counts:
    """Make a row exist for each mapping, found by its `key` fields, with the values given. Other rows are left alone."""
    counts = Counts()
    present = {tuple(getattr(row, name) for name in key): row for row in model._default_manager.all()}
    for values in rows:
        row = present.get(tuple(values[name] for name in key))
        if row is None:
            model._default_manager.create(**values)
            counts += Counts(created=1)
        else:
            counts += _update(row, values)
    return counts


def _update(row: models.Model, values: Mapping[str, Any]) -> Counts:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return Counts(unchanged=1)
    for name in changed:
        setattr(row, name, values[name])
    row.save(update_fields=changed)
    return Counts(updated=1)
