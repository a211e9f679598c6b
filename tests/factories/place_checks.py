"""Checks of similar places for tests."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from inspections.models import Hazard, PlaceAnswer, PlaceCheck
from inspections.services.place_checks import CheckData, PlaceSeen
from inspections.workflows import answer_places, send_check
from responsibilities.models import Person, Place, Unit
from tests.factories.inspections import reported
from tests.factories.responsibilities import PlaceFactory


def source(unit: Unit, by: Person, **kwargs: Any) -> Hazard:
    """A hazard at a well of this unit."""
    return reported(unit, by, place=PlaceFactory(unit=unit), title="Guard gate broken", **kwargs)


def sent(hazard: Hazard, by: Person, places: list[Place], *, now: datetime | None = None, days: float = 3) -> PlaceCheck:
    moment = now or timezone.now()
    data = CheckData(hazard, "Is the guard gate whole?", places, moment + timedelta(days=days), "Shake it")
    check, _is_new = send_check(data, by=by, now=moment)
    return check


def answer_of(check: PlaceCheck, place: Place) -> PlaceAnswer:
    return PlaceAnswer.objects.select_related("share__deadline", "place__unit").get(place_check=check, place=place)


def answered(check: PlaceCheck, place: Place, result: str, by: Person, **more: Any) -> PlaceAnswer:
    answer_places(check, [PlaceSeen(answer_of(check, place), result, **more)], by=by)
    return answer_of(check, place)
