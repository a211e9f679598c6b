"""Figures of hazards for dashboards: exact and fresh, at a cost that does not grow with the number of hazards."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from inspections.choices import OPEN_HAZARD
from inspections.models import HazardCategory, Measure
from responsibilities.models import Level

WEEKS = 12
#: Written out, so that the planner finds the partial indexes of open hazards.
IN_OPEN = "('" + "', '".join(OPEN_HAZARD) + "')"

#: Facts and what has not been folded into them yet, in one statement; late hazards come by the partial index of open ones.
#: Weeks and months by arithmetic: `date_trunc` would turn each of thousands of days into a moment of a time zone first.
FIGURES = """
    WITH rows AS (
        SELECT unit_id, day, level_code, measure, n FROM inspections_hazardfact WHERE measure = 'open' AND {scope}
        UNION ALL
        SELECT unit_id, day, level_code, measure, n FROM inspections_hazardfact
        WHERE measure IN ('reported', 'closed', 'repeat') AND day >= %(since)s AND {scope}
        UNION ALL
        SELECT unit_id, day, level_code, measure, n FROM inspections_hazardfact
        WHERE measure IN ('due', 'on_time') AND day >= %(since)s AND day <= %(today)s AND {scope}
        UNION ALL
        SELECT unit_id, day, level_code, measure, n FROM inspections_hazarddelta
        WHERE (measure = 'open' OR day >= %(since)s AND (measure NOT IN ('due', 'on_time') OR day <= %(today)s)) AND {scope}
    )
    SELECT measure,
           CASE WHEN measure = 'open' THEN unit_id END AS unit,
           CASE WHEN measure = 'open' THEN level_code END AS level,
           CASE WHEN measure IN ('reported', 'closed') THEN day - (extract(isodow FROM day)::int - 1)
                WHEN measure IN ('due', 'on_time') THEN day - (extract(day FROM day)::int - 1) END AS period,
           sum(n) AS n, NULL::timestamptz AS since
    FROM rows GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0
    UNION ALL
    SELECT 'late', unit_id, NULL, NULL, count(*), min(due_at)
    FROM inspections_hazard
    WHERE status IN {open} AND due_at < %(now)s AND {scope}
    GROUP BY unit_id
"""


@dataclass
class HazardFigures:
    """What the dashboard shows of hazards, for one scope. Weeks begin on Monday, months on the first, in plant time."""

    open_by_unit: dict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    late_by_unit: dict[int, int] = field(default_factory=dict)
    oldest_late: datetime | None = None
    reported_by_week: dict[date, int] = field(default_factory=dict)
    closed_by_week: dict[date, int] = field(default_factory=dict)
    due_by_month: dict[date, int] = field(default_factory=dict)
    on_time_by_month: dict[date, int] = field(default_factory=dict)
    repeats: int = 0
    #: First day that `repeats` and the weeks count.
    since: date = date.min

    @property
    def open(self) -> int:
        return sum(sum(levels.values()) for levels in self.open_by_unit.values())

    @property
    def late(self) -> int:
        return sum(self.late_by_unit.values())

    def open_of_level(self, code: str) -> int:
        return sum(levels.get(code, 0) for levels in self.open_by_unit.values())

    def on_time_rate(self, month: date) -> float | None:
        """Share of the month's fixes, due so far, that were handed in by their first date; None when nothing was due."""
        due = self.due_by_month.get(month, 0)
        return self.on_time_by_month.get(month, 0) / due if due else None


def hazard_figures(unit_ids: Iterable[int] | None, *, now: datetime | None = None) -> HazardFigures:
    """All figures in one query. `unit_ids` None: the whole plant."""
    moment = now or timezone.now()
    today = timezone.localdate(moment)
    monday = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    since = min(monday, (today.replace(day=1) - timedelta(days=1)).replace(day=1))
    params = {"now": moment, "today": today, "since": since, "units": list(unit_ids) if unit_ids is not None else None}
    scope = "TRUE" if unit_ids is None else "unit_id = ANY(%(units)s)"
    figures = HazardFigures(since=since)
    with connection.cursor() as cursor:
        cursor.execute(FIGURES.format(scope=scope, open=IN_OPEN), params)
        for row in cursor.fetchall():
            _add(figures, *row)
    return figures


