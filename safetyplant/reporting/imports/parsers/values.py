"""Parsers of text, numbers, money, yes/no, choices and multi-valued cells."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from safetyplant.reporting.imports.parsers.cells import (
    PLAIN,
    Cell,
    CellFault,
    CellStyle,
    cell_text,
    is_blank,
    is_placeholder,
    normal_text,
)

Words = Mapping[str, Sequence[str | Promise]]
YES = frozenset(["是", "有", "对", "真", "yes", "y", "true", "t", "1", "on", "√", "✓", "✔", "☑"])
NO = frozenset(["否", "无", "没有", "错", "假", "no", "n", "false", "f", "0", "off", "×", "x", "✗", "✘", "☐"])
SEPARATORS = "、;；/\n"
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?", re.IGNORECASE)
_FILLERS = re.compile(r"[\s'_]")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_CURRENCY = re.compile(r"^(人民币|rmb|cny|usd|us\$|eur|hk\$|[¥$€£])\s*|\s*(人民币|rmb|cny|usd|eur|[¥$€£])$", re.IGNORECASE)
_MULTIPLES = {
    "千": Decimal(1_000),
    "万": Decimal(10_000),
    "百万": Decimal(1_000_000),
    "千万": Decimal(10_000_000),
    "亿": Decimal(100_000_000),
}
_MULTIPLE = re.compile(r"\s*(千万|百万|千|万|亿)?\s*(元|圆|块)?\s*整?$")
MAX_DIGITS = 30


class Parser:
    """Reads one cell, or several cells mapped to one field, into a Python value. Raises `CellFault`.

    Called as `parser(cell, style)`; a blank cell gives `None`. Subclasses write `parse`.
    """

    placeholders_are_blank = True

    def __call__(self, cell: Cell, style: CellStyle = PLAIN) -> Any:
        if is_blank(cell) or (self.placeholders_are_blank and is_placeholder(cell)):
            return None
        return self.parse(cell, style)

    def parse(self, cell: Cell, style: CellStyle) -> Any:
        raise NotImplementedError

    def begin(self) -> None:
        """Called once before the cells of a file: the time to read what is kept as data."""

    def combine(self, cells: Sequence[Cell], style: CellStyle, join: str = " ") -> Any:
        """Several columns mapped to one field: their texts joined. Numbers add up instead, multi-valued fields collect."""
        return self(join.join(text for text in map(cell_text, cells) if text), style)


class Text(Parser):
    """Free text, without padding; a dash is a dash. `max_length` in characters."""

    placeholders_are_blank = False

    def __init__(self, max_length: int | None = None) -> None:
        self.max_length = max_length

    def parse(self, cell: Cell, style: CellStyle) -> str:
        text = cell_text(cell)
        if self.max_length is not None and len(text) > self.max_length:
            raise CellFault(_("Longer than %(limit)s characters (%(length)s).") % {"limit": self.max_length, "length": len(text)})
        return text


class Name(Text):
    """A name or code on one line: inner runs of blanks and line breaks become one blank, so that padded names match."""

    def parse(self, cell: Cell, style: CellStyle) -> str:
        return super().parse(" ".join(cell_text(cell).split()), style)


class Number(Parser):
    """A decimal number → `Decimal`: thousands separators, full-width digits. Several columns add up."""

    def __init__(self, minimum: Decimal | int | None = None, maximum: Decimal | int | None = None) -> None:
        self.minimum = minimum
        self.maximum = maximum

    def parse(self, cell: Cell, style: CellStyle) -> Any:
        return self.in_range(self.read(cell, style))

    def read(self, cell: Cell, style: CellStyle) -> Decimal:
        return read_decimal(normal_text(cell), style.decimal)

    def in_range(self, number: Any) -> Any:
        if self.minimum is not None and number < self.minimum:
            raise CellFault(_("Less than %(limit)s.") % {"limit": self.minimum})
        if self.maximum is not None and number > self.maximum:
            raise CellFault(_("More than %(limit)s.") % {"limit": self.maximum})
        return number

    def combine(self, cells: Sequence[Cell], style: CellStyle, join: str = " ") -> Any:
        numbers = [number for number in (self(cell, style) for cell in cells) if number is not None]
        return sum(numbers[1:], numbers[0]) if numbers else None


class Integer(Number):
    """A whole number → `int`; "12.0" is one, "12.5" is not."""

    def read(self, cell: Cell, style: CellStyle) -> Any:
        number = super().read(cell, style)
        if number != number.to_integral_value():
            raise CellFault(_("Not a whole number."))
        return int(number)


class Money(Number):
    """An amount → `Decimal` in the currency's own unit: ￥1,234.56, 1.2万元, $1,627, (300) for minus 300."""

    def read(self, cell: Cell, style: CellStyle) -> Decimal:
        text = normal_text(cell)
        negative = text.startswith("(") and text.endswith(")")
        text = text[1:-1].strip() if negative else text
        sign = "-" if text.startswith("-") else ""
        text = _CURRENCY.sub("", text.lstrip("+-").strip()).strip()
        multiple = _MULTIPLE.search(text)
        factor = _MULTIPLES.get(multiple[1] or "", Decimal(1)) if multiple else Decimal(1)
        text = text[: multiple.start()] if multiple else text
        amount = read_decimal(sign + text, style.decimal) * factor
        return -amount if negative else amount


