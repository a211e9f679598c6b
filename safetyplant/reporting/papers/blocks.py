"""What a paper is made of. Every text is plain: nothing in it is read as markup."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise

from safetyplant.formats.days import local
from safetyplant.reporting.papers.pictures import PaperPicture

Words = str | Promise


def printed(value: Any) -> str:
    """A value as a paper says it: dates whole, with their year, for a paper lies in a file for years."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return date_format(local(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    return str(value)


@dataclass(frozen=True)
class Facts:
    """Label and value side by side; a row without a value is left out."""

    rows: Sequence[tuple[Words, Any]]
    heading: Words = ""
    kind = "facts"

    def as_data(self) -> dict[str, Any]:
        return {"rows": [[str(label), printed(value)] for label, value in self.rows if value not in (None, "")]}


@dataclass(frozen=True)
class Text:
    """Paragraphs; an empty line parts them."""

    body: Words
    heading: Words = ""
    kind = "text"

    def as_data(self) -> dict[str, Any]:
        return {"paragraphs": [part.strip() for part in str(self.body).split("\n\n") if part.strip()]}


@dataclass(frozen=True)
class Notice:
    """What the reader must not miss. `tone`: bad, good or now."""

    body: Words
    tone: str = "now"
    heading: Words = ""
    kind = "notice"

    def as_data(self) -> dict[str, Any]:
        return {"body": str(self.body), "tone": self.tone}


@dataclass(frozen=True)
class Table:
    """`shares`: how the width is divided, one whole number a column. The head is repeated on every page."""

    columns: Sequence[Words]
    rows: Sequence[Sequence[Any]]
    shares: Sequence[int] = ()
    heading: Words = ""
    kind = "table"

    def as_data(self) -> dict[str, Any]:
        return {
            "columns": [str(name) for name in self.columns],
            "rows": [[printed(value) for value in row] for row in self.rows],
            "shares": list(self.shares) or [1] * len(self.columns),
        }


@dataclass(frozen=True)
class Pictures:
    """Photos, two side by side."""

    pictures: Sequence[PaperPicture]
    heading: Words = ""
    kind = "pictures"

    def as_data(self) -> dict[str, Any]:
        return {"captions": [str(picture.caption) for picture in self.pictures]}


@dataclass(frozen=True)
class Signatures:
    """Who signs: what as, and the name if it is known. With `at` it has been signed on screen at that moment."""

    lines: Sequence[tuple[Words, Words, Any]]
    heading: Words = ""
    kind = "signatures"

    def as_data(self) -> dict[str, Any]:
        return {"lines": [[printed(part) for part in line] for line in self.lines]}


Block = Facts | Text | Notice | Table | Pictures | Signatures


@dataclass(frozen=True)
class Paper:
    """`issuer` is the unit that issues it, `address` where the record is found (whole, printed as a QR code)."""

    title: Words
    number: str
    issuer: str
    blocks: Sequence[Block]
    footer: Words = ""
    address: str = ""
    #: Words in the corner such as "Draft" or "Copy".
    mark: Words = ""
