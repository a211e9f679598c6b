"""Which column feeds which field, what its words mean, how the file is to be read: kept as JSON, so that it can be reused.

{"columns": {"unit": "Operator ID", "found_at": ["Date", "Time"], "title": {"columns": ["A", "B"], "join": ": "},
             "level": {"column": "Code", "default": "G3"}, "source": {"const": "BSEE"}},
 "values": {"level": {"W": "G3", "C": "G2", "": "G3"}},
 "options": {"encoding": "gb18030", "sheets": ["Sheet1"], "header_row": 3, "date_order": "dmy"}}
"""

import json
from collections.abc import Collection, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from safetyplant.reporting.imports.headers import Table, column_key
from safetyplant.reporting.imports.parsers.cells import Cell, CellFault, CellStyle, cell_text, is_blank
from safetyplant.reporting.imports.reading import ReadOptions, UnreadableFile
from safetyplant.reporting.imports.targets import ImportTarget

OPTIONS = frozenset(
    [
        "encoding",
        "delimiter",
        "sheet",
        "sheets",
        "header_row",
        "header_rows",
        "date_order",
        "date_orders",
        "decimal",
        "separators",
        "key",
    ]
)
SCALAR = (str, int, float, bool, type(None))
DATE_ORDERS = frozenset({"", "mdy", "dmy"})


@dataclass(frozen=True)
class ColumnSource:
    """Where a field's value comes from: columns by name (joined by `join`), else `default`, or always `const`."""

    columns: tuple[str, ...] = ()
    join: str = " "
    default: Any = None
    const: Any = None

    def as_json(self) -> Any:
        if self.const is not None:
            return {"const": self.const}
        if self.join == " " and self.default is None:
            return self.columns[0] if len(self.columns) == 1 else list(self.columns)
        extra = {"default": self.default} if self.default is not None else {}
        return {"columns": list(self.columns), "join": self.join, **extra}


@dataclass(frozen=True)
class Mapping:
    columns: MappingType[str, ColumnSource]
    values: MappingType[str, MappingType[str, Any]] = field(default_factory=dict)
    options: MappingType[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "columns": {name: source.as_json() for name, source in self.columns.items()},
            "values": {name: dict(words) for name, words in self.values.items()},
            "options": dict(self.options),
        }

    @property
    def read_options(self) -> ReadOptions:
        return read_options(self.options)

    def style_for(self, *, date_order: str, epoch_1904: bool) -> CellStyle:
        return CellStyle(
            date_order=date_order or "mdy",
            decimal=str(self.options.get("decimal") or "."),
            epoch_1904=epoch_1904,
            separators=str(self.options.get("separators") or ""),
        )

    def named_date_order(self, field_name: str) -> str:
        """The order of day and month that someone has named for a field, or ""."""
        return str((self.options.get("date_orders") or {}).get(field_name) or self.options.get("date_order") or "")


def read_options(options: MappingType[str, Any]) -> ReadOptions:
    """Raises `UnreadableFile` for an option that can't be meant."""
    sheets = options.get("sheets", options.get("sheet")) or ()
    return ReadOptions(
        encoding=str(options.get("encoding") or ""),
        delimiter=str(options.get("delimiter") or ""),
        sheets=(sheets,) if isinstance(sheets, str) else tuple(map(str, sheets)),
        header_row=_whole_number(options, "header_row"),
        header_rows=_whole_number(options, "header_rows") or 0,
    )


def target_options(options: MappingType[str, Any], target: ImportTarget) -> dict[str, Any]:
    """What was decided about the target's own options, parsed. Raises `UnreadableFile` for what none of them can be."""
    values = {}
    for option in target.options:
        try:
            values[option.name] = option.parser(options.get(option.name))
        except CellFault as fault:
            message = _("Option “%(name)s”: %(reason)s")
            raise UnreadableFile(message % {"name": option.name, "reason": fault.message}) from fault
    return values


def _whole_number(options: MappingType[str, Any], name: str) -> int | None:
    value = options.get(name)
    if value in (None, ""):
        return None
    if isinstance(value, bool) or not str(value).isdigit() or int(str(value)) > 1000:
        raise UnreadableFile(_("Option “%(name)s” must be a row number.") % {"name": name})
    return int(str(value))


