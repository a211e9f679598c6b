"""Record numbers people can say on the radio: series, year, running number (HZ-2026-0412).

Numbers are taken inside the caller's transaction under the row lock of (series, year). A transaction that fails gives its
number back, so a year's records have no gaps that an auditor would ask about. The price is that two transactions of one
series wait for each other from the moment they take the number until they commit: take it late, right before the insert,
never before reading files or computing.

Long jobs (an import of many thousand rows) must not hold that lock: they call `reserve_numbers` once, before they open
their own transaction. The block is then theirs at once and nobody waits; what such a job does not use in the end stays
unused, which is the only way a gap arises.
"""

import re
from datetime import date

from django.db import connection

SERIES = re.compile(r"[A-Z]{1,8}")
ADVANCE = """
    INSERT INTO numbering_counter (series, year, last) VALUES (%s, %s, %s)
    ON CONFLICT (series, year) DO UPDATE SET last = numbering_counter.last + EXCLUDED.last
    RETURNING last
"""


def next_number(series: str, on: date) -> str:
    """The next number of the series in the year of `on`, held by the row lock until the caller commits."""
    return reserve_numbers(series, on, 1)[0]


def reserve_numbers(series: str, on: date, count: int) -> list[str]:
    """`count` consecutive numbers in one step. Outside a transaction the lock is gone when this returns."""
    if not SERIES.fullmatch(series):
        raise ValueError(f"A series is one to eight capital letters, not {series!r}.")
    if count < 1:
        return []
    with connection.cursor() as cursor:
        cursor.execute(ADVANCE, [series, on.year, count])
        last = cursor.fetchone()[0]
    return [f"{series}-{on.year}-{number:04d}" for number in range(last - count + 1, last + 1)]
