"""A round over the stops of a route: what one has inspected there today, and what is left."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Q
from django.utils import timezone

from inspections.choices import InspectionKind, InspectionStatus
from inspections.filters import is_id
from inspections.forms.inspections import standards_in_force
from inspections.models import Inspection
from responsibilities.models import Person, Place
from safetyplant.documents.models import DocumentVersion


@dataclass(frozen=True)
class Stop:
    """One stop with today's inspection of it, if there is one. `client_id` makes a second tap on Start the same draft."""

    place: Place
    number: int
    inspection: Inspection | None
    client_id: UUID

    @property
    def is_done(self) -> bool:
        return self.inspection is not None and self.inspection.status != InspectionStatus.DRAFT


@dataclass(frozen=True)
class Round:
    route: Place
    stops: list[Stop]
    kind: str
    standard: DocumentVersion | None
    standards: list[DocumentVersion]

    @property
    def done(self) -> int:
        return sum(stop.is_done for stop in self.stops)

    @property
    def next(self) -> Stop | None:
        return next((stop for stop in self.stops if not stop.is_done), None)


def read_round(route: Place, user: Person, *, kind: str = "", standard: str = "", now: datetime | None = None) -> Round:
    """Today's round of one person: the latest of their inspections at each stop since midnight."""
    today = timezone.localtime(now or timezone.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    places = [stop.place for stop in route.stops.select_related("place__unit").order_by("position")]
    own = Inspection.objects.filter(Q(created_by=user) | Q(inspectors=user), started_at__gte=today, place__in=places)
    visible = own.exclude(~Q(created_by=user), status=InspectionStatus.DRAFT).order_by("started_at", "pk")
    latest: dict[Any, Inspection] = {inspection.place_id: inspection for inspection in visible}
    offered = list(standards_in_force())
    chosen = next((version for version in offered if is_id(standard) and version.pk == int(standard)), None)
    return Round(
        route=route,
        stops=[
            Stop(place, number, latest.get(place.pk), stop_id(place, user, today)) for number, place in enumerate(places, start=1)
        ],
        kind=kind if kind in InspectionKind.values else InspectionKind.ROUTINE,
        standard=chosen,
        standards=offered,
    )


def rounds_of(inspection: Inspection, user: Person) -> list[Place]:
    """The routes this inspection was begun on: a lone visit to a stop is no round."""
    place = inspection.place
    if place is None or inspection.created_by_id != user.pk:
        return []
    if inspection.client_id != stop_id(place, user, inspection.started_at):
        return []
    return list(Place.objects.filter(stops__place=place).active()[:5])


def stop_id(place: Place, user: Person, at: datetime) -> UUID:
    """One stop of one day's round: a second tap on "Begin" is the same draft."""
    return uuid5(place.label, f"{user.pk} {timezone.localtime(at):%Y-%m-%d}")
