"""What makes a hazard, whether someone reports it or an inspection finds it; the workflows take it from there."""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils import timezone

from inspections.choices import HazardStatus
from inspections.models import Hazard
from responsibilities.chain import Chain, snapshot_chain
from responsibilities.choices import Field
from responsibilities.services.deadlines import Subject
from safetyplant.attachments.services import bind, new_set
from safetyplant.numbering.services import next_number

if TYPE_CHECKING:
    from inspections.models import HazardCategory, Inspection
    from responsibilities.models import Level, Person, Place, Unit
    from safetyplant.documents.models import Clause

OWNER_KIND = "inspections.hazard"


@dataclass
class HazardReport:
    """What someone says about a danger. `found_at` is when it was seen; empty: now. `photos`: attachments or SHA-256."""

    title: str
    unit: "Unit"
    place: "Place | None" = None
    description: str = ""
    immediate_danger: bool = False
    stop_work: bool = False
    field: str = Field.PRODUCTION
    category: "HazardCategory | None" = None
    found_at: datetime | None = None
    photos: Sequence[Any] = ()
    client_id: UUID = dataclasses.field(default_factory=uuid4)

    def canonical(self) -> dict[str, Any]:
        """The body that decides whether two sendings are the same."""
        return {
            "title": self.title,
            "unit": self.unit.pk,
            "place": self.place.pk if self.place else None,
            "description": self.description,
            "immediate_danger": self.immediate_danger,
            "stop_work": self.stop_work,
            "field": str(self.field),
            "category": self.category.pk if self.category else None,
            "found_at": self.found_at.isoformat() if self.found_at else None,
            "photos": [getattr(photo, "sent_sha256", photo) for photo in self.photos],
        }


def new_hazard(report: HazardReport, chain: Chain, *, by: "Person", now: datetime) -> Hazard:
    """An unsaved hazard with what every way of finding one has in common."""
    return Hazard(
        client_id=report.client_id,
        title=report.title,
        description=report.description,
        unit=report.unit,
        place=report.place,
        field=report.field,
        category=report.category,
        immediate_danger=report.immediate_danger,
        # A device whose clock runs ahead found it at the latest now.
        found_at=min(report.found_at or now, now),
        reported_at=now,
        reported_by=by,
        chain=snapshot_chain(chain),
        status=HazardStatus.REPORTED,
    )


def save_new(hazard: Hazard, photos: Sequence[Any], *, by: "Person", purpose: str = "before") -> None:
    """Number and save a new hazard with its photos: the number right before the row, since its lock is held until commit.

    What can be read or computed before belongs before this call.
    """
    if photos:
        hazard.photos = new_set(OWNER_KIND)
        bind(hazard.photos, photos, by=by, purpose=purpose, now=hazard.reported_at)
    hazard.number = next_number("HZ", timezone.localdate(hazard.reported_at))
    hazard.save()


def subject_of(hazard: Hazard) -> Subject:
    return Subject(hazard.number, hazard.title, reverse("inspections:hazard-detail", args=[hazard.pk]))


def reporters_of(hazard: Hazard, *, but: Iterable[int | None] = ()) -> "list[Person]":
    """Whoever reported it and whoever noted having seen it too, each once, while they have access; without those who know."""
    saw_it = (sighting.person for sighting in hazard.sightings.select_related("person"))
    people = {person.pk: person for person in (hazard.reported_by, *saw_it) if person.is_active}
    return [person for pk, person in people.items() if pk not in set(but)]


def params_of(hazard: Hazard, by: "Person") -> dict[str, Any]:
    where = hazard.place.name if hazard.place else hazard.unit.name
    return {"number": hazard.number, "title": hazard.title, "where": where, "unit": hazard.unit.name, "by": by.name}


@dataclass
class Found:
    """A failed item as a hazard: the item's defaults, and what the inspector said and did about it."""

    report: HazardReport
    item: "Clause | None"
    level: "Level"
    inspection: "Inspection"
    possibly_major: bool = False
    interim_control: str = ""
    fixed_on_spot: bool = False
    after_photos: Sequence[Any] = ()
