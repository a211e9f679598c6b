"""What a file looks like, for the mapping page: sheets, columns, first rows, and the mapping to begin with."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from safetyplant.reporting.imports.headers import Table
from safetyplant.reporting.imports.mapping import Mapping, read_options
from safetyplant.reporting.imports.opening import open_source
from safetyplant.reporting.imports.parsers.cells import cell_text
from safetyplant.reporting.imports.preparing import choose_tables, saved_mapping
from safetyplant.reporting.imports.report import shortened
from safetyplant.reporting.imports.suggesting import suggest_mapping
from safetyplant.reporting.imports.targets import ImportTarget

PREVIEW_ROWS = 8
PREVIEW_CHARS = 60


@dataclass(frozen=True)
class Layout:
    kind: str
    encoding: str
    delimiter: str
    sheets: tuple[str, ...]
    sheet: str
    columns: tuple[str, ...]
    header_row: int
    titles: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    is_saved: bool

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheets": list(self.sheets),
            "sheet": self.sheet,
            "columns": list(self.columns),
            "header_row": self.header_row,
            "titles": list(self.titles),
            "rows": [[number, list(cells)] for number, cells in self.rows],
            "is_saved": self.is_saved,
        }


def inspect_file(path: Path, target: ImportTarget, options: dict[str, Any]) -> tuple[Layout, Mapping]:
    """Raises `UnreadableFile`. The mapping is the one saved for these columns, else a guess; with the options given."""
    wanted = read_options(options)
    with open_source(path, wanted) as source:
        table = choose_tables(source, target, wanted, [])[0]
        saved = saved_mapping(target, table)
        mapping = saved or suggest_mapping(target, table)
        layout = Layout(
            kind=source.kind,
            encoding=source.encoding,
            delimiter=source.delimiter,
            sheets=tuple(source.sheets),
            sheet=table.sheet,
            columns=table.columns,
            header_row=table.header_row,
            titles=tuple(shortened(title) for title in table.titles),
            rows=_first_rows(table),
            is_saved=saved is not None,
        )
    return layout, Mapping(mapping.columns, mapping.values, {**mapping.options, **options})


def _first_rows(table: Table) -> tuple[tuple[int, tuple[str, ...]], ...]:
    width = len(table.columns)
    return tuple((row.number, _shown(row.cells, width)) for row in islice(table.records(), PREVIEW_ROWS))


def _shown(cells: list[Any], width: int) -> tuple[str, ...]:
    texts = [shortened(cell_text(cell)) for cell in cells[:width]]
    texts = [f"{text[:PREVIEW_CHARS]}…" if len(text) > PREVIEW_CHARS else text for text in texts]
    return tuple(texts + [""] * (width - len(texts)))
