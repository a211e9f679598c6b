"""Pages by position instead of by number: "the rows after this one", which costs the same on the first page and the last.

A `Sort` names the columns; the primary key is added so that ties have an order. The cursor in the address carries the sort
values of one row. Empty values come last in the declared order unless a column is given as an `OrderBy` that says otherwise;
so a descending nullable column wants its index with NULLS LAST.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import OrderBy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
LONGEST_CURSOR = 1000
EARLIER, LATER = _("Previous"), _("Next")


@dataclass(frozen=True)
class Sort:
    """A declared order of a list. `order` and `earlier`/`later` are how the pager speaks of it ("earliest due first")."""

    key: str
    label: Text
    columns: tuple[str | OrderBy, ...]
    order: Text = ""
    reverse_order: Text = ""
    earlier: Text = EARLIER
    later: Text = LATER


def sort_choices(sorts: Sequence[Sort], present: str) -> list[tuple[str, str, bool]]:
    """Name, words and whether it is the present one, for each sort in both directions that have words."""
    choices = []
    for sort in sorts:
        choices.append((sort.key, str(sort.order or sort.label), present == sort.key))
        if sort.reverse_order or present == f"-{sort.key}":
            choices.append((f"-{sort.key}", str(sort.reverse_order or sort.label), present == f"-{sort.key}"))
    return choices


@dataclass(frozen=True)
class Key:
    """One column of a sort, resolved against a queryset."""

    path: str
    field: models.Field
    descending: bool = False
    nullable: bool = False
    nulls_first: bool = False

    def flipped(self) -> "Key":
        return replace(self, descending=not self.descending, nulls_first=not self.nulls_first)

    def order_by(self) -> OrderBy:
        column = F(self.path)
        # What PostgreSQL does by itself stays unsaid, so that plain indexes serve.
        says_nulls = self.nullable and self.nulls_first != self.descending
        nulls = {"nulls_first": self.nulls_first or None, "nulls_last": not self.nulls_first or None} if says_nulls else {}
        return OrderBy(column, descending=self.descending, **nulls)

    def equals(self, value: Any) -> Q:
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})

    def beyond(self, value: Any) -> list[Q]:
        """Conditions, in order, for what comes after this value; each is one range of an index."""
        if value is None:
            return [Q(**{f"{self.path}__isnull": False})] if self.nulls_first else []
        ranges = [Q(**{f"{self.path}__{'lt' if self.descending else 'gt'}": value})]
        if self.nullable and not self.nulls_first:
            ranges.append(Q(**{f"{self.path}__isnull": True}))
        return ranges

    def value_of(self, row: models.Model) -> Any:
        value: Any = row
        for part in self.path.split(LOOKUP_SEP):
            value = getattr(value, part, None)
        return value.pk if isinstance(value, models.Model) else value


class RowCompare(Func):
    """(a, b) > (x, y): one condition that an index over (a, b) answers, however many rows share the same a."""

    output_field = models.BooleanField()
    conditional = True

    def __init__(self, *expressions: Any, operator: str = ">") -> None:
        super().__init__(*expressions)
        self.operator = operator

    def as_sql(self, compiler: Any, connection: Any, *_args: Any, **_extra: Any) -> Any:
        parts = [compiler.compile(expression) for expression in self.source_expressions]
        half = len(parts) // 2
        left, right = (", ".join(sql for sql, _params in side) for side in (parts[:half], parts[half:]))
        return f"({left}) {self.operator} ({right})", [value for _sql, params in parts for value in params]


def resolve_keys(queryset: QuerySet, sort: Sort, *, reverse: bool = False) -> list[Key]:
    """The sort's columns with what the model knows of them, and the primary key last."""
    keys = [_resolve(queryset, column) for column in sort.columns]
    pk = queryset.model._meta.pk
    if not any(key.path in ("pk", pk.name) for key in keys):
        keys.append(Key(pk.name, pk, descending=keys[-1].descending if keys else False))
    return [key.flipped() for key in keys] if reverse else keys


