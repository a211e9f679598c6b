"""A morning's queue: 1,000 inspections of 20 items sent by several phones, against the database inserting the very rows alone."""

import hashlib
import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg2
from django.db import connection, transaction

from tests.bench.measures import inspection_body, post_json
from tests.bench.server import Client

INSPECTIONS = 1000
PHONES = 4
#: As many records as a phone sends at once. 1,000 over four phones are ten of these each.
BATCH = 25
#: Every table that grows with an inspection; those without a row of it cost nothing.
TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id' AND a.atttypid IN ('int8'::regtype, 'int4'::regtype)
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname
"""
#: Whose row it is, where its own id does not say so in the order of the inspections.
OF_INSPECTION = {
    "inspections_inspectionanswer": "t.inspection_id",
    "inspections_inspection_inspectors": "t.inspection_id",
    "responsibilities_deadline": "substring(t.link from '[0-9]+')::bigint",
    "audit_event": "t.subject_id",
    "notifications_message": "substring(t.link from '[0-9]+')::bigint",
    "notifications_delivery": "SELECT substring(m.link from '[0-9]+')::bigint FROM notifications_message m WHERE m.id = t.message_id",
}
#: Made once for all of them: stays where it is.
ONCE = {"responsibilities_chainsnapshot"}


def measure_queue(port: int, unit: int, standard: int, items: list[int], rows: int) -> dict[str, object]:
    """Milliseconds an inspection, over all phones; the floor writes the same rows in as many transactions over as many connections.

    `ratio_one_by_one` is against a floor that commits each inspection by itself.
    """
    tables = _tables()
    highest = {table: _highest(table) for table in tables}
    phones = [Client(port).sign_in("supervisor") for _phone in range(PHONES)]
    records = _bodies(unit, standard, items)
    sending = _each(lambda phone: _send(phones[phone], records[phone::PHONES]))
    grown = [table for table in tables if table not in ONCE and _highest(table) > highest[table]]
    floor, single = (_insert_again(grown, highest, together) for together in (BATCH, 1))
    line = {
        "name": "queue-sync",
        "rows": rows,
        "p50_ms": round(sending * 1000 / INSPECTIONS, 2),
        "floor_ms": round(floor * 1000 / INSPECTIONS, 2),
        "ratio": round(sending / floor, 2),
        "ratio_one_by_one": round(sending / single, 2),
        "queries": 0,
        "inspections_a_second": round(INSPECTIONS / sending, 1),
    }
    print(json.dumps(line), flush=True)  # noqa: T201 - the contract of `make bench`
    return line


def _each(work: Callable[[int], None]) -> float:
    start = time.perf_counter()
    with ThreadPoolExecutor(PHONES) as pool:
        list(pool.map(work, range(PHONES)))
    return time.perf_counter() - start


def _bodies(unit: int, standard: int, items: list[int]) -> list[dict[str, str]]:
    """As frozen on the phones: made before the clock runs."""
    bodies = [json.dumps(inspection_body(unit, standard, items, [])) for _n in range(INSPECTIONS)]
    return [{"body": body, "sha256": hashlib.sha256(body.encode()).hexdigest()} for body in bodies]


def _send(phone: Client, records: list[dict[str, str]]) -> None:
    for start in range(0, len(records), BATCH):
        status, content, _headers = post_json(phone, "/api/v1/inspections/batch/", {"records": records[start : start + BATCH]})
        answers = [answer["status"] for answer in json.loads(content)["results"]] if status == 200 else []
        if answers != [201] * BATCH:
            raise SystemExit(f"queue-sync: status {status}, {answers}")


def _insert_again(tables: list[str], highest: dict[str, int], together: int) -> float:
    """Put the rows aside, take them out, and insert them once more, the rows of `together` inspections in each transaction.

    Foreign keys, checks and indexes stay on. Off are only the triggers of our own, which would write a second time what stands
    among the rows already.
    """
    for table in tables:
        _run(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    try:
        with transaction.atomic():
            for table in tables:
                _put_aside(table, highest[table])
            for table in tables:
                _run(f'DELETE FROM "{table}" WHERE id > {highest[table]}')  # noqa: S608
        columns = {table: _columns(table) for table in tables}
        parts = INSPECTIONS // together
        return _each(
            lambda phone: _insert(tables, columns, range(phone * parts // PHONES, (phone + 1) * parts // PHONES), together)
        )
    finally:
        for table in tables:
            _run(f'DROP TABLE IF EXISTS "bench_{table}"')
            _run(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


def _put_aside(table: str, highest: int) -> None:
    """With each row the number of its inspection, from 0: what belongs together is written together again."""
    whose = OF_INSPECTION.get(table, "t.id")
    _run(
        f'CREATE UNLOGGED TABLE "bench_{table}" AS SELECT t.*, dense_rank() OVER (ORDER BY ({whose})) - 1 AS part '  # noqa: S608
        f'FROM "{table}" t WHERE t.id > {highest}'
    )
    _run(f'CREATE INDEX ON "bench_{table}" (part)')
    _run(f'ANALYZE "bench_{table}"')


def _insert(tables: list[str], columns: dict[str, str], parts: range, together: int) -> None:
    database = psycopg2.connect(os.environ["DATABASE_URL"])
    try:
        for part in parts:
            with database, database.cursor() as cursor:
                for table in tables:
                    chosen = columns[table]
                    cursor.execute(
                        f'INSERT INTO "{table}" ({chosen}) OVERRIDING SYSTEM VALUE'  # noqa: S608
                        f' SELECT {chosen} FROM "bench_{table}" WHERE part BETWEEN %s AND %s',
                        [part * together, (part + 1) * together - 1],
                    )
    finally:
        database.close()


def _columns(table: str) -> str:
    """All but those the database computes itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
            [table],
        )
        return str(cursor.fetchone()[0])


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return [row[0] for row in cursor.fetchall()]


def _highest(table: str) -> int:
    return _number(f'SELECT coalesce(max(id), 0) FROM "{table}"')  # noqa: S608 - names of ours


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _number(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])
