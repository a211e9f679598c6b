"""Two versions of a standard side by side: pure functions over their items, no database.

Items have no identity across versions: whoever rewrites one means the old one (ADR 28). Items of the same words are the same;
of the rest, those whose words are most alike, if they are alike enough.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from inspections.services.standards import ItemText

#: From this likeness on (0 to 1), another wording is the same item changed. Below it, one went and another came.
ALIKE = 0.6
ADDED, REMOVED, CHANGED = "added", "removed", "changed"
#: What is compared, in the order in which it is shown. `place` stands for being moved among the others.
FIELDS = (
    *("text", "text_zh", "section", "section_zh", "place", "category", "level", "points", "possibly_major"),
    *("score_cap", "photo_on_fail", "note_on_fail", "reference", "condition"),
)


@dataclass(frozen=True)
class Change:
    """One item that differs: `old` or `new` is None where it is not in that version; `fields` names what differs."""

    kind: str
    old: ItemText | None
    new: ItemText | None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    changes: list[Change] = field(default_factory=list)
    same: int = 0

    def of_kind(self, kind: str) -> int:
        return sum(change.kind == kind for change in self.changes)


def compare_items(old: Sequence[ItemText], new: Sequence[ItemText]) -> Comparison:
    """What became of the items: in the order of the new version, those removed where they stood."""
    pairs = match_items(old, new)
    moved = _moved(pairs)
    numbers = {old[before].number: new[after].number for before, after in pairs.items()}
    before_of = {after: before for before, after in pairs.items()}
    placed: list[tuple[float, Change]] = [
        (_place_of(before, pairs), Change(REMOVED, item, None)) for before, item in enumerate(old) if before not in pairs
    ]
    same = 0
    for after, item in enumerate(new):
        before = before_of.get(after)
        if before is None:
            placed.append((after, Change(ADDED, None, item)))
        elif fields := tuple(_differing(old[before], item, numbers, is_moved=before in moved)):
            placed.append((after, Change(CHANGED, old[before], item, fields)))
        else:
            same += 1
    return Comparison([change for _at, change in sorted(placed, key=lambda row: row[0])], same)


def match_items(old: Sequence[ItemText], new: Sequence[ItemText]) -> dict[int, int]:
    """Which item became which, by index; those without a counterpart are left out."""
    pairs: dict[int, int] = {}
    free = dict.fromkeys(range(len(new)))
    by_words: dict[tuple[str, str], list[int]] = {}
    for at, item in enumerate(new):
        by_words.setdefault((item.text, item.text_zh), []).append(at)
    for at, item in enumerate(old):
        if same := by_words.get((item.text, item.text_zh)):
            pairs[at] = same.pop(0)
            free.pop(pairs[at])
    left = [at for at in range(len(old)) if at not in pairs]
    alike = [(likeness, -before, -after) for before in left for after in free if (likeness := _likeness(old[before], new[after]))]
    for _likeness_of, before, after in sorted(alike, reverse=True):
        if -before not in pairs and -after in free:
            pairs[-before] = -after
            free.pop(-after)
    return pairs


def _likeness(one: ItemText, other: ItemText) -> float:
    """Of the wording in the language in which they are most alike; 0 when that is not alike enough."""
    words = [(one.text, other.text), (one.text_zh, other.text_zh)]
    best = max((_ratio(mine, theirs) for mine, theirs in words if mine and theirs), default=0.0)
    return best if best >= ALIKE else 0.0


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # The quick bounds spare most of the pairs of two long checklists.
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0.0


def _moved(pairs: dict[int, int]) -> set[int]:
    """Those out of order among the others: all but a longest run that kept its order."""
    order = sorted(pairs)
    tails: list[int] = []
    lengths = []
    for before in order:
        at = bisect_left(tails, pairs[before])
        tails[at : at + 1] = [pairs[before]]
        lengths.append(at)
    kept, wanted = set(), len(tails) - 1
    limit = float("inf")
    for before, length in zip(reversed(order), reversed(lengths), strict=True):
        if length == wanted and pairs[before] < limit:
            kept.add(before)
            limit, wanted = pairs[before], wanted - 1
    return set(order) - kept


def _place_of(before: int, pairs: dict[int, int]) -> float:
    """Where a removed item is shown: after the nearest item above it that stayed."""
    above = max((at for at in pairs if at < before), default=None)
    return (pairs[above] if above is not None else -1) + 0.5


def _differing(old: ItemText, new: ItemText, numbers: dict[str, str], *, is_moved: bool) -> Iterable[str]:
    for name in FIELDS:
        if name == "place":
            differs = is_moved
        elif name == "condition":
            # The other item may have another number now and still be the same.
            differs = (numbers.get(old.shown_if, old.shown_if), old.shown_on) != (new.shown_if, new.shown_on)
        else:
            differs = getattr(old, name) != getattr(new, name)
        if differs:
            yield name
