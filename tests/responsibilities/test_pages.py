"""Every page of the room: who gets it, what it says, and that its cost does not grow with the table."""

from datetime import timedelta

import pytest
from django.utils import timezone

from responsibilities.choices import DeadlineKind, RoleCode
from responsibilities.models import Heartbeat
from responsibilities.services import open_deadline
from responsibilities.services.deadlines import Subject
from safetyplant.shell.moments import day_text
from tests.factories.inspections import assigned
from tests.factories.responsibilities import PersonFactory, PlaceFactory, PostFactory, UnitFactory, appoint

pytestmark = pytest.mark.usefixtures("catalogue")

NOW = timezone.now()
BUDGET = 12


def owe(person, *, days, kind=DeadlineKind.ASSESS, title="Leaking flange", number="HZ-2026-0001"):
    """A deadline of a person, due so many days from now (negative: late)."""
    subject = Subject(number, title, "/hazards/1/")
    due = NOW + timedelta(days=days)
    return open_deadline(kind, subject, owner=person, unit=person.unit, due_at=due, starts_at=min(NOW, due) - timedelta(days=3))


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/responsibilities/",
        "/responsibilities/?gaps=1",
        "/units/",
        "/people/",
        "/deadlines/",
        "/deadlines/?all=1",
        "/actions/",
        "/actions/?all=1",
        "/units/{station.pk}/",
        "/units/{station.pk}/?tab=places",
        "/units/{station.pk}/?tab=history",
        "/units/{station.pk}/places/",
        "/units/{station.pk}/places/{place.pk}/",
        "/people/{person.pk}/",
        "/people/{person.pk}/?tab=history",
    ],
)
@pytest.mark.parametrize("who", ["director", "leader", "officer", "supervisor", "head", "worker"])
def test_page_opens_within_its_budget_whatever_there_is(client, people, station, who, page, django_assert_max_num_queries):
    place = PlaceFactory(unit=station)
    PostFactory(unit=station)
    assigned(station, people.worker, assessor=people.officer, now=NOW - timedelta(days=40))
    address = page.format(station=station, place=place, person=people.head)
    client.force_login(getattr(people, who))
    few = _queries(client, address, django_assert_max_num_queries)
    for number in range(8):
        unit = UnitFactory(parent=station)
        person = PersonFactory(unit=unit)
        appoint(person, RoleCode.UNIT_HEAD, unit)
        PlaceFactory(unit=station)
        PostFactory(unit=station)
        owe(people.head, days=number - 4)
        owe(getattr(people, who), days=number - 4)
        assigned(station, people.worker, assessor=people.officer, now=NOW - timedelta(days=number))
    many = _queries(client, address, django_assert_max_num_queries)
    assert many == few


def _queries(client, address, django_assert_max_num_queries):
    client.get(address)  # what is read once per process is none of the page's cost
    with django_assert_max_num_queries(BUDGET) as captured:
        response = client.get(address)
    assert response.status_code == 200, response.content.decode()
    return len(captured)


def test_my_work_puts_what_is_late_first_with_a_verb(client, people):
    owe(people.officer, days=-2, title="Gate off its hinge")
    owe(people.officer, days=3, kind=DeadlineKind.VERIFY, title="Guard missing")
    owe(people.head, days=-1, title="Not mine")
    client.force_login(people.officer)
    page = client.get("/").content.decode()
    assert page.index("Assess: Gate off its hinge") < page.index("Check the fix: Guard missing")
    assert "Not mine" not in page
    assert "2 days late" in page


def test_my_work_tells_whoever_owes_nothing_what_to_do(client, people):
    client.force_login(people.worker)
    assert "You owe nothing just now" in client.get("/").content.decode()


def test_those_in_charge_see_how_much_is_late_with_others(client, people):
    owe(people.head, days=-5)
    client.force_login(people.director)
    assert "Late with others: 1" in client.get("/").content.decode()
    client.force_login(people.worker)
    assert "Late with others" not in client.get("/").content.decode()


def test_tree_marks_a_unit_without_head_and_an_expired_appointment(client, people, station, station2):
    appointment = people.head.appointments.get()
    appointment.ends_on = timezone.localdate() - timedelta(days=10)
    appointment.save()
    people.head2.appointments.all().delete()
    client.force_login(people.worker)
    page = client.get("/responsibilities/?gaps=1").content.decode()
    assert f"He Qiang was appointed through {day_text(appointment.ends_on)}. Li Weimin answers instead." in page
    assert "Unit head: nobody is appointed. Li Weimin answers instead." in page
    before = client.get(f"/responsibilities/?on={appointment.ends_on.isoformat()}").content.decode()
    assert "was appointed through" not in before


