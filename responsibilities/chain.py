"""The chain: who answers for a unit on a day, nearest first, deputies in place of those absent.

Read in a fixed number of queries for any number of units: the placements of the day give the ancestors, the
appointments of the day give the holders.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from responsibilities.choices import RoleCode
from responsibilities.models import Appointment, ChainSnapshot, UnitPlacement

if TYPE_CHECKING:
    from responsibilities.models import Person, Unit

CHAIN_ROLES = (RoleCode.UNIT_HEAD, RoleCode.CONTRACT_MANAGER, RoleCode.FIELD_LEADER, RoleCode.LEADER, RoleCode.DIRECTOR)


@dataclass(frozen=True)
class Link:
    """One level of the chain. `person` acts; `acting_for` is the holder when a deputy stands in. Empty: a gap."""

    role: str
    unit_id: int
    person: "Person | None"
    acting_for: "Person | None" = None

    @property
    def is_alive(self) -> bool:
        return self.person is not None and self.person.is_active


@dataclass(frozen=True)
class Chain:
    """Links nearest first: the unit's head, the heads above, the field leader, the leader in charge, the director.

    Between the head of a contractor and those of its host stands the contract manager, where one is appointed.
    """

    unit_id: int
    on: date
    links: tuple[Link, ...]

    @property
    def head(self) -> "Person | None":
        """The nearest living head: the unit's own, or the one above when the post is empty."""
        return self._first(RoleCode.UNIT_HEAD)

    @property
    def contract_managers(self) -> "tuple[Person, ...]":
        """Living ones, of the contractor first, then of the contractor it works under."""
        links = [link for link in self.links if link.role == RoleCode.CONTRACT_MANAGER and link.is_alive]
        return tuple(link.person for link in links if link.person is not None)

    @property
    def leader(self) -> "Person | None":
        return self._first(RoleCode.LEADER)

    @property
    def director(self) -> "Person | None":
        return self._first(RoleCode.DIRECTOR)

    @property
    def people(self) -> "tuple[Person, ...]":
        """Living holders, nearest first, each once: two links in one hand make one step."""
        seen: dict[int, Person] = {}
        for link in self.links:
            if link.person is not None and link.is_alive:
                seen.setdefault(link.person.pk, link.person)
        return tuple(seen.values())

    def above(self, person_id: int | None, role: str, *, nor: Collection[int] = ()) -> "Person | None":
        """The first living holder from `role` upwards who is not this person (nor one of those); the director's level is last."""
        for link in self.from_role(role):
            if link.person is not None and link.is_alive and link.person.pk != person_id and link.person.pk not in nor:
                return link.person
        return None

    def from_role(self, role: str) -> "tuple[Link, ...]":
        """The links of a role and all above it."""
        return tuple(link for link in self.links if _rank(link.role) >= _rank(role))

    def _first(self, role: str) -> "Person | None":
        return next((link.person for link in self.links if link.role == role and link.is_alive), None)


def _rank(role: str) -> int:
    return CHAIN_ROLES.index(RoleCode(role))


class ChainReader:
    """Reads chains of one day for many units: three queries in all, whatever the number of units asked."""

    def __init__(self, on: date | None = None) -> None:
        self.on = on or timezone.localdate()
        self._parents: dict[int, int | None] = dict(
            UnitPlacement.objects.filter(period__contains=self.on).values_list("unit_id", "parent_id")
        )
        self._held: dict[tuple[int, str], list[Appointment]] = {}
        self._deputies: dict[int, Appointment] = {}
        self._read_appointments()
        self._cache: dict[tuple[int, str], Chain] = {}

    def _read_appointments(self) -> None:
        in_force = Appointment.objects.covering(self.on).select_related("person")
        roles = [*CHAIN_ROLES, RoleCode.OFFICER, RoleCode.DEPUTY]
        for appointment in in_force.filter(role__in=roles).order_by("starts_on", "pk"):
            if appointment.deputy_of_id is not None:
                self._deputies[appointment.deputy_of_id] = appointment
            else:
                self._held.setdefault((appointment.unit_id, appointment.role), []).append(appointment)

    def chain(self, unit_id: int, field: str = "") -> Chain:
        key = (unit_id, field)
        if key not in self._cache:
            self._cache[key] = Chain(unit_id, self.on, tuple(self._links(unit_id, field)))
        return self._cache[key]

    def lineage(self, unit_id: int) -> list[int]:
        """The unit and those above it on this day, nearest first."""
        lineage, current = [], unit_id
        while current is not None and current not in lineage:
            lineage.append(current)
            current = self._parents.get(current)  # type: ignore[assignment]
        return lineage

    def officer(self, unit_id: int) -> "Person | None":
        """The safety officer of the unit, or of the nearest unit above that has a living one."""
        for unit in self.lineage(unit_id):
            for appointment in self._held.get((unit, RoleCode.OFFICER), []):
                link = self._as_link(appointment)
                if link.is_alive:
                    return link.person
        return None

    def _links(self, unit_id: int, field: str) -> Iterable[Link]:
        lineage = self.lineage(unit_id)
        # The top of the tree is led by the director, so it is expected to have no unit head of its own.
        for unit in lineage:
            if (unit, RoleCode.UNIT_HEAD) in self._held or unit_id == unit != lineage[-1]:
                yield self._link(RoleCode.UNIT_HEAD, unit)
            if (unit, RoleCode.CONTRACT_MANAGER) in self._held:
                yield self._link(RoleCode.CONTRACT_MANAGER, unit)
        if field:
            yield from self._nearest(RoleCode.FIELD_LEADER, lineage, field, required=False)
        yield from self._nearest(RoleCode.LEADER, lineage)
        yield from self._nearest(RoleCode.DIRECTOR, lineage)

    def _nearest(self, role: RoleCode, lineage: list[int], field: str = "", required: bool = True) -> Iterable[Link]:
        for unit in lineage:
            held = [a for a in self._held.get((unit, role), []) if not field or a.field == field]
            if held:
                yield self._as_link(held[0])
                return
        if required:
            yield Link(role, lineage[-1], None)

    def _link(self, role: RoleCode, unit: int) -> Link:
        held = self._held.get((unit, role))
        return self._as_link(held[0]) if held else Link(role, unit, None)

    def _as_link(self, appointment: Appointment) -> Link:
        deputy = self._deputies.get(appointment.pk)
        if deputy is not None and deputy.person.is_active:
            return Link(appointment.role, appointment.unit_id, deputy.person, acting_for=appointment.person)
        return Link(appointment.role, appointment.unit_id, appointment.person)


def chain_for(unit: "Unit", on: date | None = None, field: str = "") -> Chain:
    """The chain of a unit on a day (default: today at the plant), with the field leader when a field is named."""
    return ChainReader(on).chain(unit.pk, field)


def snapshot_chain(chain: Chain) -> ChainSnapshot:
    """Freeze a chain for a record; the same chain shares one row."""
    links = [_frozen(link) for link in chain.links]
    digest = hashlib.sha256(json.dumps([chain.unit_id, links], sort_keys=True).encode()).hexdigest()
    snapshot, _created = ChainSnapshot.objects.get_or_create(digest=digest, defaults={"unit_id": chain.unit_id, "links": links})
    return snapshot


def _frozen(link: Link) -> dict[str, Any]:
    return {
        "role": str(link.role),
        "unit_id": link.unit_id,
        "person_id": link.person.pk if link.person else None,
        "acting_for_id": link.acting_for.pk if link.acting_for else None,
    }
