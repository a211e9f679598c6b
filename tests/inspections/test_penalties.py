"""The consequences of a violation: who may do which step, what the points add up to, what the database refuses."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from inspections import penalty_permissions as may
from inspections.choices import DutyStatus, EntryKind, ProposalStatus, ViolationStatus
from inspections.models import Duty, Penalty, PenaltyRule, PointsEntry, Proposal, Violation
from inspections.services.replay import replay_points
from inspections.workflows import (
    appeal,
    cancel_violation,
    check_duty,
    close_appeals,
    confirm_proposal,
    confirm_refusal,
    decide_appeal,
    dismiss_proposal,
    do_duty,
    propose_overdue,
    record_refusal,
    return_duty,
    serve_notice,
    sign_notice,
    take_back_points,
)
from inspections.workflows.appeals import Decision
from inspections.workflows.penalties import Terms
from responsibilities.calendar import add_working_days
from responsibilities.choices import DeadlineStatus, RoleCode
from responsibilities.models import Deadline
from safetyplant.access.exceptions import NotAllowed, StaleVersion, WrongState
from safetyplant.attachments.services import receive
from safetyplant.notifications.models import Message
from tests.factories.inspections import assigned
from tests.factories.penalties import PASSWORD, appealed, final, made_final, noticed, received, recorded, with_password
from tests.factories.responsibilities import PersonFactory, appoint
from tests.inspections.photos import photo

pytestmark = pytest.mark.usefixtures("catalogue", "people")


@pytest.fixture
def year():
    return timezone.localdate().year


def refuses(constraint):
    return pytest.raises(IntegrityError, match=constraint)


# --- the way of a violation ---------------------------------------------------------------------------------------------


def test_the_second_of_a_kind_costs_half_more_and_the_third_double(station, supervisor, officer, worker):
    now = timezone.now()
    points = []
    for _time in range(3):
        violation = noticed(recorded(station, supervisor, worker, code="VO10", now=now), officer)
        points.append((violation.penalty.points, violation.penalty.factor, violation.penalty.repeats))
        now += timedelta(seconds=1)
    assert points == [(4, Decimal("1"), 0), (6, Decimal("1.5"), 1), (8, Decimal("2"), 2)]


def test_what_was_cancelled_withdrawn_or_self_reported_is_no_earlier_one(station, supervisor, officer, leader, worker):
    now = timezone.now() - timedelta(hours=3)
    cancel_violation(recorded(station, supervisor, worker, now=now), by=leader, reason="Wrong person")
    recorded(station, supervisor, worker, self_reported=True, now=now)
    withdrawn = appealed(received(noticed(recorded(station, supervisor, worker, now=now), officer)))
    decide_appeal(withdrawn, Decision("withdraw", "It was not him"), by=leader)
    assert recorded(station, supervisor, worker).proposed_points == 4


def test_the_notice_is_told_signed_and_final_after_five_working_days(station, supervisor, officer, worker, year):
    now = timezone.now()
    violation = noticed(recorded(station, supervisor, worker, now=now), officer, now=now)
    assert violation.status == ViolationStatus.NOTICED
    assert violation.notice_deadline.status == DeadlineStatus.MET
    assert violation.penalty.receipt_deadline.owner == worker
    assert Message.objects.filter(recipient=worker, code="penalty.noticed").exists()
    violation = received(violation, now=now)
    until = violation.penalty.appeal_until
    assert until == add_working_days(now, 5)
    assert close_appeals(now=until - timedelta(minutes=1)) == 0
    assert PointsEntry.objects.count() == 0
    assert close_appeals(now=until + timedelta(minutes=1)) == 1
    assert close_appeals(now=until + timedelta(minutes=1)) == 0
    violation.refresh_from_db()
    assert violation.status == ViolationStatus.FINAL
    assert PointsEntry.objects.balance(worker.pk, year) == 4
    assert replay_points().differences == []


def test_signing_needs_ones_own_password(station, supervisor, officer, worker, head):
    violation = noticed(recorded(station, supervisor, worker), officer)
    with_password(worker)
    with pytest.raises(ValidationError, match="not your password"):
        sign_notice(violation, by=worker, password="wrong")
    with pytest.raises(NotAllowed):
        sign_notice(violation, by=with_password(head), password=PASSWORD)
    assert sign_notice(violation, by=worker, password=PASSWORD).receipt == "signed"


def test_a_refusal_counts_once_a_second_person_confirms_it(station, supervisor, officer, worker, head, leader):
    violation = noticed(recorded(station, supervisor, worker), officer)
    for witness in (officer, worker):
        with pytest.raises(ValidationError, match="second person"):
            record_refusal(violation, by=officer, witness=witness)
    penalty = record_refusal(violation, by=officer, witness=head)
    assert (penalty.received_at, penalty.appeal_until) == (None, None)
    with pytest.raises(NotAllowed):
        confirm_refusal(violation, by=leader)
    assert confirm_refusal(violation, by=head).appeal_until is not None
    assert list(Violation.objects.to_be_witnessed_by(head)) == []


@pytest.mark.parametrize(("decision", "points"), [("uphold", 4), ("reduce", 2), ("withdraw", 0)])
def test_an_appeal_is_decided_by_an_uninvolved_leader(station, supervisor, officer, worker, leader, decision, points, year):
    violation = appealed(received(noticed(recorded(station, supervisor, worker), officer)))
    assert violation.penalty.appeal_deadline.owner == leader
    left = 2 if decision == "reduce" else None
    penalty = decide_appeal(violation, Decision(decision, "Seen on the spot", left), by=leader)
    assert (penalty.final_points, penalty.violation.status) == (points, ViolationStatus.FINAL)
    assert PointsEntry.objects.balance(worker.pk, year) == points


@pytest.mark.parametrize("who", ["supervisor", "officer", "worker", "head", "head2", "worker2"])
def test_whoever_recorded_served_or_heads_the_unit_does_not_decide(people, station, supervisor, officer, worker, who):
    violation = appealed(received(noticed(recorded(station, supervisor, worker), officer)))
    with pytest.raises(NotAllowed):
        decide_appeal(violation, Decision("uphold", "So it is"), by=getattr(people, who))


def test_a_leader_who_recorded_it_leaves_the_appeal_to_the_director(station, leader, officer, worker, director):
    violation = appealed(received(noticed(recorded(station, leader, worker), officer)))
    assert violation.penalty.appeal_deadline.owner == director
    with pytest.raises(NotAllowed):
        decide_appeal(violation, Decision("uphold", "So it is"), by=leader)
    assert decide_appeal(violation, Decision("uphold", "So it is"), by=director).decided_by == director


def test_an_appeal_never_raises_and_needs_reasons(station, supervisor, officer, worker, leader):
    violation = appealed(received(noticed(recorded(station, supervisor, worker), officer)))
    for wrong in (Decision("reduce", "More", 5), Decision("reduce", "The same", 4), Decision("uphold", "")):
        with pytest.raises(ValidationError):
            decide_appeal(violation, wrong, by=leader)


def test_an_appeal_comes_within_the_window_or_not_at_all(station, supervisor, officer, worker):
    violation = noticed(recorded(station, supervisor, worker), officer)
    with pytest.raises(NotAllowed):
        appeal(violation, by=worker, text="Before reading it")
    violation = received(violation)
    with pytest.raises(WrongState, match="over"):
        appeal(violation, by=worker, text="Late", now=violation.penalty.appeal_until + timedelta(seconds=1))


def test_terms_that_the_rule_does_not_know_are_refused(station, supervisor, officer, worker):
    violation = recorded(station, supervisor, worker)
    for terms, field in (
        (Terms(points=2), "reason"),
        (Terms(points=13, reason="Grave"), "points"),
        (Terms(fine=Decimal(100)), "fine"),
    ):
        with pytest.raises(ValidationError) as fault:
            serve_notice(violation, terms, by=officer)
        assert list(fault.value.error_dict) == [field]
    with pytest.raises(StaleVersion):
        serve_notice(violation, Terms(), by=officer, revision=violation.revision + 1)


def test_what_one_reports_of_oneself_never_costs_points(station, supervisor, officer, head, worker):
    own = recorded(station, head, head)
    told = recorded(station, supervisor, worker, self_reported=True)
    assert (own.self_reported, own.proposed_points, told.proposed_points) == (True, 0, 0)
    with pytest.raises(ValidationError):
        serve_notice(told, Terms(points=1, reason="Still"), by=officer)
    assert noticed(told, officer).penalty.points == 0


# --- above and below ----------------------------------------------------------------------------------------------------


def test_dereliction_is_for_heads_and_leaders_and_goes_above_them(station, branch, supervisor, worker, leader, director, officer):
    with pytest.raises(ValidationError):
        recorded(station, supervisor, worker, code="VM05")
    violation = recorded(station, supervisor, leader, code="VM05")
    assert (violation.unit, violation.notice_deadline.owner) == (branch, director)
    assert not may.can_serve_notice(officer, violation)
    with pytest.raises(NotAllowed):
        cancel_violation(violation, by=officer, reason="No")
    assert noticed(violation, director).penalty.points == 6


def test_against_the_director_there_must_be_someone_above(station, supervisor, director, settings):
    with pytest.raises(WrongState, match="above"):
        recorded(station, supervisor, director, code="VM06")
    office = PersonFactory(username="office", name="Upper Office")
    settings.UPPER_OFFICE_EMPLOYEE = "office"
    violation = recorded(station, supervisor, director, code="VM06")
    assert violation.notice_deadline.owner == office
    assert Violation.objects.visible_to(office).get() == violation
    assert noticed(violation, office).penalty.points == 4


def test_a_contractors_own_officer_serves_nothing_on_its_people(contractor, supervisor, officer, outsider):
    keeper = PersonFactory(unit=contractor)
    appoint(keeper, RoleCode.OFFICER, contractor)
    violation = recorded(contractor, supervisor, outsider)
    assert violation.notice_deadline.owner == officer
    assert not may.can_serve_notice(keeper, violation)
    assert may.can_serve_notice(officer, violation)


# --- what points bring --------------------------------------------------------------------------------------------------


def test_a_threshold_brings_its_duty_once_done_with_proof_and_checked_by_another(
    station, supervisor, officer, worker, head, leader
):
    made_final(station, supervisor, officer, worker, code="VO10")
    made_final(station, supervisor, officer, worker, code="VO19")
    first, second = Duty.objects.order_by("pk")
    assert [(duty.threshold, duty.kind, duty.deadline.owner) for duty in (first, second)] == [
        (4, "talk", head),
        (6, "training", head),
    ]
    with pytest.raises(ValidationError):
        do_duty(first, by=head, note="Talked", photos=[])
    with pytest.raises(NotAllowed):
        do_duty(first, by=worker, note="Talked", photos=[receive(photo(), by=worker)])
    done = do_duty(first, by=head, note="Talked", photos=[receive(photo(), by=head)])
    assert (done.status, done.check_deadline.owner) == (DutyStatus.DONE, officer)
    with pytest.raises(NotAllowed):
        check_duty(done, by=head)
    returned = return_duty(done, by=officer, reason="The signature is missing")
    assert returned.status == DutyStatus.OPEN
    done = do_duty(returned, by=head, note="Signed now", photos=[])
    assert check_duty(done, by=officer).deadline.status == DeadlineStatus.MET


def test_only_the_highest_of_several_thresholds_crossed_at_once(station, supervisor, officer, worker):
    made_final(station, supervisor, officer, worker, code="VO02")
    assert [(duty.threshold, duty.kind) for duty in Duty.objects.all()] == [(12, "reexam")]


def test_points_taken_back_are_a_row_more_and_end_the_duty(station, supervisor, officer, worker, leader, year):
    violation = made_final(station, supervisor, officer, worker, code="VO10")
    with pytest.raises(NotAllowed):
        take_back_points(violation, by=officer, reason="Wrong")
    entry = take_back_points(violation, by=leader, reason="The camera shows another")
    assert (entry.kind, entry.points, entry.reverses.points) == (EntryKind.REVERSAL, -4, 4)
    assert PointsEntry.objects.balance(worker.pk, year) == 0
    assert replay_points().differences == []
    duty = Duty.objects.get()
    assert (duty.status, duty.deadline.status) == (DutyStatus.CANCELLED, DeadlineStatus.CANCELLED)
    with pytest.raises(WrongState):
        take_back_points(violation, by=leader, reason="Again")
    made_final(station, supervisor, officer, worker, code="VO11")
    assert Duty.objects.exclude(status=DutyStatus.CANCELLED).count() == 1


def test_the_heads_linked_share_is_proposed_and_confirmed_by_someone(station, supervisor, officer, worker, head):
    made_final(station, supervisor, officer, worker, code="VO03")
    proposal = Proposal.objects.get()
    assert (proposal.person, proposal.points, proposal.deadline.owner) == (head, 2, officer)
    assert not Proposal.objects.visible_to(head).exists()
    assert PointsEntry.objects.filter(person=head).count() == 0
    with pytest.raises(NotAllowed):
        confirm_proposal(proposal, by=head)
    confirmed = confirm_proposal(proposal, by=officer)
    assert (confirmed.status, confirmed.result.person, confirmed.result.proposed_points) == (ProposalStatus.CONFIRMED, head, 2)
    assert noticed(confirmed.result, officer).penalty.points == 2


def test_no_linked_share_when_the_unit_found_it_itself(station, head, officer, worker):
    made_final(station, head, officer, worker, code="VO03")
    assert not Proposal.objects.exists()


def test_a_fix_long_overdue_is_proposed_once_by_its_level_and_can_be_dismissed(station, worker, officer, head):
    now = timezone.now()
    late = assigned(station, worker, assessor=officer, level="G1", now=now - timedelta(days=30))
    assigned(station, worker, assessor=officer, level="G3", now=now - timedelta(days=30))
    assigned(station, worker, assessor=officer, level="G1", now=now - timedelta(days=20))
    assert (propose_overdue(now=now), propose_overdue(now=now)) == (1, 0)
    proposal = Proposal.objects.get()
    assert (proposal.action_id, proposal.person, proposal.points) == (late.action_id, late.action.owner, 3)
    with pytest.raises(ValidationError):
        dismiss_proposal(proposal, by=officer, reason="")
    assert dismiss_proposal(proposal, by=officer, reason="Parts were ordered in time").status == ProposalStatus.DISMISSED


# --- what the database refuses --------------------------------------------------------------------------------------------


def test_a_violation_takes_no_step_that_its_penalty_does_not_bear_out(station, supervisor, officer, worker):
    violation = recorded(station, supervisor, worker)
    for status in ("noticed", "appealed", "final"):
        with refuses("violation_steps"), transaction.atomic():
            Violation.objects.filter(pk=violation.pk).update(status=status)
    violation = received(noticed(violation, officer))
    for status in ("recorded", "appealed", "final", "cancelled"):
        with refuses("violation_"), transaction.atomic():
            Violation.objects.filter(pk=violation.pk).update(status=status)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"points": 1}, "penalty_kept"),
        ({"reason": "Else"}, "penalty_kept"),
        ({"final_at": timezone.now()}, "penalty_final_when_due"),
        ({"decision": "uphold"}, "penalty_decision_whole"),
    ],
)
def test_a_served_notice_keeps_its_terms(station, supervisor, officer, worker, changes, constraint):
    violation = received(noticed(recorded(station, supervisor, worker), officer))
    with refuses(constraint), transaction.atomic():
        Penalty.objects.filter(pk=violation.pk).update(**changes)
    with refuses("penalty_kept"), transaction.atomic():
        Penalty.objects.filter(pk=violation.pk).delete()


@pytest.mark.parametrize(
    ("who", "points", "constraint"),
    [
        ("leader", 5, "penalty_never_raised"),
        ("officer", 2, "penalty_decided_by_another"),
        ("worker", 2, "penalty_decided_by_another"),
        ("supervisor", 2, "penalty_decided_by_another"),
    ],
)
def test_no_decision_raises_or_comes_from_someone_involved(people, station, supervisor, officer, worker, who, points, constraint):
    violation = appealed(received(noticed(recorded(station, supervisor, worker), officer)))
    values = {"decision": "reduce", "decided_points": points, "decide_reason": "x", "decided_at": timezone.now()}
    with refuses(constraint), transaction.atomic():
        Penalty.objects.filter(pk=violation.pk).update(decided_by=getattr(people, who), **values)


def test_the_account_is_only_ever_added_to_and_says_what_is_final(station, supervisor, officer, worker, year):
    violation = made_final(station, supervisor, officer, worker)
    entry = PointsEntry.objects.get()
    for change in ("UPDATE inspections_pointsentry SET points = 0", "DELETE FROM inspections_pointsentry"):
        with refuses("points_entry_kept"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    values = {"person": worker, "year": year, "rule": entry.rule, "factor": 1, "created_at": timezone.now()}
    open_one = received(noticed(recorded(station, supervisor, worker, code="VO19"), officer))
    with refuses("points_entry_true"), transaction.atomic():
        PointsEntry.objects.create(kind="charge", points=2, violation=open_one, **values)
    with refuses("points_entry_true"), transaction.atomic():
        PointsEntry.objects.create(kind="reversal", points=-1, reverses=entry, reason="x", violation=violation, **values)


def test_a_rule_never_changes_once_it_is_made(catalogue):
    with refuses("penalty_rule_kept"), transaction.atomic():
        PenaltyRule.objects.update(at_most=3)


def test_a_duty_is_never_checked_by_who_did_it(station, supervisor, officer, worker, head):
    made_final(station, supervisor, officer, worker)
    duty = do_duty(Duty.objects.get(), by=head, note="Talked", photos=[receive(photo(), by=head)])
    with refuses("duty_never_self_verified"), transaction.atomic():
        Duty.objects.filter(pk=duty.pk).update(status="verified", verified_by=head, verified_at=timezone.now())


def test_what_is_owed_about_a_violation_is_known_to_those_who_see_persons(people, station, supervisor, officer, worker):
    violation = noticed(recorded(station, supervisor, worker), officer)
    owed = Deadline.objects.filter(is_personal=True)
    for reader in (people.supervisor, people.worker2, people.head2, people.outsider):
        assert not owed.visible_to(reader).exists()
    assert violation.penalty.receipt_deadline in owed.visible_to(worker)
    assert owed.visible_to(people.head).count() == 2


def test_it_is_final_for_a_unit_as_a_whole_without_points(contractor, supervisor, officer, head):
    violation = recorded(contractor, supervisor, None)
    violation = final(received(noticed(violation, officer)))
    assert (violation.penalty.addressee, violation.status) == (head, ViolationStatus.FINAL)
    assert not PointsEntry.objects.exists()
