"""What the readers of all kinds of files have in common: rows, sheets, options, and the refusal of a whole file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.functional import Promise


class UnreadableFile(ValueError):
    """The file as a whole can't be read or used. The message says why and what to do."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


@dataclass(slots=True)
class RawRow:
    """A row as it stands: its number as a spreadsheet shows it, its cells, or why they could not be read."""

    number: int
    cells: list[Any]
    fault: str | Promise = ""


@dataclass(frozen=True)
class Merge:
    """A merged area near the top of a sheet, 1-based, ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class ReadOptions:
    """How to read, where the file itself doesn't tell or tells wrong. Empty means: find out.

    `sheets` are names, or ("*",) for all; `header_row` is the first row of the header (0: the sheet has none, its columns
    are called A, B, C, …), `header_rows` how many rows it takes.
    """

    encoding: str = ""
    delimiter: str = ""
    sheets: tuple[str, ...] = ()
    header_row: int | None = None
    header_rows: int = 0


class Source(Protocol):
    """An open file. `rows(sheet)` may be called again and starts anew each time."""

    kind: str
    encoding: str
    delimiter: str
    epoch_1904: bool
    sheets: list[str]

    def rows(self, sheet: str) -> Iterator[RawRow]: ...

    def merges(self, sheet: str) -> list[Merge]: ...

    def close(self) -> None: ...
