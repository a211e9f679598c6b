"""Names in records outlive no appointment, what came by it goes on, and nobody rules over those above."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from inspections.permissions import can_acknowledge_inspection, can_release_work
from inspections.workflows import stop_work, submit_inspection
from responsibilities import permissions, workflows
from responsibilities.choices import DeadlineKind, RoleCode
from responsibilities.models import Appointment, Escalation, Person
from responsibilities.services import succession
from responsibilities.services.appointments import appoint_person, end_appointment
from responsibilities.services.people import reset_password, restore_person, suspend_person
from responsibilities.sweep import sweep_deadlines
from safetyplant.access.exceptions import NotAllowed
from safetyplant.access.tokens import issue_token, person_for
from safetyplant.audit.models import Event
from tests.factories.inspections import assigned, draft, reported
from tests.factories.responsibilities import PersonFactory, appoint
from tests.responsibilities.test_pages import owe

NOW = timezone.now()
TODAY = timezone.localdate()
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


def demote(person, last=YESTERDAY):
    """As the database shows it when the last day has passed and no sweep has run yet."""
    Appointment.objects.filter(person=person).update(ends_on=last)
    return Person.objects.get(pk=person.pk)


def submitted(people, station):
    action = assigned(station, people.worker, assessor=people.officer).action
    return workflows.submit_fix(action, by=people.head, note="Done")


# --- a name counts while one answers for the unit -------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["officer", "leader"])
def test_a_demoted_verifier_closes_nothing(client, catalogue, people, station, who):
    action = submitted(people, station)
    verifier = getattr(people, who)
    type(action).objects.filter(pk=action.pk).update(verifier=verifier)
    assert permissions.can_verify_action(verifier, type(action).objects.get(pk=action.pk))
    client.force_login(demote(verifier))
    for verb in ("verify", "return"):
        body = {"note": "Fine", "reason": "No"}
        answer = client.post(f"/api/v1/actions/{action.pk}/{verb}/", body, content_type="application/json")
        assert answer.status_code in (403, 404), verb
    action.refresh_from_db()
    assert action.status == "submitted"


def test_a_fix_is_not_handed_to_a_verifier_who_was_demoted_meanwhile(catalogue, people, station):
    action = assigned(station, people.worker, assessor=people.officer).action
    assert action.verifier == people.officer
    demote(people.officer)
    action = workflows.submit_fix(type(action).objects.get(pk=action.pk), by=people.head, note="Done")
    assert action.check_deadline.owner == action.verifier
    assert action.verifier not in (people.officer, people.head)


def test_a_demoted_releaser_releases_nothing(catalogue, people, station):
    hazard = stop_work(reported(station, people.worker), by=people.worker)
    assert hazard.releaser == people.head
    assert can_release_work(people.head, hazard)
    assert not can_release_work(demote(people.head), hazard)
    assert can_release_work(people.leader, hazard)


def test_a_demoted_head_acknowledges_nothing(catalogue, people, station):
    inspection = submit_inspection(draft(station, people.supervisor), by=people.supervisor)
    assert inspection.acknowledge_deadline.owner == people.head
    assert can_acknowledge_inspection(people.head, inspection)
    assert not can_acknowledge_inspection(demote(people.head), inspection)


def escalated(people):
    late = owe(people.worker, days=-2, kind=DeadlineKind.ASSESS)
    sweep_deadlines(NOW)
    return Escalation.objects.waiting().filter(deadline=late).earliest("pk")


def test_a_demoted_addressee_answers_nothing(catalogue, people):
    escalation = escalated(people)
    addressee = escalation.addressee
    assert permissions.can_answer_escalation(addressee, escalation)
    assert not permissions.can_answer_escalation(demote(addressee), escalation)


def test_the_upper_office_answers_without_an_appointment(catalogue, people, settings):
    escalation = escalated(people)
    office = PersonFactory(username="upper")
    Escalation.objects.filter(pk=escalation.pk).update(addressee=office)
    escalation.refresh_from_db()
    assert not permissions.can_answer_escalation(office, escalation)
    settings.UPPER_OFFICE_EMPLOYEE = "upper"
    assert permissions.can_answer_escalation(office, escalation)


# --- what came by an appointment goes on ----------------------------------------------------------------------------------


@pytest.fixture(params=["at once", "by its last day"])
def end(request):
    """Ends a person's appointment, in either way, and lets it take effect."""

    def end(person, by):
        held = person.appointments.get()
        if request.param == "at once":
            return end_appointment(held, ends_on=YESTERDAY, by=by)
        end_appointment(held, ends_on=TODAY, by=by)
        result = sweep_deadlines(NOW + timedelta(days=1))
        assert result.handed > 0
        assert sweep_deadlines(NOW + timedelta(days=1)).handed == 0
        return held

    return end