class Boolean(Parser):
    """Yes or no, in the words and signs of both languages."""

    placeholders_are_blank = False

    def parse(self, cell: Cell, style: CellStyle) -> bool:
        text = normal_text(cell).casefold()
        if text in YES:
            return True
        if text in NO:
            return False
        raise CellFault(_("Neither yes nor no."))


class Choice(Parser):
    """One of a few codes. `words` maps each code to the words that mean it, in any language; codes match themselves.

    May be given as a callable, so that choices kept as data are read when the import runs.
    """

    def __init__(self, words: Words | Callable[[], Words]) -> None:
        self.words = words
        self._codes: dict[str, str] = {}

    def begin(self) -> None:
        words = self.words() if callable(self.words) else self.words
        self._codes = {_folded(str(meaning)): code for code, meanings in words.items() for meaning in meanings}
        self._codes |= {_folded(code): code for code in words}

    def parse(self, cell: Cell, style: CellStyle) -> str:
        if not self._codes:
            self.begin()
        code = self._codes.get(_folded(cell_text(cell)))
        if code is None:
            raise CellFault(_("Not one of: %(choices)s.") % {"choices": gettext(", ").join(self._known())})
        return code

    def _known(self) -> list[str]:
        """One word for each code, such as its owner would write it: Chinese to Chinese readers where the words have some."""
        words = self.words() if callable(self.words) else self.words
        is_chinese = (get_language() or "").startswith("zh")
        choices = [[str(meaning) for meaning in meanings] or [code] for code, meanings in words.items()]
        return [next((each for each in known if is_chinese and not each.isascii()), known[0]) for known in choices]


class Many(Parser):
    """A multi-valued cell → tuple, parted at 、 ; / and line breaks (or at the mapping's `separators`), without repeats."""

    def __init__(self, of: Parser | None = None, separators: str = SEPARATORS) -> None:
        self.of = of or Name()
        self.separators = separators

    def begin(self) -> None:
        self.of.begin()

    def __call__(self, cell: Cell, style: CellStyle = PLAIN) -> Any:
        return super().__call__(cell, style) or ()

    def parse(self, cell: Cell, style: CellStyle) -> tuple[Any, ...]:
        signs = style.separators or self.separators
        parts = re.split(f"[{re.escape(signs)}]", cell_text(cell))
        values = (self.of(part, style) for part in parts)
        return tuple(dict.fromkeys(value for value in values if value is not None))

    def combine(self, cells: Sequence[Cell], style: CellStyle, join: str = " ") -> Any:
        return tuple(dict.fromkeys(value for cell in cells for value in self(cell, style)))


def read_decimal(text: str, decimal: str = ".") -> Decimal:
    """A number out of half-width text. Never guesses: 12,5 is a fault unless the mapping says that the comma is decimal."""
    compact = _FILLERS.sub("", text)
    if decimal == ",":
        compact = compact.replace(".", "").replace(",", ".")
    elif _GROUPED.fullmatch(compact):
        compact = compact.replace(",", "")
    if not _NUMBER.fullmatch(compact):
        raise CellFault(_("Not a number."))
    number = Decimal(compact)
    if len(number.as_tuple().digits) > MAX_DIGITS or abs(number.adjusted()) > MAX_DIGITS:
        raise CellFault(_("The number has too many digits."))
    return number


def _folded(text: str) -> str:
    return " ".join(normal_text(text).casefold().split())
