"""The kit: units, places, checklists and colleagues of one person, as one JSON document for their phone.

SECURITY: it lies on the phone for weeks. It holds names of units, places and people whom the person may see anyway, and
nothing of violations, penalties or accidents (issue: "no such data is cached on the phone").
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from inspections.field.plan import plan_of_today
from inspections.forms.fields import people_of, places_for, units_for
from inspections.permissions import can_record_violation_in
from inspections.proposals import SHIPPED, standards_in_force
from responsibilities.chain import ChainReader
from responsibilities.roles import Right

if TYPE_CHECKING:
    from responsibilities.models import Person, Unit
    from safetyplant.documents.models import DocumentVersion

#: More would not be chosen from on a phone; whoever looks after more takes along those nearest in the tree.
MOST_UNITS, MOST_PLACES, MOST_PEOPLE = 400, 3000, 1000


def build_kit(person: "Person", *, now: datetime | None = None) -> dict[str, Any]:
    """Everything the pages below /field/ need besides themselves, in a fixed number of queries."""
    moment = now or timezone.now()
    units = list(units_for(person)[:MOST_UNITS])
    versions = standards_in_force()
    return {
        "person": {"id": person.pk, "name": person.name, "username": person.username},
        "made_at": moment.isoformat(),
        "units": _units(person, units, moment),
        "places": _places(person),
        "checklists": [_checklist(version) for version in versions],
        "plan": plan_of_today(person, versions, now=moment),
        "people": [
            {"username": each.username, "id": each.pk, "name": each.name, "unit": each.unit_id}
            for each in people_of(person)[:MOST_PEOPLE]
        ],
    }


def _units(person: "Person", units: "list[Unit]", now: datetime) -> list[dict[str, Any]]:
    reader = ChainReader(timezone.localdate(now))
    standing, found = person.standing, []
    for unit in units:
        chain = reader.chain(unit.pk)
        head = chain.head
        found.append(
            {
                "id": unit.pk,
                "name": unit.name,
                "depth": unit.depth,
                "inspects": standing.has_for(Right.INSPECT, unit),
                "records": can_record_violation_in(person, unit),
                "chain": [each.name for each in chain.people],
                "call": {"name": head.name, "phone": head.phone} if head is not None and head.phone else None,
            }
        )
    return found


def _places(person: "Person") -> list[dict[str, Any]]:
    return [
        {
            "id": place.pk,
            "unit": place.unit_id,
            "name": place.name,
            "label": str(place.label),
            "checklist": SHIPPED.get(place.kind, ""),
            "no_phones": place.no_phones,
        }
        for place in places_for(person)[:MOST_PLACES]
    ]


def _checklist(version: "DocumentVersion") -> dict[str, Any]:
    return {
        "id": version.pk,
        "code": version.document.code,
        "title": version.document.label,
        "version": version.number,
        "url": reverse("inspections:field-checklist", args=[version.pk]),
    }
