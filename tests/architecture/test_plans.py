"""Pages find their rows by index, however many hazards there are: PostgreSQL explains what they ask, over 20,000 of them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inspections.facts import fold_facts
from inspections.generate import generate_hazards
from inspections.models import Hazard
from responsibilities.choices import RoleCode
from responsibilities.models import Unit
from safetyplant.reporting.keyset import Sort, encode_cursor, resolve_keys
from tests.factories.responsibilities import PersonFactory, PlaceFactory, UnitFactory, appoint

HAZARDS, STATIONS = 20_000, 11
#: A step of a plan that reads more hazards than this reads too many: all open ones are some 1,700.
MOST_READ = 3_000
#: Whose page, its address, and an index it must come by.
PAGES = {
    "open hazards": ("director", "/hazards/", "hazard_due_open"),
    "all by date": ("director", "/hazards/?all=1", "hazard_due"),
    "closed, newest first": ("director", "/hazards/?state=closed&sort=found", "hazard_found"),
    "filtered": ("director", "/hazards/?state=open&unit={unit}&level=G1", "hazard_unit_due"),
    "deep page": ("director", "/hazards/?all=1&sort=found&after={deep}", "hazard_found"),
    "reported by me": ("director", "/hazards/?only=mine&sort=found", "hazard_reporter"),
    "repeated": ("director", "/hazards/?only=repeated&sort=found", "hazard_repeats"),
    "undecided": ("director", "/hazards/?state=open&only=undecided", "hazard_undecided"),
    "dashboard": ("director", "/dashboard/", "hazard_level_due_open"),
    "dashboard of a head": ("head", "/dashboard/", "hazard_unit_due_open"),
    "search": ("director", "/search/?q=护栏", "hazard_search"),
    "open hazards of a head": ("head", "/hazards/", "hazard_unit_due"),
    "closed hazards of a head": ("head", "/hazards/?state=closed&sort=found", "hazard_unit_found"),
    "search of a head": ("head", "/search/?q=护栏", "hazard_search"),
}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_pages_read_few_hazards_and_by_index(catalogue: None, people: Any) -> None:
    unit = plant(people)
    addresses = {"unit": unit.pk, "deep": position_at(HAZARDS * 9 // 10)}
    wrong = []
    for name, (reader, address, index) in PAGES.items():
        plans = list(plans_of(getattr(people, reader), address.format(**addresses)))
        if not any(step.get("Index Name", "").startswith(index) for step in steps(plans)):
            wrong.append(f"{name}: not by {index}")
        wrong += [f"{name}: {told}" for step in steps(plans) if (told := too_much(step))]
    assert wrong == []


def plant(people: Any) -> Unit:
    """Stations with heads and places, and the hazards spread over them; returns a station."""
    stations = [people.head.unit]
    for number in range(STATIONS):
        stations.append(UnitFactory(name=f"Station {number}", parent=people.head.unit.parent))
        appoint(PersonFactory(unit=stations[-1]), RoleCode.UNIT_HEAD, stations[-1])
    for station in stations:
        for number in range(20):
            PlaceFactory(unit=station, code=f"{station.pk}-{number}")
    generate_hazards(HAZARDS, now=timezone.now())
    fold_facts()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return stations[1]


def position_at(place: int) -> str:
    row = Hazard.objects.order_by("-found_at", "-pk")[place]
    return encode_cursor("found", resolve_keys(Hazard.objects.all(), Sort("found", "found", ("-found_at",))), row)


def plans_of(reader: Any, address: str) -> Iterator[dict[str, Any]]:
    """The plans, as executed, of all that a page asks of the hazards."""
    client = Client()
    client.force_login(reader)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    for query in asked.captured_queries:
        if "inspections_hazard" in query["sql"] and query["sql"].lstrip().startswith(("SELECT", "WITH", "(SELECT")):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query['sql']}")
                found = cursor.fetchone()[0]
            yield (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


def steps(plans: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for plan in plans:
        yield plan
        yield from steps(plan.get("Plans", []))


def too_much(step: dict[str, Any]) -> str:
    if step.get("Relation Name") != "inspections_hazard":
        return ""
    removed = step.get("Rows Removed by Filter", 0) + step.get("Rows Removed by Index Recheck", 0)
    read = round((step["Actual Rows"] + removed) * step["Actual Loops"])
    return f"{step['Node Type']} by {step.get('Index Name', 'no index')} reads {read:,}" if read > MOST_READ else ""
