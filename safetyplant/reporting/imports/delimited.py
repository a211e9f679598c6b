"""CSV, TSV and their kin, streamed."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from safetyplant.reporting.imports import limits
from safetyplant.reporting.imports.encodings import detect_encoding, named_encoding
from safetyplant.reporting.imports.reading import Merge, RawRow, ReadOptions, UnreadableFile

DELIMITERS = (",", "\t", ";", "|", "，")
NAMED = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
SNIFFED_ROWS = 100


class DelimitedSource:
    """One sheet of delimited text. Bytes that are wrong in the encoding become U+FFFD, which the parsers name as a fault of
    their row, so that one damaged cell doesn't hide the rest."""

    kind = "text"
    epoch_1904 = False

    def __init__(self, path: Path, options: ReadOptions) -> None:
        # The limit is global to the csv module; a longer field raises and is named as a fault of its row.
        csv.field_size_limit(limits.LINE_CHARS)
        self.path = path
        self.encoding = named_encoding(options.encoding) if options.encoding else detect_encoding(path)
        self.sheets = [str(_("the file"))]
        self.delimiter = NAMED.get(options.delimiter.strip().casefold(), options.delimiter) or self._sniff()
        if len(self.delimiter) != 1 or self.delimiter in '"\r\n':
            raise UnreadableFile(_("The delimiter must be one character."))

    def rows(self, sheet: str = "") -> Iterator[RawRow]:
        with self._open() as stream:
            reader = csv.reader(bounded_lines(stream), delimiter=self.delimiter)
            number = 0
            while True:
                number += 1
                try:
                    # As in a workbook: what stands beyond is formatting or attack, never a record.
                    cells: list[str | None] = list(next(reader)[: limits.COLUMNS])
                except StopIteration:
                    return
                except csv.Error:
                    yield RawRow(number, [], _("The row can't be read: a cell is too long, or a quotation mark is not closed."))
                    continue
                yield RawRow(number, [cell or None for cell in cells])

    def merges(self, sheet: str = "") -> list[Merge]:
        return []

    def close(self) -> None:
        return None

    def _open(self) -> io.TextIOWrapper:
        codecs.lookup(self.encoding)
        return self.path.open(encoding=self.encoding, errors="replace", newline="")

    def _sniff(self) -> str:
        with self._open() as stream:
            lines = list(islice(bounded_lines(stream), SNIFFED_ROWS))
        return max(DELIMITERS, key=lambda sign: _consistency(lines, sign))


def bounded_lines(stream: io.TextIOBase) -> Iterator[str]:
    """Lines, none longer than the limit: what is longer comes cut and without quotation marks, so that it stays one row."""
    while line := stream.readline(limits.LINE_CHARS):
        if len(line) < limits.LINE_CHARS or line.endswith("\n"):
            yield line
            continue
        while (more := stream.readline(limits.LINE_CHARS)) and not more.endswith("\n"):
            pass
        yield line[: limits.CELL_CHARS * 2].replace('"', "") + "\n"


def _consistency(lines: Iterable[str], delimiter: str) -> tuple[float, int]:
    """How well a sign parts the lines into the same number of cells: (share of lines that agree, number of cells)."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if any(row)]
    except csv.Error:
        return 0.0, 0
    filled = Counter(width for width in widths if width > 1)
    if not filled:
        return 0.0, 0
    width, agreeing = filled.most_common(1)[0]
    return round(agreeing / len(widths), 1), width