def mapping_from_json(data: Any, target: ImportTarget) -> Mapping:
    """A mapping out of what someone wrote. Raises `UnreadableFile` naming the first thing that is wrong."""
    _refuse_unstorable(data)
    parts = {name: data.get(name) or {} for name in ("columns", "values", "options")} if isinstance(data, dict) else {}
    if not parts or not all(isinstance(part, dict) for part in parts.values()) or set(data) - set(parts):
        raise UnreadableFile(_("A mapping is a JSON object with “columns”, “values” and “options”, each an object."))
    _refuse_unknown(set(parts["columns"]) | set(parts["values"]), target)
    unknown = sorted(set(parts["options"]) - OPTIONS - {option.name for option in target.options})
    if unknown:
        raise UnreadableFile(_("Unknown option in the mapping: %(names)s.") % {"names": ", ".join(unknown)})
    if parts["options"].get("date_order", "") not in DATE_ORDERS:
        raise UnreadableFile(_("The option “date_order” must be “mdy” or “dmy”."))
    if parts["options"].get("decimal", ".") not in {".", ",", ""}:
        raise UnreadableFile(_("The option “decimal” must be “.” or “,”."))
    words = list(parts["values"].values())
    if not all(isinstance(each, dict) and all(isinstance(meaning, SCALAR) for meaning in each.values()) for each in words):
        raise UnreadableFile(_("“values” holds an object of words for each field."))
    read_options(parts["options"])
    target_options(parts["options"], target)
    columns = {name: _column_source(name, wanted) for name, wanted in parts["columns"].items() if wanted not in ("", None, [])}
    return Mapping(columns, {name: dict(words) for name, words in parts["values"].items()}, parts["options"])


def _refuse_unstorable(data: Any) -> None:
    """Characters and numbers that JSON can write but the database can't keep."""
    try:
        text = json.dumps(data, ensure_ascii=False, allow_nan=False)
        text.encode("utf-8")
    except (ValueError, TypeError, RecursionError) as error:
        raise UnreadableFile(_("The mapping holds something that can't be stored.")) from error
    if "\\u0000" in text:
        raise UnreadableFile(_("The mapping holds something that can't be stored."))


def _refuse_unknown(names: set[str], target: ImportTarget) -> None:
    unknown = sorted(names - target.field_names)
    if unknown:
        raise UnreadableFile(
            _("“%(target)s” has no field %(names)s. Its fields: %(fields)s.")
            % {"target": target.code, "names": ", ".join(unknown), "fields": ", ".join(sorted(target.field_names))}
        )


def _column_source(name: str, wanted: Any) -> ColumnSource:
    if isinstance(wanted, str):
        return ColumnSource((wanted,))
    if isinstance(wanted, list) and all(isinstance(item, str) for item in wanted):
        return ColumnSource(tuple(wanted))
    if isinstance(wanted, dict) and not all(isinstance(wanted.get(name), SCALAR) for name in ("const", "default")):
        raise UnreadableFile(_("Field “%(name)s” must name a column, a list of columns or a constant.") % {"name": name})
    if isinstance(wanted, dict) and "const" in wanted:
        return ColumnSource(const=wanted["const"])
    if isinstance(wanted, dict) and ("column" in wanted or "columns" in wanted):
        columns = wanted.get("columns", wanted.get("column"))
        columns = [columns] if isinstance(columns, str) else columns
        if isinstance(columns, list) and all(isinstance(item, str) for item in columns):
            return ColumnSource(tuple(columns), str(wanted.get("join", " ")), wanted.get("default"))
    raise UnreadableFile(_("Field “%(name)s” must name a column, a list of columns or a constant.") % {"name": name})


class BoundMapping:
    """A mapping held against the columns of one sheet: positions instead of names. Raises `UnreadableFile` for a column that
    isn't there and for a required field that nothing feeds."""

    def __init__(self, mapping: Mapping, target: ImportTarget, table: Table) -> None:
        self.mapping = mapping
        self.table = table
        self._positions = {column_key(name): index for index, name in enumerate(table.columns)}
        self.indexes = {name: [self.position(column) for column in source.columns] for name, source in mapping.columns.items()}
        self._words = {
            name: {column_key(str(word)): meaning for word, meaning in words.items()} for name, words in mapping.values.items()
        }
        missing = [str(item.label) for item in target.fields if item.required and item.name not in mapping.columns]
        if missing:
            raise UnreadableFile(
                _("No column is mapped to: %(fields)s. The file's columns: %(columns)s.")
                % {"fields": ", ".join(missing), "columns": ", ".join(table.columns)}
            )

    def position(self, column: str) -> int:
        index = self._positions.get(column_key(column))
        if index is None:
            raise UnreadableFile(
                _("“%(sheet)s” has no column “%(column)s”. Its columns: %(columns)s.")
                % {"sheet": self.table.sheet, "column": column, "columns": ", ".join(self.table.columns)}
            )
        return index

    def unused_columns(self, *, besides: Collection[int]) -> list[str]:
        """The columns of the file that feed no field, besides those at these positions, which serve for something else."""
        used = {index for indexes in self.indexes.values() for index in indexes} | set(besides)
        return [name for index, name in enumerate(self.table.columns) if index not in used]

    def cells(self, field_name: str, cells: Sequence[Cell]) -> list[Cell]:
        """The cells of a row that feed a field, after the words of the mapping have been put in place."""
        source = self.mapping.columns[field_name]
        if source.const is not None:
            return [source.const]
        found = [cells[index] if index < len(cells) else None for index in self.indexes[field_name]]
        words = self._words.get(field_name)
        if words:
            found = [words.get(column_key(cell_text(cell)), cell) for cell in found]
        return [source.default] if source.default is not None and all(map(is_blank, found)) else found

    def column_names(self, field_name: str) -> str:
        return ", ".join(self.mapping.columns[field_name].columns) if field_name in self.mapping.columns else ""
