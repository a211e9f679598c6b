"""Every string marked for translation in code and templates, found without the gettext programs."""

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation import template

CHECKOUT = Path(__file__).resolve().parent.parent
LOCALE = CHECKOUT / "locale"
ROOTS = ("safetyplant", "responsibilities", "inspections", "accidents", "drills", "campaigns", "templates")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@dataclass(frozen=True)
class Marked:
    """One marked string: its English (two for a plural), its context, and where it stands."""

    english: tuple[str, ...]
    context: str
    path: Path
    line: int

    @property
    def message_id(self) -> str | tuple[str, ...]:
        return self.english if len(self.english) > 1 else self.english[0]


def marked_strings() -> Iterator[Marked]:
    for root in ROOTS:
        for path in sorted((CHECKOUT / root).rglob("*")):
            if path.suffix in (".py", ".html", ".txt") and "migrations" not in path.parts:
                yield from strings_of(path)


def strings_of(path: Path) -> Iterator[Marked]:
    content = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # misplaced translator comments
            content = template.templatize(content, origin=str(path))  # into Python-like text
    for line, message, _comments, context in extract("python", BytesIO(content.encode()), keywords=KEYWORDS):
        english = tuple(part for part in message if part) if isinstance(message, tuple) else (message,)
        if english and english[0]:
            yield Marked(english, context or "", path.relative_to(CHECKOUT), line)


def template_catalog() -> Catalog:
    """All of them as a catalogue without translations."""
    catalogue = Catalog(fuzzy=False)
    for marked in marked_strings():
        flags = ("python-format",) if any(PLACEHOLDER.search(text) and "%" in text for text in marked.english) else ()
        catalogue.add(marked.message_id, locations=[(str(marked.path), marked.line)], context=marked.context or None, flags=flags)
    return catalogue
