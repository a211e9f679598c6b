"""Where the header of a sheet is and what its columns are called: title rows above it, header cells merged over several rows."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _
from openpyxl.utils import get_column_letter

from safetyplant.reporting.imports.parsers.cells import cell_text, is_blank, normal_text
from safetyplant.reporting.imports.reading import Merge, RawRow, ReadOptions, Source, UnreadableFile

LOOKED_AT = 50
MOST_HEADER_ROWS = 4
NAME_CHARS = 200
_DATA_LIKE = re.compile(r"[\d\s.,:/年月日%¥$€()+-]+")

Recognise = Callable[[str], bool]


@dataclass(frozen=True)
class Table:
    """One sheet, understood: the names of its columns and where its records begin."""

    source: Source
    sheet: str
    columns: tuple[str, ...]
    header_row: int
    header_rows: int
    titles: tuple[str, ...] = ()

    @property
    def first_row(self) -> int:
        return self.header_row + self.header_rows

    @property
    def fingerprint(self) -> str:
        """The same for every file with these columns in this order, whatever its name, titles and records."""
        return hashlib.sha256("\x1f".join(map(column_key, self.columns)).encode("utf-8", "replace")).hexdigest()

    def records(self) -> Iterator[RawRow]:
        """The rows below the header that hold anything."""
        first = self.first_row
        for row in self.source.rows(self.sheet):
            if row.number >= first and (row.fault or not all(map(is_blank, row.cells))):
                yield row


def column_key(name: str) -> str:
    """Column names are the same when they differ in width, case, line breaks and blanks only."""
    return " ".join(normal_text(name).casefold().split())


def understand_sheet(source: Source, sheet: str, options: ReadOptions, recognise: Recognise = lambda text: False) -> Table:
    """Find the header of a sheet. `recognise` says of a text whether it is a known column name. Raises `UnreadableFile`."""
    rows = [row for row in islice(source.rows(sheet), LOOKED_AT) if not all(map(is_blank, row.cells))]
    if not rows:
        raise UnreadableFile(_("“%(sheet)s” is empty.") % {"sheet": sheet})
    merges = source.merges(sheet)
    if options.header_row == 0:
        width = max(len(row.cells) for row in rows)
        return Table(source, sheet, tuple(get_column_letter(index + 1) for index in range(width)), 1, 0)
    start = options.header_row or _guess_header_row(rows, merges, recognise)
    count = options.header_rows or _guess_header_rows(rows, merges, start)
    header = [row for row in rows if start <= row.number < start + count]
    columns = _column_names(header, merges)
    if not columns:
        raise UnreadableFile(_("Row %(row)s of “%(sheet)s” has no column names.") % {"row": start, "sheet": sheet})
    titles = tuple(" ".join(filter(None, map(_name_of, row.cells))) for row in rows if row.number < start)
    return Table(source, sheet, columns, start, count, titles)


def _guess_header_row(rows: Sequence[RawRow], merges: Sequence[Merge], recognise: Recognise) -> int:
    """The row that most looks like column names: several texts, unlike each other, as wide as what follows, known words."""
    widths = Counter(sum(not is_blank(cell) for cell in row.cells) for row in rows)
    # Titles and remarks fill one cell; they say nothing about the table unless it has one column.
    usual_width = max((width for width in widths if width > 1), key=lambda width: (widths[width], width), default=1)
    scored = [(_header_likeness(row, usual_width, merges, recognise), -index) for index, row in enumerate(rows)]
    likeness, negative = max(scored)
    # Nothing looks like names: the first row is taken, as in every table without ornaments.
    return rows[-negative].number if likeness > 0 else rows[0].number


def _header_likeness(row: RawRow, usual_width: int, merges: Sequence[Merge], recognise: Recognise) -> float:
    texts = [normal_text(cell) for cell in row.cells if not is_blank(cell)]
    named = [text for text in texts if not _DATA_LIKE.fullmatch(text)]
    spanned = sum(min(area.right, 200) - area.left for area in merges if area.top == row.number and len(texts) > 1)
    width = len(texts) + spanned
    if not named or (usual_width > 1 and width < max(2, usual_width * 0.5)):
        return 0
    known = sum(map(recognise, texts))
    return known * 2 + len(named) / len(texts) + len(set(texts)) / len(texts) + min(width / max(usual_width, 1), 1)


def _guess_header_rows(rows: Sequence[RawRow], merges: Sequence[Merge], start: int) -> int:
    """How many rows the header takes: as far as its merged cells reach; in plain text one more when its gaps are filled there."""
    depth = 1
    for area in merges:
        if area.top == start:
            # A cell merged over columns names a group; the names stand one row below.
            depth = max(depth, area.bottom - start + (2 if area.right > area.left else 1))
    if depth > 1:
        return min(depth, MOST_HEADER_ROWS)
    following = {row.number: row for row in rows}
    first, second = following.get(start), following.get(start + 1)
    return 2 if first and second and not merges and _completes(first, second) else 1


def _completes(first: RawRow, second: RawRow) -> bool:
    """True when the second row names columns where the first has gaps, and has gaps where the first has names."""
    width = max(len(first.cells), len(second.cells))
    upper, lower = _padded(first.cells, width), _padded(second.cells, width)
    fills = sum(is_blank(a) and not is_blank(b) for a, b in zip(upper, lower, strict=True))
    leaves = sum(is_blank(b) and not is_blank(a) for a, b in zip(upper, lower, strict=True))
    texts = [normal_text(cell) for cell in lower if not is_blank(cell)]
    return fills >= 1 and leaves >= 1 and not any(_DATA_LIKE.fullmatch(text) for text in texts)


def _padded(cells: Sequence[Any], width: int) -> list[Any]:
    return list(cells) + [None] * (width - len(cells))


def _column_names(header: Sequence[RawRow], merges: Sequence[Merge]) -> tuple[str, ...]:
    """Names from top to bottom, joined by a blank; a repeated name gets (2), a nameless column its letter."""
    width = max((len(row.cells) for row in header), default=0)
    width = max([width, *(area.right for area in merges if header and header[0].number <= area.top <= header[-1].number)])
    levels = [_level(row, width, merges, is_last=row is header[-1]) for row in header]
    names = [" ".join(dict.fromkeys(filter(None, parts))) for parts in zip(*levels, strict=True)]
    while names and not names[-1]:
        names.pop()
    return tuple(_distinct(name or get_column_letter(index + 1) for index, name in enumerate(names)))


def _level(row: RawRow, width: int, merges: Sequence[Merge], *, is_last: bool) -> list[str]:
    texts = [_name_of(cell) for cell in _padded(row.cells, width)]
    for area in merges:
        if area.top == row.number:
            texts[area.left - 1 : area.right] = [texts[area.left - 1]] * (min(area.right, width) - area.left + 1)
    if not merges and not is_last:
        # Plain text keeps no merges: a group's name reaches to the next name.
        for index in range(1, width):
            texts[index] = texts[index] or texts[index - 1]
    return texts


def _name_of(cell: Any) -> str:
    """On one line, not endless, and without what no database can keep."""
    text = cell_text(cell)[:NAME_CHARS]
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _distinct(names: Iterable[str]) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for name in names:
        seen[column_key(name)] += 1
        yield name if seen[column_key(name)] == 1 else f"{name} ({seen[column_key(name)]})"
