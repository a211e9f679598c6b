"""Partitions of the delivery attempts, a week ahead of their days."""

from datetime import UTC, date, datetime

from django.db import connection

from safetyplant.notifications.sql import MAKE_PARTITIONS

DAYS_AHEAD = 8


def make_partitions(first_day: date | None = None, *, days: int = DAYS_AHEAD) -> int:
    """Make the partitions of `days` days from `first_day` (UTC) that don't exist yet; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(MAKE_PARTITIONS, [first_day or datetime.now(UTC).date(), days])
        return cursor.fetchone()[0]
