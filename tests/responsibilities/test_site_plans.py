"""Site plans: their pictures, the places on them, who keeps them."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from responsibilities.models import Place, SitePlan, SitePoint, Unit
from responsibilities.services import close_unit
from responsibilities.services.site_plans import change_site_plan
from safetyplant.access.exceptions import NotAllowed, StaleVersion
from safetyplant.attachments.services import receive
from safetyplant.audit.models import Event
from tests.factories.responsibilities import PlaceFactory, UnitFactory
from tests.factories.site_plans import planned
from tests.inspections.photos import photo

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def well(station: Unit) -> Place:
    return PlaceFactory(unit=station, name="Well 1", code="W1")


@pytest.fixture
def plan(station: Unit, people: SimpleNamespace, well: Place) -> SitePlan:
    return planned(station, people.officer, {well: (40, 60.5)})


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(plan: SitePlan, end: str) -> str:
    return f"/units/{plan.unit_id}/site-plans/{plan.pk}/{end}/"


@pytest.mark.parametrize(("x", "y"), [(-0.1, 5), (5, -0.1), (100.1, 5), (5, 100.1)])
def test_the_database_refuses_a_point_beside_the_picture(plan: SitePlan, x: float, y: float) -> None:
    other = PlaceFactory(unit=plan.unit)
    with pytest.raises(IntegrityError, match="site_point_on_picture"), transaction.atomic():
        SitePoint.objects.create(plan=plan, place=other, x=x, y=y)
    SitePoint.objects.create(plan=plan, place=other, x=0, y=100)


def test_the_database_refuses_a_place_twice_on_a_plan(plan: SitePlan, well: Place) -> None:
    with pytest.raises(IntegrityError, match="site_point_once"), transaction.atomic():
        SitePoint.objects.create(plan=plan, place=well, x=1, y=1)


def test_the_database_refuses_two_plans_of_a_name_in_a_unit(plan: SitePlan, people: SimpleNamespace, station2: Unit) -> None:
    other = planned(station2, people.officer, name=plan.name)
    with pytest.raises(IntegrityError, match="site_plan_name_in_unit"), transaction.atomic():
        SitePlan.objects.filter(pk=other.pk).update(unit=plan.unit)


def test_an_officer_adds_a_plan_with_its_picture(station: Unit, people: SimpleNamespace) -> None:
    client = signed_in(people.officer)
    answer = client.post(f"/units/{station.pk}/site-plans/new/", {"name": "Tank farm", "picture": photo()})
    plan = SitePlan.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, address(plan, "points"))
    assert plan.picture is not None
    assert client.get(plan.picture.url).status_code == 200


def test_a_plan_needs_a_picture_that_is_one(station: Unit, people: SimpleNamespace) -> None:
    client = signed_in(people.officer)
    url = f"/units/{station.pk}/site-plans/new/"
    answer = client.post(url, {"name": "Tank farm"})
    assert (answer.status_code, "Tank farm" in answer.content.decode()) == (422, True)
    assert list(answer.context["form"].errors) == ["picture"]
    broken = photo(name="plan.jpg")
    broken.file.seek(0)
    broken.file.write(b"not a picture")
    broken.file.seek(0)
    assert client.post(url, {"name": "Tank farm", "picture": broken}).status_code == 422
    assert not SitePlan.objects.exists()


def test_a_name_stands_once_in_a_unit(plan: SitePlan, people: SimpleNamespace) -> None:
    url = f"/units/{plan.unit_id}/site-plans/new/"
    answer = signed_in(people.officer).post(url, {"name": plan.name.upper(), "picture": photo("red")})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name"])


def test_a_new_picture_keeps_the_old_one_and_the_points(plan: SitePlan, people: SimpleNamespace) -> None:
    old = plan.picture
    sent = {"name": "Yard, north", "is_active": "on", "picture": photo("navy"), "revision": plan.revision}
    assert signed_in(people.officer).post(address(plan, "edit"), sent).status_code == 302
    now = SitePlan.objects.get(pk=plan.pk)
    assert now.name == "Yard, north"
    assert [picture == old for picture in now.all_pictures] == [False, True]
    assert now.points.count() == 1
    actions = Event.objects.filter(action__startswith="site_plan.").order_by("pk").values_list("action", flat=True)
    assert list(actions)[-2:] == ["site_plan.changed", "site_plan.pictured"]
    # And back to the first one: it is the newest again.
    sent |= {"picture": photo("beige"), "revision": now.revision}
    signed_in(people.officer).post(address(plan, "edit"), sent)
    newest = SitePlan.objects.get(pk=plan.pk).picture
    assert newest is not None
    assert old is not None
    assert newest.sent_sha256 == old.sent_sha256
    assert newest.pk > old.pk


def test_places_are_put_moved_and_taken_off(plan: SitePlan, people: SimpleNamespace, well: Place) -> None:
    below = PlaceFactory(unit=UnitFactory(name="Team", parent=plan.unit))
    client = signed_in(people.officer)
    sent = {"revision": plan.revision, f"x-{below.pk}": "0", f"y-{below.pk}": "99.9"}
    answer = client.post(address(plan, "points"), {**sent, f"x-{well.pk}": "41", f"y-{well.pk}": "60.5"})
    assert answer.status_code == 302
    points = {point.place_id: (float(point.x), float(point.y)) for point in plan.points.all()}
    assert points == {well.pk: (41.0, 60.5), below.pk: (0.0, 99.9)}
    plan.refresh_from_db()
    client.post(address(plan, "points"), {**sent, "revision": plan.revision, f"x-{well.pk}": "", f"y-{well.pk}": ""})
    assert [point.place_id for point in plan.points.all()] == [below.pk]


@pytest.mark.parametrize(("x", "y"), [("101", "5"), ("-1", "5"), ("5", ""), ("abc", "5"), ("5", "5.55"), ("nan", "5")])
def test_wrong_numbers_come_back_as_typed(plan: SitePlan, people: SimpleNamespace, well: Place, x: str, y: str) -> None:
    sent = {"revision": plan.revision, f"x-{well.pk}": x, f"y-{well.pk}": y}
    answer = signed_in(people.officer).post(address(plan, "points"), sent)
    assert answer.status_code == 422
    assert f'value="{x}"' in answer.content.decode()
    assert float(plan.points.get().y) == 60.5


def test_places_of_other_units_are_not_taken(plan: SitePlan, people: SimpleNamespace, station2: Unit) -> None:
    other = PlaceFactory(unit=station2)
    sent = {"revision": plan.revision, f"x-{other.pk}": "5", f"y-{other.pk}": "5"}
    signed_in(people.officer).post(address(plan, "points"), sent)
    assert not SitePoint.objects.filter(place=other).exists()


def test_a_search_offers_few_and_keeps_what_is_on_the_plan(plan: SitePlan, people: SimpleNamespace, well: Place) -> None:
    tank = PlaceFactory(unit=plan.unit, name="Tank 9", code="T9")
    PlaceFactory(unit=plan.unit, name="Pump", code="P1")
    answer = signed_in(people.officer).get(address(plan, "points"), {"text": "tank"})
    assert [row.place for row in answer.context["rows"]] == [well, tank]


@pytest.mark.parametrize("end", ["edit", "points"])
def test_an_older_state_is_refused_and_what_was_typed_kept(plan: SitePlan, people: SimpleNamespace, end: str) -> None:
    client = signed_in(people.officer)
    place = PlaceFactory(unit=plan.unit)
    sent = {"name": "Mine", "is_active": "on", f"x-{place.pk}": "33.3", f"y-{place.pk}": "5", "revision": plan.revision - 1}
    answer = client.post(address(plan, end), sent)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="Mine"' in text or 'value="33.3"' in text
    assert client.post(address(plan, end), sent | {"revision": ""}).status_code == 422
    assert client.post(address(plan, end), sent | {"revision": plan.revision}).status_code == 302


def test_who_keeps_plans(plan: SitePlan, people: SimpleNamespace) -> None:
    for end in ("edit", "points"):
        got = {
            name: signed_in(getattr(people, name)).get(address(plan, end)).status_code for name in ("officer", "head", "worker")
        }
        assert got == {"officer": 200, "head": 403, "worker": 403}
    with pytest.raises(NotAllowed):
        planned(plan.unit, people.head, name="Other")


def test_pictures_are_for_those_who_see_the_unit(plan: SitePlan, people: SimpleNamespace, outsider: Any) -> None:
    assert plan.picture is not None
    assert signed_in(people.worker2).get(plan.picture.url).status_code == 200
    assert signed_in(outsider).get(plan.picture.url).status_code == 404


def test_a_closed_units_plans_go_with_its_places(plan: SitePlan, people: SimpleNamespace, station2: Unit) -> None:
    planned(station2, people.officer, name=plan.name)
    closing = UnitFactory(name="Old pump hall", code="OLD")
    planned(closing, people.officer, name=plan.name)
    planned(closing, people.officer, name="Cellar")
    close_unit(closing, successor=station2, by=people.officer)
    assert sorted(station2.site_plans.values_list("name", flat=True)) == ["Cellar", plan.name, f"{plan.name} OLD"]


def test_services_refuse_who_came_second(plan: SitePlan, people: SimpleNamespace) -> None:
    with pytest.raises(StaleVersion):
        change_site_plan(plan, name="A", is_active=True, picture=None, revision=99, by=people.officer)
    picture = receive(photo("pink"), by=people.officer)
    change_site_plan(plan, name="A", is_active=False, picture=picture, revision=plan.revision, by=people.officer)
    assert not SitePlan.objects.visible_to(people.officer).active().exists()
