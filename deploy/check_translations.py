"""Every string marked for translation has a finished Chinese one with the same placeholders; needs no gettext programs."""

import re
import sys
import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import template

CHECKOUT = Path(__file__).resolve().parent.parent
CATALOGUE = CHECKOUT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
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
Key = tuple[str, str]


def sources() -> Iterator[Path]:
    for root in ROOTS:
        for path in sorted((CHECKOUT / root).rglob("*")):
            if path.suffix in (".py", ".html", ".txt") and "migrations" not in path.parts:
                yield path


def strings_of(path: Path) -> Iterator[tuple[Key, int]]:
    """Each (context, English) of a file with its line. Django turns templates into Python-like text first."""
    content = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # misplaced translator comments
            content = template.templatize(content, origin=str(path))
    for line, message, _comments, context in extract("python", BytesIO(content.encode()), keywords=KEYWORDS):
        singular = message[0] if isinstance(message, tuple) else message
        if singular:
            yield (context or "", singular), line


def faults_of(catalogue: Catalog) -> Iterator[str]:
    seen: set[Key] = set()
    for path in sources():
        for key, line in strings_of(path):
            if key in seen:
                continue
            seen.add(key)
            fault = fault_of(catalogue, key)
            if fault:
                yield f"{path.relative_to(CHECKOUT)}:{line}: {fault}: {key[1]!r}"


def fault_of(catalogue: Catalog, key: Key) -> str:
    context, english = key
    message = catalogue.get(english, context or None)
    if message is None:
        return "not in the catalogue"
    texts = message.string if isinstance(message.string, tuple | list) else [message.string]
    if not all(texts):
        return "not translated"
    if message.fuzzy:
        return "fuzzy"
    english = message.id[-1] if isinstance(message.id, tuple | list) else message.id
    wanted = set(PLACEHOLDER.findall(english))
    if "python-format" in message.flags and any(set(PLACEHOLDER.findall(text or "")) != wanted for text in texts):
        return "other placeholders in the translation"
    return ""


def main() -> int:
    settings.configure(USE_I18N=True)
    django.setup()
    if not CATALOGUE.exists():
        print(f"{CATALOGUE.relative_to(CHECKOUT)} is missing; run make messages.")
        return 1
    with CATALOGUE.open("rb") as file:
        faults = list(faults_of(read_po(file, locale="zh_Hans")))
    for fault in faults:
        print(fault)
    print(f"{len(faults)} strings lack a Chinese translation." if faults else "Every string is translated.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
