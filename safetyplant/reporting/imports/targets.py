"""What a room offers to the importer: an `ImportTarget` with its fields and a writer. `docs/importing.md` shows a whole one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

from safetyplant.reporting.imports.parsers import Boolean, Parser, Text

Label = str | Promise


@dataclass(frozen=True)
class ImportField:
    """One thing a record of the target can hold.

    `aliases` are further column names to recognise it by, in any language; the label is tried in every language of
    the site by itself. A blank cell gives `None` (a multi-valued field: an empty tuple) and is a fault only when
    `required`.
    """

    name: str
    label: Label
    required: bool = False
    parser: Parser = field(default_factory=Text)
    help: Label = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportOption:
    """Something the owner of a file decides once for all its rows (`"options"` of the mapping): yes or no unless another
    parser is given. The writer finds the parsed value in `context.options`; `None` when nothing was said."""

    name: str
    label: Label
    parser: Parser = field(default_factory=Boolean)
    help: Label = ""


@dataclass(frozen=True)
class ImportRow:
    """One row of the file, parsed. `number` is what a spreadsheet program shows beside it; `existing` is the id of the
    record that an earlier import made of the same key (only when the target says `updates=True`); `key` stands for what
    makes it the same record when it is imported again, and is the same then; `unread` are the fields whose cells could not be
    read, which only an examiner sees."""

    number: int
    values: Mapping[str, Any]
    sheet: str = ""
    existing: str | None = None
    key: str = ""
    unread: frozenset[str] = frozenset()

    def __getitem__(self, name: str) -> Any:
        """The value of a field; `None` when its column isn't mapped."""
        return self.values.get(name)


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    SKIPPED = "skipped"
    ERROR = "error"


#: The name of the field at fault, and why.
Fault = tuple[str, Label]


@dataclass(frozen=True)
class RowOutcome:
    """What became of one row. `object_id` lets a later import of the same key find the record again."""

    outcome: Outcome
    object_id: str = ""
    column: str = ""
    message: Label = ""
    more: tuple["Fault", ...] = ()

    @classmethod
    def created(cls, object_id: object = "") -> "RowOutcome":
        return cls(Outcome.CREATED, object_id=str(object_id))

    @classmethod
    def updated(cls, object_id: object = "") -> "RowOutcome":
        return cls(Outcome.UPDATED, object_id=str(object_id))

    @classmethod
    def skipped(cls, object_id: object = "", message: Label = "") -> "RowOutcome":
        """Already there and unchanged. The message, if any, goes to the report."""
        return cls(Outcome.SKIPPED, object_id=str(object_id), message=message)

    @classmethod
    def error(cls, column: str, message: Label, *, more: Sequence["Fault"] = ()) -> "RowOutcome":
        """A faulty row: `column` is the name of the field at fault ("" for the row as a whole); `more` what else is wrong."""
        return cls(Outcome.ERROR, column=column, message=message, more=tuple(more))


@dataclass
class ImportContext:
    """What stays the same through one run. `memo` is the writer's own, kept from batch to batch (units by name, …)."""

    by: Any
    now: datetime
    dry_run: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    memo: dict[str, Any] = field(default_factory=dict)


#: `examine(row, context)`: what is wrong with a row besides cells that could not be read (`row.unread`). It writes nothing.
Examiner = Callable[[ImportRow, ImportContext], Sequence[Fault]]
Writer = Callable[[Sequence[ImportRow], ImportContext], Sequence[RowOutcome]]


@dataclass(frozen=True)
class ImportTarget:
    """A kind of record that files can be imported as.

    `writer(rows, context)` gets up to 1,000 parsed rows and returns one `RowOutcome` for each, in the same order. It runs
    in a transaction that the importer owns: a dry run is the same run, rolled back, so a writer never looks at
    `context.dry_run` to decide what to write and never sends anything outside except by `transaction.on_commit`. Past
    records must open no deadline and send no message. A database error in a batch makes the importer try its rows one by
    one, so that one bad row is named instead of a thousand.

    `key_fields` are the fields that tell records apart when the file's owner names no `--key`; empty means that only an
    exactly equal row is the same record. `updates` says that the writer brings a changed row of a known key up to date (it
    then gets `row.existing`); otherwise such rows are skipped. `may_import(user)` is asked besides the right to import at
    all; the writer still refuses rows for units that `context.by` has no say over. With `examine` a row that the writer never
    gets, for an unreadable cell or the key of an earlier row, is looked at as well, so that its owner sees all faults at once.
    """

    code: str
    label: Label
    fields: Sequence[ImportField]
    writer: Writer
    key_fields: tuple[str, ...] = ()
    updates: bool = False
    may_import: Callable[[Any], bool] = lambda user: True
    help: Label = ""
    options: Sequence[ImportOption] = ()
    examine: Examiner | None = None

    def field(self, name: str) -> ImportField:
        return next(item for item in self.fields if item.name == name)

    @property
    def field_names(self) -> frozenset[str]:
        return frozenset(item.name for item in self.fields)


class UnknownTarget(LookupError):
    """No room has registered a target of this code."""


_targets: dict[str, ImportTarget] = {}


def register_target(target: ImportTarget) -> ImportTarget:
    """Offer a target; called once from the room's `AppConfig.ready()`. A later one of the same code replaces it."""
    unknown = set(target.key_fields) - target.field_names
    if unknown:
        raise ValueError(f"Import target {target.code}: key fields {sorted(unknown)} are no fields of it")
    _targets[target.code] = target
    return target


def forget_target(code: str) -> None:
    """Take a target back (tests)."""
    _targets.pop(code, None)


def target_for(code: str) -> ImportTarget:
    if code not in _targets:
        raise UnknownTarget(code)
    return _targets[code]


def all_targets() -> list[ImportTarget]:
    return sorted(_targets.values(), key=lambda target: target.code)
