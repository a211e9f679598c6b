"""The import itself: read, parse, leave out what is there already, hand to the writer, count, report. A dry run is the same
run, rolled back, so that it can't promise what the import doesn't keep."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safetyplant.audit.services import record
from safetyplant.reporting.imports import limits
from safetyplant.reporting.imports.duplicates import SeenRows, row_digest
from safetyplant.reporting.imports.keys import RowKeys, known_keys, note_keys
from safetyplant.reporting.imports.mapping import Mapping, target_options
from safetyplant.reporting.imports.opening import open_source
from safetyplant.reporting.imports.parsers.cells import CellFault, CellStyle, cell_text, refuse_unreadable
from safetyplant.reporting.imports.preparing import Preparation, Prepared, prepare, save_mapping
from safetyplant.reporting.imports.reading import RawRow, ReadOptions, UnreadableFile
from safetyplant.reporting.imports.report import Counts, Kind, Report, ReportLine, shortened
from safetyplant.reporting.imports.targets import ImportContext, ImportField, ImportRow, ImportTarget, Outcome, RowOutcome

Beat = Callable[[int], None]
#: A sheet can be a thousand columns wide; a sentence cannot.
NAMED_COLUMNS = 30


@dataclass(frozen=True)
class ImportPlan:
    """What to do with a file. `mapping` None: the saved one for its columns, else a guess. `key`: names of fields or columns."""

    target: ImportTarget
    mapping: Mapping | None = None
    key: tuple[str, ...] = ()
    dry_run: bool = False
    skip_bad: bool = False
    by: Any = None
    now: datetime | None = None
    file_name: str = ""


@dataclass
class ImportResult:
    """`is_success`: records were brought in (or, in a dry run, would be); otherwise the database is as it was."""

    counts: Counts
    report: Report
    mapping: Mapping
    notes: list[str | Promise] = field(default_factory=list)
    is_success: bool = True


def run_import(
    path: Path, plan: ImportPlan, *, sink: Callable[[ReportLine], None] = lambda line: None, beat: Beat = lambda rows: None
) -> ImportResult:
    """Import a file, all or nothing unless `skip_bad`. `sink` gets each line of the report, `beat` the rows done so far.

    Raises `UnreadableFile` when the file as a whole can't be used; faults of rows are in the result.
    """
    options = plan.mapping.read_options if plan.mapping else ReadOptions()
    with open_source(path, options) as source:
        preparation = prepare(source, plan.target, plan.mapping, beat=lambda: beat(0))
        with transaction.atomic():
            _one_at_a_time(plan.target)
            run = _Run(plan, preparation, Report(sink), beat)
            run.read_all()
            result = run.result()
            if plan.dry_run or not result.is_success:
                transaction.set_rollback(True)
            else:
                save_mapping(plan.target, preparation.tables[0].bound.table, preparation.mapping, by=plan.by)
                detail = {"target": plan.target.code, "file": plan.file_name or path.name, **result.counts.as_json()}
                record("import.finished", None, by=plan.by, detail=detail)
    return result


def _one_at_a_time(target: ImportTarget) -> None:
    """Two imports of the same file at once would both find nothing there: the second is turned away, not queued."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock_number(target)])
        if not cursor.fetchone()[0]:
            message = _("Another import of “%(target)s” is running. Start again when it has ended.")
            raise UnreadableFile(message % {"target": target.label})


def lock_number(target: ImportTarget) -> int:
    """The number of the advisory lock that an import into this target holds."""
    return zlib.crc32(f"import {target.code}".encode())


