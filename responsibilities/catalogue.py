"""What this room brings to the catalogue: levels with their terms, stage terms, reminder schedules."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from responsibilities.models import Level, LevelTerm, Schedule, ScheduleStep, StageTerm
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
    """Schedules and their steps. A shipped change makes new editions, which what is open follows with the next sweep.

    All of them at once: which of them applies to a deadline can change with any one.
    """
    data = read_data(DATA / "schedules.json")
    known = {row["code"]: _shipped(row) for row in data}
    counts = Counts()
    for row in data:
        schedule = known[row["code"]]
        if schedule is None:
            counts += Counts(created=1 + len(row["steps"]))
        elif _differs(schedule, row):
            counts += Counts(updated=1)
        else:
            counts += Counts(unchanged=1 + len(row["steps"]))
    if counts.has_changes:
        for row in data:
            _write_edition(row, known[row["code"]])
    return counts


def _shipped(row: dict[str, Any]) -> Schedule | None:
    """The last edition of the day from which the shipped schedule holds."""
    editions = Schedule.objects.filter(code=row["code"], valid_from=row["valid_from"]).prefetch_related("steps")
    return editions.order_by("edition").last()


def _differs(schedule: Schedule, row: dict[str, Any]) -> bool:
    is_other = any(getattr(schedule, name) != value for name, value in _schedule(row).items())
    return is_other or [_values(step) for step in schedule.steps.all()] != list(_steps(row["steps"]))


def _values(step: ScheduleStep) -> dict[str, Any]:
    return {name: getattr(step, name) for name in ("position", "anchor", "offset", "repeat", "audience", "asks_answer")}


def _write_edition(row: dict[str, Any], last: Schedule | None) -> None:
    schedule = Schedule.objects.create(**_schedule(row), edition=last.edition + 1 if last else 1)
    ScheduleStep.objects.bulk_create(ScheduleStep(schedule=schedule, **values) for values in _steps(row["steps"]))


def _schedule(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": row["code"],
        "valid_from": date.fromisoformat(row["valid_from"]),
        "level_id": row.get("level"),
        "longer_than": timedelta(hours=row.get("longer_than_hours", 0)),
        "up_to": timedelta(hours=row["up_to_hours"]) if "up_to_hours" in row else None,
    }


def _steps(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for position, step in enumerate(steps, start=1):
        yield {
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
