"""Lists for someone who sees a few units of many: the top rows of each unit, merged.

Filtering a big index in sort order until 25 rows of two small units are found reads most of the index. Reading the first
rows of each unit through (unit, sort column) and merging them reads units × 25. Whoever sees everything has no scope at all.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Func, OuterRef, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP

from safetyplant.reporting.keyset import Key, ordered, ranges_after, slice_after, union_of

# Past this many units the merge costs more than the filter it avoids.
MOST_UNITS = 8


@dataclass(frozen=True)
class Scope:
    """The units a reader sees, and conditions for single rows seen besides ("reported by me").

    Only a way to find rows fast, never a permission: what it finds is filtered once more by the queryset it is applied to,
    which is already `visible_to` the reader, and the two must describe the same rows. `unit_field` may be any column with an
    index over (column, sort columns). `base` is where to look per unit: all rows, with the annotations that filters and sorts
    need but without the condition of `visible_to`, which would keep the planner from that index. Without a base
    the queryset itself is looked through: right, but slower. `is_chosen`: the units of a filter, fewer than the reader sees.
    `counted_in`: what every counted view of the list lies within, such as "open".
    """

    unit_ids: Collection[int]
    unit_field: str = "unit_id"
    also: tuple[Q, ...] = ()
    base: QuerySet | None = None
    is_chosen: bool = False
    counted_in: Q | None = None

    @property
    def is_small(self) -> bool:
        return len(self.unit_ids) <= MOST_UNITS


class Unnest(Func):
    function = "unnest"
    output_field = BigIntegerField()
    set_returning = True


def scoped_ids(
    queryset: QuerySet, unit_ids: Collection[int], ordering: Sequence[Any], limit: int, unit_field: str = "unit_id"
) -> QuerySet:
    """Primary keys of the first `limit` rows of each unit, as a subquery for `pk__in`; at most units × limit of them.

    `queryset` is filtered but not sliced; `ordering` is what `order_by` takes. With more than `MOST_UNITS` units it falls
    back to a plain filter over all of them.
    """
    if len(unit_ids) > MOST_UNITS:
        return queryset.filter(**{f"{unit_field}__in": list(unit_ids)}).order_by(*ordering).values("pk")[:limit]
    top = queryset.filter(**{unit_field: OuterRef("pk")}).order_by(*ordering).values("pk")[:limit]
    units = _units_of(queryset, unit_field)._base_manager.filter(pk__in=list(unit_ids))
    return units.order_by().annotate(found=Unnest(ArraySubquery(top))).values("found")


def _units_of(queryset: QuerySet, unit_field: str) -> Any:
    model = queryset.model
    for part in unit_field.removesuffix("_id").split(LOOKUP_SEP):
        model = model._meta.get_field(part).related_model
    return model


def scoped_slice(
    queryset: QuerySet, keys: Sequence[Key], values: Sequence[Any] | None, limit: int, scope: Scope | None
) -> QuerySet:
    """`slice_after`, through the scope's units when there are few. The scope's base must be filtered like the queryset."""
    if scope is None or not scope.is_small:
        return slice_after(queryset, keys, values, limit)
    ordering = [key.order_by() for key in keys]
    base = scope.base if scope.base is not None else queryset
    branches = []
    for part in [base.filter(r) for r in ranges_after(keys, values)] if values is not None else [base]:
        if scope.unit_ids:
            branches.append(scoped_ids(part, scope.unit_ids, ordering, limit, scope.unit_field))
        branches += [part.filter(also).order_by(*ordering).values("pk")[:limit] for also in scope.also]
    if not branches:
        return queryset.none()
    return ordered(queryset.filter(pk__in=union_of(branches)), keys)[:limit]


@dataclass(frozen=True)
class Parts:
    """What a scope shows, in two parts without a row in common: the rows of its units, and those seen besides."""

    in_units: QuerySet
    besides: QuerySet | None
    together: QuerySet | None = None

    def countable(self, narrow: Callable[[QuerySet], QuerySet], cap: int) -> QuerySet:
        """Rows to count up to a cap. Where the units alone reach it, which their index tells at once, the rest is not read."""
        first = narrow(self.in_units)
        if self.besides is None:
            return first
        return first.values("pk")[:cap].union(narrow(self.besides).values("pk")[:cap], all=True)


def parts_of(scope: Scope, cap: int) -> Parts | None:
    """The parts of a small scope with a base; None where an ordinary count does as well.

    `together` holds all that counted views lie within, where it can be had: what is seen besides is looked up here, once
    for all views, and stands there by its keys.
    """
    if scope.base is None or not scope.is_small:
        return None
    in_units = Q(**{f"{scope.unit_field}__in": list(scope.unit_ids)})
    rows = scope.base.order_by()
    besides = rows.filter(reduce(or_, scope.also)).exclude(in_units) if scope.also else None
    # In the order of an index over the units: a count up to a cap in no order may well read the table from its beginning.
    return Parts(rows.filter(in_units).order_by(scope.unit_field), besides, _together(scope, rows, in_units, besides, cap))


def _together(scope: Scope, rows: QuerySet, in_units: Q, besides: QuerySet | None, cap: int) -> QuerySet | None:
    if scope.counted_in is None or besides is None:
        return None
    keys = list(besides.filter(scope.counted_in).values_list("pk", flat=True)[: cap + 1])
    return rows.filter(in_units | Q(pk__in=keys)) if len(keys) <= cap else None
