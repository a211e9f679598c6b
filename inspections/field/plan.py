"""Today's plan for the phone: what its person may inspect today, in the order in which it is due."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from inspections.choices import InspectionStatus, VisitStatus
from inspections.models import Inspection, PlannedVisit
from responsibilities.choices import PlaceKind
from responsibilities.models import RouteStop
from safetyplant.formats.days import clock_text

if TYPE_CHECKING:
    from responsibilities.models import Person
    from safetyplant.documents.models import DocumentVersion

#: More than anyone makes in a day.
MOST = 80


def plan_of_today(person: "Person", versions: "list[DocumentVersion]", *, now: datetime) -> list[dict[str, Any]]:
    """A row a visit; of a route one for each point that is left, in the route's order. Three queries.

    Names of places and the person's own work alone: the phone keeps it for weeks.
    """
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    mine = PlannedVisit.objects.of_person(person).filter(status=VisitStatus.PLANNED, starts_at__lt=midnight, due_at__gte=now)
    visits = list(mine.select_related("place", "unit").order_by("due_at", "pk")[:MOST])
    in_force = {version.document_id: version.pk for version in versions}
    stops = _stops_left(visits)
    return [row for visit in visits for row in _rows(visit, in_force.get(visit.standard_id or 0), stops)]


def _stops_left(visits: list[PlannedVisit]) -> dict[int, list[RouteStop]]:
    """By visit, the points of its route that nobody has inspected for it yet."""
    routes = {visit.place_id: visit.pk for visit in visits if _is_route(visit)}
    if not routes:
        return {}
    made = set(
        Inspection.objects.filter(visits__in=routes.values())
        .exclude(status=InspectionStatus.DRAFT)
        .values_list("visits", "place_id")
    )
    stops = RouteStop.objects.filter(route__in=routes, place__is_active=True).select_related("place").order_by("position")
    all_stops = list(stops)
    return {
        visit.pk: [stop for stop in all_stops if stop.route_id == visit.place_id and (visit.pk, stop.place_id) not in made]
        for visit in visits
        if _is_route(visit)
    }


def _is_route(visit: PlannedVisit) -> bool:
    return visit.place is not None and visit.place.kind == PlaceKind.ROUTE


def _rows(visit: PlannedVisit, standard: int | None, stops: dict[int, list[RouteStop]]) -> list[dict[str, Any]]:
    shared = {
        "visit": visit.pk,
        "kind": visit.kind,
        "word": str(visit.get_kind_display()),
        "standard": standard,
        "due": clock_text(visit.due_at),
    }
    if visit.pk in stops:
        route = visit.where
        return [{**shared, "where": f"p{s.place_id}", "name": f"{s.place.name}", "route": route} for s in stops[visit.pk]]
    where = f"p{visit.place_id}" if visit.place_id else f"u{visit.unit_id}"
    return [{**shared, "where": where, "name": visit.where, "route": ""}]
