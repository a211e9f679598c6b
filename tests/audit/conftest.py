"""Units and people made without services, which would write events of their own into the log under test."""

import pytest

from responsibilities.choices import UnitKind
from responsibilities.models import Person, Unit


@pytest.fixture
def station(db: None) -> Unit:
    return Unit.objects.create(name="Gathering Station A", code="SA", kind=UnitKind.STATION)


@pytest.fixture
def station2(station: Unit) -> Unit:
    """Below the other: a plant has one top."""
    return Unit.objects.create(name="Gathering Station B", code="SB", kind=UnitKind.STATION, parent=station)


@pytest.fixture
def head(db: None) -> Person:
    return Person.objects.create(username="head", name="He Qiang")


@pytest.fixture
def officer(db: None) -> Person:
    return Person.objects.create(username="officer", name="Ouyang Hua")
