"""What this room brings to the catalogue: levels with their terms, stage terms, reminder schedules."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from responsibilities.models import Level, LevelTerm, Schedule, ScheduleStep, StageTerm
from responsibilities.services import recompute_cursors
from safetyplant.catalogue import Counts, read_data, register, sync_rows

DATA = Path(__file__).parent / "data"


def load_levels(now: datetime) -> Counts:
    levels, terms = [], []
    for row in read_data(DATA / "levels.json"):
        term = row.pop("term")
        levels.append(row)
        terms.append({**term, "level_id": row["code"], "valid_from": date.fromisoformat(term["valid_from"])})
    return sync_rows(Level, levels, key=("code",)) + sync_rows(LevelTerm, terms, key=("level_id", "valid_from"))


def load_stages(now: datetime) -> Counts:
    rows = [{**row, "valid_from": date.fromisoformat(row["valid_from"])} for row in read_data(DATA / "stages.json")]
    return sync_rows(StageTerm, rows, key=("code", "valid_from"))


def load_schedules(now: datetime) -> Counts:
    """Schedules and their steps. What is open already follows a changed schedule from now on."""
    data = read_data(DATA / "schedules.json")
    counts = sync_rows(Schedule, [_schedule(row) for row in data], key=("code", "valid_from"))
    for row in data:
        schedule = Schedule.objects.get(code=row["code"], valid_from=row["valid_from"])
        counts += sync_rows(ScheduleStep, _steps(schedule, row["steps"]), key=("schedule_id", "position"))
        extra, _ = schedule.steps.filter(position__gt=len(row["steps"])).delete()
        counts += Counts(updated=extra)
    if counts.has_changes:
        recompute_cursors(now=now)
    return counts


def _schedule(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": row["code"],
        "valid_from": date.fromisoformat(row["valid_from"]),
        "level_id": row.get("level"),
        "longer_than": timedelta(hours=row.get("longer_than_hours", 0)),
        "up_to": timedelta(hours=row["up_to_hours"]) if "up_to_hours" in row else None,
    }


def _steps(schedule: Schedule, steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for position, step in enumerate(steps, start=1):
        yield {
            "schedule_id": schedule.pk,
            "position": position,
            "anchor": step["anchor"],
            "offset": timedelta(hours=step.get("offset_hours", 0)),
            "repeat": timedelta(hours=step["repeat_hours"]) if "repeat_hours" in step else None,
            "audience": step["audience"],
            "asks_answer": step.get("asks_answer", False),
        }


register("levels", load_levels, order=10)
register("stages", load_stages, order=20)
register("schedules", load_schedules, order=30)
