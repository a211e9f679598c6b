"""The cells of one worksheet out of its XML, row by row in constant memory."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import IO, Any
from xml.parsers import expat

from openpyxl.utils.datetime import from_excel, from_ISO8601

from safetyplant.reporting.imports import limits
from safetyplant.reporting.imports.reading import Merge, RawRow
from safetyplant.reporting.imports.shared_strings import refuse_doctype

CHUNK = 64 * 1024
HEADER_ZONE = 60  # merges below this row name no columns
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')


class SheetXmlError(ValueError):
    """The sheet's XML is not what a spreadsheet program writes."""


class SheetReader:
    """Reads the rows of one worksheet once. `last_row` tells how far it came."""

    def __init__(self, *, strings: Sequence[str] | Any, epoch: datetime, date_styles: frozenset[int]) -> None:
        self.last_row = 0
        self._strings = strings
        self._epoch = epoch
        self._date_styles = date_styles
        self._ready: list[RawRow] = []
        self._cells: list[Any] = []
        self._row = 0
        self._column = 0
        self._type = "n"
        self._style = 0
        self._parts: list[str] = []
        self._length = 0
        self._taking = False
        self._phonetic = 0
        self._columns: dict[str, int] = {}
        self._is_over = False

    def rows(self, stream: IO[bytes]) -> Iterator[RawRow]:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = refuse_doctype
        since_row = 0
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk, False)
            since_row = 0 if self._ready else since_row + len(chunk)
            if since_row > limits.ROW_BYTES:
                raise SheetXmlError("a row without end")
            yield from self._ready
            self._ready.clear()
            if self._is_over:
                # What follows (merges, validations, drawings) holds no cells.
                return
        parser.Parse(b"", True)
        yield from self._ready

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "c":
            self._begin_cell(attributes)
        elif tag == "v" or (tag == "t" and not self._phonetic):
            self._taking = True
        elif tag == "row":
            self._begin_row(attributes.get("r"))
        elif tag == "rPh":
            self._phonetic += 1

    def _data(self, data: str) -> None:
        if self._taking and self._length <= limits.CELL_CHARS:
            data = data[: limits.CELL_CHARS + 1 - self._length]
            self._parts.append(data)
            self._length += len(data)

    def _end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if tag in {"v", "t"}:
            self._taking = False
        elif tag == "c":
            self._finish_cell()
        elif tag == "row":
            self._ready.append(RawRow(self._row, self._cells))
            self._cells = []
            self.last_row = self._row
        elif tag == "rPh":
            self._phonetic -= 1
        elif tag == "sheetData":
            self._is_over = True

    def _begin_row(self, number: str | None) -> None:
        self._row = int(number) if number else self._row + 1
        self._column = 0
        if not self.last_row < self._row <= limits.SHEET_ROWS:
            raise SheetXmlError("rows out of order or beyond the sheet")

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self._column = self._column_of(reference) if reference else self._column + 1
        if not len(self._cells) < self._column <= limits.COLUMNS:
            # Columns far out on the right are formatting or attack, never a record; out of order is damage.
            if self._column <= len(self._cells):
                raise SheetXmlError("cells out of order")
            self._column = 0
        self._type = attributes.get("t", "n")
        style = attributes.get("s", "0")
        self._style = int(style) if style.isdigit() else 0
        self._parts.clear()
        self._length = 0

    def _column_of(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = column_number(letters)
            self._columns[letters] = column
        return column

    def _finish_cell(self) -> None:
        if not self._column or not self._parts:
            return
        value = self._value("".join(self._parts))
        if value is None or value == "":
            return
        self._cells.extend([None] * (self._column - 1 - len(self._cells)))
        self._cells.append(value)

    def _value(self, text: str) -> Any:
        match self._type:
            case "s":
                return self._strings[int(text)]
            case "n":
                return self._number(text)
            case "b":
                return text.strip() == "1"
            case "d":
                return from_ISO8601(text)
            case _:
                return text

    def _number(self, text: str) -> Any:
        try:
            number: int | float = float(text) if "." in text or "E" in text or "e" in text else int(text)
        except ValueError:
            return text
        if self._style not in self._date_styles:
            return number
        try:
            return from_excel(number, self._epoch)
        except (OverflowError, ValueError):
            return text


def column_number(letters: str) -> int:
    """A → 1, Z → 26, AA → 27. Raises `SheetXmlError` for what is no column."""
    if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
        raise SheetXmlError("no such column")
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def merged_areas(stream: IO[bytes]) -> list[Merge]:
    """Merged areas in the first rows. They stand behind the cells in the file: a cheap look through its bytes finds them."""
    found: list[Merge] = []
    tail = b""
    while chunk := stream.read(CHUNK):
        data = tail + chunk
        for match in _MERGE.finditer(data):
            top, bottom = int(match[2]), int(match[4])
            if top <= HEADER_ZONE and len(found) < limits.COLUMNS:
                found.append(Merge(top, column_number(match[1].decode()), bottom, column_number(match[3].decode())))
        tail = data[-100:] if not _MERGE.search(data[-100:]) else b""
    return found