def test_tree_of_a_day_that_cannot_be_read_is_todays(client, people):
    client.force_login(people.worker)
    for day in ("2026-02-31", "yesterday", "0000-00-00"):
        response = client.get("/responsibilities/", {"on": day})
        assert response.status_code == 200
        assert "cannot be read" in response.content.decode()


def test_contractors_see_their_own_branch_of_the_tree(client, people, station2):
    client.force_login(people.outsider)
    page = client.get("/responsibilities/").content.decode()
    assert "Drilling Contractor" in page
    assert station2.name not in page
    assert client.get(f"/units/{station2.pk}/").status_code == 404


def test_what_someone_owes_is_for_those_who_answer_for_them(client, people):
    owe(people.worker, days=1, title="Private debt")
    for who, sees in [("worker", True), ("head", True), ("officer", True), ("worker2", False), ("head2", False)]:
        client.force_login(getattr(people, who))
        page = client.get(f"/people/{people.worker.pk}/").content.decode()
        assert ("Private debt" in page) is sees, who
        assert ("worker@plant.example" in page) is sees, who


def test_history_of_a_person_is_not_for_everyone(client, people):
    client.force_login(people.worker2)
    page = client.get(f"/people/{people.worker.pk}/?tab=history").content.decode()
    assert ">History<" not in page


@pytest.mark.parametrize(
    ("who", "status"), [("director", 200), ("officer", 200), ("leader", 200), ("head", 403), ("worker", 403)]
)
def test_engine_health_is_for_officer_and_director(client, people, who, status):
    client.force_login(getattr(people, who))
    assert client.get("/deadlines/health/").status_code == status


def test_engine_health_says_that_the_sweep_is_late(client, people):
    client.force_login(people.officer)
    assert "The sweep is late" in client.get("/deadlines/health/").content.decode()
    Heartbeat.objects.create(name="sweep", started_at=timezone.now(), finished_at=timezone.now())
    assert "Everything that is due is being told." in client.get("/deadlines/health/").content.decode()


def test_readyz_is_degraded_while_the_sweep_is_late(client, db):
    assert client.get("/readyz").json()["checks"]["sweep"]["ok"] is False
    Heartbeat.objects.create(name="sweep", started_at=timezone.now(), finished_at=timezone.now())
    assert client.get("/readyz").json()["checks"]["sweep"]["ok"] is True


def test_deadline_list_filters_by_state_owner_and_unit(client, people, station, station2):
    owe(people.head, days=-1, title="Late one")
    owe(people.head2, days=5, title="Open one")
    client.force_login(people.director)

    def titles(query):
        page = client.get(f"/deadlines/{query}").content.decode()
        return {title for title in ("Late one", "Open one") if title in page}

    assert titles("") == {"Late one", "Open one"}
    assert titles("?state=late") == {"Late one"}
    assert titles(f"?owner={people.head2.pk}") == {"Open one"}
    assert titles(f"?unit={station.pk}") == {"Late one"}
    assert titles("?owner=me") == set()
    assert titles("?kind=fix") == set()


def test_deadline_list_shows_a_head_their_own_unit_and_what_they_owe(client, people):
    owe(people.worker, days=1, title="Of the unit")
    owe(people.worker2, days=1, title="Of another unit")
    client.force_login(people.head)
    page = client.get("/deadlines/").content.decode()
    assert "Of the unit" in page
    assert "Of another unit" not in page


@pytest.mark.parametrize("page", ["units", "people", "deadlines", "actions"])
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_lists_export_what_they_show(client, people, station, page, file_format):
    assigned(station, people.worker, assessor=people.officer, now=NOW)
    client.force_login(people.officer)
    response = client.get(f"/{page}/?format={file_format}&all=1")
    assert response.status_code == 200
    assert len(b"".join(response.streaming_content if response.streaming else [response.content])) > 100


def test_action_and_deadline_lead_to_the_record(client, people, station):
    action = assigned(station, people.worker, assessor=people.officer, now=NOW).action
    client.force_login(people.head)
    assert client.get(f"/actions/{action.pk}/").headers["Location"] == action.link
    assert client.get(f"/deadlines/{action.deadline_id}/").headers["Location"] == action.link
    client.force_login(people.worker2)
    assert client.get(f"/actions/{action.pk}/").status_code == 404
    assert client.get(f"/deadlines/{action.deadline_id}/").status_code == 404
