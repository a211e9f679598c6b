"""Which items of a checklist are asked, given what was answered: pure functions, no database.

An item may depend on the answer to an earlier one. One that is not asked counts as not answered, so that what depends on it
is not asked either.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Condition:
    """Asked only where item `shown_if` (an earlier one, by its id) was answered with `shown_on`; None: always."""

    item: int
    shown_if: int | None = None
    shown_on: str = ""


def asked_items(conditions: Iterable[Condition], results: Mapping[int, str]) -> set[int]:
    """The ids of the items that are asked. `conditions` in the order of the checklist, `results` by item as answered so far."""
    asked: set[int] = set()
    for condition in conditions:
        other = condition.shown_if
        if other is None or (other in asked and results.get(other) == condition.shown_on):
            asked.add(condition.item)
    return asked
