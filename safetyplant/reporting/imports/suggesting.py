"""A first guess of the mapping from the column names, by the labels and aliases of the fields in every language of the site."""

import re
from collections.abc import Callable
from difflib import SequenceMatcher
from functools import lru_cache

from django.conf import settings
from django.utils.translation import override

from safetyplant.reporting.imports.headers import Table
from safetyplant.reporting.imports.mapping import ColumnSource, Mapping
from safetyplant.reporting.imports.parsers.cells import normal_text
from safetyplant.reporting.imports.targets import ImportField, ImportTarget

ENOUGH = 0.72
SURELY = 0.9
_WORD = re.compile(r"[a-z]+|\d+|[\u3400-\u9fff]+")


def suggest_mapping(target: ImportTarget, table: Table) -> Mapping:
    """The likeliest column for each field, each column used once, best matches first. Unsure means unmapped."""
    scored = sorted(
        (
            (-likeness(names, column, least=ENOUGH), index, field.name, column)
            for field, names in ((field, field_words(field)) for field in target.fields)
            for index, column in enumerate(table.columns)
        ),
        key=lambda item: item[:2],
    )
    columns: dict[str, ColumnSource] = {}
    taken: set[str] = set()
    for negative, _index, name, column in scored:
        if -negative >= ENOUGH and name not in columns and column not in taken:
            columns[name] = ColumnSource((column,))
            taken.add(column)
    ordered = {field.name: columns[field.name] for field in target.fields if field.name in columns}
    return Mapping(ordered)


def recogniser(target: ImportTarget) -> Callable[[str], bool]:
    """Says of a text whether it is surely the name of one of the target's fields."""
    words = [field_words(field) for field in target.fields]
    return lru_cache(maxsize=5_000)(
        lambda text: len(text) <= 60 and any(likeness(names, text, least=SURELY) >= SURELY for names in words)
    )


def field_words(field: ImportField) -> tuple[str, ...]:
    words = {field.name, *field.aliases}
    for code, _name in settings.LANGUAGES:
        with override(code):
            words.add(str(field.label))
    return tuple(sorted(words))


def likeness(names: tuple[str, ...], column: str, *, least: float = 0) -> float:
    """0 to 1: how surely a column called so is the field known by these names. Below `least` it may come out lower than it is:
    comparing letter by letter takes long, and a wide file has thousands of columns."""
    words = _words_of(column)
    return max(_alike(_words_of(name), words, least) for name in names)


@lru_cache(maxsize=10_000)
def _words_of(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(normal_text(name).casefold()))


def _alike(wanted: tuple[str, ...], column: tuple[str, ...], least: float) -> float:
    if not wanted or not column:
        return 0
    if "".join(wanted) == "".join(column):
        return 1
    if all(map(str.isascii, wanted + column)):
        return _alike_words(wanted, column, least)
    a, b = "".join(wanted), "".join(column)
    contained = min(len(a), len(b)) / max(len(a), len(b)) if a in b or b in a else 0
    return max(0.5 + contained * 0.45 if contained else 0, _letters_alike(a, b, 0.9, least))


def _alike_words(wanted: tuple[str, ...], column: tuple[str, ...], least: float) -> float:
    """Latin names word by word; an abbreviation stands for its word (INSP_DATE and Inspection date)."""
    longest = max(len(wanted), len(column))
    can_match = len(wanted) / longest * 0.95 >= least
    share = sum(any(_same_word(word, other) for other in column) for word in wanted) / longest if can_match else 0
    return max(share * 0.95, _letters_alike(" ".join(wanted), " ".join(column), 0.85, least))


def _letters_alike(a: str, b: str, weight: float, least: float) -> float:
    """The weighted ratio of the letters they share; 0 when two cheap upper bounds say that it stays below `least`."""
    if 2 * min(len(a), len(b)) / (len(a) + len(b)) * weight < least:
        return 0
    matcher = SequenceMatcher(None, a, b)
    return matcher.ratio() * weight if matcher.quick_ratio() * weight >= least else 0


def _same_word(a: str, b: str) -> bool:
    return a == b or (len(a) >= 3 and b.startswith(a)) or (len(b) >= 3 and a.startswith(b))
