"""Pages and API of checks of similar places."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from inspections.models import Hazard, PlaceAnswer, PlaceCheck
from inspections.workflows import cancel_hazard
from responsibilities.models import Place, Unit
from tests.factories.place_checks import answer_of, answered, sent, source
from tests.factories.responsibilities import PlaceFactory
from tests.inspections.photos import photo

pytestmark = pytest.mark.usefixtures("catalogue")


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def hazard(people: SimpleNamespace, station: Unit) -> Hazard:
    return source(station, people.worker)


@pytest.fixture
def wells(people: SimpleNamespace, station: Unit, station2: Unit) -> list[Place]:
    return [PlaceFactory(unit=unit) for unit in (station, station2, station2)]


@pytest.fixture
def check(hazard: Hazard, people: SimpleNamespace, wells: list[Place]) -> PlaceCheck:
    return sent(hazard, people.officer, wells)


def typed(chosen: list[Place], **changes: Any) -> dict[str, Any]:
    due_on = (timezone.localdate() + timedelta(days=3)).isoformat()
    given = {"title": "Gate whole?", "description": "Shake it", "due_on": due_on, "client_id": str(uuid4())}
    return {**given, "places": [place.pk for place in chosen], **changes}


def offered(response: Any) -> set[str]:
    return {place.name for group in response.context["groups"] for place, _ticked in group.places}


def test_places_of_the_same_kind_are_offered_first(hazard, people, wells, station2):
    tank = PlaceFactory(unit=station2, kind="tank", name="Tank 7")
    client, address = signed_in(people.officer), f"/hazards/{hazard.pk}/checks/new/"
    assert offered(client.get(address)) == {well.name for well in wells}
    assert offered(client.get(address, {"kind": "tank"})) == {tank.name}
    assert offered(client.get(address, {"kind": "", "units": [station2.pk]})) == {tank.name, wells[1].name, wells[2].name}
    assert offered(client.get(address, {"kind": "", "text": "ank"})) == {tank.name}
    assert offered(signed_in(people.head).get(address)) == {wells[0].name}


def test_sent_from_the_page_and_shown_on_the_hazard(hazard, people, wells):
    client, body = signed_in(people.officer), typed(wells)
    address = f"/hazards/{hazard.pk}/checks/new/"
    first, again = client.post(address, body), client.post(address, body)
    written = PlaceCheck.objects.get()
    assert first.headers["Location"] == again.headers["Location"] == f"/hazards/checks/{written.pk}/"
    page = client.get(f"/hazards/{hazard.pk}/").content.decode()
    assert written.number in page
    assert f"/hazards/{hazard.pk}/checks/new/" not in page, "one at a time"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"places": []}, "places"),
        ({"due_on": "2020-01-01"}, "due_on"),
        ({"places": [999999]}, "places"),
    ],
)
def test_a_faulty_form_keeps_what_was_typed(changes, field, hazard, people, wells):
    response = signed_in(people.officer).post(
        f"/hazards/{hazard.pk}/checks/new/", typed(wells[:1], **{"description": "Shake", **changes})
    )
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "Shake" in response.content.decode()
    assert not PlaceCheck.objects.exists()


def test_unticked_places_stay_unticked_after_an_error(hazard, people, wells):
    response = signed_in(people.officer).post(f"/hazards/{hazard.pk}/checks/new/", typed(wells[:1], title=""))
    ticked = {place.pk: is_ticked for group in response.context["groups"] for place, is_ticked in group.places}
    assert ticked == {wells[0].pk: True, wells[1].pk: False, wells[2].pk: False}


def test_a_second_check_and_one_of_a_cancelled_hazard_are_conflicts(check, hazard, people, wells):
    client = signed_in(people.officer)
    assert client.post(f"/hazards/{hazard.pk}/checks/new/", typed(wells)).status_code == 409
    other = source(hazard.unit, people.worker)
    cancel_hazard(other, by=people.officer, reason="Twice")
    assert client.get(f"/hazards/{other.pk}/checks/new/").status_code == 409


def test_while_a_check_runs_its_page_leads_there_instead_of_to_a_second_one(check, hazard, people):
    page = signed_in(people.officer).get(f"/hazards/{hazard.pk}/checks/new/").content.decode()
    assert check.number in page
    assert 'id="act"' not in page


def test_more_places_than_a_check_may_have_are_not_offered(hazard, people, station2):
    Place.objects.bulk_create(Place(unit=station2, kind="well", code=f"X{n}", name=f"X{n}") for n in range(501))
    response = signed_in(people.officer).get(f"/hazards/{hazard.pk}/checks/new/")
    assert (response.context["too_many"], response.context["groups"]) == (True, [])


def test_a_head_finds_it_at_work_and_ticks_what_is_fine(check, people, wells):
    client = signed_in(people.head2)
    assert f"/hazards/checks/{check.pk}/" in client.get("/").content.decode()
    mine = client.get(f"/hazards/checks/{check.pk}/").context["story"].mine
    assert {row.place for row in mine} == set(wells[1:])
    response = client.post(f"/hazards/checks/{check.pk}/fine/", {"fine": [row.pk for row in mine]}, follow=True)
    assert response.status_code == 200
    assert PlaceAnswer.objects.filter(answer="fine").count() == 2
    assert f"/hazards/checks/{check.pk}/" not in client.get("/").content.decode()


def test_ticking_nothing_or_what_others_owe_changes_nothing(check, people, wells):
    client = signed_in(people.head2)
    others = answer_of(check, wells[0]).pk
    for ticked in ([], ["x"], [others], ["9" * 30]):
        assert client.post(f"/hazards/checks/{check.pk}/fine/", {"fine": ticked}).status_code == 302
    assert signed_in(people.officer).post(f"/hazards/checks/{check.pk}/fine/", {"fine": [others]}).status_code == 403
    assert not PlaceAnswer.objects.exclude(answer="").exists()


def test_found_here_too_with_a_photo(check, people, wells, hazard):
    client, answer = signed_in(people.head2), answer_of(check, wells[1])
    address = f"/hazards/checks/{check.pk}/places/{answer.pk}/"
    assert client.get(address).status_code == 200
    body = {"result": "found", "note": "Hinge gone", "danger": "no", "photos": photo("orange", name="a.jpg")}
    assert client.post(address, body).status_code == 302
    found = Hazard.objects.exclude(pk=hazard.pk).get()
    assert (found.place, found.photos.attachments.count()) == (wells[1], 1)
    assert client.post(address, body).status_code == 409
    assert check.number in client.get(f"/hazards/{found.pk}/").content.decode()
    told = signed_in(people.officer).get(f"/hazards/{hazard.pk}/").context["story"].checks
    assert [each["id"] for each in told.found] == [found.pk]
    assert not signed_in(people.worker).get(f"/hazards/{hazard.pk}/").context["story"].checks.found, "another unit's"


@pytest.mark.parametrize(("body", "field"), [({}, "result"), ({"result": "na", "note": " "}, "note")])
def test_a_faulty_answer(body, field, check, people, wells):
    answer = answer_of(check, wells[1])
    response = signed_in(people.head2).post(f"/hazards/checks/{check.pk}/places/{answer.pk}/", body)
    assert (response.status_code, field in response.context["form"].errors) == (422, True)


def test_photos_of_an_answer_are_for_those_who_see_it(check, people, wells):
    answer = answer_of(check, wells[1])
    body = {"result": "fine", "photos": photo("teal", name="b.jpg")}
    signed_in(people.head2).post(f"/hazards/checks/{check.pk}/places/{answer.pk}/", body)
    address = answer_of(check, wells[1]).photos.attachments.get().url
    codes = {
        name: signed_in(getattr(people, name)).get(address).status_code for name in ("officer", "worker2", "worker", "outsider")
    }
    assert codes == {"officer": 200, "worker2": 200, "worker": 404, "outsider": 404}


def test_what_was_seen_elsewhere_is_not_told_to_other_units(check, people, wells):
    answered(check, wells[0], "na", people.head, note="No gate here")
    pages = {
        name: signed_in(getattr(people, name)).get(f"/hazards/checks/{check.pk}/").content.decode()
        for name in ("head2", "officer")
    }
    assert ("No gate here" in pages["head2"], wells[0].name in pages["head2"]) == (False, False)
    assert ("No gate here" in pages["officer"], wells[0].name in pages["officer"]) == (True, True)


def test_cancelled_with_a_reason_and_not_on_an_older_state(check, people):
    client, address = signed_in(people.officer), f"/hazards/checks/{check.pk}/cancel/"
    assert signed_in(people.head).get(address).status_code == 403
    assert client.post(address, {"reason": "", "revision": 1}).status_code == 422
    assert client.post(address, {"reason": "Wrong kind", "revision": 7}).status_code == 409
    assert client.post(address, {"reason": "Wrong kind", "revision": 1}).status_code == 302
    assert "Wrong kind" in client.get(f"/hazards/checks/{check.pk}/").content.decode()
    assert client.get(address).status_code == 409


def test_the_list_and_its_export(check, people, wells):
    answered(check, wells[0], "fine", people.head)
    client = signed_in(people.officer)
    assert check.number in client.get("/hazards/checks/").content.decode()
    assert "1 of 3" in client.get("/hazards/checks/?state=open").content.decode()
    assert check.number not in client.get("/hazards/checks/?state=closed").content.decode()
    assert check.number in b"".join(client.get("/hazards/checks/?format=csv").streaming_content).decode()
    assert check.number in signed_in(people.head2).get("/hazards/checks/?state=open&only=asked").content.decode()
    assert check.number not in signed_in(people.outsider).get("/hazards/checks/?all=1").content.decode()


def test_the_api_sends_answers_and_cancels(hazard, people, wells):
    officer, head = signed_in(people.officer), signed_in(people.head2)
    body = {
        "client_id": str(uuid4()),
        "hazard": hazard.pk,
        "title": "Gate whole?",
        "places": [well.pk for well in wells],
        "due_at": (timezone.now() + timedelta(days=2)).isoformat(),
    }

    def post(client: Client, path: str, sent_body: dict[str, Any]) -> Any:
        return client.post(f"/api/v1/place-checks/{path}", sent_body, content_type="application/json")

    first, again = post(officer, "", body), post(officer, "", body)
    assert [first.status_code, again.status_code, post(officer, "", {**body, "title": "Other"}).status_code] == [201, 200, 409]
    pk = first.json()["id"]
    assert post(head, "", {**body, "client_id": str(uuid4())}).status_code == 404, "the hazard is not theirs to see"
    found = post(head, f"{pk}/answer/", {"place": wells[1].pk, "answer": "found", "note": "Hinge gone"})
    assert found.status_code == 200
    told = {each["place"]: each for each in found.json()["answers"]}
    assert told[wells[1].pk]["hazard"] == Hazard.objects.exclude(pk=hazard.pk).get().pk
    assert wells[0].pk not in told, "another unit's"
    assert post(head, f"{pk}/answer/", {"place": wells[1].pk, "answer": "fine"}).status_code == 409
    assert post(head, f"{pk}/answer/", {"place": wells[2].pk, "answer": "na"}).status_code == 422
    assert post(head, f"{pk}/answer/", {"place": wells[0].pk, "answer": "fine"}).status_code == 404
    assert post(officer, f"{pk}/cancel/", {"reason": "Enough"}).json()["status"] == "cancelled"
    assert [each["id"] for each in officer.get("/api/v1/place-checks/?status=cancelled").json()["results"]] == [pk]
