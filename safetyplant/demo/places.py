"""Builds what is inspected: places with the labels they always have, and routes with their stops."""

from collections.abc import Iterator
from uuid import NAMESPACE_URL, uuid5

from responsibilities.choices import PlaceKind
from responsibilities.models import Place, Post, RouteStop
from safetyplant.demo.data.places import ROUTE, THINGS, WELL, WELL_POST, WELLS, WORKED_BY
from safetyplant.demo.organisation import Plant

STOPS = 10


def build_places(plant: Plant) -> None:
    """Places by unit (`plant.places`) and by code (`plant.place`, "S12/N12-45")."""
    places = [*_wells(plant), *_things(plant)]
    for place in places:
        place.post = _post_at(plant, place)
    Place.objects.bulk_create(places)
    for place in places:
        plant.places.setdefault(place.unit.code, []).append(place)
        plant.place[f"{place.unit.code}/{place.code}"] = place
    _build_routes(plant)


def _new(plant: Plant, unit: str, kind: str, code: str, name: str) -> Place:
    label = uuid5(NAMESPACE_URL, f"safetyplant-demo:{unit}/{code}")
    return Place(unit=plant.units[unit], kind=kind, code=code, name=name, label=label)


def _post_at(plant: Plant, place: Place) -> Post | None:
    unit = place.unit.code
    if place.kind == PlaceKind.WELL:
        return plant.posts[unit, WELL_POST]
    named = (name for of, begins, name in WORKED_BY if of == unit and place.code.startswith(begins))
    name = next(named, None)
    return plant.posts[unit, name] if name else None


def _wells(plant: Plant) -> Iterator[Place]:
    for field in WELLS:
        for number in field.numbers:
            code = f"{field.prefix}-{number:02}"
            yield _new(plant, field.unit, PlaceKind.WELL, code, plant.say(WELL, code=code))


def _things(plant: Plant) -> Iterator[Place]:
    for thing in THINGS:
        yield _new(plant, thing.unit, thing.kind, thing.code, plant.say(thing.name))


def _build_routes(plant: Plant) -> None:
    """Each station walks its wells in rounds; the last round takes what is left."""
    routes, stops = [], []
    for field in WELLS:
        wells = [place for place in plant.places[field.unit] if place.kind == PlaceKind.WELL]
        for number in range(1, field.routes + 1):
            name = plant.say(ROUTE, number=number, unit=plant.units[field.unit].name)
            route = _new(plant, field.unit, PlaceKind.ROUTE, f"R{number}", name)
            routes.append(route)
            walked = wells[(number - 1) * STOPS : number * STOPS]
            stops += [RouteStop(route=route, place=well, position=at) for at, well in enumerate(walked, start=1)]
            plant.place[f"{field.unit}/R{number}"] = route
    Place.objects.bulk_create(routes)
    RouteStop.objects.bulk_create(stops)
