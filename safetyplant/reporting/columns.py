"""What a list shows, declared once: the page, CSV and XLSX take the same columns."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from safetyplant.formats.days import day_and_clock, day_text
from safetyplant.reporting.keyset import Text

Value = Callable[[Any], Any] | str


@dataclass(frozen=True)
class Column:
    """One column of a list.

    `value` is a function of the row or an attribute path ("unit.name"); what it gives goes into exports as it is (numbers,
    dates and moments stay such). `draw(cell)` gives the cell's markup on the page, `template` the same with `row` and `value`
    (a template per cell is slow: prefer `draw` for long lists); without either the value is written as text, as a link when
    `link(row)` gives an address. `reads` names the fields behind the cell ("title", "unit__name"): where every column on the
    page tells them, the list reads only these, which halves the cost of its rows. `css` is the cell's class (c-level, c-title,
    c-state, c-who, c-due), `sort` the key of the list's sort behind its heading. `is_shown` False: only when the reader adds it.
    """

    key: str
    label: Text
    value: Value
    template: str = ""
    draw: Callable[[Any], SafeString] | None = None
    sort: str = ""
    css: str = ""
    link: Callable[[Any], str] | None = None
    reads: tuple[str, ...] = ()
    is_shown: bool = True
    only_export: bool = False

    def value_for(self, row: Any) -> Any:
        if callable(self.value):
            return self.value(row)
        value = row
        for part in self.value.split("."):
            value = getattr(value, part, None)
            if callable(value) and not isinstance(value, Model):
                value = value()
        return value


def as_text(value: Any) -> str:  # noqa: PLR0911 - one answer per kind of value
    """The value as the active language writes it."""
    match value:
        case None | "":
            return ""
        case bool():
            return gettext("Yes") if value else gettext("No")
        case datetime():
            return day_and_clock(value)
        case date():
            return day_text(value)
        case int() | float():
            return number_format(value, use_l10n=True, force_grouping=True)
        case list() | tuple() | set():
            return gettext(", ").join(as_text(part) for part in value)
        case _:
            return str(value)
