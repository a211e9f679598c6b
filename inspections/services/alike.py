"""Is it known already? What someone reports, held against the open hazards they may see."""

from typing import TYPE_CHECKING

from django.db.models import Q

from inspections.models import Hazard
from safetyplant.search.services import resembling

if TYPE_CHECKING:
    from inspections.models import HazardCategory
    from responsibilities.models import Person, Place, Unit

#: More would be a list to read instead of a question to answer.
MOST = 3


def hazards_alike(
    text: str, *, by: "Person", unit: "Unit", place: "Place | None" = None, category: "HazardCategory | None" = None
) -> list[Hazard]:
    """Open hazards of the unit that say much the same, the most alike first; at most `MOST`. Two queries.

    Of another place or category they are others, unless one of the two does not say. SECURITY: among those the person may see.
    """
    rows = Hazard.objects.visible_to(by).open().filter(unit=unit)
    if place is not None:
        rows = rows.filter(Q(place=place) | Q(place__isnull=True))
    if category is not None:
        rows = rows.filter(Q(category=category) | Q(category__isnull=True))
    return resembling(rows.select_related("place", "level"), text, most=MOST)


def hazards_like(hazard: Hazard, *, by: "Person") -> list[Hazard]:
    """The same for a hazard just reported: what its reporter may still say it is the same as."""
    found = hazards_alike(
        f"{hazard.title} {hazard.description}", by=by, unit=hazard.unit, place=hazard.place, category=hazard.category
    )
    return [other for other in found if other.pk != hazard.pk]
