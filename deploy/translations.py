"""Compile locale/*.po to .mo without the gettext programs, which a fresh machine lacks."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CHECKOUT = Path(__file__).resolve().parent.parent


def compile_all(locale: Path) -> int:
    catalogues = sorted(locale.glob("*/LC_MESSAGES/*.po"))
    for path in catalogues:
        with path.open("rb") as source:
            catalogue = read_po(source, abort_invalid=True)
        unfinished = path.with_suffix(".mo.new")
        with unfinished.open("wb") as target:
            write_mo(target, catalogue)
        unfinished.replace(path.with_suffix(".mo"))
    return len(catalogues)


if __name__ == "__main__":
    print(f"{compile_all(CHECKOUT / 'locale')} catalogues compiled")
