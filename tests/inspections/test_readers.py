"""Who looked at someone's violations through lists, exports and the plain API; told to the person, one event a request."""

import pytest

from inspections.models import RecordView
from safetyplant.audit.models import Event
from tests.factories.penalties import recorded

pytestmark = pytest.mark.usefixtures("catalogue", "people")


@pytest.fixture
def three(station, supervisor, worker):
    return [recorded(station, supervisor, worker, description=f"No helmet {number}") for number in range(3)]


def events():
    return [each.detail for each in Event.objects.filter(action="violation.persons_shown").order_by("pk")]


@pytest.mark.parametrize(
    ("address", "way"),
    [("/violations/", "list"), ("/violations/?format=csv", "export"), ("/api/v1/violations/", "api")],
)
def test_each_way_leaves_a_row_a_record_and_one_event(client, three, officer, worker, address, way):
    client.force_login(officer)
    for _again in range(2):
        response = client.get(address)
        assert response.status_code == 200
        b"".join(response) if response.streaming else response.content
    assert RecordView.objects.filter(viewer=officer, person=worker).count() == 3
    assert events() == [{"way": way, "records": 3, "people": 1}]
    client.force_login(worker)
    assert officer.name in client.get("/violations/record/").content.decode()


def test_a_list_without_names_or_of_ones_own_tells_of_nobody(client, three, officer, worker):
    client.force_login(officer)
    client.get("/violations/?columns=title,found")
    client.force_login(worker)
    client.get("/violations/")
    assert not RecordView.objects.exists()
    assert events() == []


def test_one_record_by_the_api(client, three, officer, worker):
    client.force_login(officer)
    client.get(f"/api/v1/violations/{three[0].pk}/")
    assert RecordView.objects.get().violation == three[0]
