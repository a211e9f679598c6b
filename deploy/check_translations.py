"""Every string marked for translation has a finished Chinese one with the same placeholders."""

import sys
from collections.abc import Iterator

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from deploy.strings import LOCALE, PLACEHOLDER, Marked, marked_strings

CATALOGUE = LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.po"


def find_faults() -> list[str]:
    """One line for each string that is missing, empty, fuzzy or has other placeholders than the English."""
    if not CATALOGUE.exists():
        return [f"{CATALOGUE} is missing; run make messages."]
    with CATALOGUE.open("rb") as file:
        return list(faults_of(read_po(file, locale="zh_Hans")))


def faults_of(catalogue: Catalog) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for marked in marked_strings():
        key = (marked.context, marked.english[0])
        if key not in seen:
            seen.add(key)
            fault = fault_of(catalogue, marked)
            if fault:
                yield f"{marked.path}:{marked.line}: {fault}: {marked.english[0]!r}"


def fault_of(catalogue: Catalog, marked: Marked) -> str:
    message = catalogue.get(marked.english[0], marked.context or None)
    if message is None:
        return "not in the catalogue"
    texts = list(message.string) if isinstance(message.string, tuple | list) else [message.string]
    if not all(texts):
        return "not translated"
    if message.fuzzy:
        return "fuzzy"
    wanted = set(PLACEHOLDER.findall(marked.english[-1]))
    if "%" in marked.english[-1] and any(set(PLACEHOLDER.findall(text or "")) != wanted for text in texts):
        return "other placeholders in the translation"
    return ""


if __name__ == "__main__":
    faults = find_faults()
    print(*faults, sep="\n")
    print(f"{len(faults)} strings lack a Chinese translation." if faults else "Every string is translated.")
    sys.exit(1 if faults else 0)
