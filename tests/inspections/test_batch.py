"""Many inspections in one request: each is answered as if it had come alone, and none stands in another's way."""

import hashlib
import json
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections.models import Hazard, Inspection
from responsibilities.models import Deadline
from safetyplant.audit.models import Event
from safetyplant.demo.pictures import picture
from safetyplant.intake.models import SetAside
from safetyplant.intake.services import Wanted
from safetyplant.notifications.models import Message
from tests.factories.inspections import standard

pytestmark = pytest.mark.usefixtures("catalogue", "people")
ALONE, TOGETHER = "/api/v1/inspections/", "/api/v1/inspections/batch/"


def body_for(unit, *, failing=False, **more):
    items = list(standard().clauses.order_by("position").values_list("pk", flat=True))
    answers = [{"item": item, "result": "pass"} for item in items]
    if failing:
        answers[0] |= {"result": "fail", "finding": {"text": "Gate open", "interim_control": "Watched"}}
    return {"client_id": str(uuid4()), "unit": unit.pk, "standard": standard().pk, "answers": answers, **more}


def sealed(body):
    text = body if isinstance(body, str) else json.dumps(body)
    return {"body": text, "sha256": hashlib.sha256(text.encode()).hexdigest()}


def send(client, person, records):
    client.force_login(person)
    response = client.post(TOGETHER, {"records": records}, content_type="application/json")
    return response.json()["results"] if response.status_code == 200 else response


def test_each_arrives_once_with_its_number_receipt_deadline_and_message(client, people, station):
    bodies = [body_for(station) for _n in range(3)]
    answers = send(client, people.supervisor, [sealed(body) for body in bodies])
    assert [answer["status"] for answer in answers] == [201, 201, 201]
    numbers = [answer["inspection"]["number"] for answer in answers]
    assert numbers == sorted(set(numbers))
    for body, answer in zip(bodies, answers, strict=True):
        assert answer["receipt"] == {
            "client_id": body["client_id"],
            "number": answer["inspection"]["number"],
            "complete": True,
            "photos": [],
            "missing": [],
        }
        inspection = Inspection.objects.get(client_id=body["client_id"])
        assert (inspection.score, inspection.answers.count()) == (100, len(body["answers"]))
        assert [person.pk for person in inspection.inspectors.all()] == [people.supervisor.pk]
        assert inspection.acknowledge_deadline.owner == people.head
        assert inspection.acknowledge_deadline.next_step_at is not None
        assert Event.objects.filter(action="inspection.submitted", subject_id=inspection.pk).count() == 1
        told = Message.objects.get(code="inspection.submitted", link=inspection.acknowledge_deadline.link)
        assert (told.recipient, told.params["number"]) == (people.head, inspection.number)


def test_sent_again_together_or_alone_nothing_is_made_twice(client, people, station):
    bodies = [body_for(station), body_for(station, failing=True)]
    first = send(client, people.supervisor, [sealed(body) for body in bodies])
    again = send(client, people.supervisor, [sealed(body) for body in reversed(bodies)])
    assert [answer["status"] for answer in first + again] == [201, 201, 200, 200]
    assert [answer["inspection"]["id"] for answer in again] == [answer["inspection"]["id"] for answer in reversed(first)]
    alone = client.post(ALONE, bodies[0], content_type="application/json")
    assert (alone.status_code, alone.json()) == (200, first[0]["inspection"])
    assert (Inspection.objects.count(), Hazard.objects.count()) == (2, 1)
    assert Deadline.objects.filter(kind="acknowledge").count() == 2


def test_what_is_refused_says_what_it_would_have_said_alone_and_stops_nothing(client, people, station, station2):
    faulty = [
        body_for(station) | {"unit": 2**40},
        body_for(station) | {"standard": 2**40},
        {**body_for(station), "answers": []},
        {**body_for(station), "answers": [{"item": None, "result": "pass"}]},
        body_for(station, kind="external"),
        body_for(station, kind="party"),
        body_for(station, inspectors=[2**40]),
        {key: value for key, value in body_for(station).items() if key != "client_id"},
        body_for(station, failing=True) | {"answers": [{"item": standard().clauses.first().pk, "result": "fail"}]},
    ]
    good = [body_for(station, failing=at == 1) for at in range(3)]
    answers = send(client, people.supervisor, [sealed(body) for body in (good[0], *faulty, *good[1:])])
    assert [answers[at]["status"] for at in (0, -2, -1)] == [201, 201, 201]
    for body, answer in zip(faulty, answers[1:-2], strict=True):
        alone = client.post(ALONE, body, content_type="application/json")
        assert (answer["status"], answer["inspection"], answer["receipt"]) == (alone.status_code, None, None)
        assert answer["problem"] | {"instance": ALONE} == alone.json()
    assert Inspection.objects.count() == 3


