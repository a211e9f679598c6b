"""The row-by-row report: every fault, and every row left out with the reason, streamed to a file."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TextIO

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safetyplant.reporting.imports import limits

VALUE_CHARS = 200
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


class Kind(StrEnum):
    FAULT = "fault"
    DUPLICATE = "duplicate"
    NOTE = "note"


KIND_LABELS = {
    Kind.FAULT: gettext_lazy("Fault"),
    Kind.DUPLICATE: gettext_lazy("Duplicate"),
    Kind.NOTE: gettext_lazy("Note"),
}


@dataclass(frozen=True)
class ReportLine:
    row: int
    kind: Kind
    message: str | Promise
    sheet: str = ""
    column: str = ""
    value: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "kind": str(self.kind),
            "sheet": self.sheet,
            "column": self.column,
            "value": self.value,
            "message": str(self.message),
        }


@dataclass
class Counts:
    """What the contract's JSON says. Rows are the rows with anything in them below the header; each is in one other count."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    errors: int = 0

    def as_json(self) -> dict[str, int]:
        return {
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "skipped": self.skipped,
            "errors": self.errors,
        }


@dataclass
class Report:
    """Keeps the first lines for the page and hands every line on as it comes, so that its length costs no memory."""

    sink: Callable[[ReportLine], None] = lambda line: None
    shown: list[ReportLine] = field(default_factory=list)
    duplicates: int = 0
    lines: int = 0

    def add(self, line: ReportLine) -> None:
        self.lines += 1
        self.duplicates += line.kind == Kind.DUPLICATE
        if len(self.shown) < limits.SHOWN_FAULTS:
            self.shown.append(line)
        self.sink(line)


class CsvReport:
    """Writes lines to a CSV file that opens in a spreadsheet program as it should, formulas inert."""

    def __init__(self, stream: TextIO) -> None:
        self._writer = csv.writer(stream)
        self._writer.writerow([_("Row"), _("Kind"), _("Sheet"), _("Column"), _("Value"), _("What is wrong")])

    def __call__(self, line: ReportLine) -> None:
        cells = (str(KIND_LABELS[line.kind]), line.sheet, line.column, line.value, str(line.message))
        self._writer.writerow([line.row, *map(inert, cells)])


def inert(text: str) -> str:
    """SECURITY: a cell that begins like a formula would run in the reader's spreadsheet program; the mark makes it text."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def shortened(text: str) -> str:
    """A value as the report shows it: storable, on one line, not endless."""
    cleaned = "".join(character if character.isprintable() else " " for character in text[: VALUE_CHARS + 1])
    return cleaned[:VALUE_CHARS] + "…" if len(cleaned) > VALUE_CHARS else cleaned
