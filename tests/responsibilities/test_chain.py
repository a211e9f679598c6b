"""Who answers for a unit on a day."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from responsibilities.chain import ChainReader, chain_for, snapshot_chain
from responsibilities.choices import LeaderField, RoleCode
from responsibilities.models import Appointment, ChainSnapshot
from responsibilities.services import move_unit
from tests.factories.responsibilities import AppointmentFactory, PersonFactory, UnitFactory

TODAY = timezone.localdate()


def roles_and_people(chain):
    return [(link.role, link.person.username if link.person else None) for link in chain.links]


def test_chain_names_head_leader_and_director(station, head, leader, director):
    assert roles_and_people(chain_for(station)) == [
        ("unit_head", "head"),
        ("leader_in_charge", "leader"),
        ("director", "director"),
    ]


def test_a_gap_stays_visible_and_the_next_above_stands_in(station2, leader, director):
    chain = chain_for(station2)
    assert roles_and_people(chain)[0] == ("unit_head", None)
    assert chain.above(None, RoleCode.UNIT_HEAD) == leader


def test_a_team_has_its_own_head_and_those_above(station, head, leader, director):
    team = UnitFactory(name="Team 3", parent=station)
    boss = PersonFactory(username="boss")
    AppointmentFactory(person=boss, unit=team, role=RoleCode.UNIT_HEAD)
    assert [name for _role, name in roles_and_people(chain_for(team))] == ["boss", "head", "leader", "director"]


def test_a_deputy_stands_in_on_the_days_of_acting_only(station, head, leader, director):
    deputy = PersonFactory(username="deputy")
    held = Appointment.objects.get(person=head)
    Appointment.objects.create(
        person=deputy, role=RoleCode.DEPUTY, unit=station, deputy_of=held, starts_on=TODAY, ends_on=TODAY + timedelta(days=3)
    )
    acting = chain_for(station).links[0]
    assert (acting.person, acting.acting_for) == (deputy, head)
    assert chain_for(station, on=TODAY + timedelta(days=4)).links[0].person == head


def test_the_chain_of_a_past_day_survives_a_move(branch, station, station2, head, head2, leader, director):
    team = UnitFactory(name="Team", parent=station)
    move_unit(team, parent=station2, on=TODAY)
    yesterday = chain_for(team, on=TODAY - timedelta(days=1))
    assert head in yesterday.people
    assert head2 not in yesterday.people
    assert head2 in chain_for(team).people


def test_a_field_names_its_leader(station, head, leader, director, branch):
    field_leader = PersonFactory(username="field")
    AppointmentFactory(person=field_leader, unit=branch, role=RoleCode.FIELD_LEADER, field=LeaderField.EQUIPMENT)
    assert field_leader in chain_for(station, field=LeaderField.EQUIPMENT).people
    assert field_leader not in chain_for(station).people


def test_two_links_in_one_hand_make_one_step(station, branch, director):
    for unit, role in ((station, RoleCode.UNIT_HEAD), (branch, RoleCode.LEADER)):
        AppointmentFactory(person=director, unit=unit, role=role)
    assert chain_for(station).people == (director,)


def test_the_database_refuses_a_second_holder(station, head):
    with pytest.raises(IntegrityError, match="appointment_one_holder"), transaction.atomic():
        AppointmentFactory(person=PersonFactory(), unit=station, role=RoleCode.UNIT_HEAD, starts_on=TODAY)


def test_the_same_chain_shares_one_snapshot(station, head, leader, director):
    first = snapshot_chain(chain_for(station))
    assert snapshot_chain(chain_for(station)).pk == first.pk
    assert ChainSnapshot.objects.count() == 1
    assert first.links[0] == {"role": "unit_head", "unit_id": station.pk, "person_id": head.pk, "acting_for_id": None}


def test_reading_many_chains_costs_the_same_queries(branch, leader, director, django_assert_num_queries):
    units = [UnitFactory(parent=branch) for _ in range(12)]
    with django_assert_num_queries(2):
        reader = ChainReader()
        assert all(reader.chain(unit.pk).leader == leader for unit in units)
