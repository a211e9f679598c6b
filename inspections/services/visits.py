"""Beginning a planned visit: the draft that will meet it."""

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from inspections.choices import InspectionStatus
from inspections.models import Inspection, PlannedVisit
from inspections.proposals import standards_in_force
from inspections.services.inspections import InspectionData, start_inspection
from responsibilities.choices import PlaceKind
from responsibilities.models import Person
from safetyplant.documents.models import DocumentVersion


def begin_visit(visit: PlannedVisit, *, by: Person, now: datetime | None = None) -> Inspection | None:
    """The draft `by` has begun for it, or a new one; None for a route, whose stops are begun one by one on the round's page."""
    if visit.place is not None and visit.place.kind == PlaceKind.ROUTE:
        return None
    known: Inspection | None = visit.inspections.filter(created_by=by, status=InspectionStatus.DRAFT).first()
    if known is not None:
        return known
    data = InspectionData(
        unit=visit.unit,
        place=visit.place,
        standard=version_for(visit),
        kind=visit.kind,
        field=visit.field,
        visit=visit.pk,
        # A second tap that comes while the first is on its way is the same draft.
        client_id=uuid5(NAMESPACE_URL, f"visit {visit.pk} {by.pk} {visit.inspections.count()}"),
    )
    inspection, _is_new = start_inspection(data, by=by, now=now or timezone.now())
    return inspection


def version_for(visit: PlannedVisit) -> DocumentVersion | None:
    """The version in force of the visit's checklist: the one to go by today, whichever there was when it was planned."""
    return next((version for version in standards_in_force() if version.document_id == visit.standard_id), None)
