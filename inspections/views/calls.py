"""Whom to ring when someone is in danger: a message waits to be read, a call does not."""

from collections.abc import Iterable

from inspections.models import Hazard
from responsibilities.models import Person

MOST = 3


def whom_to_call(people: Iterable[Person | None], *, but: Person) -> list[Person]:
    """The nearest of these who can be rung, each once, never the reader."""
    found: dict[int, Person] = {}
    for person in people:
        if person is not None and person.is_active and person.phone and person.pk != but.pk:
            found.setdefault(person.pk, person)
    return list(found.values())[:MOST]


def is_danger(hazard: Hazard) -> bool:
    """While it lasts: someone was said to be in danger, or the work still stands."""
    return hazard.is_open and (hazard.immediate_danger or hazard.is_stopped)


def people_in_chain(hazard: Hazard) -> list[Person]:
    """Those who answer for it, nearest first, as frozen when it was reported; one query."""
    links = hazard.chain.links if hazard.chain is not None else []
    ids = [link["person_id"] for link in links if link.get("person_id")]
    people = Person.objects.in_bulk(set(ids))
    return [people[pk] for pk in ids if pk in people]
