"""Folding the triggers' deltas into facts, and rebuilding facts from the records they count."""

from django.conf import settings
from django.db import connection, transaction

#: Deltas are taken away and added up in one statement, so that a reader sees each of them in exactly one of the tables.
FOLD = """
    WITH taken AS (
        DELETE FROM inspections_hazarddelta
        WHERE id IN (SELECT id FROM inspections_hazarddelta ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
        RETURNING unit_id, day, level_code, measure, n
    ), added AS (
        INSERT INTO inspections_hazardfact (unit_id, day, level_code, measure, n)
        SELECT unit_id, day, level_code, measure, sum(n) FROM taken GROUP BY 1, 2, 3, 4
        ON CONFLICT (measure, unit_id, day, level_code) DO UPDATE SET n = inspections_hazardfact.n + EXCLUDED.n
    )
    SELECT count(*) FROM taken
"""
BATCH = 50_000
#: As in the migration that made it, which wrote the zone of its day into the function.
PLANT_DAY = """
    CREATE OR REPLACE FUNCTION sp_plant_day(moment timestamptz) RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT (moment AT TIME ZONE '{zone}')::date $$
"""


def fold_facts() -> int:
    """Fold all deltas committed so far; returns how many. Safe to run twice at once."""
    total = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(FOLD, [BATCH])
            folded: int = cursor.fetchone()[0]
        total += folded
        if folded < BATCH:
            return total


@transaction.atomic
def rebuild_facts() -> int:
    """Count everything anew in the plant's present time zone; readers see the old figures until commit. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE inspections_hazard IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(PLANT_DAY.format(zone=settings.TIME_ZONE))
        cursor.execute("DELETE FROM inspections_hazarddelta")
        cursor.execute("DELETE FROM inspections_hazardfact")
        cursor.execute(
            "INSERT INTO inspections_hazardfact (unit_id, day, level_code, measure, n) "
            "SELECT m.unit_id, m.day, m.level_code, m.measure, count(*) "
            "FROM inspections_hazard h, LATERAL sp_hazard_measures(h) m GROUP BY 1, 2, 3, 4"
        )
        return int(cursor.rowcount)
