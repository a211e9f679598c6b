"""A hazard accepted for a time: who may, for how long, and what becomes of its date meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from inspections.models import Acceptance, Hazard
from inspections.workflows import accept_hazard, cancel_hazard, change_level, end_acceptance, see_again, stop_work
from inspections.workflows.sightings import Seen
from responsibilities.models import Deadline, Escalation, Level, LevelTerm
from responsibilities.sweep import sweep_deadlines
from responsibilities.workflows import return_fix, start_fix, submit_fix, verify_fix
from safetyplant.access.exceptions import StaleVersion, WrongState
from safetyplant.audit.models import Event
from safetyplant.notifications.models import Message
from tests.factories.inspections import assigned, reported
from tests.factories.major import major
from tests.trust import invariants

pytestmark = pytest.mark.usefixtures("catalogue", "people")
WORDS = {"reason": "The part comes in two weeks", "interim_control": "Pressure lowered, read hourly"}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def hazard(station, worker, officer, now):
    return assigned(station, worker, assessor=officer, now=now)


def accepted(hazard, by, now, days=10, **words):
    return accept_hazard(hazard, by=by, until=now + timedelta(days=days), now=now, **(WORDS | words))


def fix(hazard):
    return Deadline.objects.get(fix_of__hazard=hazard)


def whole():
    assert invariants.broken() == []


# --- who and for how long ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "may"),
    [("G3", {"officer", "leader", "director"}), ("G2", {"officer", "leader", "director"}), ("G1", {"leader", "director"})],
)
def test_who_may_follows_the_level(people, station, worker, officer, now, level, may):
    for name in ("worker", "head", "head2", "supervisor", "officer", "leader", "director", "outsider"):
        hazard = assigned(station, worker, assessor=officer, level=level, now=now)
        if name in may:
            assert accepted(hazard, getattr(people, name), now).level_id == level
        else:
            with pytest.raises(PermissionDenied):
                accepted(hazard, getattr(people, name), now)
    whole()


def test_a_major_one_is_accepted_by_the_director_alone(people, station, worker, officer, now):
    hazard = major(station, worker, officer)
    for name in ("officer", "head", "supervisor"):
        with pytest.raises(PermissionDenied):
            accepted(hazard, getattr(people, name), now)
    # The leader fixes it.
    with pytest.raises(PermissionDenied):
        accepted(hazard, people.leader, now)
    assert accepted(hazard, people.director, now).hazard == hazard


def test_days_are_data_and_hold_for_all_acceptances_together(hazard, officer, director, now):
    with pytest.raises(ValidationError) as refusal:
        accepted(hazard, officer, now, days=61)
    assert "until_on" in refusal.value.message_dict
    accepted(hazard, officer, now, days=40)
    later = now + timedelta(days=30)
    end_acceptance(hazard, by=officer, reason="Worse", now=later)
    with pytest.raises(ValidationError):
        accepted(hazard, officer, later, days=31)
    assert accepted(hazard, director, later, days=31).accepted_by == director
    LevelTerm.objects.filter(level="G2").update(accept_days=0)
    end_acceptance(hazard, by=officer, reason="Worse", now=later)
    with pytest.raises(ValidationError):
        accepted(hazard, director, later, days=1)


@pytest.mark.parametrize("change", [{"reason": " "}, {"interim_control": ""}, {"days": 0}])
def test_reason_control_and_a_day_to_come_are_asked(hazard, officer, now, change):
    with pytest.raises(ValidationError):
        accepted(hazard, officer, now, **change)


def test_only_what_is_being_fixed_is_accepted(hazard, station, worker, officer, head, now):
    # Nobody owes a fix of it yet, so there is nothing to let rest.
    with pytest.raises(PermissionDenied):
        accepted(reported(station, worker), officer, now)
    stop_work(hazard, by=head, now=now)
    with pytest.raises(WrongState):
        accepted(hazard, officer, now)
    other = assigned(station, worker, assessor=officer, now=now)
    submit_fix(other.action, by=head, note="Welded", now=now)
    with pytest.raises(WrongState):
        accepted(other, officer, now)


def test_once_at_a_time_and_never_from_an_old_page(hazard, officer, now):
    with pytest.raises(StaleVersion):
        accepted(hazard, officer, now, revision=hazard.revision - 1)
    accepted(hazard, officer, now)
    with pytest.raises(WrongState):
        accepted(hazard, officer, now)


# --- what becomes of the date --------------------------------------------------------------------------------------------


def test_the_date_stands_still_and_goes_on_by_itself(hazard, officer, head, worker, now):
    before = fix(hazard)
    accepted(hazard, officer, now + timedelta(days=2))
    hazard.refresh_from_db()
    assert (fix(hazard).status, hazard.holder, hazard.due_at) == ("paused", officer, hazard.accepted_until)
    whole()
    # Two days late: it goes on from its date all the same.
    late = now + timedelta(days=14)
    assert sweep_deadlines(late).ended == 1
    assert sweep_deadlines(late).ended == 0
    after, acceptance = fix(hazard), Acceptance.objects.get()
    hazard.refresh_from_db()
    assert after.due_at == before.due_at + timedelta(days=10)
    assert after.first_due_at == before.first_due_at + timedelta(days=10)
    assert (after.status, after.version, after.version_began_at) == ("open", before.version + 1, now + timedelta(days=12))
    assert (hazard.accepted_until, hazard.holder, hazard.due_at) == (None, head, after.due_at)
    assert (acceptance.end_kind, acceptance.ended_by, acceptance.deadline.status) == ("lapsed", None, "met")
    assert Event.objects.filter(action="hazard.acceptance_lapsed").count() == 1
    whole()


def test_while_it_rests_nobody_is_told_that_it_is_late(hazard, officer, now):
    accepted(hazard, officer, now, days=50)
    sweep_deadlines(now + timedelta(days=30))
    assert not Escalation.objects.exists()
    assert not Message.objects.filter(code__startswith="deadline.late").exists()


def test_what_was_late_before_is_as_late_afterwards(hazard, officer, leader, now):
    late = now + timedelta(days=10)
    sweep_deadlines(late)
    assert Escalation.objects.waiting().exists()
    accepted(hazard, officer, late, days=5)
    assert not Escalation.objects.waiting().exists()
    whole()
    sweep_deadlines(late + timedelta(days=5))
    assert Escalation.objects.waiting().exists()
    assert fix(hazard).due_at < late + timedelta(days=5)
    whole()


def test_it_is_withdrawn_at_once_with_a_reason(hazard, officer, head, worker, supervisor, now):
    accepted(hazard, officer, now)
    with pytest.raises(PermissionDenied):
        end_acceptance(hazard, by=supervisor, reason="Worse", now=now)
    with pytest.raises(ValidationError):
        end_acceptance(hazard, by=officer, reason=" ", now=now)
    end_acceptance(hazard, by=head, reason="The part is here", now=now + timedelta(days=1))
    assert (Acceptance.objects.get().end_kind, fix(hazard).status) == ("withdrawn", "open")
    whole()
    with pytest.raises(WrongState):
        end_acceptance(hazard, by=head, reason="Again", now=now)


def test_fixed_earlier_it_is_over_and_the_check_counts(hazard, officer, head, now):
    accepted(hazard, officer, now)
    start_fix(hazard.action, by=head, now=now)
    hazard.refresh_from_db()
    assert hazard.accepted_until is not None
    submit_fix(hazard.action, by=head, note="Welded", now=now + timedelta(days=3))
    hazard.refresh_from_db()
    assert (hazard.accepted_until, Acceptance.objects.get().end_kind) == (None, "fixed")
    whole()
    before = fix(hazard).due_at
    return_fix(hazard.action, by=officer, reason="Leaks", now=now + timedelta(days=4))
    assert fix(hazard).due_at == before + timedelta(days=1)
    submit_fix(hazard.action, by=head, note="Welded", now=now + timedelta(days=5))
    verify_fix(hazard.action, by=officer, now=now + timedelta(days=5))
    whole()


def test_another_level_ends_it_and_so_does_the_end_of_the_hazard(hazard, station, worker, officer, now):
    accepted(hazard, officer, now)
    change_level(hazard, by=officer, level=Level.objects.get(code="G1"), reason="Worse", now=now + timedelta(days=1))
    assert (Acceptance.objects.get().end_kind, fix(hazard).status) == ("relevelled", "open")
    whole()
    other = assigned(station, worker, assessor=officer, now=now)
    accepted(other, officer, now)
    cancel_hazard(other, by=officer, reason="Twice", now=now)
    assert Acceptance.objects.latest("pk").end_kind == "over"
    whole()


def test_owner_checker_and_reporter_are_told_when_it_begins_and_ends(hazard, officer, leader, head, worker, supervisor, now):
    see_again(hazard, Seen("Still there"), by=supervisor, now=now)
    accepted(hazard, leader, now)
    assert set(Message.objects.filter(code="hazard.accepted").values_list("recipient", flat=True)) == {
        head.pk,
        officer.pk,
        worker.pk,
        supervisor.pk,
    }
    sweep_deadlines(now + timedelta(days=10))
    told = set(Message.objects.filter(code="hazard.acceptance_over").values_list("recipient", flat=True))
    assert told == {head.pk, officer.pk, leader.pk, worker.pk, supervisor.pk}


# --- the database --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"ended_at": None, "end_kind": ""}, "acceptance_one_standing"),
        ({"ends_at": datetime(2020, 1, 1, tzinfo=UTC)}, "acceptance_ends_later"),
        ({"interim_control": ""}, "acceptance_says_why_and_how"),
        ({"end_kind": "withdrawn"}, "acceptance_ended_whole"),
        ({"accepted_by": "head"}, "acceptance_never_own"),
    ],
)
def test_the_database_refuses(people, hazard, officer, head, now, change, rule):
    first = accepted(hazard, officer, now)
    values = {name: getattr(first, name) for name in ("hazard", "level", "accepted_at", "accepted_by", "ends_at")} | WORDS
    values |= {"ended_at": now, "end_kind": "lapsed", "deadline_id": fix(hazard).pk}
    change = {name: people.head if value == "head" else value for name, value in change.items()}
    with pytest.raises(IntegrityError, match=rule):
        Acceptance.objects.create(**values | change)


def test_what_was_said_is_never_changed(hazard, officer, now):
    accepted(hazard, officer, now)
    with pytest.raises(IntegrityError, match="acceptance_stays_said"):
        Acceptance.objects.update(ends_at=now + timedelta(days=300))


# --- pages ---------------------------------------------------------------------------------------------------------------


def page(name, hazard):
    return reverse(f"inspections:hazard-{name}", args=[hazard.pk])


def test_the_page_offers_it_takes_it_and_shows_it(client, hazard, officer, head):
    client.force_login(officer)
    assert page("accept", hazard) in client.get(page("detail", hazard)).content.decode()
    day = (timezone.localdate() + timedelta(days=9)).isoformat()
    body = {"revision": hazard.revision, "until_on": day, **WORDS}
    far = client.post(page("accept", hazard), {**body, "until_on": "2099-01-01"})
    assert far.status_code == 422
    assert "two weeks" in far.content.decode()
    assert client.post(page("accept", hazard), {**body, "revision": 0}).status_code == 409
    assert client.post(page("accept", hazard), body).status_code == 302
    story = client.get(page("detail", hazard)).content.decode()
    assert "Accepted until" in story
    assert WORDS["reason"] in story
    assert "Accepted until" in client.get("/hazards/?only=accepted").content.decode()
    assert client.post(page("accept", hazard), body).status_code == 409
    client.force_login(head)
    revision = Hazard.objects.get(pk=hazard.pk).revision
    assert client.post(page("end-acceptance", hazard), {"revision": revision}).status_code == 422
    assert client.post(page("end-acceptance", hazard), {"revision": revision, "reason": "Here"}).status_code == 302
    assert client.post(page("end-acceptance", hazard), {"revision": revision, "reason": "Here"}).status_code == 409


def test_the_api_takes_it(client, hazard, officer, now):
    client.force_login(officer)
    address = f"/api/v1/hazards/{hazard.pk}/"
    body = {**WORDS, "until": (now + timedelta(days=5)).isoformat()}
    sent = client.post(f"{address}accept/", body, content_type="application/json")
    assert sent.status_code == 200
    assert sent.json()["accepted_until"] is not None
    ended = client.post(f"{address}end-acceptance/", {"reason": "Worse"}, content_type="application/json")
    assert ended.json()["accepted_until"] is None