class _Run:
    """One pass over the tables, inside the caller's transaction."""

    def __init__(self, plan: ImportPlan, preparation: Preparation, report: Report, beat: Beat) -> None:
        self.plan = plan
        self.target = plan.target
        self.counts = Counts()
        self._preparation = preparation
        self._report = report
        self._beat = beat
        self._seen_rows = SeenRows()
        self._seen_keys = SeenRows()
        options = {**preparation.mapping.options, **target_options(preparation.mapping.options, plan.target)}
        self._context = ImportContext(by=plan.by, now=plan.now or timezone.now(), dry_run=plan.dry_run, options=options)

    def read_all(self) -> None:
        key = self.plan.key or _key_option(self._preparation.mapping)
        for prepared in self._preparation.tables:
            sheet = prepared.bound.table.sheet if len(self._preparation.tables) > 1 else ""
            table = _TablePass(prepared, self.target, RowKeys(prepared.bound, self.target, key), sheet)
            self._preparation.notes.extend(table.unused_columns())
            rows = prepared.bound.table.records()
            while batch := list(islice(rows, limits.BATCH_ROWS)):
                self._take(batch, table)
                self._beat(self.counts.rows)

    def result(self) -> ImportResult:
        counts = self.counts
        is_all_bad = bool(counts.errors) and counts.errors == counts.rows
        is_success = not counts.errors or (self.plan.skip_bad and not is_all_bad)
        if not is_success and not self.plan.dry_run:
            # Nothing of it stays, so nothing of it is counted as done.
            counts.created = counts.updated = 0
        return ImportResult(counts, self._report, self._preparation.mapping, self._preparation.notes, is_success)

    def _take(self, batch: Sequence[RawRow], table: "_TablePass") -> None:
        self.counts.rows += len(batch)
        candidates = [found for found in (self._candidate(raw, table) for raw in batch) if found]
        known = known_keys(self.target, [digest for _row, digest in candidates])
        rows, digests = [], []
        for row, digest in candidates:
            if digest in known and not self.target.updates:
                self.counts.skipped += 1
                continue
            rows.append(ImportRow(row.number, row.values, row.sheet, known.get(digest), digest.hex()))
            digests.append(digest)
        outcomes = self._write(rows)
        for row, outcome in zip(rows, outcomes, strict=True):
            self._tally(row, outcome, table)
        self._note(dict(zip(digests, outcomes, strict=True)), known)

    def _note(self, done: dict[bytes, RowOutcome], known: dict[bytes, str]) -> None:
        kept = (item for item in done.items() if item[1].outcome != Outcome.ERROR and item[0] not in known)
        note_keys(self.target, {digest: outcome.object_id for digest, outcome in kept})

    def _candidate(self, raw: RawRow, table: "_TablePass") -> tuple[ImportRow, bytes] | None:
        """The row parsed, with its key; `None` when it was a duplicate or faulty, which is then in the report."""
        if not raw.fault:
            first = self._seen_rows.first_seen(row_digest(raw.cells), raw.number)
            if first:
                self._leave_out(raw, table, _("The same as row %(row)s.") % {"row": first})
                return None
        values, faults = table.parse(raw)
        if faults:
            self.counts.errors += 1
            for fault in (*faults, *self._examined(raw, values, table)):
                self._report.add(fault)
            return None
        try:
            digest = table.keys.digest(raw, values)
        except CellFault as fault:
            self.counts.errors += 1
            self._report.add(table.line(raw.number, Kind.FAULT, fault.message, column=table.keys.column))
            return None
        if not table.keys.is_whole_row and (first := self._seen_keys.first_seen(digest, raw.number)):
            self._repeated(raw, values, first, table)
            return None
        return ImportRow(raw.number, values, table.sheet), digest

    def _repeated(self, raw: RawRow, values: dict[str, Any], first: int, table: "_TablePass") -> None:
        """The key of an earlier row with other content: left out, but a faulty row is a faulty row first, so that its owner hears
        of everything at once and not only after the keys are mended."""
        message = _("The same key as row %(row)s, with other content. Left out.") % {"row": first}
        faults = self._examined(raw, values, table)
        if not faults:
            self._leave_out(raw, table, message)
            return
        self.counts.errors += 1
        for line in (*faults, table.line(raw.number, Kind.NOTE, message)):
            self._report.add(line)

    def _examined(self, raw: RawRow, values: dict[str, Any], table: "_TablePass") -> list[ReportLine]:
        """What is wrong with a row that the writer will not see. A row that could not be read at all has no values."""
        if self.target.examine is None or not values:
            return []
        row = ImportRow(raw.number, values, table.sheet, unread=table.unread(values))
        return [self._fault(row, column, message, table) for column, message in self.target.examine(row, self._context)]

    def _fault(self, row: ImportRow, column: str, message: str | Promise, table: "_TablePass") -> ReportLine:
        return table.line(row.number, Kind.FAULT, message, column=column, value=_shown(row.values.get(column)))

    def _leave_out(self, raw: RawRow, table: "_TablePass", message: str | Promise) -> None:
        self.counts.skipped += 1
        self._report.add(table.line(raw.number, Kind.DUPLICATE, message))

    def _write(self, rows: Sequence[ImportRow]) -> Sequence[RowOutcome]:
        if not rows:
            return []
        try:
            return self._write_together(rows)
        except (IntegrityError, DataError, ValidationError) as error:
            # What the writer remembers may belong to rows that were just undone.
            self._context.memo.clear()
            if len(rows) == 1:
                return [RowOutcome.error("", refusal(error))]
        return [outcome for row in rows for outcome in self._write([row])]

    def _write_together(self, rows: Sequence[ImportRow]) -> Sequence[RowOutcome]:
        with transaction.atomic():
            outcomes = list(self.target.writer(rows, self._context))
        if len(outcomes) != len(rows):
            raise TypeError(f"The writer of {self.target.code} returned {len(outcomes)} outcomes for {len(rows)} rows")
        return outcomes

    def _tally(self, row: ImportRow, done: RowOutcome, table: "_TablePass") -> None:
        match done.outcome:
            case Outcome.CREATED:
                self.counts.created += 1
            case Outcome.UPDATED:
                self.counts.updated += 1
            case Outcome.SKIPPED:
                self.counts.skipped += 1
            case Outcome.ERROR:
                self.counts.errors += 1
        if done.outcome == Outcome.ERROR or done.message:
            kind = Kind.FAULT if done.outcome == Outcome.ERROR else Kind.NOTE
            value = _shown(row.values.get(done.column))
            self._report.add(table.line(row.number, kind, done.message, column=done.column, value=value))
        for column, message in done.more:
            self._report.add(self._fault(row, column, message, table))


