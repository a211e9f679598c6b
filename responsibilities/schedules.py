"""When each step of a schedule falls, as pure functions: dataclasses in and out, no database.

Source of the rules: catalogue.json `escalation`. Steps whose moment is not after the beginning of a deadline's version
never existed for it; a repeating step recurs without end.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

HALF, BEFORE, DUE, AFTER = "half", "before", "due", "after"
#: So long after its moment something counts as due now in what is told; then it is late.
DUE_NOW = timedelta(hours=1)


@dataclass(frozen=True)
class Step:
    position: int
    anchor: str
    offset: timedelta = timedelta(0)
    repeat: timedelta | None = None
    audience: tuple[str, ...] = ()
    asks_answer: bool = False

    @property
    def is_late(self) -> bool:
        """True from the first step after the due moment: there a missing or unmoved owner is passed over."""
        return self.anchor == AFTER


class Occurrence(NamedTuple):
    """One moment at which a step is due; ordered by moment, then position.

    A tuple: the sweep makes and compares eight for each deadline, and a frozen dataclass takes several times as long.
    """

    moment: datetime
    position: int
    occurrence: int


@dataclass(frozen=True)
class Period:
    """The span of one version of a deadline. `starts_at` anchors the half; steps up to `began_at` never existed."""

    starts_at: datetime
    due_at: datetime
    began_at: datetime


def moment_of(step: Step, period: Period, occurrence: int = 0) -> datetime:
    """The moment of an occurrence (0 is the first) of a step."""
    if step.anchor == HALF:
        first = period.starts_at + (period.due_at - period.starts_at) / 2
    elif step.anchor == BEFORE:
        first = period.due_at - step.offset
    else:
        first = period.due_at + step.offset
    return first + step.repeat * occurrence if step.repeat and occurrence else first


def first_occurrence(steps: Sequence[Step], period: Period) -> Occurrence | None:
    """The earliest step after the version began, or None."""
    return min((_first_of(step, period) for step in steps if _exists(step, period)), default=None)


def next_occurrence(steps: Sequence[Step], period: Period, after: Occurrence) -> Occurrence | None:
    """The occurrence that follows `after` in the order of moments, or None when the schedule is at its end."""
    candidates = [found for step in steps if (found := _following(step, period, after)) is not None]
    return min(candidates, default=None)


def due_occurrences(
    steps: Sequence[Step], period: Period, start: Occurrence, now: datetime
) -> tuple[list[Occurrence], Occurrence | None]:
    """`start` and all that follow up to now, in order, which a late run has to catch up on; and the first one after now."""
    due: list[Occurrence] = []
    current: Occurrence | None = start
    while current is not None and current.moment <= now:
        due.append(current)
        current = next_occurrence(steps, period, current)
    return due, current


def find_step(steps: Iterable[Step], position: int) -> Step | None:
    return next((step for step in steps if step.position == position), None)


def _exists(step: Step, period: Period) -> bool:
    return step.repeat is not None or moment_of(step, period) > period.began_at


def _first_of(step: Step, period: Period) -> Occurrence:
    moment, occurrence = moment_of(step, period), 0
    if step.repeat and moment <= period.began_at:
        occurrence = (period.began_at - moment) // step.repeat + 1
        moment += step.repeat * occurrence
    return Occurrence(moment, step.position, occurrence)


def _following(step: Step, period: Period, after: Occurrence) -> Occurrence | None:
    if step.repeat is None:
        moment = moment_of(step, period)
        if moment <= period.began_at or (moment, step.position) < (after.moment, after.position):
            return None
        found = Occurrence(moment, step.position, 0)
        return found if found > after else None
    found = _first_of(step, period)
    if found > after:
        return found
    occurrence = found.occurrence + (after.moment - found.moment) // step.repeat
    while Occurrence(moment_of(step, period, occurrence), step.position, occurrence) <= after:
        occurrence += 1
    return Occurrence(moment_of(step, period, occurrence), step.position, occurrence)
