"""Open hazards on a unit's site plan: what each mark says, where it leads, who sees what."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from responsibilities.models import Place, SitePlan, Unit
from tests.factories.inspections import assigned, reported
from tests.factories.responsibilities import PlaceFactory
from tests.factories.site_plans import planned

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def well(station: Unit) -> Place:
    return PlaceFactory(unit=station, name="Well 1", code="W1")


@pytest.fixture
def tank(station: Unit) -> Place:
    return PlaceFactory(unit=station, name="Tank 2", code="T2")


@pytest.fixture
def plan(station: Unit, people: SimpleNamespace, well: Place, tank: Place) -> SitePlan:
    return planned(station, people.officer, {well: (40, 60.5), tank: (5, 5)})


def opened(person: Any, path: str, status: int = 200) -> Any:
    client = Client()
    client.force_login(person)
    answer = client.get(path)
    assert answer.status_code == status
    return answer


def marks(person: Any, plan: SitePlan) -> dict[str, Any]:
    return {mark.place.code: mark for mark in opened(person, f"/hazards/map/{plan.pk}/").context["marks"]}


def test_a_mark_says_the_gravest_level_and_how_many(plan: SitePlan, people: SimpleNamespace, well: Place) -> None:
    assigned(plan.unit, people.worker, assessor=people.officer, place=well, level="G2")
    assigned(plan.unit, people.worker, assessor=people.officer, place=well, level="G1")
    reported(plan.unit, people.worker, place=well)
    found = marks(people.officer, plan)
    assert (found["W1"].count, found["W1"].shape, found["W1"].words) == (3, "g1", "Well 1, 3 open hazards, Serious")
    assert (found["T2"].count, found["T2"].shape, found["T2"].words) == (0, "none", "Tank 2, No open hazards")


def test_what_nobody_has_assessed_has_a_look_of_its_own(plan: SitePlan, people: SimpleNamespace, tank: Place) -> None:
    reported(plan.unit, people.worker, place=tank)
    mark = marks(people.officer, plan)["T2"]
    assert (mark.shape, mark.words) == ("unassessed", "Tank 2, 1 open hazard, Not assessed")


def test_the_page_works_without_script_and_without_style_attributes(plan: SitePlan, people: SimpleNamespace, well: Place) -> None:
    hazard = reported(plan.unit, people.worker, place=well)
    text = opened(people.officer, f"/hazards/map/{plan.pk}/").content.decode()
    assert plan.picture is not None
    assert f'src="{plan.picture.url}"' in text
    assert 'x="40.0%" y="60.5%"' in text
    assert " style=" not in text
    link = f"/hazards/?place={well.pk}&state=open"
    assert text.count(f'href="{link.replace("&", "&amp;")}"') == 2, "the mark on the picture and the line beside it"
    elsewhere = reported(plan.unit, people.worker)
    listed = opened(people.officer, link).content.decode()
    assert (hazard.number in listed, elsewhere.number in listed) == (True, False)


def test_each_reader_counts_what_they_see(plan: SitePlan, people: SimpleNamespace, well: Place) -> None:
    reported(plan.unit, people.worker, place=well)
    reported(plan.unit, people.worker2, place=well)
    assert marks(people.officer, plan)["W1"].count == 2
    assert marks(people.worker2, plan)["W1"].count == 1
    assert not opened(people.worker2, f"/hazards/map/{plan.pk}/").context["sees_all"]


def test_contractors_do_not_see_plans_of_the_plant(plan: SitePlan, outsider: Any) -> None:
    opened(outsider, f"/hazards/map/{plan.pk}/", 404)
    assert plan.name not in opened(outsider, "/hazards/map/").content.decode()


def test_a_place_out_of_use_leaves_the_map(plan: SitePlan, people: SimpleNamespace, well: Place) -> None:
    Place.objects.filter(pk=well.pk).update(is_active=False)
    assert list(marks(people.officer, plan)) == ["T2"]


def test_the_list_the_unit_and_the_board_lead_to_it(plan: SitePlan, people: SimpleNamespace) -> None:
    page = f'href="/hazards/map/{plan.pk}/"'
    assert page in opened(people.worker, "/hazards/map/").content.decode()
    assert page in opened(people.worker, f"/units/{plan.unit_id}/?tab=places").content.decode()
    for path in ("/hazards/", "/hazards/board/"):
        assert 'href="/hazards/map/"' in opened(people.worker, path).content.decode()


def test_only_who_keeps_the_unit_is_offered_to_change_it(plan: SitePlan, people: SimpleNamespace) -> None:
    assert opened(people.officer, f"/hazards/map/{plan.pk}/").context["can_manage"]
    assert not opened(people.head, f"/hazards/map/{plan.pk}/").context["can_manage"]
    assert "/points/" not in opened(people.head, f"/hazards/map/{plan.pk}/").content.decode()
