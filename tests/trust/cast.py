"""The nine people of the tests and their tree, for cases that run outside a test function."""

from dataclasses import dataclass, field
from typing import Any

from responsibilities.choices import RoleCode, UnitKind
from responsibilities.models import Person, Unit
from tests.factories.responsibilities import PersonFactory, UnitFactory, appoint, manager

NAMES = ("director", "leader", "officer", "supervisor", "head", "head2", "worker", "worker2", "outsider")


@dataclass
class Cast:
    """branch ── station (head, worker) ── contractor (outsider); branch ── station2 (head2, worker2); others at the branch."""

    branch: Unit
    station: Unit
    station2: Unit
    contractor: Unit
    ids: dict[str, int] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        """A person by name, read anew: who was suspended or appointed meanwhile is so here too."""
        if name not in NAMES:
            raise AttributeError(name)
        return Person.objects.select_related("unit").get(pk=self.ids[name])

    @property
    def units(self) -> list[Unit]:
        return [self.station, self.station2, self.contractor]


def make_cast() -> Cast:
    branch = UnitFactory(name="Branch Factory", code="BF")
    station = UnitFactory(name="Gathering Station A", code="SA", parent=branch)
    station2 = UnitFactory(name="Gathering Station B", code="SB", parent=branch)
    contractor = UnitFactory(name="Drilling Contractor", code="CO", kind=UnitKind.CONTRACTOR, parent=station)
    cast = Cast(branch, station, station2, contractor)
    appointed = {
        "director": (RoleCode.DIRECTOR, branch),
        "leader": (RoleCode.LEADER, branch),
        "officer": (RoleCode.OFFICER, branch),
        "supervisor": (RoleCode.SUPERVISOR, branch),
        "head": (RoleCode.UNIT_HEAD, station),
        "head2": (RoleCode.UNIT_HEAD, station2),
    }
    for name, (role, unit) in appointed.items():
        person = manager(username=name, name=f"The {name}", unit=unit)
        appoint(person, role, unit)
        cast.ids[name] = person.pk
    for name, unit in {"worker": station, "worker2": station2, "outsider": contractor}.items():
        cast.ids[name] = PersonFactory(username=name, name=f"The {name}", unit=unit).pk
    return cast
