"""What a client might send to look better than it is, or to break something: refused in words, and nothing is half made."""

from datetime import timedelta
from uuid import UUID, uuid4, uuid5

import pytest
from django.utils import timezone

from inspections.models import ChecklistItem, Hazard, Inspection, ViolationType
from inspections.permissions import can_view_violation_points
from inspections.services import HazardReport, ViolationData, record_violation
from inspections.workflows import report_hazard
from tests.factories.inspections import standard
from tests.factories.responsibilities import PlaceFactory

pytestmark = pytest.mark.usefixtures("catalogue", "people")
BEFORE, AFTER = "a" * 64, "b" * 64


def body_for(unit, answers, **more):
    return {"client_id": str(uuid4()), "unit": unit.pk, "standard": standard().pk, "answers": answers, **more}


def post(client, person, body):
    client.force_login(person)
    return client.post("/api/v1/inspections/", body, content_type="application/json")


def passed():
    items = standard().clauses.order_by("position").values_list("pk", flat=True)
    return [{"item": item, "result": "pass"} for item in items]


def failing(urgent, **finding):
    """All items pass but the first of a level that is urgent, or is not."""
    answers = passed()
    items = ChecklistItem.objects.filter(clause__version=standard(), possibly_major=False, level__is_urgent=urgent)
    item = items.order_by("clause__position").values_list("clause", flat=True)[0]
    at = [answer["item"] for answer in answers].index(item)
    answers[at] = {"item": item, "result": "fail", "finding": {"text": "Gate open", **finding}}
    return answers


def test_a_checklist_is_not_answered_by_answers_to_nothing(client, people, station):
    nothing = [{"item": None, "result": "pass"} for _item in passed()]
    answer = post(client, people.head, body_for(station, nothing))
    assert answer.status_code == 409
    assert not Inspection.objects.exists()


def test_the_photo_after_is_another_one(client, people, station):
    answers = failing(False, kind="fixed", photos=[BEFORE], after_photos=[BEFORE])
    answer = post(client, people.supervisor, body_for(station, answers))
    assert answer.status_code in (409, 422)
    assert "same" in answer.content.decode()
    assert not Hazard.objects.exists()


def test_photos_are_not_asked_for_where_no_phone_may_be_used(client, people, station):
    answers = failing(False, kind="fixed")
    place = PlaceFactory(unit=station, no_phones=False)
    body = {**body_for(station, answers), "place": place.pk}
    answer = post(client, people.supervisor, body)
    assert "photo before" in answer.content.decode()
    place.no_phones = True
    place.save()
    assert post(client, people.supervisor, {**body, "client_id": str(uuid4())}).status_code == 201
    assert Hazard.objects.get().fixed_on_spot


def test_a_head_closes_nothing_serious_of_the_own_unit_on_the_spot(client, people, station):
    answers = failing(True, kind="fixed", photos=[BEFORE], after_photos=[AFTER])
    answer = post(client, people.head, body_for(station, answers))
    assert answer.status_code in (409, 422)
    assert "someone else" in answer.content.decode()
    # Somebody from outside comes as far as the photos, which have not arrived.
    answer = post(client, people.supervisor, body_for(station, answers))
    assert "arrived" in answer.content.decode()


def test_a_guessed_id_of_a_finding_is_refused_in_words(client, people, station):
    body = body_for(station, failing(False))
    at = 1 + next(at for at, answer in enumerate(body["answers"]) if answer["result"] == "fail")
    taken = uuid5(UUID(body["client_id"]), str(at))
    report_hazard(HazardReport(title="First", unit=station, client_id=taken), by=people.supervisor)
    answer = post(client, people.supervisor, body)
    assert answer.status_code == 409
    assert "new id" in answer.content.decode()


def test_what_is_older_than_a_year_is_for_the_importer(client, people, station):
    client.force_login(people.worker)
    old = (timezone.now() - timedelta(days=400)).isoformat()
    body = {"client_id": str(uuid4()), "title": "Old", "unit": station.pk, "found_at": old}
    answer = client.post("/api/v1/hazards/", body, content_type="application/json")
    assert answer.status_code == 422
    assert "imported" in answer.content.decode()


def test_points_do_not_tell_of_another_units_records(people, station, station2):
    kind = ViolationType.objects.order_by("code")[0]
    there = ViolationData(unit=station2, description="First", violation_type=kind, person=people.worker2)
    record_violation(there, by=people.head2)
    here = ViolationData(unit=station, description="Second", violation_type=kind, person=people.worker2)
    again, _new = record_violation(here, by=people.head)
    assert not can_view_violation_points(people.head, again)
    assert can_view_violation_points(people.head2, again)
    assert can_view_violation_points(people.worker2, again)
    assert can_view_violation_points(people.officer, again)
