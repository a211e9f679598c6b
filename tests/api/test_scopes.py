"""Long lists of the API: whoever sees a few units gets the same rows as `visible_to`, found through these units' indexes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inspections.models import Hazard, Inspection, Violation
from inspections.services import ViolationData, record_violation
from inspections.workflows import submit_inspection
from responsibilities.choices import DeadlineKind
from responsibilities.models import Deadline
from responsibilities.services.deadlines import Subject, open_deadline
from tests.factories.inspections import draft, reported

NOW = timezone.now()
LISTS = {
    "hazards": (Hazard, ("-found_at", "-pk")),
    "inspections": (Inspection, ("-started_at", "-pk")),
    "violations": (Violation, ("-found_at", "-pk")),
    "deadlines": (Deadline, ("due_at", "pk")),
}


@pytest.fixture
def records(catalogue, people, station, station2):
    """In both stations of everything some, part of it made by, naming or owed by people of the other one."""
    for number in range(4):
        unit = station if number % 2 else station2
        stranger = people.worker2 if unit == station else people.worker
        moment = NOW - timedelta(hours=number)
        reported(unit, stranger if number < 2 else people.supervisor, now=moment)
        submit_inspection(draft(unit, people.supervisor), by=people.supervisor)
        draft(unit, people.head if unit == station else people.head2)
        data = ViolationData(unit=unit, description="No helmet", person=stranger, found_at=moment)
        record_violation(data, by=people.supervisor)
        subject = Subject(f"X-{number}", "Owed", "/")
        starts = {"starts_at": NOW, "due_at": NOW + timedelta(days=number + 1)}
        open_deadline(DeadlineKind.ACKNOWLEDGE, subject, owner=stranger, unit=unit, **starts)


def listed(client, path):
    """All ids, two at a time."""
    ids, following = [], f"/api/v1/{path}/?limit=2"
    while following:
        page = client.get(following).json()
        ids += [row["id"] for row in page["results"]]
        following = page["next"]
    return ids


@pytest.mark.parametrize("role", ["director", "supervisor", "head", "head2", "worker", "worker2", "outsider"])
@pytest.mark.parametrize("path", LISTS)
def test_each_reader_gets_exactly_what_exists_for_them(client, people, records, path, role):
    model, order = LISTS[path]
    reader = getattr(people, role)
    client.force_login(reader)
    rows = model.objects.visible_to(reader)
    rows = rows.filter(status="open") if model is Deadline else rows
    assert listed(client, path) == list(rows.order_by(*order).values_list("pk", flat=True))


@pytest.mark.parametrize("path", LISTS)
def test_a_small_scope_is_read_unit_by_unit(client, people, records, path):
    client.force_login(people.head)
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/api/v1/{path}/")
    assert any("unnest(ARRAY(" in query["sql"] for query in captured)


def test_ones_own_deadlines_need_no_scope(client, people, records):
    client.force_login(people.worker2)
    found = client.get("/api/v1/deadlines/", {"mine": "true"}).json()["results"]
    assert {row["owner"]["id"] for row in found} == {people.worker2.pk}
    assert len(found) == 2