def _add(figures: HazardFigures, measure: str, unit: int, level: str, period: date, n: int, since: datetime | None) -> None:
    count = int(n)
    if measure == "late":
        figures.late_by_unit[unit] = count
        figures.oldest_late = min(filter(None, [figures.oldest_late, since]), default=None)
    elif measure == Measure.OPEN:
        figures.open_by_unit[unit][level] += count
    elif measure == Measure.REPEAT:
        figures.repeats += count
    else:
        getattr(figures, PERIODS[measure])[period] = count


#: Which totals a measure goes to; `period` is the Monday of the week, or the first of the month.
PERIODS = {
    "reported": "reported_by_week",
    "closed": "closed_by_week",
    "due": "due_by_month",
    "on_time": "on_time_by_month",
}


#: The first few of each level by the index of (level, due date), merged; late ones not assessed yet come last.
LATE = """
    WITH first AS (
        SELECT late.id, level.rank FROM responsibilities_level AS level CROSS JOIN LATERAL (
            SELECT id FROM inspections_hazard WHERE level_id = level.code AND {late} ORDER BY due_at, id LIMIT %(limit)s
        ) AS late
        UNION ALL
        (SELECT id, NULL FROM inspections_hazard WHERE level_id IS NULL AND {late} ORDER BY due_at, id LIMIT %(limit)s)
    )
    SELECT hazard.id, hazard.title, hazard.due_at, hazard.level_id, coalesce(place.name, unit.name), holder.name
    FROM first JOIN inspections_hazard AS hazard ON hazard.id = first.id
    JOIN responsibilities_unit AS unit ON unit.id = hazard.unit_id
    LEFT JOIN responsibilities_place AS place ON place.id = hazard.place_id
    LEFT JOIN responsibilities_person AS holder ON holder.id = hazard.holder_id
    ORDER BY first.rank DESC NULLS LAST, hazard.due_at, hazard.id LIMIT %(limit)s
"""
IS_LATE = f"status IN {IN_OPEN} AND due_at < %(now)s"


@dataclass(frozen=True)
class LateHazard:
    """A late hazard in a line: what, how grave (None: not assessed), where, with whom."""

    pk: int
    title: str
    due_at: datetime
    level: Level | None
    where: str
    holder: str | None


def latest_late(unit_ids: Iterable[int] | None, levels: Iterable[Level], *, now: datetime, limit: int = 8) -> list[LateHazard]:
    """The gravest late hazards, the longest late first within a level."""
    scope = "" if unit_ids is None else " AND unit_id = ANY(%(units)s)"
    params: dict[str, Any] = {"now": now, "limit": limit, "units": list(unit_ids) if unit_ids is not None else None}
    by_code = {level.code: level for level in levels}
    with connection.cursor() as cursor:
        cursor.execute(LATE.format(late=IS_LATE + scope), params)
        return [
            LateHazard(pk, title, due_at, by_code.get(code), where, holder)
            for pk, title, due_at, code, where, holder in cursor.fetchall()
        ]


@dataclass(frozen=True)
class Repeat:
    """One danger that came back: at this place, in this category, so many times since the first of the shown days."""

    place: str
    place_id: int
    category: HazardCategory
    times: int
    last: datetime


#: By the partial index of hazards that repeat an earlier one.
REPEATS = """
    WITH often AS (
        SELECT place_id, category_id, count(*) AS times, max(found_at) AS last FROM inspections_hazard
        WHERE repeat_of_id IS NOT NULL AND found_at >= %(since)s AND status <> 'cancelled' AND {scope}
        GROUP BY place_id, category_id ORDER BY times DESC, last DESC LIMIT %(limit)s
    )
    SELECT place.name, often.place_id, category.code, category.name, category.name_zh, often.times, often.last
    FROM often JOIN responsibilities_place AS place ON place.id = often.place_id
    JOIN inspections_hazardcategory AS category ON category.code = often.category_id
    ORDER BY often.times DESC, often.last DESC
"""


def repeats(unit_ids: Iterable[int] | None, *, now: datetime, days: int = 90, limit: int = 6) -> list[Repeat]:
    """Where the same danger came back in the last days, most often first; reads repeated hazards only."""
    scope = "TRUE" if unit_ids is None else "unit_id = ANY(%(units)s)"
    params: dict[str, Any] = {
        "since": now - timedelta(days=days),
        "limit": limit,
        "units": list(unit_ids) if unit_ids is not None else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(REPEATS.format(scope=scope), params)
        return [
            Repeat(place, place_id, HazardCategory(code=code, name=name, name_zh=name_zh), times + 1, last)
            for place, place_id, code, name, name_zh, times, last in cursor.fetchall()
        ]
