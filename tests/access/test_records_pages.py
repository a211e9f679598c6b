"""The admin pages: for those who may see all of the log today, and never a way to what is not shown."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from responsibilities.models import Appointment, Person, Unit
from safetyplant.shell.records import ReadOnlyAdmin
from tests.factories.inspections import draft as draft_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client, officer: Person) -> Client:
    client.force_login(officer)
    return client


@pytest.mark.parametrize("address", ["", "responsibilities/person/", "inspections/hazard/", "inspections/violation/"])
def test_the_officer_reads(reader: Client, address: str) -> None:
    assert reader.get(f"/admin/{address}").status_code == 200


def test_an_ended_appointment_closes_the_pages_at_once(reader: Client, officer: Person) -> None:
    Person.objects.filter(pk=officer.pk).update(is_superuser=True)
    yesterday = timezone.localdate() - timedelta(days=1)
    Appointment.objects.filter(person=officer).update(starts_on=yesterday, ends_on=yesterday)

    assert reader.get("/admin/").status_code == 403
    assert reader.get(f"/admin/responsibilities/person/{officer.pk}/change/").status_code == 403
    assert 'href="/admin/"' not in reader.get("/account/").content.decode()


@pytest.mark.parametrize("name", ["leader", "head", "worker"])
def test_nobody_enters_by_a_switch(client: Client, request: pytest.FixtureRequest, name: str) -> None:
    person = request.getfixturevalue(name)
    Person.objects.filter(pk=person.pk).update(is_superuser=True)
    client.force_login(person)

    assert client.get("/admin/").status_code == 403
    assert client.get("/admin/responsibilities/person/").status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "responsibilities/person/?username=director&password__startswith=argon2",
        "responsibilities/person/?password__regex=.",
        "responsibilities/person/?email__startswith=d",
        "responsibilities/appointment/?person__password__startswith=argon2",
        "responsibilities/deadline/?owner__password__startswith=argon2",
        "inspections/violation/?person__username=director",
        "inspections/violation/?person=1",
        "inspections/hazard/?reported_by__password__startswith=a",
        "inspections/hazard/?level__created_by__password__startswith=a",
    ],
)
def test_only_what_is_offered_can_be_asked(reader: Client, director: Person, address: str) -> None:
    assert reader.get(f"/admin/{address}").status_code == 400


@pytest.mark.parametrize("query", ["status__exact=reported", "level__code__exact=G3", "level__isnull=True", "q=x", "o=1", ""])
def test_the_filters_on_the_page_work(reader: Client, query: str) -> None:
    assert reader.get(f"/admin/inspections/hazard/?{query}").status_code == 200


def test_the_password_is_nowhere_on_the_page(reader: Client, director: Person) -> None:
    page = reader.get(f"/admin/responsibilities/person/{director.pk}/change/").content.decode()

    assert "argon2" not in page
    assert director.name in page


def test_only_reading_pages_are_registered() -> None:
    """Libraries bring pages that write, and one that shows the secrets of second factors."""
    assert all(isinstance(page, ReadOnlyAdmin) for page in admin.site._registry.values())


def test_an_unfinished_draft_stays_with_its_writer(reader: Client, supervisor: Person, station: Unit) -> None:
    draft = draft_of(station, supervisor)

    assert reader.get(f"/admin/inspections/inspection/{draft.pk}/change/").status_code == 302
    assert f"/{draft.pk}/change/" not in reader.get("/admin/inspections/inspection/").content.decode()
