"""Field capture on the server's side: the kit, blank checklists, receipts, labels."""

import hashlib
import json
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from inspections.field.kit import build_kit
from inspections.models import Violation
from inspections.recurrence import END_OF_DAY
from inspections.services import ViolationData, record_violation
from inspections.workflows import submit_inspection
from responsibilities.models import RouteStop
from safetyplant.demo.pictures import picture
from tests.factories.inspections import draft, standard
from tests.factories.plans import first_visit, plan
from tests.factories.responsibilities import PlaceFactory

pytestmark = pytest.mark.usefixtures("catalogue", "people")


@pytest.fixture
def well(station):
    return PlaceFactory(unit=station, code="N12-45", name="Well N12-45")


def test_the_kit_holds_what_its_person_may_see_and_nothing_of_violations(people, well, station2):
    secret = ViolationData(unit=station2, description="Smoked at the separator", person=people.worker2)
    record_violation(secret, by=people.officer)
    kit = build_kit(people.supervisor)
    assert well.pk in {place["id"] for place in kit["places"]}
    assert all(unit["inspects"] for unit in kit["units"])
    assert len(kit["checklists"]) == 7
    text = json.dumps(kit)
    assert "Smoked" not in text
    assert Violation.objects.get().number not in text


def test_the_kit_of_a_worker_of_the_contractor_ends_at_their_unit(people, well):
    kit = build_kit(people.outsider)
    assert not any(unit["inspects"] or unit["records"] for unit in kit["units"])
    assert well.pk not in {place["id"] for place in kit["places"]}


def test_the_kit_costs_the_same_however_many_places(people, station, django_assert_max_num_queries):
    for number in range(60):
        PlaceFactory(unit=station, code=f"W{number}")
    with django_assert_max_num_queries(12):
        build_kit(people.supervisor)


@pytest.mark.parametrize("path", ["/field/", "/field/inspection/", "/field/hazard/"])
def test_pages_the_phone_keeps_hold_nothing_of_whoever_asked(client, people, well, path):
    client.force_login(people.supervisor)
    page = client.get(path).content.decode()
    assert people.supervisor.name not in page
    assert well.name not in page


def test_a_blank_checklist_has_every_item_and_no_person(client, people):
    client.force_login(people.supervisor)
    version = standard()
    page = client.get(reverse("inspections:field-checklist", args=[version.pk])).content.decode()
    assert page.count('class="sp-item') == version.clauses.count()
    assert people.worker.name not in page


def send(client, person, *, photos=()):
    version = standard()
    items = list(version.clauses.order_by("position").values_list("pk", flat=True))
    answers = [{"item": item, "result": "pass"} for item in items]
    finding = {"text": "Gate open", "interim_control": "Watched", "photos": list(photos)}
    answers[0] = {"item": items[0], "result": "fail", "finding": finding}
    body = {
        "client_id": str(uuid4()),
        "unit": person.unit_id,
        "standard": version.pk,
        "answers": answers,
        "submit": False,
    }
    return client.post("/api/v1/inspections/", body, content_type="application/json").json()


def test_a_receipt_is_complete_only_when_every_photo_is_evidence(client, people):
    client.force_login(people.head)
    photo = picture("guard", broken=True)
    sha = hashlib.sha256(photo).hexdigest()
    made = send(client, people.head, photos=[sha])
    address = f"/api/v1/inspections/{made['id']}/"
    receipt = client.get(f"{address}receipt/").json()
    assert (receipt["complete"], receipt["photos"], receipt["missing"]) == (False, [], [sha])
    refused = client.post(f"{address}submit/")
    assert refused.status_code == 409

    client.put(f"/files/{sha}/", photo, content_type="application/octet-stream")
    receipt = client.get(f"{address}receipt/").json()
    assert (receipt["complete"], receipt["photos"]) == (False, [sha])
    assert client.post(f"{address}submit/").status_code == 200
    receipt = client.get(f"{address}receipt/").json()
    assert (receipt["complete"], receipt["photos"], receipt["client_id"]) == (True, [sha], made["client_id"])


def test_the_site_installs_as_an_app(client):
    manifest = client.get("/manifest.webmanifest").json()
    assert manifest["start_url"] == "/field/"
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    worker = client.get("/sw.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert worker["Service-Worker-Allowed"] == "/"
    assert b"const ASSETS = [" in worker.content


def test_a_scanned_label_opens_its_place_for_those_who_see_it(client, people, well):
    client.force_login(people.supervisor)
    page = client.get(f"/q/{well.label}/").content.decode()
    assert f"/inspections/new/?place={well.label}" in page
    client.force_login(people.outsider)
    assert client.get(f"/q/{well.label}/").status_code == 404


def test_labels_are_printed_for_a_unit_and_all_below(client, people, well, branch, station2):
    PlaceFactory(unit=station2, name="Tank T-7")
    client.force_login(people.officer)
    page = client.get(reverse("responsibilities:place-labels", args=[branch.pk])).content.decode()
    assert (page.count('class="sp-qr"'), "Tank T-7" in page) == (2, True)
    page = client.get(reverse("responsibilities:place-labels", args=[well.unit_id])).content.decode()
    assert (page.count('class="sp-qr"'), well.name in page) == (1, True)


def test_the_kit_holds_todays_plan_of_its_person_alone(people, station, well):
    now = timezone.now()
    mine = plan(station, [people.supervisor], people.officer, targets=[(station, well)], now=now, due_time=END_OF_DAY)
    kit = build_kit(people.supervisor, now=now)
    assert [(row["visit"], row["where"], row["name"]) for row in kit["plan"]] == [
        (first_visit(mine).pk, f"p{well.pk}", well.name)
    ]
    assert build_kit(people.leader, now=now)["plan"] == []


def test_a_route_lies_in_the_kit_point_by_point_until_it_is_done(people, station, django_assert_max_num_queries):
    now = timezone.now()
    route = PlaceFactory(unit=station, kind="route", name="Round 1")
    stops = [PlaceFactory(unit=station) for _n in range(2)]
    for position, stop in enumerate(reversed(stops), start=1):
        RouteStop.objects.create(route=route, place=stop, position=position)
    patrol = plan(station, [people.supervisor], people.officer, targets=[(station, route)], now=now, due_time=END_OF_DAY)
    with django_assert_max_num_queries(14):
        kit = build_kit(people.supervisor, now=now)
    assert [row["where"] for row in kit["plan"]] == [f"p{stops[1].pk}", f"p{stops[0].pk}"]
    submit_inspection(draft(station, people.supervisor, place=stops[1], visit=first_visit(patrol).pk), by=people.supervisor)
    assert [row["where"] for row in build_kit(people.supervisor, now=now)["plan"]] == [f"p{stops[0].pk}"]


def test_a_visit_that_is_gone_is_no_reason_to_refuse_an_inspection(client, people, station):
    client.force_login(people.supervisor)
    body = {"client_id": str(uuid4()), "unit": station.pk, "visit": 999_999, "note": "Seen", "submit": False}
    assert client.post("/api/v1/inspections/", body, content_type="application/json").status_code == 201


def test_plans_and_visits_are_read_by_api(client, people, station):
    mine = plan(station, [people.supervisor], people.officer, now=timezone.now())
    client.force_login(people.supervisor)
    assert client.get(f"/api/v1/inspection-plans/{mine.pk}/").json()["rule"] == "FREQ=DAILY"
    page = client.get("/api/v1/visits/?status=planned&limit=3").json()
    assert [row["owner"]["name"] for row in page["results"]] == [people.supervisor.name] * 3
    assert page["next"]
