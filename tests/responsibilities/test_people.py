"""People, their access and their appointments."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from inspections.models import Hazard
from responsibilities import subjects, workflows
from responsibilities.choices import DeadlineKind, RoleCode
from responsibilities.models import Appointment, Person
from responsibilities.roles import Right, describe_person
from responsibilities.services import appointments
from responsibilities.services.appointments import appoint_person, end_appointment
from responsibilities.services.people import create_person, reset_password, restore_person, suspend_person, update_person
from responsibilities.standing import standing_of
from safetyplant.access.exceptions import NotAllowed, WrongState
from safetyplant.access.tokens import issue_token, person_for
from safetyplant.audit.history import entry_of
from safetyplant.audit.models import Event
from safetyplant.notifications.models import Message
from tests.factories.inspections import assigned
from tests.factories.responsibilities import PersonFactory, UnitFactory, appoint
from tests.responsibilities.test_pages import owe

TODAY = timezone.localdate()


# --- access ----------------------------------------------------------------------------------------------------------------


def test_suspended_person_is_refused_at_the_next_request(client, people):
    client.force_login(people.worker)
    assert client.get("/").status_code == 200
    suspend_person(people.worker, by=people.officer, reason="Left")
    assert client.get("/").status_code == 302


def test_open_work_of_a_suspended_head_goes_up_the_chain(catalogue, people, station):
    action = assigned(station, people.worker, assessor=people.officer).action
    task = owe(people.head, days=2, kind=DeadlineKind.ACKNOWLEDGE)
    suspend_person(people.head, by=people.officer, reason="Ill")
    action.refresh_from_db()
    task.refresh_from_db()
    assert action.owner == people.leader
    assert action.deadline.owner == people.leader
    assert action.verifier not in (people.leader, people.head)
    assert task.owner == people.leader
    assert Message.objects.filter(recipient=people.leader, code="work.handed_over").get().params["count"] == 2
    assert Event.objects.filter(action="person.suspended", subject_id=people.head.pk).get().detail["count"] == 2


def test_a_fix_goes_past_whoever_is_the_only_one_left_to_check_it(catalogue, people, station):
    action = assigned(station, people.worker, assessor=people.officer).action
    action = workflows.submit_fix(action, by=people.director, note="Done")
    suspend_person(people.officer, by=people.director, reason="Left")
    suspend_person(people.head, by=people.director, reason="Ill")
    action.refresh_from_db()
    assert (action.owner, action.deadline.owner) == (people.director, people.director)
    assert (action.verifier, action.check_deadline.owner) == (people.leader, people.leader)


def test_checks_of_a_suspended_officer_go_to_someone_who_did_not_fix(catalogue, people, station):
    action = assigned(station, people.worker, assessor=people.officer).action
    action = workflows.submit_fix(action, by=people.head, note="Done")
    assert action.verifier == people.officer
    suspend_person(people.officer, by=people.director, reason="Left")
    action.refresh_from_db()
    assert action.verifier not in (people.officer, people.head)
    assert action.check_deadline.owner == action.verifier


def test_a_check_finds_the_only_one_left_without_a_hand_in_the_fix(catalogue, people, station):
    """The leader has it by a handover alone, the director began it once: they change places."""
    action = assigned(station, people.worker, assessor=people.officer).action
    action = workflows.start_fix(action, by=people.director)
    action = workflows.submit_fix(action, by=people.head, note="Done")
    suspend_person(people.head, by=people.director, reason="Ill")
    action.refresh_from_db()
    assert (action.owner, action.verifier) == (people.leader, people.officer)
    suspend_person(people.officer, by=people.director, reason="Left")
    action.refresh_from_db()
    assert (action.owner, action.deadline.owner) == (people.director, people.director)
    assert (action.verifier, action.check_deadline.owner) == (people.leader, people.leader)


def test_last_one_standing_is_locked_out_all_the_same(catalogue, director):
    """Nobody is left in the chain to take the work; access ends nevertheless, and the work is not lost."""
    task = owe(director, days=1)
    suspend_person(director, by=None, reason="Left")
    director.refresh_from_db()
    task.refresh_from_db()
    assert not director.is_active
    assert (task.owner, task.status) == (director, "open")


def test_rooms_hear_of_each_deadline_that_changed_hands(catalogue, people, monkeypatch):
    heard = []
    monkeypatch.setattr(subjects, "_handed", [lambda deadline, by, now: heard.append((deadline, by))])
    task = owe(people.officer, days=1)
    suspend_person(people.officer, by=people.director, reason="Left")
    task.refresh_from_db()
    assert heard == [(task, people.director)]
    assert task.owner != people.officer


def test_nobody_suspends_themself_or_people_of_others(people):
    with pytest.raises(NotAllowed):
        suspend_person(people.officer, by=people.officer, reason="-")
    with pytest.raises(NotAllowed):
        suspend_person(people.worker2, by=people.head, reason="-")


def test_restored_person_has_access_but_not_the_work_back(catalogue, people):
    task = owe(people.worker, days=1)
    suspend_person(people.worker, by=people.officer, reason="Ill")
    restore_person(people.worker, by=people.officer)
    people.worker.refresh_from_db()
    task.refresh_from_db()
    assert people.worker.is_active
    assert task.owner == people.officer, "assessing is nothing a head may do"
    with pytest.raises(WrongState):
        restore_person(people.worker, by=people.officer)


def test_new_password_signs_in_once_the_old_one_is_gone(client, people):
    password = reset_password(people.worker, by=people.officer)
    people.worker.refresh_from_db()
    assert people.worker.check_password(password)
    assert Message.objects.filter(recipient=people.worker, code="person.password_reset").exists()
    with pytest.raises(NotAllowed):
        reset_password(people.worker, by=people.head)
    with pytest.raises(NotAllowed):
        reset_password(people.officer, by=people.officer)


@pytest.fixture
def keeper(station):
    """The safety officer of one station, for whom the plant ends there."""
    person = PersonFactory(unit=station, name="Kang Jun")
    appoint(person, RoleCode.OFFICER, station)
    return person


@pytest.fixture(params=["appointed above", "appointed above from tomorrow", "deputy of one above"])
def higher(request, people, station, branch):
    """Lives in the station, answers for more than it."""
    person = PersonFactory(unit=station)
    if request.param == "deputy of one above":
        appoint(person, RoleCode.DEPUTY, station, since=TODAY, deputy_of=people.leader.appointments.get())
    else:
        since = TODAY + timedelta(days="tomorrow" in request.param)
        appoint(person, RoleCode.FIELD_LEADER, branch, since=since, field="production")
    return person


def test_password_and_address_of_those_above_are_for_those_above(client, people, keeper, higher):
    """Who holds a password holds all the rights of its owner, not those for the unit they live in."""
    with pytest.raises(NotAllowed):
        reset_password(higher, by=keeper)
    with pytest.raises(NotAllowed, match="e-mail address"):
        update_person(higher, by=keeper, email="mine@plant.example")
    assert update_person(higher, by=keeper, phone="13900001111", email=higher.email).phone == "13900001111"
    client.force_login(keeper)
    assert client.post(f"/people/{higher.pk}/password/").status_code == 403
    assert f"/people/{higher.pk}/password/" not in client.get(f"/people/{higher.pk}/").content.decode()
    assert client.get(f"/people/{higher.pk}/edit/").context["form"].fields["email"].disabled
    assert reset_password(higher, by=people.director)
    assert update_person(higher, by=people.director, email="new@plant.example").email == "new@plant.example"


def test_a_unit_officer_still_resets_those_who_answer_within_the_unit(people, keeper):
    assert reset_password(people.worker, by=keeper)
    assert reset_password(people.head, by=keeper)
    assert update_person(people.head, by=keeper, email="he@plant.example").email == "he@plant.example"


def test_a_reset_ends_the_access_tokens_too(people):
    _token, secret = issue_token(people.worker, name="script", by=people.worker)
    reset_password(people.worker, by=people.officer)
    assert person_for(secret) is None


def test_password_is_shown_once_and_never_kept(client, people):
    client.force_login(people.officer)
    assert client.get(f"/people/{people.worker.pk}/password/").status_code == 200
    response = client.post(f"/people/{people.worker.pk}/password/")
    assert "temporary password" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert client.get(f"/people/{people.worker.pk}/").status_code == 200


# --- details ---------------------------------------------------------------------------------------------------------------


def test_officer_adds_a_person_who_signs_in_with_the_number(client, people, station):
    client.force_login(people.officer)
    body = {"username": "20417", "name": "Zhao Lei", "unit": station.pk, "grade": "worker", "shift": "a"}
    response = client.post("/people/new/", body)
    assert response.status_code == 201
    assert Person.objects.get(username="20417").unit == station
    response = client.post("/people/new/", body | {"name": "Someone Else"})
    assert response.status_code == 422
    assert "Someone with this employee number exists already." in response.content.decode()
    assert "Someone Else" in response.content.decode()


def test_changed_contact_details_stay_out_of_what_is_kept_for_good(people):
    update_person(people.worker, by=people.officer, phone="13900001111", shift="b")
    event = Event.objects.get(action="person.changed")
    assert event.changes == {"shift": ["day", "b"]}
    assert "13900001111" not in str(event.changes) + str(event.detail)


def test_people_are_managed_by_officers_alone(client, people):
    for who, status in [("officer", 200), ("director", 200), ("leader", 403), ("head", 403), ("worker", 403)]:
        client.force_login(getattr(people, who))
        assert client.get("/people/new/").status_code == status, who
        target = people.worker2.pk
        assert client.get(f"/people/{target}/edit/").status_code == status, who


def test_create_person_needs_the_right_for_the_unit(people, station):
    with pytest.raises(NotAllowed):
        create_person(by=people.head, username="1", name="X", unit=station)


# --- appointments ----------------------------------------------------------------------------------------------------------


def appoint_head(person, unit, by, **days):
    days.setdefault("starts_on", TODAY)
    return appoint_person(person, role=RoleCode.UNIT_HEAD, unit=unit, by=by, **days)


def test_second_holder_is_refused_with_the_name_of_the_first(people, station):
    with pytest.raises(ValidationError) as refused:
        appoint_head(people.worker, station, people.officer)
    assert "He Qiang holds this role from" in str(refused.value)


def test_successor_follows_the_day_after(people, station):
    held = people.head.appointments.get()
    end_appointment(held, ends_on=TODAY, by=people.officer)
    with pytest.raises(ValidationError):
        appoint_head(people.worker, station, people.officer, starts_on=TODAY)
    made = appoint_head(people.worker, station, people.officer, starts_on=TODAY + timedelta(days=1))
    assert made.pk


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_the_same_sentence_from_the_database(people, station, monkeypatch):
    people.head.appointments.all().delete()

    def check_then_lose_the_race(appointment):
        Appointment.objects.create(person=people.head, role=RoleCode.UNIT_HEAD, unit=station, starts_on=TODAY)

    monkeypatch.setattr(appointments, "check_appointment", check_then_lose_the_race)
    with pytest.raises(ValidationError, match="He Qiang holds this role"):
        appoint_head(people.worker, station, people.officer)
    assert Appointment.objects.filter(unit=station).count() == 1


def test_nobody_appoints_themself(people, branch):
    with pytest.raises(NotAllowed):
        appoint_person(people.officer, role=RoleCode.DIRECTOR, unit=branch, by=people.officer, starts_on=TODAY)


def test_deputy_acts_within_the_days_of_the_holder(people, station):
    held = people.head.appointments.get()
    held.ends_on = TODAY + timedelta(days=5)
    held.save()
    deputy = PersonFactory(unit=station)
    common = {"role": RoleCode.DEPUTY, "unit": station, "by": people.officer, "deputy_of": held, "starts_on": TODAY}
    with pytest.raises(ValidationError, match="holds the role only through"):
        appoint_person(deputy, **common)
    made = appoint_person(deputy, **common, ends_on=TODAY + timedelta(days=3))
    end_appointment(held, ends_on=TODAY, by=people.officer)
    made.refresh_from_db()
    assert made.ends_on == TODAY


@pytest.mark.parametrize(("first", "last", "is_refused"), [(-3, 0, True), (3, None, True), (4, 6, False), (-3, -1, False)])
def test_one_deputy_at_a_time_by_the_database(people, station, first, last, is_refused):
    """Someone stands in from today through the third day from now."""
    held = people.head.appointments.get()
    common = {"role": RoleCode.DEPUTY, "unit": station, "deputy_of": held}
    days = {"starts_on": TODAY + timedelta(days=first), "ends_on": None if last is None else TODAY + timedelta(days=last)}
    Appointment.objects.create(person=PersonFactory(unit=station), **common, starts_on=TODAY, ends_on=TODAY + timedelta(days=3))
    second = Appointment(person=PersonFactory(unit=station), **common, **days)
    if is_refused:
        with pytest.raises(IntegrityError, match="appointment_one_deputy"), transaction.atomic():
            second.save()
    else:
        second.save()
        assert held.deputies.count() == 2


def test_one_person_may_stand_in_for_two(people, station):
    deputy = PersonFactory(unit=station)
    for holder in (people.head, people.head2):
        held = holder.appointments.get()
        appoint_person(deputy, role=RoleCode.DEPUTY, unit=held.unit, by=people.officer, deputy_of=held, starts_on=TODAY)
    assert deputy.appointments.count() == 2


def test_appointment_form_says_who_stands_in_already(client, people, station):
    held = people.head.appointments.get()
    present = PersonFactory(unit=station, name="Ma Chao")
    appoint_person(present, role=RoleCode.DEPUTY, unit=station, by=people.officer, deputy_of=held, starts_on=TODAY)
    client.force_login(people.officer)
    body = {"person": people.worker.pk, "role": "deputy", "deputy_of": held.pk, "starts_on": TODAY.isoformat()}
    response = client.post(f"/people/{people.worker.pk}/appointments/new/", body)
    assert response.status_code == 422
    [fault] = response.context["form"].errors["starts_on"]
    assert fault.startswith("Ma Chao stands in from")


def test_a_deputy_has_the_rights_only_while_the_one_they_stand_in_for_has(people, station):
    """Whatever way the holder's appointment came to its end: an import, the database by hand, an older version."""
    held, deputy = people.head.appointments.get(), PersonFactory(unit=station)
    appoint_person(deputy, role=RoleCode.DEPUTY, unit=station, by=people.officer, deputy_of=held, starts_on=TODAY)
    assert deputy.standing.has_for(Right.LEAD_FIX, station)
    Appointment.objects.filter(pk=held.pk).update(ends_on=TODAY - timedelta(days=1))
    assert not Person.objects.get(pk=deputy.pk).standing.has_for(Right.LEAD_FIX, station)
    assert standing_of(deputy, TODAY - timedelta(days=1)).has_for(Right.LEAD_FIX, station) is False  # acts from today on


