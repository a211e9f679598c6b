"""The sweep that produces 20,000 reminders with inbox and outbox rows, against the plain inserts of the same rows."""

import json
import statistics
import time
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from responsibilities.sweep import sweep_deadlines

REMINDERS = 20_000
ROUNDS = 3
DUE = """
    INSERT INTO responsibilities_deadline (kind, status, number, title, link, unit_id, owner_id, field, is_urgent, starts_at,
        first_due_at, due_at, version, version_began_at, schedule_id, next_step_at, next_position, next_occurrence, sweep_failures)
    SELECT 'fix', 'open', 'B-' || i, 'Bench', '/', (SELECT min(unit_id) FROM responsibilities_person WHERE id = p.id), p.id, '', false,
        %(now)s - interval '3 days', %(now)s + interval '4 days', %(now)s + interval '4 days', 1, %(now)s - interval '3 days',
        (SELECT id FROM responsibilities_schedule WHERE code = 'long' ORDER BY valid_from DESC LIMIT 1), %(now)s + interval '12 hours', 1, 0, 0
    FROM generate_series(1, %(count)s) AS i
    JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS r, count(*) OVER () AS total FROM responsibilities_person
          WHERE is_active AND unit_id IS NOT NULL AND email <> '') AS p ON p.r = i %% p.total
"""
COPIES = {
    "responsibilities_reminder": "bench_reminder",
    "notifications_message": "bench_message",
    "notifications_delivery": "bench_delivery",
}


def measure_sweep(rows: int) -> dict[str, object]:
    """Medians over the rounds; the floor inserts the very rows the sweep has made, into the same tables."""
    sweeps, floors, made = [], [], 0
    for _round in range(ROUNDS):
        now = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute(DUE, {"now": now, "count": REMINDERS})
            highest = {table: _highest(cursor, table) for table in COPIES}
        start = time.perf_counter()
        made = sweep_deadlines(now + timedelta(hours=13)).reminders
        sweeps.append(time.perf_counter() - start)
        floors.append(_insert_again(highest))
        with connection.cursor() as cursor:
            # Nothing stays behind: pages measured later must not find a hundred thousand mails that nobody sends.
            for table in reversed(COPIES):
                cursor.execute(f"DELETE FROM {table} WHERE id > %s", [highest[table]])  # noqa: S608
            cursor.execute("DELETE FROM responsibilities_deadline WHERE title = 'Bench'")
    line = {
        "name": "sweep",
        "rows": rows,
        "p50_ms": round(statistics.median(sweeps) * 1000, 1),
        "floor_ms": round(statistics.median(floors) * 1000, 1),
        "ratio": round(statistics.median(sweep / floor for sweep, floor in zip(sweeps, floors, strict=True)), 2),
        "queries": 0,
        "reminders": made,
    }
    print(json.dumps(line), flush=True)  # noqa: T201 - the contract of `make bench`
    return line


def _highest(cursor, table: str) -> int:  # type: ignore[no-untyped-def]
    cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608 - a name of ours
    highest: int = cursor.fetchone()[0]
    return highest


def _insert_again(highest: dict[str, int]) -> float:
    """Put the rows aside, take them out, and insert them once more as they are: same tables, indexes, keys and commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, copy in COPIES.items():
            cursor.execute(f"CREATE TEMPORARY TABLE {copy} AS SELECT * FROM {table} WHERE id > %s", [highest[table]])  # noqa: S608
        for table in reversed(COPIES):
            cursor.execute(f"DELETE FROM {table} WHERE id > %s", [highest[table]])  # noqa: S608
    start = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for table, copy in COPIES.items():
            cursor.execute(f"INSERT INTO {table} SELECT * FROM {copy}")  # noqa: S608
    taken = time.perf_counter() - start
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {', '.join(COPIES.values())}")
    return taken
