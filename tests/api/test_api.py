"""The API as scripts and phones use it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from inspections.models import Hazard, Inspection, Violation
from responsibilities.models import Person, Unit
from safetyplant.access.tokens import issue_token
from tests.factories.inspections import answers, assigned, reported, standard
from tests.factories.responsibilities import UnitFactory

pytestmark = pytest.mark.usefixtures("catalogue", "people")


@pytest.fixture
def api(db):
    """A caller by token: api(person).get(path)."""

    class Caller:
        def __init__(self, person):
            _token, secret = issue_token(person, name="test", by=person)
            self.client, self.auth = Client(), {"Authorization": f"Bearer {secret}"}

        def get(self, path, **query):
            return self.client.get(f"/api/v1/{path}", query, headers=self.auth)

        def post(self, path, body=None):
            return self.client.post(f"/api/v1/{path}", body or {}, content_type="application/json", headers=self.auth)

        def delete(self, path):
            return self.client.delete(f"/api/v1/{path}", headers=self.auth)

    return Caller


def hazard_body(unit, **more):
    return {"client_id": str(uuid4()), "title": "Flange leaks", "unit": unit.pk, **more}


def test_without_a_token_there_is_401_in_problem_json(client):
    response = client.get("/api/v1/hazards/")
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"


def test_the_description_is_openapi_3_1(api, worker):
    response = api(worker).get("openapi.json")
    assert response.status_code == 200
    assert response.json()["openapi"].startswith("3.1")
    assert "/api/v1/hazards/{pk}/assess/" in response.json()["paths"]


def test_reporting_first_201_then_200_then_409(api, worker, station):
    caller, body = api(worker), hazard_body(station)
    first = caller.post("hazards/", body)
    again = caller.post("hazards/", body)
    other = caller.post("hazards/", {**body, "title": "Something else"})
    assert [first.status_code, again.status_code, other.status_code] == [201, 200, 409]
    assert first.json()["id"] == again.json()["id"]
    assert other.json()["code"] == "DifferentBody"
    assert Hazard.objects.count() == 1


def test_a_session_needs_its_csrf_token(worker, station):
    client = Client(enforce_csrf_checks=True)
    client.force_login(worker)
    assert client.post("/api/v1/hazards/", hazard_body(station), content_type="application/json").status_code == 403


def test_the_whole_life_over_the_api(api, people, station):
    hazard = api(people.worker).post("hazards/", hazard_body(station)).json()
    hazard = api(people.officer).post(f"hazards/{hazard['id']}/assess/", {"level": "G2", "category": "MECH"}).json()
    assert (hazard["status"], hazard["holder"]["name"]) == ("assigned", people.head.name)
    action = hazard["action"]
    assert api(people.head).post(f"actions/{action}/submit/", {"note": "New gasket"}).json()["status"] == "submitted"
    assert api(people.head).post(f"actions/{action}/verify/").status_code == 403
    assert api(people.leader).post(f"actions/{action}/return/", {"reason": "Still wet"}).json()["status"] == "returned"
    assert api(people.head).post(f"actions/{action}/submit/", {"note": "Dry"}).status_code == 200
    assert api(people.leader).post(f"actions/{action}/verify/").json()["status"] == "verified"
    assert api(people.worker).get(f"hazards/{hazard['id']}/").json()["status"] == "closed"
    assert api(people.leader).post(f"actions/{action}/verify/").status_code == 409


def test_a_whole_inspection_is_sent_once(api, supervisor, station):
    version = standard()
    body = {
        "client_id": str(uuid4()),
        "unit": station.pk,
        "standard": version.pk,
        "answers": [{"item": answer.item, "result": answer.result} for answer in answers(version)],
    }
    body["answers"][2] |= {"result": "fail", "finding": {"text": "Gate broken"}}
    caller = api(supervisor)
    assert [caller.post("inspections/", body).status_code for _ in range(3)] == [201, 200, 200]
    assert (Inspection.objects.count(), Hazard.objects.count()) == (1, 1)


def test_a_refused_inspection_leaves_nothing_and_is_corrected_under_its_id(api, supervisor, station):
    """Sent with `submit`, what is refused was never there: the phone sends the corrected body once more."""
    version = standard()
    body = {"client_id": str(uuid4()), "unit": station.pk, "standard": version.pk}
    body["answers"] = [{"item": answer.item, "result": answer.result} for answer in answers(version)]
    caller, whole = api(supervisor), list(body["answers"])
    assert caller.post("inspections/", body | {"answers": whole[:-1]}).status_code == 422
    assert Inspection.objects.count() == 0
    made = caller.post("inspections/", body)
    assert (made.status_code, made.json()["status"]) == (201, "submitted")
    assert caller.post("inspections/", body).status_code == 200


def test_a_draft_is_submitted_later_or_thrown_away_by_its_writer(api, supervisor, leader, station):
    version = standard()
    body = {"client_id": str(uuid4()), "unit": station.pk, "standard": version.pk, "submit": False}
    body["answers"] = [{"item": answer.item, "result": answer.result} for answer in answers(version)]
    caller = api(supervisor)
    first = caller.post("inspections/", body | {"answers": body["answers"][1:]}).json()
    assert caller.post(f"inspections/{first['id']}/submit/").status_code == 422
    assert api(leader).delete(f"inspections/{first['id']}/").status_code == 404
    assert caller.delete(f"inspections/{first['id']}/").status_code == 204
    assert caller.delete(f"inspections/{first['id']}/").status_code == 404
    second = caller.post("inspections/", body).json()
    assert second["status"] == "draft"
    assert caller.post(f"inspections/{second['id']}/submit/").json()["status"] == "submitted"
    assert caller.delete(f"inspections/{second['id']}/").status_code == 409
    assert Inspection.objects.count() == 1


def test_a_draft_sent_again_to_be_submitted_is(api, supervisor, station):
    version = standard()
    body = {"client_id": str(uuid4()), "unit": station.pk, "standard": version.pk, "submit": False}
    body["answers"] = [{"item": answer.item, "result": answer.result} for answer in answers(version)]
    caller = api(supervisor)
    assert caller.post("inspections/", body).json()["status"] == "draft"
    again = caller.post("inspections/", body | {"submit": True})
    assert (again.status_code, again.json()["status"]) == (200, "submitted")


def test_findings_of_outsiders_say_who_they_are(api, supervisor, station):
    body = {"client_id": str(uuid4()), "unit": station.pk, "kind": "external", "note": "Fire brigade's visit"}
    assert api(supervisor).post("inspections/", body).status_code == 422
    assert api(supervisor).post("inspections/", body | {"outside_body": "Fire brigade"}).status_code == 201
    assert Inspection.objects.get().outside_body == "Fire brigade"


def test_lists_that_are_sent_have_an_end(api, officer, head, worker, station):
    hazard = reported(station, worker)
    body = {"level": "G2", "category": "MECH", "assisting": [station.pk] * 21}
    assert api(officer).post(f"hazards/{hazard.pk}/assess/", body).status_code == 422
    action = assigned(station, worker, assessor=officer).action
    body = {"note": "Welded", "photos": ["a" * 64] * 7}
    assert api(head).post(f"actions/{action.pk}/submit/", body).json()["errors"][0]["field"].startswith("photos")


def test_an_unknown_id_among_assisting_units_is_named(api, officer, worker, station, station2):
    hazard = reported(station, worker)
    closed = UnitFactory(name="Closed Station", parent=station)
    Unit.objects.filter(pk=closed.pk).update(is_active=False, closed_on=timezone.localdate())
    body = {"level": "G2", "category": "MECH", "assisting": [station2.pk, 10**9, closed.pk]}
    response = api(officer).post(f"hazards/{hazard.pk}/assess/", body)
    assert response.status_code == 422
    assert {fault["field"] for fault in response.json()["errors"]} == {"assisting.1", "assisting.2"}
    assert "1000000000" in response.json()["errors"][0]["message"]
    hazard.refresh_from_db()
    assert (hazard.status, hazard.action) == ("reported", None)
    body["assisting"] = [station2.pk, station2.pk]
    assert api(officer).post(f"hazards/{hazard.pk}/assess/", body).status_code == 200
    assert list(Hazard.objects.get(pk=hazard.pk).action.assisting_units.all()) == [station2]


def test_an_unknown_inspector_is_named_and_one_who_has_left_is_kept(api, supervisor, worker, station):
    body = {"client_id": str(uuid4()), "unit": station.pk, "inspectors": [worker.pk, 10**9]}
    response = api(supervisor).post("inspections/", body)
    assert (response.status_code, [fault["field"] for fault in response.json()["errors"]]) == (422, ["inspectors.1"])
    assert not Inspection.objects.exists()
    Person.objects.filter(pk=worker.pk).update(is_active=False)
    body["inspectors"] = [worker.pk]
    assert api(supervisor).post("inspections/", body).status_code == 201
    assert api(supervisor).post("inspections/", body).status_code == 200
    assert set(Inspection.objects.get().inspectors.all()) == {worker, supervisor}


def test_a_rule_that_names_a_field_is_told_by_field(api, supervisor, station):
    body = {"client_id": str(uuid4()), "unit": station.pk, "kind": "external", "note": "Fire brigade's visit"}
    (fault,) = api(supervisor).post("inspections/", body).json()["errors"]
    assert fault["field"] == "outside_body"


def test_what_is_missing_is_named_by_item(api, supervisor, station):
    version = standard()
    body = {"client_id": str(uuid4()), "unit": station.pk, "standard": version.pk, "answers": []}
    response = api(supervisor).post("inspections/", body)
    assert response.status_code == 422
    assert len(response.json()["errors"]) == 22


def test_other_units_do_not_exist(api, station, worker, worker2, officer, head2):
    hazard = assigned(station, worker, assessor=officer)
    for person in (worker2, head2):
        assert api(person).get(f"hazards/{hazard.pk}/").status_code == 404
        assert api(person).post(f"hazards/{hazard.pk}/cancel/", {"reason": "x"}).status_code == 404
        assert api(person).get("hazards/").json()["results"] == []
        assert api(person).get(f"actions/{hazard.action_id}/").status_code == 404


def test_foreign_keys_reach_only_what_one_may_see(api, outsider, station2):
    assert api(outsider).post("hazards/", hazard_body(station2)).status_code == 404


def test_a_violation_names_its_person_to_those_who_need_it(api, people, station):
    body = {
        "client_id": str(uuid4()),
        "unit": station.pk,
        "description": "No harness",
        "violation_type": "VO08",
        "person": people.worker.pk,
    }
    made = api(people.supervisor).post("violations/", body)
    assert made.status_code == 201
    pk = made.json()["id"]
    for who in ("worker", "head", "officer", "leader", "director", "supervisor"):
        assert api(getattr(people, who)).get(f"violations/{pk}/").json()["person"]["name"] == people.worker.name
    for who in ("worker2", "head2", "outsider"):
        assert api(getattr(people, who)).get(f"violations/{pk}/").status_code == 404
    assert Violation.objects.count() == 1


def test_lists_follow_next_to_the_end(api, worker, station):
    now = timezone.now()
    for minute in range(7):
        reported(station, worker, title=f"Hazard {minute}", found_at=now - timedelta(minutes=minute))
    seen, response = [], api(worker).get("hazards/", limit=3)
    caller = api(worker)
    while True:
        seen += [row["title"] for row in response.json()["results"]]
        if response.json()["next"] is None:
            break
        response = caller.client.get(response.json()["next"], headers=caller.auth)
    assert seen == [f"Hazard {minute}" for minute in range(7)]


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"title": "x" * 201},
        {"title": "a\x00b"},
        {"unit": 2**70},
        {"unit": "x"},
        {"found_at": "soon"},
        {"found_at": "9999-12-31T23:59:59Z"},
        {"client_id": "1"},
        {"photos": ["no-hash"]},
        {"field": "nowhere"},
    ],
)
def test_bad_input_is_answered_with_its_field(api, worker, station, change):
    response = api(worker).post("hazards/", {**hazard_body(station), **change})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"].startswith(next(iter(change)))


@pytest.mark.parametrize("body", ["{", "[]", '{"title": NaN}', "null", "\ud800".encode("utf-8", "surrogatepass")])
def test_what_is_no_json_object_is_4xx(api, worker, body):
    caller = api(worker)
    response = caller.client.generic("POST", "/api/v1/hazards/", body, content_type="application/json", headers=caller.auth)
    assert 400 <= response.status_code < 500


def test_a_suspended_person_is_refused_on_the_next_request(api, worker):
    caller = api(worker)
    assert caller.get("hazards/").status_code == 200
    worker.is_active = False
    worker.save()
    assert caller.get("hazards/").status_code == 401


@pytest.mark.parametrize("path", ["hazards/?status=%00", "hazards/?level=%00", "actions/?status=%00"])
def test_what_the_database_cannot_store_is_not_asked_of_it(api, officer, path):
    caller = api(officer)
    assert caller.client.get(f"/api/v1/{path}", headers=caller.auth).status_code == 422


def test_a_major_hazard_is_assessed_with_what_keeps_people_safe(api, officer, worker, station):
    hazard = reported(station, worker)
    body = {"level": "M", "category": "MECH"}
    assert api(officer).post(f"hazards/{hazard.pk}/assess/", body).status_code == 422
    assert api(officer).post(f"hazards/{hazard.pk}/assess/", {**body, "interim_control": "Unit stopped"}).status_code == 200


def test_a_clock_that_runs_ahead_finds_nothing_in_the_future(api, officer, station):
    ahead = (timezone.now() + timedelta(days=2)).isoformat()
    for noun in ("hazards", "violations"):
        body = {"client_id": str(uuid4()), "unit": station.pk, "title": "Leak", "description": "Leak", "found_at": ahead}
        assert api(officer).post(f"{noun}/", body).json()["found_at"] < timezone.now().isoformat()


def test_of_two_answers_to_one_item_the_later_counts(api, supervisor, station):
    version = standard()
    item = version.clauses.earliest("position").pk
    given = [{"item": item, "result": "na"}, {"item": item, "result": "pass"}]
    body = {"client_id": str(uuid4()), "unit": station.pk, "standard": version.pk, "submit": False, "answers": given}
    made = api(supervisor).post("inspections/", body)
    assert made.status_code == 201
    assert [answer.result for answer in Inspection.objects.get(pk=made.json()["id"]).answers.all()] == ["pass"]


def test_a_violation_never_loses_the_person_it_named(api, supervisor, worker, station):
    def send(number):
        finding = {"kind": "violation", "text": "No helmet", "person": number}
        body = {"client_id": str(uuid4()), "unit": station.pk, "answers": [{"result": "fail", "finding": finding}]}
        return api(supervisor).post("inspections/", body)

    refused = send("no-such-number")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "answers.1")
    assert send(worker.username).status_code == 201
    assert Violation.objects.get().person == worker
