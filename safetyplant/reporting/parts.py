"""What a list is made of: its views, rows, headings, tabs and pager."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from safetyplant.reporting.columns import Column, as_text
from safetyplant.reporting.keyset import Text


@dataclass(frozen=True)
class View:
    """A standard view, a tab above the list: a name for a query string ("state=open&late=1"). Its count is shown, capped.

    `rows(queryset, request)` narrows exactly as the query does, without a form: every page of the list counts every view, and a
    form for each costs more than all the rest of the page.
    """

    key: str
    label: Text
    query: str = ""
    is_counted: bool = True
    rows: Callable[[Any, HttpRequest], QuerySet] | None = None


@dataclass(frozen=True)
class Empty:
    """What an empty list says: what to do first, and one button."""

    title: Text
    text: Text = ""
    action: Text = ""
    url: str = ""
    icon: str = "inbox"


@dataclass(frozen=True)
class Cell:
    """One cell to draw: the row, what the column says of it, and who reads."""

    column: Column
    row: Any
    value: Any
    reader: Any = None

    @property
    def text(self) -> str:
        return as_text(self.value)

    @property
    def link(self) -> str:
        return self.column.link(self.row) if self.column.link else ""


@dataclass(frozen=True)
class Row:
    object: Any
    cells: list[Cell]


@dataclass(frozen=True)
class Heading:
    column: Column
    url: str = ""
    aria_sort: str = ""


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    is_current: bool
    count_text: str = ""


@dataclass(frozen=True)
class Pager:
    """What `{% pager %}` shows: words of the sort rather than page numbers."""

    summary: str
    previous_url: str = ""
    next_url: str = ""
    previous_label: Text = ""
    next_label: Text = ""


@dataclass(frozen=True)
class Fetched:
    """One page of rows, and whether there is more on either side."""

    rows: list[Any] = field(default_factory=list)
    has_previous: bool = False
    has_next: bool = False