def test_a_deputy_who_would_begin_after_the_end_is_taken_back(people, station):
    held, deputy = people.head.appointments.get(), PersonFactory(unit=station, name="Ma Chao")
    later = {"starts_on": TODAY + timedelta(days=3), "ends_on": TODAY + timedelta(days=9)}
    ahead = appoint_person(deputy, role=RoleCode.DEPUTY, unit=station, by=people.officer, deputy_of=held, **later)
    end_appointment(held, ends_on=TODAY, by=people.officer)
    assert not Appointment.objects.filter(person=deputy).exists()
    event = Event.objects.get(action="appointment.withdrawn", subject_id=ahead.pk)
    assert (event.actor, event.personal["name"]) == (people.officer, "Ma Chao")
    assert "took back the appointment of Ma Chao" in entry_of(event).sentence


def test_an_end_is_never_put_off(client, people, station):
    """A successor may stand in the days after the end; more days are a new appointment."""
    held = people.head.appointments.get()
    end_appointment(held, ends_on=TODAY + timedelta(days=1), by=people.officer)
    appoint_head(people.worker, station, people.officer, starts_on=TODAY + timedelta(days=2))
    client.force_login(people.officer)
    response = client.post(f"/appointments/{held.pk}/end/", {"ends_on": (TODAY + timedelta(days=9)).isoformat()})
    assert response.status_code == 422
    [fault] = response.context["form"].errors["ends_on"]
    assert fault.startswith("It ends already on")
    held.refresh_from_db()
    assert held.ends_on == TODAY + timedelta(days=1)


