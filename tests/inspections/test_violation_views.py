"""Pages of violations. SECURITY: the person concerned is seen by those who need it, in no channel by anyone else."""

from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
from django.urls import reverse

from inspections.choices import ViolationStatus
from inspections.models import Violation, ViolationType
from inspections.services import ViolationData, record_violation
from tests.factories.responsibilities import PersonFactory, PlaceFactory
from tests.inspections.photos import photo

pytestmark = pytest.mark.usefixtures("catalogue", "people")


@pytest.fixture
def culprit(station):
    return PersonFactory(username="culprit", name="Qiu Bulao", unit=station)


@pytest.fixture
def violation(station, supervisor, culprit):
    kind = ViolationType.objects.filter(code="VO01").first()
    data = ViolationData(unit=station, description="Worked at height unsecured", person=culprit, violation_type=kind)
    return record_violation(data, by=supervisor)[0]


def url(page, *args):
    return reverse(f"inspections:violation-{page}", args=args)


def body(station, **changes):
    return {"description": "No permit for hot work", "where": f"u{station.pk}", "client_id": str(uuid4()), **changes}


#: Who sees the violation, and with it the person; everyone else sees neither.
SEES = ["director", "leader", "officer", "supervisor", "head", "culprit"]
BLIND = ["head2", "worker", "worker2", "outsider"]


def everything(client):
    """What one reader gets to read about violations, through every channel there is."""
    pages = [url("list"), f"{url('list')}?all=1&columns=person,description,title", "/search/?q=height", "/search/?q=Qiu"]
    texts = [client.get(page).content.decode() for page in pages]
    texts.append(b"".join(client.get(url("list"), {"format": "csv"}).streaming_content).decode())
    sheet = client.get(url("list"), {"format": "xlsx", "columns": "number,person,title"})
    book = openpyxl.load_workbook(BytesIO(b"".join(sheet.streaming_content)))
    texts.append(str([cell for row in book.active.values for cell in row]))
    return texts


@pytest.mark.parametrize("who", SEES)
def test_those_concerned_see_the_person(client, people, culprit, violation, who):
    client.force_login(culprit if who == "culprit" else getattr(people, who))
    assert "Qiu Bulao" in client.get(url("detail", violation.pk)).content.decode()
    assert "Qiu Bulao" in everything(client)[0]


@pytest.mark.parametrize("who", BLIND)
def test_nobody_else_sees_the_violation_or_the_person(client, people, violation, who):
    client.force_login(getattr(people, who))
    assert client.get(url("detail", violation.pk)).status_code == 404
    assert client.post(url("cancel", violation.pk)).status_code == 404
    for text in everything(client):
        assert violation.number not in text
        assert "unsecured" not in text
    for text in everything(client)[:3] + everything(client)[4:]:
        assert "Qiu Bulao" not in text


def test_the_search_never_finds_a_violation_by_its_person(client, officer, violation):
    client.force_login(officer)
    assert violation.number not in client.get("/search/", {"q": "Qiu Bulao", "kind": "violation"}).content.decode()
    assert violation.number in client.get("/search/", {"q": "height"}).content.decode()


@pytest.mark.parametrize(("who", "status"), [("supervisor", 200), ("head", 200), ("worker", 403), ("outsider", 403)])
def test_only_those_who_record_open_the_form(client, people, who, status):
    client.force_login(getattr(people, who))
    assert client.get(url("new")).status_code == status
    if status == 403:
        assert client.post(url("new"), {}).status_code == 403


def test_recording_twice_is_one_violation(client, supervisor, station, worker):
    client.force_login(supervisor)
    sent = body(station, person=worker.pk, violation_type="VO02", correction="Stopped at once")
    first = client.post(url("new"), {**sent, "photos": photo()})
    again = client.post(url("new"), {**sent, "photos": photo()})
    violation = Violation.objects.get()
    assert first["Location"] == again["Location"] == url("detail", violation.pk)
    assert (violation.person, violation.proposed_points, violation.photos.attachments.count()) == (worker, 12, 1)


def test_a_unit_or_contractor_as_a_whole_is_enough(client, supervisor, contractor):
    client.force_login(supervisor)
    assert client.post(url("new"), body(contractor)).status_code == 302
    html = client.get(url("detail", Violation.objects.get().pk)).content.decode()
    assert "The unit as a whole" in html


def test_a_person_of_another_unit_is_refused_and_the_text_kept(client, supervisor, station, worker2):
    client.force_login(supervisor)
    answer = client.post(url("new"), body(station, person=worker2.pk))
    assert answer.status_code == 422
    assert "does not belong to" in answer.content.decode()
    assert "No permit for hot work" in answer.content.decode()


@pytest.mark.parametrize(
    "changes",
    [{"description": ""}, {"where": ""}, {"where": "u999999"}, {"person": "x"}, {"violation_type": "NOPE"}, {"clause": "999999"}],
)
def test_a_faulty_record_is_422(client, supervisor, station, changes):
    client.force_login(supervisor)
    assert client.post(url("new"), body(station, **changes)).status_code == 422
    assert not Violation.objects.exists()


def test_a_leader_of_another_unit_is_named_for_a_breach_of_leaders_alone(client, head, station, leader, worker):
    client.force_login(head)
    assert client.post(url("new"), body(station, person=leader.pk, violation_type="VO10")).status_code == 422
    refused = client.post(url("new"), body(station, person=worker.pk, violation_type="VM05"))
    assert refused.status_code == 422
    assert "neither heads a unit" in refused.content.decode()
    assert client.post(url("new"), body(station, person=leader.pk, violation_type="VM05")).status_code == 302
    assert Violation.objects.get().unit == leader.unit


def test_what_they_reported_themself_is_recorded_without_points(client, supervisor, station, worker):
    client.force_login(supervisor)
    assert client.post(url("new"), body(station, person=worker.pk, violation_type="VO02", self_reported="on")).status_code == 302
    assert (Violation.objects.get().self_reported, Violation.objects.get().proposed_points) == (True, 0)


def test_a_head_records_only_in_their_unit(client, head, station2):
    client.force_login(head)
    place = PlaceFactory(unit=station2)
    assert client.post(url("new"), body(station2, where=f"p{place.pk}")).status_code == 422


def test_cancelling_is_for_the_officer_with_a_reason(client, officer, supervisor, culprit, violation):
    client.force_login(supervisor)
    assert client.get(url("cancel", violation.pk)).status_code == 403
    client.force_login(officer)
    assert client.post(url("cancel", violation.pk), {}).status_code == 422
    assert client.post(url("cancel", violation.pk), {"reason": "Wrong shift"}).status_code == 302
    violation.refresh_from_db()
    assert violation.status == ViolationStatus.CANCELLED
    assert client.get(url("cancel", violation.pk)).status_code == 409


@pytest.mark.parametrize("who", ["director", "supervisor"])
def test_the_list_costs_the_same_whatever_its_length(client, people, station, supervisor, django_assert_max_num_queries, who):
    client.force_login(getattr(people, who))
    costs = []
    for size in (1, 8):
        for number in range(size):
            record_violation(ViolationData(unit=station, description=f"Breach {number}", person=people.worker), by=supervisor)
        with django_assert_max_num_queries(12) as counted:
            client.get(url("list"))
        costs.append(len(counted))
    assert costs[0] == costs[1]
