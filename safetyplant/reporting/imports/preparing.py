"""From an open file to tables with a mapping: which sheets, which header, which mapping (given, saved or guessed)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safetyplant.reporting.imports.headers import Table, understand_sheet
from safetyplant.reporting.imports.mapping import BoundMapping, Mapping, mapping_from_json
from safetyplant.reporting.imports.profiling import DateOrders, find_date_orders
from safetyplant.reporting.imports.reading import ReadOptions, Source, UnreadableFile
from safetyplant.reporting.imports.suggesting import recogniser, suggest_mapping
from safetyplant.reporting.imports.targets import ImportTarget
from safetyplant.reporting.models import SavedMapping

ALL_SHEETS = "*"
# Of a saved mapping only what concerns the meaning of the records is used again; how to read is found out for each file.
KEPT_OPTIONS = frozenset({"date_order", "date_orders", "decimal", "separators", "key"})


@dataclass
class Prepared:
    """One table, ready to be read as records of a target."""

    bound: BoundMapping
    orders: DateOrders


@dataclass
class Preparation:
    mapping: Mapping
    tables: list[Prepared]
    notes: list[str | Promise] = field(default_factory=list)


def prepare(
    source: Source, target: ImportTarget, mapping: Mapping | None, beat: Callable[[], None] = lambda: None
) -> Preparation:
    """Raises `UnreadableFile` when no sheet has what the mapping wants."""
    options = mapping.read_options if mapping else ReadOptions()
    notes: list[str | Promise] = []
    tables = choose_tables(source, target, options, notes)
    if mapping is None:
        mapping = saved_mapping(target, tables[0]) or suggest_mapping(target, tables[0])
    bound = _bind(mapping, target, tables, notes)
    prepared = [Prepared(each, find_date_orders(each, target, beat)) for each in bound]
    for each in prepared:
        notes.extend(note for note in each.orders.notes if note not in notes)
    return Preparation(mapping, prepared, notes)


def choose_tables(source: Source, target: ImportTarget, options: ReadOptions, notes: list[str | Promise]) -> list[Table]:
    """The sheets to read: those named, all, or the first that holds anything."""
    recognise = recogniser(target)
    if options.sheets and source.kind == "xlsx" and ALL_SHEETS not in options.sheets:
        unknown = [name for name in options.sheets if name not in source.sheets]
        if unknown:
            raise UnreadableFile(
                _("The workbook has no sheet “%(sheet)s”. Its sheets: %(sheets)s.")
                % {"sheet": unknown[0], "sheets": ", ".join(source.sheets)}
            )
        return [understand_sheet(source, name, options, recognise) for name in options.sheets]
    tables = []
    for name in source.sheets:
        if table := _unless_empty(source, name, options, recognise):
            tables.append(table)
            if ALL_SHEETS not in options.sheets:
                break
    if not tables:
        raise UnreadableFile(_("The file is empty."))
    if len(source.sheets) > 1 and ALL_SHEETS not in options.sheets:
        others = ", ".join(name for name in source.sheets if name != tables[0].sheet)
        note = _("Only sheet “%(sheet)s” is read; the file also has: %(others)s.")
        notes.append(note % {"sheet": tables[0].sheet, "others": others})
    return tables


def _unless_empty(source: Source, name: str, options: ReadOptions, recognise: Callable[[str], bool]) -> Table | None:
    if not any(any(cell is not None for cell in row.cells) for row, _unused in zip(source.rows(name), range(200), strict=False)):
        return None
    return understand_sheet(source, name, options, recognise)


def _bind(mapping: Mapping, target: ImportTarget, tables: list[Table], notes: list[str | Promise]) -> list[BoundMapping]:
    bound: list[BoundMapping] = []
    refusals: list[UnreadableFile] = []
    for table in tables:
        try:
            bound.append(BoundMapping(mapping, target, table))
        except UnreadableFile as refusal:
            refusals.append(refusal)
            notes.append(_("Sheet “%(sheet)s” was left out: it lacks the mapped columns.") % {"sheet": table.sheet})
    if not bound:
        raise refusals[0]
    return bound


def saved_mapping(target: ImportTarget, table: Table) -> Mapping | None:
    """The mapping last used for a file with these columns; `None` if there is none or the target has changed since."""
    saved = SavedMapping.objects.filter(target=target.code, fingerprint=table.fingerprint).first()
    if saved is None:
        return None
    try:
        return mapping_from_json(saved.mapping, target)
    except UnreadableFile:
        return None


def save_mapping(target: ImportTarget, table: Table, mapping: Mapping, *, by: Any = None) -> SavedMapping:
    """Remember how files with these columns are read as this target."""
    kept = KEPT_OPTIONS | {option.name for option in target.options}
    options = {name: value for name, value in mapping.options.items() if name in kept}
    saved, _created = SavedMapping.objects.update_or_create(
        target=target.code,
        fingerprint=table.fingerprint,
        defaults={"mapping": mapping.as_json() | {"options": options}, "saved_by": by},
    )
    return saved