def test_a_check_goes_to_the_next_who_may_check(catalogue, people, station, end):
    action = submitted(people, station)
    assert action.verifier == people.officer
    end(people.officer, people.director)
    action.refresh_from_db()
    assert action.verifier == people.leader
    assert action.check_deadline.owner == people.leader
    assert Event.objects.filter(action="action.check_handed_over", subject_id=action.pk).count() == 1


def test_fixes_releases_and_acknowledgements_of_a_head_go_up(catalogue, people, station, end):
    action = assigned(station, people.worker, assessor=people.officer).action
    hazard = stop_work(reported(station, people.worker), by=people.worker)
    inspection = submit_inspection(draft(station, people.supervisor), by=people.supervisor)
    assert {action.owner, hazard.releaser, inspection.acknowledge_deadline.owner} == {people.head}
    end(people.head, people.officer)
    for record in (action, hazard):
        record.refresh_from_db()
    inspection.acknowledge_deadline.refresh_from_db()
    assert action.owner == action.deadline.owner == people.leader
    assert action.verifier != people.leader
    assert hazard.releaser == people.leader
    assert inspection.acknowledge_deadline.owner == people.leader


def test_assessments_of_an_officer_go_to_someone_who_may_assess(catalogue, people, station, end):
    hazard = reported(station, people.worker)
    assert hazard.holder == people.officer
    end(people.officer, people.director)
    hazard.refresh_from_db()
    assert hazard.holder == people.leader


def test_an_answer_owed_goes_up_with_its_question(catalogue, people, station, end):
    escalation = escalated(people)
    asked = escalation.addressee
    assert asked == people.head
    end(asked, people.officer)
    escalation.refresh_from_db()
    assert escalation.addressee == escalation.answer_deadline.owner == people.leader


def test_the_successor_of_the_next_day_takes_over(catalogue, people, station):
    action = assigned(station, people.worker, assessor=people.officer).action
    end_appointment(people.head.appointments.get(), ends_on=TODAY, by=people.officer)
    successor = PersonFactory(unit=station)
    appoint_person(successor, role=RoleCode.UNIT_HEAD, unit=station, by=people.officer, starts_on=TOMORROW)
    action.refresh_from_db()
    assert action.owner == people.head
    sweep_deadlines(NOW + timedelta(days=1))
    action.refresh_from_db()
    assert action.owner == successor


def test_who_goes_on_in_the_post_keeps_the_work(catalogue, people, station):
    action = assigned(station, people.worker, assessor=people.officer).action
    end_appointment(people.head.appointments.get(), ends_on=TODAY, by=people.officer)
    appoint_person(people.head, role=RoleCode.UNIT_HEAD, unit=station, by=people.officer, starts_on=TOMORROW)
    assert sweep_deadlines(NOW + timedelta(days=1)).handed == 0
    action.refresh_from_db()
    assert action.owner == people.head
    assert people.head.appointments.get(ends_on=TODAY).handed_over_at is not None


def test_a_worker_who_stood_in_keeps_their_own_task(catalogue, people, station):
    """What they had before is theirs; what came to them as the head's deputy goes back to the head."""
    before = NOW - timedelta(days=3)
    own = assigned(station, people.worker2, assessor=people.officer, now=before).action
    own = workflows.reassign_fix(own, by=people.head, owner=people.worker, reason="Knows it", now=before)
    held = people.head.appointments.get()
    deputy = {"role": RoleCode.DEPUTY, "unit": station, "deputy_of": held}
    acting = appoint(people.worker, since=TODAY, ends_on=TODAY, **deputy)
    came = assigned(station, people.worker2, assessor=people.officer).action
    assert (own.owner, came.owner) == (people.worker, people.worker)
    sweep_deadlines(NOW + timedelta(days=1))
    own.refresh_from_db()
    came.refresh_from_db()
    acting.refresh_from_db()
    assert (own.owner, came.owner) == (people.worker, people.head)
    assert acting.handed_over_at is not None


def test_one_that_cannot_be_handed_over_stops_no_other(catalogue, people, station, monkeypatch):
    real = succession.hand_over_post

    def fails_for_the_head(ended, **kwargs):
        if ended.person == people.head:
            raise ValueError
        return real(ended, **kwargs)

    monkeypatch.setattr(succession, "hand_over_post", fails_for_the_head)
    hazard = reported(station, people.worker)
    Appointment.objects.filter(person__in=[people.head, people.officer]).update(ends_on=YESTERDAY)
    sweep_deadlines(NOW)
    hazard.refresh_from_db()
    assert hazard.holder == people.leader
    assert Appointment.objects.to_hand_over(TODAY).get().person == people.head