class _TablePass:
    """How the rows of one table are parsed and named in the report."""

    def __init__(self, prepared: Prepared, target: ImportTarget, keys: RowKeys, sheet: str) -> None:
        self.keys = keys
        self.sheet = sheet
        self._bound = prepared.bound
        mapping = prepared.bound.mapping
        self._fields: list[tuple[ImportField, CellStyle]] = [
            (
                item,
                mapping.style_for(
                    date_order=prepared.orders.orders.get(item.name, ""), epoch_1904=prepared.bound.table.source.epoch_1904
                ),
            )
            for item in target.fields
            if item.name in mapping.columns
        ]
        for item, _style in self._fields:
            item.parser.begin()

    def parse(self, raw: RawRow) -> tuple[dict[str, Any], list[ReportLine]]:
        if raw.fault:
            return {}, [self.line(raw.number, Kind.FAULT, raw.fault)]
        values: dict[str, Any] = {}
        faults = []
        for item, style in self._fields:
            cells = self._bound.cells(item.name, raw.cells)
            try:
                values[item.name] = self._value(item, style, cells)
            except CellFault as fault:
                text = " | ".join(_shown(cell) for cell in cells)
                faults.append(self.line(raw.number, Kind.FAULT, fault.message, column=item.name, value=text))
        return values, faults

    def unread(self, values: dict[str, Any]) -> frozenset[str]:
        """The fields that a column feeds and `parse` found no value for."""
        return frozenset(item.name for item, _style in self._fields if item.name not in values)

    def _value(self, item: ImportField, style: CellStyle, cells: Sequence[Any]) -> Any:
        for cell in cells:
            refuse_unreadable(cell)
        if len(cells) == 1:
            value = item.parser(cells[0], style)
        else:
            value = item.parser.combine(cells, style, self._bound.mapping.columns[item.name].join)
        if item.required and (value is None or value == ()):
            raise CellFault(_("Must not be blank."))
        return value

    def unused_columns(self) -> Iterator[str | Promise]:
        """A sentence that names the columns of the file that nothing takes, if there are any."""
        unused = self._bound.unused_columns(besides=self.keys.positions)
        names = "、".join(map(shortened, unused[:NAMED_COLUMNS])) + ("…" if len(unused) > NAMED_COLUMNS else "")
        if unused and self.sheet:
            yield _("Columns of “%(sheet)s” that are not imported: %(columns)s.") % {"sheet": self.sheet, "columns": names}
        elif unused:
            yield _("Columns that are not imported: %(columns)s.") % {"columns": names}

    def line(self, number: int, kind: Kind, message: str | Promise, *, column: str = "", value: str = "") -> ReportLine:
        name = self._bound.column_names(column) or column
        return ReportLine(number, kind, message, sheet=self.sheet, column=name, value=value)


def _shown(value: Any) -> str:
    return "" if value is None else shortened(cell_text(value) if not isinstance(value, tuple) else "、".join(map(str, value)))


def _key_option(mapping: Mapping) -> tuple[str, ...]:
    wanted = mapping.options.get("key") or ()
    return (wanted,) if isinstance(wanted, str) else tuple(wanted)


def refusal(error: Exception) -> str | Promise:
    """What a database or model refusal means for the owner of the file. The rule's name lets support find it."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    diagnosis = getattr(error.__cause__, "diag", None)
    rule = getattr(diagnosis, "constraint_name", None) or getattr(diagnosis, "column_name", None)
    return _("The database refuses the row (%(rule)s).") % {"rule": rule or type(error).__name__}
