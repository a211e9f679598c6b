"""Past inspections: the visit to a unit on a day that several rows, of this file or of others, can belong to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.choices import InspectionKind, InspectionStatus
from inspections.imports.books import INSPECTION_SERIES, Books, numbers_for
from inspections.imports.faults import fold
from inspections.models import Inspection
from safetyplant.audit.services import Row, record_many
from safetyplant.reporting.imports.duplicates import digest_of
from safetyplant.reporting.imports.reading import UnreadableFile
from safetyplant.reporting.imports.targets import ImportContext

VISITS_LOCK = 0x5AFE_0001
COUNT_LIMIT = 32_767
COUNT_VIOLATIONS = """
    UPDATE inspections_inspection AS i
    SET failed_count = greatest(i.failed_count, least(found.n, %(most)s)),
        answered_count = greatest(i.answered_count, least(found.n, %(most)s))
    FROM (
        SELECT inspection_id, count(*) AS n FROM inspections_violation
        WHERE inspection_id = ANY(%(ids)s) AND status <> 'cancelled' GROUP BY inspection_id
    ) AS found
    WHERE i.id = found.inspection_id
"""


@dataclass(frozen=True)
class Visit:
    """What tells one visit from another: the unit, the place if one is named, the day, and a number if there is one."""

    unit_id: int
    day: date
    number: str = ""
    place: str = ""

    @property
    def key(self) -> str:
        parts = [str(self.unit_id), self.day.isoformat(), fold(self.number), fold(self.place)]
        return f"visit:{digest_of(parts).hex()}"

    @property
    def of_unit(self) -> "Visit":
        """The same visit when only the unit was written down."""
        return Visit(self.unit_id, self.day, self.number)


def hold_visits(context: ImportContext) -> None:
    """Violations and inspections may be imported at the same time, and both make visits: the second is turned away."""
    if context.memo.get("holds_visits"):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [VISITS_LOCK])
        if not cursor.fetchone()[0]:
            raise UnreadableFile(_("Another import of inspections is running. Start again when it has ended."))
    context.memo["holds_visits"] = True


def known_visits(visits: Iterable[Visit]) -> dict[str, Inspection]:
    """Those that earlier rows or imports have made, by key; one query."""
    found = Inspection.objects.filter(imported_key__in={visit.key for visit in visits})
    return {inspection.imported_key or "": inspection for inspection in found}


def new_visit(visit: Visit, at: datetime, books: Books, *, kind: str = "", outside_body: str = "") -> Inspection:
    """Unsaved. Submitted, since it is over; acknowledged by no one, and nobody is asked to."""
    nobody = books.people.nobody()
    return Inspection(
        kind=kind or (InspectionKind.EXTERNAL if outside_body else InspectionKind.ROUTINE),
        status=InspectionStatus.SUBMITTED,
        unit_id=visit.unit_id,
        outside_body=outside_body,
        started_at=at,
        submitted_at=at,
        submitted_by_id=nobody,
        created_by_id=nobody,
        chain_id=books.chains.snapshot_id(visit.unit_id, visit.day),
        imported_key=visit.key,
    )


def save_visits(inspections: Sequence[Inspection], context: ImportContext) -> None:
    """Number and save new visits, and write down where they come from."""
    days = [timezone.localdate(inspection.started_at) for inspection in inspections]
    for inspection, number in zip(inspections, numbers_for(INSPECTION_SERIES, days), strict=True):
        inspection.number = number
    Inspection.objects.bulk_create(inspections)
    record_many(Row("inspection.imported", each, by=context.by, at=context.now) for each in inspections)


def count_violations(inspection_ids: Iterable[int]) -> None:
    """See that each visit counts at least the violations that belong to it: one statement a batch. A visit that said how many
    were found, before they were imported one by one, already counts them."""
    ids = list(inspection_ids)
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(COUNT_VIOLATIONS, {"ids": ids, "most": COUNT_LIMIT})


def count_failed(inspection: Inspection, more: int) -> None:
    inspection.failed_count = min(inspection.failed_count + more, COUNT_LIMIT)
    inspection.answered_count = max(inspection.answered_count, inspection.failed_count)