def test_nothing_ended_costs_one_question(catalogue, people, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert succession.hand_over_ended(now=NOW) == 0


# --- nobody rules over those above ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "whom", "is_allowed"),
    [
        ("officer", "director", False),
        ("leader", "director", False),
        ("officer", "leader", False),
        ("leader", "officer", True),
        ("officer", "head", True),
        ("director", "leader", True),
        ("director", "officer", True),
    ],
)
def test_access_is_suspended_from_above(people, by, whom, is_allowed):
    person = getattr(people, whom)
    if is_allowed:
        assert not suspend_person(person, by=getattr(people, by), reason="Left").is_active
    else:
        with pytest.raises(NotAllowed):
            suspend_person(person, by=getattr(people, by), reason="Left")


def test_a_directors_deputy_may_suspend_the_director(people, branch):
    deputy = PersonFactory(unit=branch)
    appoint(deputy, RoleCode.DEPUTY, branch, since=TODAY, deputy_of=people.director.appointments.get())
    assert not suspend_person(people.director, by=deputy, reason="Left").is_active


def test_whoever_runs_the_house_may_always_suspend(people):
    call_command("suspend_access", "director", reason="Left")
    assert not Person.objects.get(pk=people.director.pk).is_active
    assert Event.objects.get(action="person.suspended").actor is None
    with pytest.raises(CommandError):
        call_command("suspend_access", "director", reason="Left")
    with pytest.raises(CommandError):
        call_command("suspend_access", "nobody", reason="Left")


@pytest.mark.parametrize("whom", ["director", "leader"])
def test_the_officer_resets_no_password_of_those_above(client, people, whom):
    person = getattr(people, whom)
    with pytest.raises(NotAllowed):
        reset_password(person, by=people.officer)
    client.force_login(people.officer)
    page = client.get(f"/people/{person.pk}/").content.decode()
    assert f"/people/{person.pk}/password/" not in page
    assert f"/people/{person.pk}/suspend/" not in page


@pytest.mark.parametrize("above", ["director", "leader"])
def test_the_officer_names_no_deputy_of_those_above(people, branch, above):
    held = getattr(people, above).appointments.get()
    ghost = PersonFactory(unit=branch)
    days = {"starts_on": TODAY, "deputy_of": held}
    with pytest.raises(NotAllowed):
        appoint_person(ghost, role=RoleCode.DEPUTY, unit=branch, by=people.officer, **days)
    if above == "leader":
        assert appoint_person(ghost, role=RoleCode.DEPUTY, unit=branch, by=people.director, **days)


def test_the_directors_post_is_no_officers_to_give_or_to_end(client, people, branch, station):
    held = people.director.appointments.get()
    ghost = PersonFactory(unit=branch)
    with pytest.raises(NotAllowed):
        end_appointment(held, ends_on=TODAY, by=people.officer)
    with pytest.raises(NotAllowed):
        appoint_person(ghost, role=RoleCode.DIRECTOR, unit=station, by=people.officer, starts_on=TODAY)
    client.force_login(people.officer)
    assert client.post(f"/appointments/{held.pk}/end/", {"ends_on": TODAY.isoformat()}).status_code == 403
    end_appointment(held, ends_on=TODAY, by=people.director)
    assert appoint_person(ghost, role=RoleCode.DIRECTOR, unit=branch, by=people.director, starts_on=TOMORROW)


def test_the_first_director_is_appointed_by_whoever_sets_up(people, branch):
    people.director.appointments.all().delete()
    ghost = PersonFactory(unit=branch)
    assert appoint_person(ghost, role=RoleCode.DIRECTOR, unit=branch, by=people.officer, starts_on=TODAY)


# --- suspension ends what was open ----------------------------------------------------------------------------------------


def test_sessions_and_tokens_do_not_come_back_with_the_access(client, people):
    client.force_login(people.worker)
    _token, secret = issue_token(people.worker, name="phone", by=people.worker)
    assert client.get("/").status_code == 200
    assert person_for(secret) == people.worker
    suspend_person(people.worker, by=people.officer, reason="Phone lost")
    restore_person(people.worker, by=people.officer)
    assert client.get("/").status_code == 302
    assert person_for(secret) is None
    client.force_login(Person.objects.get(pk=people.worker.pk))
    assert client.get("/").status_code == 200