def test_who_may_not_inspect_there_is_refused_record_by_record(client, people, station, station2):
    answers = send(client, people.head, [sealed(body_for(station)), sealed(body_for(station2))])
    alone = client.post(ALONE, body_for(station2), content_type="application/json")
    assert [answer["status"] for answer in answers] == [201, alone.status_code]
    assert alone.status_code in (403, 404)
    assert [answer["status"] for answer in send(client, people.worker, [sealed(body_for(station))])] == [403]


def test_another_body_under_the_same_id_is_kept_aside_also_within_one_batch(client, people, station):
    body = body_for(station)
    other = {**body, "note": "Other words"}
    answers = send(client, people.supervisor, [sealed(body), sealed(other), sealed(body)])
    assert [answer["status"] for answer in answers] == [201, 409, 200]
    assert answers[1]["problem"]["code"] == "DifferentBody"
    assert SetAside.objects.get().body["note"] == "Other words"


def test_a_refused_record_frees_its_id_for_the_next_one_of_the_batch(client, people, station):
    body = body_for(station)
    answers = send(client, people.supervisor, [sealed({**body, "answers": []}), sealed(body)])
    assert [answer["status"] for answer in answers] == [422, 201]


def test_what_breaks_while_it_is_written_goes_alone(client, people, station):
    """A photo that never came is noticed by the writing itself: its record is refused, and those beside it are kept."""
    broken = body_for(station, failing=True)
    broken["answers"][0]["finding"]["photos"] = ["a" * 64]
    bodies = [body_for(station), broken, body_for(station)]
    answers = send(client, people.supervisor, [sealed(body) for body in bodies])
    assert [answer["status"] for answer in answers] == [201, 409, 201]
    assert Inspection.objects.count() == 2
    assert Event.objects.filter(action="inspection.submitted").count() == 2


def test_a_race_for_one_id_costs_the_others_nothing(client, people, station, monkeypatch):
    """Between looking and writing somebody else wrote the same record: found again, the rest is written."""
    bodies = [body_for(station) for _n in range(3)]
    send(client, people.supervisor, [sealed(bodies[1])])
    find, looks = Wanted._find, []

    def blind(self, client_ids):
        looks.append(client_ids)
        return {} if len(looks) == 1 else find(self, client_ids)

    monkeypatch.setattr(Wanted, "_find", blind)
    answers = send(client, people.supervisor, [sealed(body) for body in bodies])
    assert [answer["status"] for answer in answers] == [201, 200, 201]
    assert Inspection.objects.count() == 3


def test_a_draft_waits_for_its_photos_and_is_submitted_by_the_body_that_says_so(client, people, station):
    photo = picture("guard", broken=True)
    sha = hashlib.sha256(photo).hexdigest()
    body = body_for(station, failing=True, submit=False)
    body["answers"][0]["finding"]["photos"] = [sha]
    (answer,) = send(client, people.supervisor, [sealed(body)])
    assert (answer["inspection"]["status"], answer["receipt"]["complete"], answer["receipt"]["missing"]) == (
        "draft",
        False,
        [sha],
    )
    client.put(f"/files/{sha}/", photo, content_type="application/octet-stream")
    (answer,) = send(client, people.supervisor, [sealed({**body, "submit": True})])
    assert (answer["status"], answer["receipt"]["complete"], answer["receipt"]["photos"]) == (200, True, [sha])


def test_a_record_that_changed_on_the_device_is_not_taken(client, people, station):
    record = sealed(body_for(station))
    record["body"] = record["body"].replace('"pass"', '"na"', 1)
    answers = send(client, people.supervisor, [record, sealed(body_for(station)), sealed("{not json")])
    assert [answer["status"] for answer in answers] == [422, 201, 422]
    assert "fingerprint" in answers[0]["problem"]["detail"]


def test_a_batch_is_bounded_in_records_and_size(client, people, station):
    assert send(client, people.supervisor, [sealed("{}")] * 26).status_code == 422
    assert send(client, people.supervisor, []).status_code == 422
    assert send(client, people.supervisor, [sealed("x" * 1_000_001)] * 2).status_code == 413
    client.logout()
    assert client.post(TOGETHER, {"records": [sealed("{}")]}, content_type="application/json").status_code == 401


def test_ten_ask_as_many_questions_as_two(client, people, station):
    send(client, people.supervisor, [sealed(body_for(station))])
    counts = []
    for size in (2, 10):
        records = [sealed(body_for(station)) for _n in range(size)]
        with CaptureQueriesContext(connection) as asked:
            send(client, people.supervisor, records)
        counts.append(len(asked))
    assert counts[0] == counts[1]
