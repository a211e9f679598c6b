"""A cell as it comes from a file (text, or a typed value from a spreadsheet), and what is common to reading it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safetyplant.reporting.imports import limits

Cell = Any  # str, int, float, bool, datetime, date, time or None; `Any` keeps the readers free of casts

INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SHEET_ERRORS = frozenset({"#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"})
_PLACEHOLDERS = frozenset({"-", "--", "---", "—", "——", "/", "\\", "n/a", "na", "#n/a", "null", "none", "nil", "nan", "无"})


class CellFault(ValueError):
    """A cell that can't be read as its field wants. The message is for the owner of the file."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class CellStyle:
    """How the cells of one column are to be read: found by looking at the column, or named in the mapping's options.

    `date_order` is `mdy` or `dmy`, for dates such as 3/4/1996; `decimal` the decimal sign; `epoch_1904` is the other
    origin of Excel's day numbers; `separators` part the values of a multi-valued cell.
    """

    date_order: str = "mdy"
    decimal: str = "."
    epoch_1904: bool = False
    separators: str = ""


PLAIN = CellStyle()


def cell_text(cell: Cell) -> str:
    """The cell as text, without padding. Whole floats lose their ".0", midnight loses its time."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = cell.strip()
        return text if text.isascii() else text.strip(INVISIBLE).strip()
    return _typed_text(cell)


def _typed_text(cell: Cell) -> str:
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case datetime():
            return _datetime_text(cell)
        case time():
            return cell.isoformat(timespec="seconds")
        case _:
            return str(cell)


def _datetime_text(moment: datetime) -> str:
    if moment.time() == time(0):
        return moment.date().isoformat()
    return moment.replace(microsecond=0).isoformat(sep=" ")


def normal_text(cell: Cell) -> str:
    """Text with full-width digits, letters and signs made half-width, for everything that is not free text."""
    text = cell_text(cell)
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def is_blank(cell: Cell) -> bool:
    if not isinstance(cell, str):
        return cell is None
    # Nearly every cell is told by its first character; this runs for each of millions.
    return not ("!" <= cell[:1] <= "~") and not cell_text(cell)


def is_placeholder(cell: Cell) -> bool:
    """True for what people write into a cell to say that nothing is known."""
    return isinstance(cell, str) and len(cell) < 20 and normal_text(cell).casefold() in _PLACEHOLDERS


def refuse_unreadable(cell: Cell) -> None:
    """Raise `CellFault` for what no database column can take or no one can have meant."""
    if not isinstance(cell, str):
        return
    if len(cell) > limits.CELL_CHARS:
        raise CellFault(_("The cell is longer than 100,000 characters."))
    if cell.isascii() and "\0" not in cell and not cell.startswith("#"):
        return
    if _UNSTORABLE.search(cell):
        raise CellFault(_("The cell holds characters that can't be stored. Type it again."))
    if "\ufffd" in cell:
        raise CellFault(_("The cell holds characters that couldn't be read. Name the file's encoding, or type it again."))
    if cell.strip() in _SHEET_ERRORS:
        raise CellFault(_("The cell holds a spreadsheet error instead of a value."))
