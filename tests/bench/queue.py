"""A morning's queue: 1,000 inspections of 20 items sent by several phones, against the database inserting the very rows alone."""

import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg2
from django.db import connection

from tests.bench.measures import submit
from tests.bench.server import Client

INSPECTIONS = 1000
PHONES = 4
#: Every table that grows with an inspection; those without a row of it cost nothing.
TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id' AND a.atttypid IN ('int8'::regtype, 'int4'::regtype)
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname
"""


def measure_queue(port: int, unit: int, standard: int, items: list[int], rows: int) -> dict[str, object]:
    """Milliseconds an inspection, over all phones; the floor writes the same rows in as many transactions over as many connections."""
    tables = _tables()
    highest = {table: _number(f'SELECT coalesce(max(id), 0) FROM "{table}"') for table in tables}  # noqa: S608 - names of ours
    phones = [Client(port).sign_in("supervisor") for _phone in range(PHONES)]
    sending = _each(lambda phone: _send(phones[phone], unit, standard, items))
    grown = [table for table in tables if _number(f'SELECT count(*) FROM "{table}" WHERE id > {highest[table]}')]  # noqa: S608
    floor = _insert_again(grown, highest)
    line = {
        "name": "queue-sync",
        "rows": rows,
        "p50_ms": round(sending * 1000 / INSPECTIONS, 2),
        "floor_ms": round(floor * 1000 / INSPECTIONS, 2),
        "ratio": round(sending / floor, 2),
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


def _send(phone: Client, unit: int, standard: int, items: list[int]) -> None:
    act = submit(phone, unit, standard, items, [])
    for _turn in range(INSPECTIONS // PHONES):
        status, _headers = act()
        if status != 201:
            raise SystemExit(f"queue-sync: status {status} instead of 201")


def _insert_again(tables: list[str], highest: dict[str, int]) -> float:
    """Put the rows aside, take them out, and insert them once more, a thousandth of each table in each transaction.

    Without triggers, which would write again what is among the rows, and so without checks of foreign keys: a floor lower than fair.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in tables:
            cursor.execute(f'DROP TABLE IF EXISTS "bench_{table}"')
            cursor.execute(
                f'CREATE UNLOGGED TABLE "bench_{table}" AS SELECT * FROM "{table}" WHERE id > {highest[table]}'  # noqa: S608
            )
            cursor.execute(f'CREATE INDEX ON "bench_{table}" ((id % {INSPECTIONS}))')
            cursor.execute(f'DELETE FROM "{table}" WHERE id > {highest[table]}')  # noqa: S608
        columns = {table: _columns(table) for table in tables}
    taken = _each(lambda phone: _insert(tables, columns, range(phone, INSPECTIONS, PHONES)))
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'DROP TABLE "bench_{table}"')
        cursor.execute("SET session_replication_role = origin")
    return taken


def _insert(tables: list[str], columns: dict[str, str], parts: range) -> None:
    database = psycopg2.connect(os.environ["DATABASE_URL"])
    try:
        with database, database.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
        for part in parts:
            with database, database.cursor() as cursor:
                for table in tables:
                    chosen = columns[table]
                    cursor.execute(
                        f'INSERT INTO "{table}" ({chosen}) OVERRIDING SYSTEM VALUE'  # noqa: S608
                        f' SELECT {chosen} FROM "bench_{table}" WHERE id %% {INSPECTIONS} = %s',
                        [part],
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


def _number(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])
