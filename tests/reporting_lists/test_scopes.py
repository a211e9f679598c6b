from typing import Any

import pytest
from django.db import connection
from django.db.models import Q

from responsibilities.choices import PlaceKind, UnitKind
from responsibilities.models import Place, Unit
from safetyplant.reporting import scopes
from safetyplant.reporting.keyset import Sort, decode_cursor, encode_cursor, ordered, resolve_keys
from safetyplant.reporting.scopes import Scope, parts_of, scoped_ids, scoped_slice
from tests.factories.responsibilities import UnitFactory

SORT = Sort("name", "", ("name",))


@pytest.fixture
def units(db: None) -> list[Unit]:
    top = UnitFactory()
    units = [UnitFactory(name=f"U{n}", kind=UnitKind.STATION, parent=top) for n in range(4)]
    places = [Place(unit=units[n % 4], kind=PlaceKind.WELL, code=str(n), name="ABCDE"[n % 5]) for n in range(80)]
    Place.objects.bulk_create(places)
    return units


def visible(units: list[Unit], also: Q | None = None) -> Any:
    seen = Q(unit__in=units)
    return Place.objects.filter(seen | also if also else seen)


@pytest.mark.parametrize("also", [None, Q(code__in=["1", "5", "2"])])
@pytest.mark.parametrize("has_base", [False, True])
def test_pages_through_units_are_the_pages_without(units: list[Unit], also: Q | None, has_base: bool) -> None:
    """The fast way shows exactly the rows of the plain filter, page by page."""
    mine = units[::2]
    base = Place.objects.all() if has_base else None
    scope = Scope([unit.pk for unit in mine], also=(also,) if also else (), base=base)
    queryset = visible(mine, also)
    keys, seen, cursor = resolve_keys(queryset, SORT), [], ""
    while rows := list(scoped_slice(queryset, keys, decode_cursor("name", keys, cursor), 7, scope)):
        seen += rows
        cursor = encode_cursor("name", keys, rows[-1])
    assert seen == list(ordered(queryset, keys))


def test_scope_never_shows_more_than_the_queryset(units: list[Unit]) -> None:
    """A scope that says too much finds nothing more: what may be seen is decided by the queryset."""
    queryset = visible(units[:1])
    scope = Scope([unit.pk for unit in units], also=(Q(),), base=Place.objects.all())
    rows = scoped_slice(queryset, resolve_keys(queryset, SORT), None, 100, scope)
    assert {row.unit_id for row in rows} == {units[0].pk}


def test_scope_without_units_shows_nothing(units: list[Unit]) -> None:
    queryset = visible(units)
    assert not list(scoped_slice(queryset, resolve_keys(queryset, SORT), None, 10, Scope([])))


def test_scoped_ids_takes_the_top_of_each_unit(units: list[Unit]) -> None:
    ids = scoped_ids(Place.objects.all(), [units[0].pk, units[1].pk], ["-name", "pk"], 3)
    rows = Place.objects.filter(pk__in=ids)
    assert {(row.unit_id, row.name) for row in rows} == {(units[0].pk, "E"), (units[1].pk, "E")}
    assert len(rows) == 6


def test_many_units_fall_back_to_the_plain_filter(units: list[Unit], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scopes, "MOST_UNITS", 1)
    ids = [unit.pk for unit in units]
    assert len(scoped_ids(Place.objects.all(), ids, ["name", "pk"], 9)) == 9
    queryset = visible(units)
    keys = resolve_keys(queryset, SORT)
    assert list(scoped_slice(queryset, keys, None, 9, Scope(ids))) == list(ordered(queryset, keys)[:9])


def test_a_page_through_units_is_one_query(units: list[Unit], django_assert_num_queries: Any) -> None:
    queryset = visible(units)
    keys = resolve_keys(queryset, Sort("nullable", "", ("unit__closed_on", "name")))
    with django_assert_num_queries(1):
        list(scoped_slice(queryset, keys, None, 9, Scope([unit.pk for unit in units])))
    assert connection.vendor == "postgresql"


def test_what_counted_views_lie_within_is_looked_up_once(units: list[Unit], django_assert_num_queries: Any) -> None:
    """Rows of the own units, and those seen besides as far as they are counted: the same as the plain filter finds."""
    mine, also, counted = units[:1], Q(code__in=["1", "2", "5"]), Q(name__in=["B", "C"])
    scope = Scope([unit.pk for unit in mine], also=(also,), base=Place.objects.all(), counted_in=counted)
    with django_assert_num_queries(1):
        parts = parts_of(scope, 10)
    assert parts is not None
    assert parts.together is not None
    assert set(parts.together.filter(counted)) == set(visible(mine, also).filter(counted))


def test_too_much_besides_is_counted_in_parts(units: list[Unit]) -> None:
    scope = Scope([units[0].pk], also=(Q(unit=units[1]),), base=Place.objects.all(), counted_in=Q())
    parts = parts_of(scope, 10)
    assert parts is not None
    assert parts.together is None
    assert parts.countable(lambda rows: rows, 100).count() == 40
