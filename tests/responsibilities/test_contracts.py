"""The contract manager: the plant's own hand between a contractor and the leaders of its host."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from responsibilities.chain import chain_for
from responsibilities.choices import DeadlineKind, RoleCode
from responsibilities.models import Appointment, Deadline, Reminder
from responsibilities.services.appointments import appoint_person
from responsibilities.services.deadlines import Subject, open_deadline
from responsibilities.sweep import sweep_deadlines
from safetyplant.notifications.models import Message
from tests.factories.penalties import recorded
from tests.factories.responsibilities import PersonFactory, UnitFactory, appoint

pytestmark = pytest.mark.usefixtures("catalogue", "people")


@pytest.fixture
def boss(contractor):
    person = PersonFactory(username="boss", unit=contractor)
    appoint(person, RoleCode.UNIT_HEAD, contractor)
    return person


@pytest.fixture
def contracts(contractor, station):
    person = PersonFactory(username="contracts", unit=station)
    appoint(person, RoleCode.CONTRACT_MANAGER, contractor)
    return person


def test_the_contract_manager_stands_between_the_contractor_and_its_host(
    contractor, station, boss, contracts, head, leader, director
):
    assert [link.person for link in chain_for(contractor).links] == [boss, contracts, head, leader, director]
    assert contracts not in chain_for(station).people
    assert chain_for(contractor).above(boss.pk, RoleCode.UNIT_HEAD) == contracts
    assert chain_for(contractor).above(None, RoleCode.LEADER) == leader


def test_a_contractor_under_another_has_the_managers_of_both(contractor, contracts, head, leader, director):
    below = UnitFactory(name="Scaffolders", kind="contractor", parent=contractor)
    second = PersonFactory(username="second")
    appoint(second, RoleCode.CONTRACT_MANAGER, below)
    assert chain_for(below).contract_managers == (second, contracts)
    assert chain_for(below).people == (second, contracts, head, leader, director)


def test_one_at_a_time_and_never_one_of_the_contractor(contractor, station, contracts, outsider, worker, director):
    today = timezone.localdate()

    def manages(person, unit):
        return appoint_person(person, role=RoleCode.CONTRACT_MANAGER, unit=unit, by=director, starts_on=today)

    with pytest.raises(ValidationError, match="belongs to the contractor"):
        manages(outsider, contractor)
    with pytest.raises(ValidationError, match="answers for a contractor"):
        manages(worker, station)
    with pytest.raises(ValidationError, match="holds this role"):
        manages(worker, contractor)
    with pytest.raises(IntegrityError, match="appointment_one_holder"), transaction.atomic():
        Appointment.objects.create(person=worker, role=RoleCode.CONTRACT_MANAGER, unit=contractor, starts_on=today)


def test_is_told_of_the_contractors_violations_and_sees_them(contractor, contracts, boss, outsider, supervisor):
    violation = recorded(contractor, supervisor, outsider)
    told = Message.objects.filter(code="violation.recorded").values_list("recipient__username", flat=True)
    assert set(told) == {"outsider", "boss", "contracts"}
    assert violation in type(violation).objects.visible_to(contracts)
    assert contracts.pk in [link["person_id"] for link in violation.chain.links]


def test_is_told_of_what_is_late_before_the_hosts_leader(contractor, contracts, boss, outsider, leader, head):
    began = timezone.now() - timedelta(days=9)
    subject = Subject("VI-1", "VI-1", "/", is_personal=True)
    deadline = open_deadline(
        DeadlineKind.RECEIPT, subject, owner=outsider, unit=contractor, starts_at=began, due_at=began + timedelta(days=5)
    )
    day_late = began + timedelta(days=6, hours=2)
    sweep_deadlines(now=day_late)
    told = {each.recipient for each in Reminder.objects.filter(deadline=deadline).select_related("recipient")}
    assert {boss, contracts} <= told
    assert leader not in told
    answers = Deadline.objects.filter(kind=DeadlineKind.ANSWER)
    assert [answer.owner for answer in answers] == [boss]
