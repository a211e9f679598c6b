"""What follows for one person from their appointments of today: which rights, for which part of the tree."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from responsibilities.choices import RoleCode
from responsibilities.roles import ANSWERING, MEMBER, ROLES, Right, Role

if TYPE_CHECKING:
    from responsibilities.models import Person, Unit


@dataclass(frozen=True)
class Grant:
    """A role held for a unit and all below it; belonging to a unit (`MEMBER`) reaches that unit alone.

    `path` is the unit's path in today's tree.
    """

    role: Role
    unit_id: int
    path: str
    acting: bool = False

    @property
    def is_root(self) -> bool:
        """SECURITY: held for the top of the tree, of which the database keeps only one (`unit_one_top`).

        Whoever merely sits at the top, a clerk of its office, holds nothing for the rest.
        """
        return self.reaches_below and self.path.count(".") == 1

    @property
    def reaches_below(self) -> bool:
        return self.role is not MEMBER

    def reaches(self, unit: "Unit") -> bool:
        return unit.path.startswith(self.path) if self.reaches_below else unit.pk == self.unit_id


@dataclass
class Standing:
    """Rights of one person today. Small: a person has a few grants, whatever the size of the plant."""

    person_id: int | None
    grants: tuple[Grant, ...] = ()
    _unit_ids: dict[Right, frozenset[int]] = field(default_factory=dict)

    def has(self, right: Right) -> bool:
        """True when the right is held for any unit at all."""
        return any(right in grant.role.rights for grant in self.grants)

    def has_for(self, right: Right, unit: "Unit | None") -> bool:
        """True when the right is held for this unit: appointed to it or to a unit above it, or by belonging to it."""
        if unit is None:
            return False
        return any(right in grant.role.rights and grant.reaches(unit) for grant in self.grants)

    def leads_fixes(self, unit: "Unit | None") -> bool:
        """SECURITY: heads this unit or one above it, by own appointment or as someone's deputy, so is the one to be checked.

        Whatever else they stand in for gives them no say over their own unit. The director both leads and decides, also while
        standing in for a head: there is nobody above who could decide instead.
        """
        if unit is None:
            return False
        reaching = [grant for grant in self.grants if grant.reaches(unit) and Right.LEAD_FIX in grant.role.rights]
        leads_and_decides = any(Right.ASSESS_HAZARD in grant.role.rights and not grant.acting for grant in reaching)
        return not leads_and_decides and any(Right.ASSESS_HAZARD not in grant.role.rights for grant in reaching)

    def decides_for(self, unit: "Unit | None") -> bool:
        """SECURITY: may give a fix of this unit a later date, or refuse it: from above, never as the one who leads its fixes."""
        return self.has_for(Right.DECIDE_EXTENSION, unit) and not self.leads_fixes(unit)

    def answers_for(self, unit: "Unit") -> bool:
        """True while one stands in the unit's chain or is its safety officer: then what names one in a record counts."""
        return any(grant.role.code in ANSWERING and grant.reaches(unit) for grant in self.grants)

    def ranks_with(self, role: Role, unit: "Unit") -> bool:
        """True when nobody is above one for holding this role for this unit."""
        return role.rank == 0 or any(grant.role.rank >= role.rank and grant.reaches(unit) for grant in self.grants)

    def everywhere(self, right: Right) -> bool:
        """True when the right reaches the whole tree, so that lists need no scope predicate."""
        return any(right in grant.role.rights and grant.is_root for grant in self.grants)

    def paths(self, right: Right) -> list[str]:
        """Of the units for which, with all below them, the right is held by appointment."""
        return sorted({grant.path for grant in self.grants if right in grant.role.rights and grant.reaches_below})

    def unit_ids(self, right: Right) -> frozenset[int]:
        """Ids of all units for which the right is held, in today's tree."""
        if right not in self._unit_ids:
            own = {grant.unit_id for grant in self.grants if right in grant.role.rights and not grant.reaches_below}
            self._unit_ids[right] = unit_ids_under(self.paths(right)) | own
        return self._unit_ids[right]

    def holds(self, *roles: str) -> bool:
        return any(grant.role.code in roles for grant in self.grants)

    @property
    def main_role(self) -> Role:
        """The role held for the widest unit, of several there the highest, for the line under one's name."""
        order = list(ROLES)
        held = [grant for grant in self.grants if grant.role is not MEMBER]
        widest = min(held, key=lambda grant: (grant.path.count("."), order.index(grant.role.code)), default=None)
        return widest.role if widest else MEMBER


NOBODY = Standing(person_id=None)


def units_under(paths: list[str]) -> Any:
    """The units of these paths and all below them, as a queryset: a part of other questions, asked only with them."""
    units = apps.get_model("responsibilities", "Unit").objects.order_by()
    under = Q()
    for path in paths:
        under |= Q(path__startswith=path)
    return units.filter(under) if paths else units.none()


def unit_ids_under(paths: list[str]) -> frozenset[int]:
    return frozenset(units_under(paths).values_list("pk", flat=True))


def standing_of(person: "Person", on: date | None = None) -> Standing:
    """Standing of a person on a day (default: today at the plant). An inactive person has none."""
    if not person.is_active or person.pk is None:
        return NOBODY
    grants = [_grant_of(appointment) for appointment in _appointments(person, on or timezone.localdate())]
    if person.unit_id is not None:
        grants.append(Grant(MEMBER, person.unit_id, person.unit.path))
    return Standing(person.pk, tuple(grants))


#: Only what grants need, not whole records: this is read on every request.
GRANTED = ("role", "unit_id", "unit__path", "deputy_of__role", "deputy_of__unit_id", "deputy_of__unit__path")


def _appointments(person: "Person", on: date) -> Any:
    """In force that day. SECURITY: a deputy's only while the one they stand in for is in force too."""
    held = Q(deputy_of__starts_on__lte=on) & (Q(deputy_of__ends_on__isnull=True) | Q(deputy_of__ends_on__gte=on))
    in_force = person.appointments.covering(on).filter(Q(deputy_of__isnull=True) | held)
    return in_force.order_by().values_list(*GRANTED)


def _grant_of(appointment: tuple[Any, ...]) -> Grant:
    role, unit_id, path, stood_in_role, stood_in_unit_id, stood_in_path = appointment
    if role == RoleCode.DEPUTY:
        return Grant(ROLES[stood_in_role], stood_in_unit_id, stood_in_path, acting=True)
    return Grant(ROLES[role], unit_id, path)
