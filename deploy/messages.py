"""`make messages`: bring the catalogues up to date with the strings of code and templates; what is translated stays."""

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from deploy.strings import LOCALE, template_catalog

LANGUAGES = ("zh_Hans",)


def update(language: str, template: Catalog) -> int:
    """Returns how many strings still lack a translation."""
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue = Catalog(locale=language, project="SafetyPlant", header_comment="# SafetyPlant", fuzzy=False)
    if path.exists():
        with path.open("rb") as source:
            catalogue = read_po(source, locale=language)
    # A guess from a similar string would be wrong more often than right in a safety text.
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    with path.open("wb") as target:
        write_po(target, catalogue, no_location=True, sort_output=True, width=110, omit_header=False)
    return sum(1 for message in catalogue if message.id and not all(_texts(message.string)))


def _texts(string: object) -> list[object]:
    return list(string) if isinstance(string, tuple | list) else [string]


if __name__ == "__main__":
    found = template_catalog()
    for language in LANGUAGES:
        print(f"{language}: {len(found)} strings, {update(language, found)} without a translation")
