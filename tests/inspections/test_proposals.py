"""The checklist proposed follows the place chosen."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inspections.proposals import propose_standard
from inspections.services import InspectionData, start_inspection
from responsibilities.choices import PlaceKind
from tests.factories.inspections import standard
from tests.factories.responsibilities import PlaceFactory

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def well(station):
    return PlaceFactory(unit=station, kind=PlaceKind.WELL, code="N1", name="Well N1")


@pytest.fixture
def tank(station):
    return PlaceFactory(unit=station, kind=PlaceKind.TANK, code="T1", name="Tank T1")


def inspected(place, by, code, days_ago=1):
    moment = timezone.now() - timedelta(days=days_ago)
    data = InspectionData(unit=place.unit, place=place, standard=standard(code), started_at=moment)
    return start_inspection(data, by=by)[0]


def proposed(place, by):
    return propose_standard(place.unit, place, by=by).document.code


def test_a_fresh_plant_is_proposed_what_is_shipped_for_the_kind(supervisor, well, tank, station):
    assert proposed(well, supervisor) == "WELLSITE"
    assert proposed(tank, supervisor) == "TANK"
    assert propose_standard(station, None, by=supervisor).document.code == "MGMTAUDIT"


def test_what_was_last_gone_by_at_the_place_comes_first(supervisor, well, tank):
    inspected(well, supervisor, "PERMIT")
    assert proposed(well, supervisor) == "PERMIT"
    assert proposed(tank, supervisor) == "TANK"


def test_what_is_usual_at_the_kind_beats_ones_own_last(supervisor, station, tank):
    area, other = (PlaceFactory(unit=station, kind=PlaceKind.AREA, code=code) for code in ("A1", "A2"))
    inspected(area, supervisor, "METERING", days_ago=2)
    inspected(area, supervisor, "METERING", days_ago=3)
    inspected(tank, supervisor, "TANK", days_ago=1)
    assert proposed(other, supervisor) == "METERING"


def test_the_form_begins_with_the_checklist_of_the_scanned_place(client, supervisor, tank):
    client.force_login(supervisor)
    form = client.get(reverse("inspections:inspection-new"), {"place": str(tank.label)}).context["form"]
    assert form["standard"].value() == standard("TANK").pk
    assert form.fields["where"].widget.attrs["data-proposes"] == form["standard"].auto_id


def test_the_script_is_told_only_about_places_one_inspects(client, supervisor, worker, head2, well):
    address = reverse("inspections:standard-proposal")
    client.force_login(supervisor)
    assert client.get(address, {"where": f"p{well.pk}"}).json() == {"value": str(standard("WELLSITE").pk)}
    assert client.get(address, {"where": "p999999"}).json() == {"value": ""}
    assert client.get(address, {"where": "x'"}).json() == {"value": ""}
    client.force_login(head2)
    assert client.get(address, {"where": f"p{well.pk}"}).json() == {"value": ""}
    client.force_login(worker)
    assert client.get(address, {"where": f"p{well.pk}"}).status_code == 403
