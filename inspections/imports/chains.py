"""The chain of a past day for each record, at a cost that follows the changes of the organisation and not the rows."""

from bisect import bisect_right
from datetime import date, timedelta

from inspections.imports.places import UnitBook
from responsibilities.chain import ChainReader, snapshot_chain
from responsibilities.models import Appointment, UnitPlacement

READERS = 64
SNAPSHOTS = 200_000


class ChainBook:
    """Between two changes of appointments or placements every day has the same chain: it is read once and frozen once.

    Days on which no one in the chain is known get none: earlier records mostly lie before the first appointment.
    """

    def __init__(self, units: UnitBook) -> None:
        self._units = units
        self._units_made = units.made
        starts: set[date] = set(Appointment.objects.values_list("starts_on", flat=True).distinct())
        self._first = min(starts, default=None)
        ends = Appointment.objects.values_list("ends_on", flat=True).distinct()
        days = starts | {day + timedelta(days=1) for day in ends if day is not None}
        for period in UnitPlacement.objects.values_list("period", flat=True).distinct():
            days |= {day for day in (period.lower, period.upper) if day is not None}
        self._days = sorted(days)
        self._readers: dict[int, ChainReader] = {}
        self._snapshots: dict[tuple[int, int], int | None] = {}

    def snapshot_id(self, unit_id: int, day: date) -> int | None:
        if self._first is None or day < self._first:
            return None
        span = bisect_right(self._days, day) - 1
        if (span, unit_id) not in self._snapshots:
            if len(self._snapshots) >= SNAPSHOTS:
                self._snapshots.clear()
            self._snapshots[span, unit_id] = self._freeze(span, unit_id)
        return self._snapshots[span, unit_id]

    def _freeze(self, span: int, unit_id: int) -> int | None:
        if self._units.made != self._units_made:
            # Readers know the tree as it was when they read it.
            self._readers.clear()
            self._units_made = self._units.made
        if span not in self._readers:
            if len(self._readers) >= READERS:
                self._readers.pop(next(iter(self._readers)))
            self._readers[span] = ChainReader(self._days[span])
        chain = self._readers[span].chain(unit_id)
        return snapshot_chain(chain).pk if any(link.person for link in chain.links) else None
