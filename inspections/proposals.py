"""Which checklist one goes by at a place: proposed, never imposed."""

from collections import Counter
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from inspections.models import Inspection
from responsibilities.choices import PlaceKind
from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.models import DocumentVersion

if TYPE_CHECKING:
    from responsibilities.models import Person, Place, Unit

#: As many of the latest inspections say what is usual; a habit of last year doesn't.
LATEST = 50
#: Where nobody has inspected anything of the kind yet: the code of a shipped checklist that fits.
SHIPPED = {PlaceKind.WELL: "WELLSITE", PlaceKind.TANK: "TANK", PlaceKind.VESSEL: "COMBINED", "": "MGMTAUDIT"}


def propose_standard(unit: "Unit", place: "Place | None", *, by: "Person") -> DocumentVersion | None:
    """The version in force of what was last gone by at this place, else what is usual at its kind, else the reader's own last.

    A route is proposed what its stops are; `place` None means the unit as a whole. A handful of small queries.
    """
    in_force = {version.document_id: version for version in standards_in_force()}
    kind = _kind_of(place)
    here = Q(place=place) if place is not None else Q(place=None, unit=unit)
    alike = Q(place__kind=kind) if kind else Q(place=None)
    for document in (*_documents(here, 1), *_usual(alike), *_shipped(kind, in_force), *_documents(Q(created_by=by), 1)):
        if document in in_force:
            return in_force[document]
    return None


def standards_in_force() -> list[DocumentVersion]:
    versions = DocumentVersion.objects.in_force(timezone.localdate()).filter(document__kind=DocumentKind.STANDARD)
    return list(versions.select_related("document").order_by("document__code"))


def _kind_of(place: "Place | None") -> str:
    if place is None:
        return ""
    if place.kind == PlaceKind.ROUTE:
        stops = Counter(stop.place.kind for stop in place.stops.select_related("place"))
        return stops.most_common(1)[0][0] if stops else place.kind
    return place.kind


def _documents(which: Q, most: int) -> list[int]:
    """Checklists of the latest inspections, newest first."""
    done = Inspection.objects.filter(which, standard__isnull=False).order_by("-started_at", "-pk")
    return list(done.values_list("standard__document_id", flat=True)[:most])


def _usual(alike: Q) -> list[int]:
    return [document for document, _times in Counter(_documents(alike, LATEST)).most_common()]


def _shipped(kind: str, in_force: dict[int, DocumentVersion]) -> list[int]:
    code = SHIPPED.get(kind, "")
    return [pk for pk, version in in_force.items() if version.document.code == code]
