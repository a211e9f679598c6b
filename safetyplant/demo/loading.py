"""Loading the demo data: once, whole, and the same at each first load of a day."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from responsibilities.models import Appointment, Person, Place, Unit
from safetyplant.catalogue import load_catalogue
from safetyplant.demo.language import Language
from safetyplant.demo.organisation import Plant, build_organisation
from safetyplant.demo.places import build_places


class NotEmpty(Exception):
    """The installation has people of its own; demo data would mix with them."""


@dataclass(frozen=True)
class Loaded:
    """How many of each were newly made: all zero when the demo data is there already."""

    units: int = 0
    people: int = 0
    appointments: int = 0
    places: int = 0

    @property
    def is_anything(self) -> bool:
        return any(asdict(self).values())


@transaction.atomic
def load_demo(language: str = "en", *, now: datetime | None = None) -> Loaded:
    """Build the branch factory and its three months into an empty installation. Raises NotEmpty when it has other people."""
    if Person.objects.filter(is_demo=True).exists():
        return Loaded()
    if Unit.objects.exists() or Person.objects.exists():
        raise NotEmpty
    load_catalogue()
    plant = Plant(Language(language), now or timezone.now())
    build_organisation(plant)
    build_places(plant)
    return Loaded(
        units=Unit.objects.count(),
        people=Person.objects.count(),
        appointments=Appointment.objects.count(),
        places=Place.objects.count(),
    )