def _resolve(queryset: QuerySet, column: str | OrderBy) -> Key:
    if isinstance(column, OrderBy):
        path, descending, nulls_first = column.expression.name, column.descending, bool(column.nulls_first)
    else:
        path, descending, nulls_first = column.lstrip("-"), column.startswith("-"), False
    field, nullable = _field_at(queryset, path)
    return Key(path, field, descending=descending, nullable=nullable, nulls_first=nulls_first and nullable)


def _field_at(queryset: QuerySet, path: str) -> tuple[models.Field, bool]:
    """The field a path ends at, and whether any step on the way may be empty. An annotation counts as nullable."""
    annotation = queryset.query.annotations.get(path)
    if annotation is not None:
        return annotation.output_field, True
    model, nullable, field = queryset.model, False, None
    for part in path.split(LOOKUP_SEP):
        field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        nullable = nullable or field.null
        model = field.related_model or model
    if field is None:
        raise FieldDoesNotExist(path)
    return (field.target_field if field.is_relation else field), nullable


def ordered(queryset: QuerySet, keys: Sequence[Key]) -> QuerySet:
    return queryset.order_by(*(key.order_by() for key in keys))


def ranges_after(keys: Sequence[Key], values: Sequence[Any]) -> list[Q | RowCompare]:
    """Conditions whose union is "after these values". One row comparison where that is possible, else one per column."""
    if not any(key.nullable for key in keys) and len({key.descending for key in keys}) == 1:
        bounds = [Value(value, output_field=key.field) for key, value in zip(keys, values, strict=True)]
        return [RowCompare(*(F(key.path) for key in keys), *bounds, operator="<" if keys[0].descending else ">")]
    ranges: list[Q | RowCompare] = []
    for depth in reversed(range(len(keys))):
        same = Q()
        for key, value in zip(keys[:depth], values[:depth], strict=True):
            same &= key.equals(value)
        ranges += [same & beyond for beyond in keys[depth].beyond(values[depth])]
    return ranges


def slice_after(queryset: QuerySet, keys: Sequence[Key], values: Sequence[Any] | None, limit: int) -> QuerySet:
    """The first `limit` rows in order, after the row with these sort values when given."""
    if values is None:
        return ordered(queryset, keys)[:limit]
    ranges = ranges_after(keys, values)
    if len(ranges) == 1:
        return ordered(queryset.filter(ranges[0]), keys)[:limit]
    return ordered(
        queryset.filter(pk__in=union_of([ordered(queryset.filter(r), keys).values("pk")[:limit] for r in ranges])), keys
    )[:limit]


def union_of(querysets: Sequence[QuerySet]) -> QuerySet:
    """UNION ALL of querysets of primary keys."""
    first, *others = querysets
    return first.union(*others, all=True) if others else first


def encode_cursor(name: str, keys: Sequence[Key], row: models.Model) -> str:
    """The sort values of a row as one opaque word. Nothing secret: the reader has just seen the row."""
    values = [_plain(key.value_of(row)) for key in keys]
    return base64.urlsafe_b64encode(json.dumps([name, *values]).encode()).decode().rstrip("=")


def decode_cursor(name: str, keys: Sequence[Key], cursor: str) -> list[Any] | None:
    """The sort values, or None for anything that is not a cursor of this sort: such a request gets the first page."""
    if not cursor or len(cursor) > LONGEST_CURSOR:
        return None
    try:
        given = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError, binascii.Error):
        return None
    if not isinstance(given, list) or len(given) != len(keys) + 1 or given[0] != name:
        return None
    try:
        return [_clean(key, value) for key, value in zip(keys, given[1:], strict=True)]
    except (ValidationError, TypeError, ValueError, OverflowError):
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _clean(key: Key, value: Any) -> Any:
    if value is None:
        if not key.nullable:
            raise ValueError("This column is never empty.")
        return None
    if isinstance(value, list | dict | float) or (isinstance(value, str) and "\x00" in value):
        raise ValueError("Not a sort value.")
    value.encode() if isinstance(value, str) else value  # a lone surrogate raises here rather than in the database
    cleaned = key.field.to_python(value)
    if isinstance(cleaned, datetime) and cleaned.tzinfo is None:
        raise ValueError("A moment without a zone.")
    key.field.run_validators(cleaned)
    return cleaned
