"""Fills the database to each size and measures the product's pages there."""

import json
import os
import sys
from collections.abc import Collection, Sequence
from urllib.parse import urlencode

import django
import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection

django.setup()

from inspections.facts import fold_facts  # noqa: E402
from inspections.models import ChecklistItem, Hazard, Inspection  # noqa: E402 - models exist after set-up
from responsibilities.models import Unit  # noqa: E402
from safetyplant.documents.models import DocumentVersion  # noqa: E402
from safetyplant.reporting.keyset import Sort, encode_cursor, resolve_keys  # noqa: E402
from tests.bench.measures import Measure, page, report, run, submit  # noqa: E402
from tests.bench.phone import measure_start  # noqa: E402
from tests.bench.queue import measure_queue  # noqa: E402
from tests.bench.server import Client, Server  # noqa: E402
from tests.bench.sweep import measure_sweep  # noqa: E402

DATABASE = "safetyplant_bench"
#: A page at 100,000 hazards may take this much of itself at 10,000.
GROWTH = 1.3


def measure_all(sizes: Sequence[int], only: Collection[str]) -> None:
    _fresh_database()
    lines: list[dict[str, object]] = []
    for size in sorted(sizes):
        _fill(size)
        with Server(dict(os.environ)) as server:
            director, head = Client(server.port).sign_in("director"), Client(server.port).sign_in("head")
            measures = [m for m in _measures(director, head, size) if not only or m.name in only]
            lines += [run(measure, page(director, "/floor/"), size) for measure in measures]
            if not only or "app-start-offline" in only:
                lines.append(measure_start(server.port, size))
            if not only or "queue-sync" in only:
                lines.append(_queue(server.port, size))
        if not only or "sweep" in only:
            lines.append(measure_sweep(size))
    _compare(lines)


def _fresh_database() -> None:
    server = psycopg2.connect(os.environ["DATABASE_URL"])
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    server.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = DATABASE
    base, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    os.environ["DATABASE_URL"] = f"{base}/{DATABASE}"
    for command in ("migrate", "load_catalogue", "load_demo"):
        _say(f"{command} …")
        call_command(command, verbosity=0, stdout=sys.stderr)


def _fill(size: int) -> None:
    missing = size - Hazard.objects.count()
    if missing > 0:
        _say(f"generate {missing:,} hazards …")
        call_command("generate_records", hazards=missing, stdout=sys.stderr)
        fold_facts()  # what the beat does every few minutes
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _measures(director: Client, head: Client, size: int) -> list[Measure]:
    station, standard, items = _checklist()
    place = station.places.active().order_by("pk").first()
    hazard = Hazard.objects.filter(status="closed", action__isnull=False).order_by("-pk").first()
    # Not those that may be major: their findings ask for interim control besides.
    failing = list(ChecklistItem.objects.filter(pk__in=items, possibly_major=False).values_list("pk", flat=True)[:2])
    if place is None or hazard is None:
        raise SystemExit("The demo data has no place of the head's unit or no closed hazard to measure with.")
    return [
        Measure("hazard-list", page(director, "/hazards/")),
        Measure("hazard-filtered", page(director, f"/hazards/?state=open&unit={station.pk}&level=G1")),
        Measure("hazard-deep", page(director, f"/hazards/?all=1&sort=found&after={_cursor_at(0.9, size)}")),
        Measure("hazard-detail", page(director, f"/hazards/{hazard.pk}/")),
        Measure("dashboard", page(director, "/dashboard/")),
        Measure("search", page(director, "/search/?" + urlencode({"q": "护栏"}))),
        Measure("hazard-report", report(director, f"p{place.pk}"), expected=302),
        Measure("inspection-paper", page(director, f"/inspections/{_inspected()}/report/")),
        Measure("inspection-submit", submit(director, station.pk, standard.pk, items, failing), expected=201),
        Measure("hazard-list-head", page(head, "/hazards/")),
    ]


def _queue(port: int, size: int) -> dict[str, object]:
    station, standard, items = _checklist()
    return measure_queue(port, station.pk, standard.pk, items, size)


def _checklist() -> tuple[Unit, DocumentVersion, list[int]]:
    """The head's unit and a standard of 20 items."""
    station = Unit.objects.get(appointments__person__username="head", appointments__role="unit_head", appointments__ends_on=None)
    standard = DocumentVersion.objects.get(document__code="METERING", number=1)
    items = list(standard.clauses.filter(checklist_item__isnull=False).order_by("position").values_list("pk", flat=True))
    return station, standard, items


def _inspected() -> int:
    """An inspection with findings, of as many items as there are."""
    found = Inspection.objects.filter(status="submitted", failed_count__gt=0).order_by("-answered_count", "pk").first()
    if found is None:
        raise SystemExit("The demo data has no inspection with findings to print.")
    return found.pk


def _cursor_at(share: float, size: int) -> str:
    """The cursor of the row at nine tenths of the list sorted by the day found."""
    sort = Sort("found", "found", ("-found_at",))
    row = Hazard.objects.order_by("-found_at", "-pk")[int(size * share)]
    return encode_cursor("found", resolve_keys(Hazard.objects.all(), sort), row)


def _compare(lines: list[dict[str, object]]) -> None:
    """How each page at the largest size compares with itself at the smallest, by their ratios to the floor."""
    by_name: dict[str, list[dict[str, object]]] = {}
    for line in lines:
        by_name.setdefault(str(line["name"]), []).append(line)
    for name, measured in by_name.items():
        if len(measured) > 1:
            small, large = float(str(measured[0]["ratio"])), float(str(measured[-1]["ratio"]))
            print(json.dumps({"name": f"{name} growth", "of": round(large / small, 2), "aim": GROWTH}), flush=True)  # noqa: T201


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201
