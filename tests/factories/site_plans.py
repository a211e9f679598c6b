"""Site plans for tests."""

from collections.abc import Mapping
from decimal import Decimal

from responsibilities.models import Person, Place, SitePlan, Unit
from responsibilities.services.site_plans import Spot, create_site_plan, mark_places
from safetyplant.attachments.services import receive
from tests.inspections.photos import photo


def planned(
    unit: Unit, by: Person, spots: Mapping[Place, tuple[float, float]] | None = None, *, name: str = "Yard", colour: str = "beige"
) -> SitePlan:
    """A plan of this unit with these places on it."""
    plan = create_site_plan(unit, name=name, picture=receive(photo(colour), by=by), by=by)
    if spots:
        at = {place: Spot(Decimal(str(x)), Decimal(str(y))) for place, (x, y) in spots.items()}
        mark_places(plan, at, revision=plan.revision, by=by)
        plan.refresh_from_db()
    return plan
