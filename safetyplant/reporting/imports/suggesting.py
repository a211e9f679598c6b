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
_WORD = re.compile(r"[a-z]+|\d+|[\u3400-\u9fff]+")


def suggest_mapping(target: ImportTarget, table: Table) -> Mapping:
    """The likeliest column for each field, each column used once, best matches first. Unsure means unmapped."""
    scored = sorted(
        (
            (-likeness(names, column), index, field.name, column)
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
    return lambda text: len(text) <= 60 and any(likeness(names, text) >= 0.9 for names in words)


def field_words(field: ImportField) -> tuple[str, ...]:
    words = {field.name, *field.aliases}
    for code, _name in settings.LANGUAGES:
        with override(code):
            words.add(str(field.label))
    return tuple(sorted(words))


def likeness(names: tuple[str, ...], column: str) -> float:
    """0 to 1: how surely a column called so is the field known by these names."""
    return max(_alike(_words_of(name), _words_of(column)) for name in names)


@lru_cache(maxsize=10_000)
def _words_of(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(normal_text(name).casefold()))


def _alike(wanted: tuple[str, ...], column: tuple[str, ...]) -> float:
    if not wanted or not column:
        return 0
    if "".join(wanted) == "".join(column):
        return 1
    if all(map(str.isascii, wanted + column)):
        return _alike_words(wanted, column)
    a, b = "".join(wanted), "".join(column)
    contained = min(len(a), len(b)) / max(len(a), len(b)) if a in b or b in a else 0
    return max(0.5 + contained * 0.45 if contained else 0, SequenceMatcher(None, a, b).ratio() * 0.9)


def _alike_words(wanted: tuple[str, ...], column: tuple[str, ...]) -> float:
    """Latin names word by word; an abbreviation stands for its word (INSP_DATE and Inspection date)."""
    matched = sum(any(_same_word(word, other) for other in column) for word in wanted)
    share = matched / max(len(wanted), len(column))
    return max(share * 0.95, SequenceMatcher(None, " ".join(wanted), " ".join(column)).ratio() * 0.85)


def _same_word(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    return a == b or (len(short) >= 3 and long.startswith(short))
