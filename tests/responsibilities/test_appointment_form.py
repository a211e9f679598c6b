"""What the form for appointments offers to whom: never a post above one's own."""

import pytest
from django.utils import timezone

from responsibilities.choices import RoleCode
from responsibilities.models import Appointment, Person
from responsibilities.roles import ROLES
from tests.factories.responsibilities import PersonFactory, appoint

TODAY = timezone.localdate()


@pytest.fixture
def keeper(station):
    """The safety officer of one station, for whom the plant ends there."""
    person = PersonFactory(unit=station, name="Kang Jun")
    appoint(person, RoleCode.OFFICER, station)
    return person


def offered(response, name):
    field = response.context["form"].fields[name]
    return {value for value, _label in field.choices if value} if name == "role" else set(field.queryset)


def test_the_form_offers_no_post_above_ones_own(client, people, station):
    held = {who: getattr(people, who).appointments.get() for who in ("director", "leader", "officer", "supervisor", "head")}
    client.force_login(people.officer)
    page = client.get(f"/people/{people.worker.pk}/appointments/new/")
    assert offered(page, "role") == set(RoleCode.values) - {RoleCode.DIRECTOR}
    posts = offered(page, "deputy_of")
    assert {held["supervisor"], held["head"]} <= posts
    assert not {held["director"], held["leader"]} & posts
    assert "theirs to give" in page.content.decode()
    client.force_login(people.director)
    page = client.get(f"/units/{station.pk}/appointments/new/")
    assert offered(page, "role") == set(RoleCode.values)
    assert held["leader"] in offered(page, "deputy_of")
    assert "theirs to give" not in page.content.decode()


def test_what_the_form_offers_as_a_deputys_post_is_what_may_be_given(people, keeper, station):
    rows = Appointment.objects.exclude(role=RoleCode.DEPUTY).select_related("unit")
    for user in (people.director, people.leader, people.officer, keeper, people.worker):
        expected = {row for row in rows if user.standing.ranks_with(ROLES[row.role], row.unit)}
        assert set(rows.within_rank(user)) == expected


def test_a_post_above_ones_own_that_is_sent_all_the_same_is_refused_next_to_the_field(client, people, branch):
    client.force_login(people.officer)
    body = {"person": people.worker.pk, "role": "director", "unit": branch.pk, "starts_on": TODAY.isoformat()}
    response = client.post(f"/people/{people.worker.pk}/appointments/new/", body)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["role"])
    body |= {"role": "deputy", "deputy_of": people.director.appointments.get().pk}
    response = client.post(f"/people/{people.worker.pk}/appointments/new/", body)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["deputy_of"])
    assert not people.worker.appointments.exists()


def test_a_directors_post_in_a_part_of_the_tree_is_asked_again(client, people, branch, station):
    """Offered to whoever is director somewhere; the unit chosen decides."""
    of_station = PersonFactory(unit=station)
    appoint(of_station, RoleCode.DIRECTOR, station)
    appoint(of_station, RoleCode.OFFICER, branch)
    client.force_login(of_station)
    body = {"person": people.worker.pk, "role": "director", "unit": branch.pk, "starts_on": TODAY.isoformat()}
    response = client.post(f"/people/{people.worker.pk}/appointments/new/", body)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["role"])
    assert "for someone else to make" in response.content.decode()


def test_where_there_is_nothing_to_give_a_sentence_stands(client, people):
    client.force_login(people.officer)
    page = client.get(f"/people/{people.officer.pk}/appointments/new/")
    assert page.status_code == 200
    assert "Nobody gives themself a role" in page.content.decode()
    assert "<select" not in page.content.decode()
    Person.objects.filter(pk=people.worker.pk).update(is_active=False)
    assert "Restore it first" in client.get(f"/people/{people.worker.pk}/appointments/new/").content.decode()


def test_a_unit_shows_no_way_to_end_a_post_above_ones_own(client, people, branch):
    client.force_login(people.officer)
    page = client.get(f"/units/{branch.pk}/").content.decode()
    assert f"/appointments/{people.supervisor.appointments.get().pk}/end/" in page
    assert f"/appointments/{people.director.appointments.get().pk}/end/" not in page
