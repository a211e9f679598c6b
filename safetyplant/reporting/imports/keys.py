"""What makes two rows the same record: named key columns, the target's key fields, or the whole row."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from safetyplant.reporting.imports.duplicates import digest_of, row_digest
from safetyplant.reporting.imports.mapping import BoundMapping
from safetyplant.reporting.imports.parsers.cells import Cell, CellFault, normal_text, refuse_unreadable
from safetyplant.reporting.imports.reading import RawRow
from safetyplant.reporting.imports.targets import ImportTarget
from safetyplant.reporting.models import ImportedKey


class RowKeys:
    """Digests of the rows' keys. Each part of a key is a field (its parsed value, so that the writing of a date doesn't matter)
    or a column nothing is mapped to (its text). Raises `UnreadableFile` for a column that isn't there."""

    def __init__(self, bound: BoundMapping, target: ImportTarget, named: Sequence[str]) -> None:
        self._bound = bound
        self._parts: list[tuple[str, int | None]] = []
        fields = named or target.key_fields
        if not named and not all(name in bound.mapping.columns for name in fields):
            fields = ()
        for name in fields:
            self._parts.append(self._part(name))
        self.is_whole_row = not self._parts

    def _part(self, name: str) -> tuple[str, int | None]:
        if name in self._bound.mapping.columns:
            return name, None
        position = self._bound.position(name)
        for field_name, indexes in self._bound.indexes.items():
            if indexes == [position]:
                return field_name, None
        return self._bound.table.columns[position], position

    def digest(self, raw: RawRow, values: Mapping[str, Any]) -> bytes:
        """Raises `CellFault` when the key is blank: such a row could never be told from another."""
        if self.is_whole_row:
            return digest_of([self._bound.table.fingerprint, row_digest(raw.cells).hex()])
        texts = [self._text(position, name, raw.cells, values) for name, position in self._parts]
        if not any(texts):
            raise CellFault(_("The key is blank."))
        return digest_of([part for (name, _position), text in zip(self._parts, texts, strict=True) for part in (name, text)])

    @property
    def positions(self) -> set[int]:
        """Of the columns that no field takes but the key does."""
        return {position for _name, position in self._parts if position is not None}

    @property
    def column(self) -> str:
        return ", ".join(name for name, _position in self._parts)

    def _text(self, position: int | None, name: str, cells: Sequence[Cell], values: Mapping[str, Any]) -> str:
        if position is None:
            value = values.get(name)
            return "" if value is None else str(value)
        cell = cells[position] if position < len(cells) else None
        refuse_unreadable(cell)
        return normal_text(cell)


def known_keys(target: ImportTarget, digests: Iterable[bytes]) -> dict[bytes, str]:
    """Of these keys, those an earlier import brought in, with the record's id."""
    found = ImportedKey.objects.filter(target=target.code, digest__in=list(digests)).values_list("digest", "object_id")
    return {bytes(digest): object_id for digest, object_id in found}


def note_keys(target: ImportTarget, keys: Mapping[bytes, str]) -> None:
    ImportedKey.objects.bulk_create(
        (ImportedKey(target=target.code, digest=digest, object_id=object_id) for digest, object_id in keys.items()),
        ignore_conflicts=True,
    )
