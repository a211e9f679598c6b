"""Places, equipment, rounds and posts of a unit."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from responsibilities import permissions
from responsibilities.choices import PlaceKind
from responsibilities.models import Person, Place, Post, RouteStop, Unit
from safetyplant.access.transitions import require
from safetyplant.audit.services import record


@transaction.atomic
def save_place(place: Place, *, by: Person, stops: Sequence[Place] = ()) -> Place:
    """Add or change a place; a route also takes its stops, in the order in which the round walks them."""
    _require_unit(by, place.unit)
    is_new = place.pk is None
    place.full_clean()
    place.save()
    if place.kind == PlaceKind.ROUTE:
        set_stops(place, stops)
    detail = {"name": place.name, "unit": place.unit.name}
    record("place.created" if is_new else "place.changed", place, by=by, detail=detail)
    return place


def set_stops(route: Place, stops: Sequence[Place]) -> None:
    """Replace the stops of a route. Runs in the caller's transaction."""
    if len({stop.pk for stop in stops}) != len(stops):
        raise ValidationError({"stops": _("Each place can stand on a route only once.")})
    if any(stop.pk == route.pk or stop.kind == PlaceKind.ROUTE for stop in stops):
        raise ValidationError({"stops": _("A route strings places together, not other routes.")})
    RouteStop.objects.filter(route=route).delete()
    RouteStop.objects.bulk_create(RouteStop(route=route, place=stop, position=at) for at, stop in enumerate(stops, start=1))


@transaction.atomic
def save_post(post: Post, *, by: Person) -> Post:
    _require_unit(by, post.unit)
    is_new = post.pk is None
    post.full_clean()
    post.save()
    record("post.created" if is_new else "post.changed", post, by=by, detail={"name": post.name, "unit": post.unit.name})
    return post


def _require_unit(by: Any, unit: Unit) -> None:
    require(permissions.can_manage_unit(by, unit), _("This unit is for someone else to manage."))