def test_past_days_of_an_appointment_stay_as_they_were(people):
    held = people.head.appointments.get()
    with pytest.raises(ValidationError, match="Past days cannot be changed"):
        end_appointment(held, ends_on=TODAY - timedelta(days=30), by=people.officer)
    end_appointment(held, ends_on=TODAY - timedelta(days=1), by=people.officer)
    with pytest.raises(WrongState):
        end_appointment(held, ends_on=TODAY, by=people.officer)


def test_appointment_form_says_who_holds_the_role(client, people, station):
    client.force_login(people.officer)
    body = {"person": people.worker.pk, "role": "unit_head", "unit": station.pk, "starts_on": TODAY.isoformat()}
    response = client.post(f"/people/{people.worker.pk}/appointments/new/", body)
    assert response.status_code == 422
    assert "He Qiang holds this role" in response.content.decode()
    supervisor = body | {"role": "supervisor"}
    assert client.post(f"/units/{station.pk}/appointments/new/", supervisor).status_code == 302
    page = client.get(f"/people/{people.worker.pk}/?tab=history").content.decode()
    assert "appointed Wang Fang: Supervisor, Gathering Station A" in page


def test_appointments_are_made_by_officers_and_directors(client, people, station):
    for who, status in [("officer", 200), ("director", 200), ("leader", 403), ("head", 403)]:
        client.force_login(getattr(people, who))
        assert client.get(f"/units/{station.pk}/appointments/new/").status_code == status, who


