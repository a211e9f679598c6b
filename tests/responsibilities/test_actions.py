"""The corrective action's life: who may do what in which state, and what follows."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from responsibilities import workflows
from responsibilities.choices import ActionStatus, DeadlineStatus
from responsibilities.models import CorrectiveAction, Deadline
from safetyplant.access.exceptions import NotAllowed, Refusal, StaleVersion, WrongState
from safetyplant.audit.models import Event
from safetyplant.notifications.models import Message
from tests.factories.inspections import assigned
from tests.factories.major import verified, verifiers

pytestmark = pytest.mark.usefixtures("catalogue")

NOW = timezone.now()
LATER = NOW + timedelta(days=30)

MOVES = {
    "start": lambda action, by: workflows.start_fix(action, by=by, now=NOW),
    "wait": lambda action, by: workflows.wait_fix(action, by=by, waiting_for="parts", interim_control="Unit stopped", now=NOW),
    "submit": lambda action, by: workflows.submit_fix(action, by=by, note="New hinge", now=NOW),
    "return": lambda action, by: workflows.return_fix(action, by=by, reason="Not locked", now=NOW),
    "verify": lambda action, by: workflows.verify_fix(action, by=by, now=NOW),
    "reassign": lambda action, by: workflows.reassign_fix(action, by=by, owner=_other(action), reason="On leave", now=NOW),
    "cancel": lambda action, by: workflows.cancel_action(action, by=by, reason="Duplicate", now=NOW),
    "extend": lambda action, by: workflows.ask_extension(action, by=by, due_at=LATER, reason="Parts", now=NOW),
}
#: How a state is reached from the start, as (move, who).
PATHS = {
    ActionStatus.ASSIGNED: [],
    ActionStatus.IN_PROGRESS: [("start", "head")],
    ActionStatus.WAITING: [("wait", "head")],
    ActionStatus.SUBMITTED: [("submit", "head")],
    ActionStatus.RETURNED: [("submit", "head"), ("return", "officer")],
    ActionStatus.VERIFIED: [("submit", "head"), ("verify", "officer")],
    ActionStatus.CANCELLED: [("cancel", "officer")],
}
FIXABLE = {"assigned", "in_progress", "waiting", "returned"}
#: (who may, from which states)
RULES = {
    "start": ({"head", "director"}, {"assigned", "returned", "waiting"}),
    "wait": ({"head", "director"}, {"assigned", "in_progress", "returned"}),
    "submit": ({"head", "director"}, FIXABLE),
    "return": ({"officer", "leader", "director"}, {"submitted"}),
    "verify": ({"officer", "leader", "director"}, {"submitted"}),
    "reassign": ({"head", "officer", "leader", "director"}, FIXABLE),
    "cancel": ({"officer", "leader", "director"}, FIXABLE | {"submitted"}),
    "extend": ({"head", "director"}, FIXABLE),
}
EVERYONE = ("director", "leader", "officer", "supervisor", "head", "head2", "worker", "worker2", "outsider")


def _other(action):
    return type(action.owner).objects.get(username="worker")


@pytest.fixture
def action(people, station):
    return assigned(station, people.worker, assessor=people.officer, now=NOW).action


def bring_to(action, state, people):
    for move, who in PATHS[state]:
        MOVES[move](action, getattr(people, who))
        action.refresh_from_db()
    assert action.status == state


@pytest.mark.parametrize("state", list(PATHS))
@pytest.mark.parametrize("move", list(MOVES))
def test_every_move_is_for_some_people_in_some_states(action, people, state, move):
    bring_to(action, state, people)
    allowed, states = RULES[move]
    for who in EVERYONE:
        sid = transaction.savepoint()
        if who in allowed and state in states:
            MOVES[move](action, getattr(people, who))
        else:
            with pytest.raises(Refusal) as refusal:
                MOVES[move](action, getattr(people, who))
            expected = WrongState if who in allowed else NotAllowed
            assert isinstance(refusal.value, expected), (who, state)
        transaction.savepoint_rollback(sid)


def test_nobody_verifies_their_own_fix_whatever_they_are(action, people):
    workflows.reassign_fix(action, by=people.officer, owner=people.director, reason="I see to it", now=NOW)
    workflows.submit_fix(action, by=people.director, note="done", now=NOW)
    action.refresh_from_db()
    assert action.verifier != people.director
    with pytest.raises(NotAllowed):
        workflows.verify_fix(action, by=people.director, now=NOW)


def test_the_database_refuses_self_verification(action, people):
    workflows.submit_fix(action, by=people.head, note="done", now=NOW)
    with pytest.raises(IntegrityError, match="action_never_self_verified"), transaction.atomic():
        CorrectiveAction.objects.filter(pk=action.pk).update(status="verified", verified_at=NOW, verified_by=people.head)


def test_the_database_refuses_waiting_without_interim_control(action):
    with pytest.raises(IntegrityError, match="action_waiting_with_interim_control"), transaction.atomic():
        CorrectiveAction.objects.filter(pk=action.pk).update(status="waiting", waiting_for="parts")


def test_submission_stops_the_fixers_clock_and_return_resumes_it(action, people):
    due = action.deadline.due_at
    workflows.submit_fix(action, by=people.head, note="done", now=NOW + timedelta(days=1))
    assert Deadline.objects.get(pk=action.deadline_id).status == DeadlineStatus.PAUSED
    workflows.return_fix(action, by=people.officer, reason="no", now=NOW + timedelta(days=3))
    resumed = Deadline.objects.get(pk=action.deadline_id)
    assert resumed.status == DeadlineStatus.OPEN
    assert resumed.due_at == due + timedelta(days=2)
    assert resumed.first_due_at == due + timedelta(days=2)


def test_a_granted_extension_moves_the_date_but_not_the_first(action, people):
    due = action.deadline.due_at
    request = workflows.ask_extension(action, by=people.head, due_at=LATER, reason="Parts", now=NOW)
    with pytest.raises(NotAllowed):
        workflows.decide_extension(request, by=people.head, grant=True, now=NOW)
    workflows.decide_extension(request, by=people.leader, grant=True, now=NOW)
    deadline = Deadline.objects.get(pk=action.deadline_id)
    assert (deadline.due_at, deadline.first_due_at, deadline.version) == (LATER, due, 2)


def test_a_refused_extension_leaves_the_date(action, people):
    due = action.deadline.due_at
    request = workflows.ask_extension(action, by=people.head, due_at=LATER, reason="Parts", now=NOW)
    workflows.decide_extension(request, by=people.leader, grant=False, note="No", now=NOW)
    assert Deadline.objects.get(pk=action.deadline_id).due_at == due
    with pytest.raises(WrongState):
        workflows.decide_extension(request, by=people.leader, grant=True, now=NOW)


def test_a_second_open_extension_is_refused(action, people):
    workflows.ask_extension(action, by=people.head, due_at=LATER, reason="Parts", now=NOW)
    with pytest.raises(WrongState):
        workflows.ask_extension(action, by=people.head, due_at=LATER, reason="Again", now=NOW)


def test_a_stale_form_overwrites_nothing(action, people):
    seen = action.revision
    workflows.start_fix(action, by=people.head, revision=seen, now=NOW)
    with pytest.raises(StaleVersion):
        workflows.submit_fix(action, by=people.head, note="done", revision=seen, now=NOW)


def test_a_dismissed_person_is_refused(action, people):
    people.head.is_active = False
    people.head.save()
    people.head.__dict__.pop("standing", None)
    with pytest.raises(NotAllowed):
        workflows.start_fix(action, by=people.head, now=NOW)


def test_each_move_is_told_and_written_down(action, people):
    workflows.submit_fix(action, by=people.head, note="New hinge", now=NOW)
    assert Message.objects.filter(recipient=people.officer, code="action.submitted").count() == 1
    workflows.return_fix(action, by=people.leader, reason="Not locked", now=NOW)
    assert Message.objects.filter(recipient=people.head, code="action.returned").count() == 1
    actions = list(
        Event.objects.filter(subject_type="responsibilities.correctiveaction").order_by("id").values_list("action", flat=True)
    )
    assert actions == ["action.assigned", "action.submitted", "action.returned"]


@pytest.mark.parametrize(
    ("level", "allowed"),
    [
        ("G2", {"officer", "leader", "director"}),
        ("G1", {"leader", "director"}),
        ("M", {"director"}),
    ],
)
def test_graver_levels_are_checked_higher_up(people, station, level, allowed):
    hazard = assigned(station, people.worker, assessor=people.officer, level=level, now=NOW)
    action = hazard.action
    if level == "M":
        # Verified by two others before; what is left is to close it.
        action = verified(hazard, people, verifiers(station.parent), NOW).action
    else:
        workflows.reassign_fix(action, by=people.officer, owner=people.worker, reason="On site", now=NOW)
        workflows.submit_fix(action, by=people.worker, note="done", now=NOW)
    for who in EVERYONE:
        sid = transaction.savepoint()
        if who in allowed:
            workflows.verify_fix(action, by=getattr(people, who), now=NOW)
        else:
            with pytest.raises(NotAllowed):
                workflows.verify_fix(action, by=getattr(people, who), now=NOW)
        transaction.savepoint_rollback(sid)


def test_granting_never_takes_days_away(action, people):
    """The clock stood still for a check in between, so the date asked for can lie before the present one by then."""
    asked = action.deadline.due_at + timedelta(days=1)
    request = workflows.ask_extension(action, by=people.head, due_at=asked, reason="Parts", now=NOW)
    workflows.submit_fix(action, by=people.head, note="done", now=NOW)
    workflows.return_fix(action, by=people.officer, reason="No", now=NOW + timedelta(days=3))
    workflows.decide_extension(request, by=people.leader, grant=True, now=NOW + timedelta(days=3))
    assert Deadline.objects.get(pk=action.deadline_id).due_at == action.deadline.due_at + timedelta(days=3)


def test_a_fix_goes_to_those_of_the_unit_or_above_it(action, people):
    for stranger in (people.worker2, people.supervisor):
        with pytest.raises(ValidationError) as refused:
            workflows.reassign_fix(action, by=people.officer, owner=stranger, reason="Help", now=NOW)
        assert "owner" in refused.value.message_dict
    assert workflows.reassign_fix(action, by=people.officer, owner=people.leader, reason="Help", now=NOW).owner == people.leader
