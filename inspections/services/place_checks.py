"""What a check of similar places is made of: which places are like the one of the hazard, and who answers for each."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from inspections.models import CheckShare, Hazard, PlaceAnswer, PlaceCheck
from inspections.permissions import check_scope
from responsibilities.chain import Chain, Link
from responsibilities.choices import DeadlineKind, DeadlineStatus, PlaceKind
from responsibilities.models import Deadline, Place, Unit
from responsibilities.services.deadlines import Subject, new_deadline
from responsibilities.services.schedules import ScheduleBook, place_cursor
from safetyplant.access.exceptions import WrongState

if TYPE_CHECKING:
    from responsibilities.chain import ChainReader
    from responsibilities.models import Person

ANSWER_KIND = "inspections.placeanswer"
#: Places of one check: more than that is no check of similar places, but a campaign.
MOST_PLACES = 500
RUNNING = (DeadlineStatus.OPEN, DeadlineStatus.PAUSED)


@dataclass
class CheckData:
    """What is to be looked for, where, until when."""

    hazard: Hazard
    title: str
    places: Sequence[Place]
    due_at: datetime
    description: str = ""
    client_id: UUID = dataclasses.field(default_factory=uuid4)

    def canonical(self) -> dict[str, Any]:
        """The body that decides whether two sendings are the same."""
        return {
            "hazard": self.hazard.pk,
            "title": self.title,
            "places": sorted(place.pk for place in self.places),
            "due_at": self.due_at.isoformat(),
            "description": self.description,
        }


@dataclass(frozen=True)
class PlaceSeen:
    """The answer of one place. `note`: what was seen, or why it does not apply; `danger`: someone is in danger there now."""

    answer: PlaceAnswer
    result: str
    note: str = ""
    danger: bool = False
    photos: Sequence[Any] = ()


def places_to_check(user: "Person", hazard: Hazard) -> "QuerySet[Place]":
    """Every place this person may send the hazard's check to: active ones but the hazard's own; a route is not a place."""
    places = Place.objects.visible_to(user).active().filter(unit__is_active=True).exclude(kind=PlaceKind.ROUTE)
    if hazard.place_id is not None:
        places = places.exclude(pk=hazard.place_id)
    units = check_scope(user)
    return places if units is None else places.filter(unit_id__in=units)


def link_of(check: PlaceCheck) -> str:
    return reverse("inspections:check-detail", args=[check.pk])


def told_key(check_id: int, person_id: int) -> str:
    """Under this key the message that asked someone is withdrawn: true until they owe nothing of the check any more."""
    return f"places:{check_id}:{person_id}"


def answering(chain: Chain, unit: Unit) -> Link:
    """The nearest living link of the chain: the unit's head, or whoever is above where there is none."""
    link = next((link for link in chain.links if link.is_alive), None)
    if link is None:
        raise WrongState(
            _("Nobody answers for %(unit)s: appoint a unit head, a leader in charge or a director first.") % {"unit": unit.name}
        )
    return link


def new_shares(data: CheckData, reader: "ChainReader", *, now: datetime) -> list[tuple[CheckShare, list[Place]]]:
    """What each person will owe, with their places: grouped by who answers for them. Nothing is saved yet."""
    groups: dict[tuple[int, int], tuple[Link, list[Place]]] = {}
    for place in data.places:
        link = answering(reader.chain(place.unit_id), place.unit)
        groups.setdefault((link.unit_id, link.person.pk), (link, []))[1].append(place)
    units, book = {place.unit_id: place.unit for place in data.places}, ScheduleBook()
    return [(_share(data, link, units, book, now=now), places) for link, places in groups.values()]


def _share(data: CheckData, link: Link, units: dict[int, Unit], book: ScheduleBook, *, now: datetime) -> CheckShare:
    unit = units.get(link.unit_id) or Unit.objects.get(pk=link.unit_id)
    assert link.person is not None  # a living link has one
    subject = Subject("", data.title, "")
    deadline = new_deadline(
        DeadlineKind.PLACES, subject, owner=link.person, unit=unit, starts_at=now, due_at=data.due_at
    )  # fmt: skip
    place_cursor(deadline, book)
    return CheckShare(unit=unit, asked=link.person, deadline=deadline)


def save_check(check: PlaceCheck, shares: list[tuple[CheckShare, list[Place]]]) -> None:
    """The check with its numbered deadlines and one unanswered row for each place."""
    check.save()
    deadlines = [share.deadline for share, _places in shares]
    for deadline in deadlines:
        deadline.number, deadline.link = check.number, link_of(check)
    Deadline.objects.bulk_create(deadlines)
    for share, _places in shares:
        share.place_check, share.deadline = check, share.deadline  # its key is known now
    CheckShare.objects.bulk_create([share for share, _places in shares])
    PlaceAnswer.objects.bulk_create(
        PlaceAnswer(place_check=check, share=share, place=place, unit=place.unit) for share, places in shares for place in places
    )