def test_ended_by_form_leaves_a_gap_on_the_tree(client, people, station):
    client.force_login(people.officer)
    held = people.head.appointments.get()
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    assert client.post(f"/appointments/{held.pk}/end/", {"ends_on": yesterday, "reason": "Moved"}).status_code == 302
    assert "He Qiang was appointed through" in client.get("/responsibilities/?gaps=1").content.decode()


def test_line_under_a_name_is_the_role_for_the_widest_unit(people, branch, station):
    appoint(people.officer, RoleCode.UNIT_HEAD, UnitFactory(parent=branch))
    assert describe_person(people.officer) == "Safety officer"
    assert describe_person(people.head) == "Unit head"


def test_belonging_to_a_unit_opens_that_unit_alone(catalogue, people, branch, station):
    """A clerk of the branch office has no rights over the plant for sitting at its top."""
    clerk = PersonFactory(unit=branch)
    own, other = assigned(branch, clerk, assessor=people.officer), assigned(station, people.worker, assessor=people.officer)
    assert not clerk.standing.everywhere(Right.VIEW_RECORDS)
    assert not clerk.standing.has_for(Right.VIEW_RECORDS, station)
    assert clerk.standing.has_for(Right.VIEW_RECORDS, branch)
    assert set(Hazard.objects.visible_to(clerk)) == {own}
    assert set(Hazard.objects.visible_to(people.officer)) == {own, other}
