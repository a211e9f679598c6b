"""The treatment of a major hazard: plan, supervision, progress, two signatures, extensions, reports outside."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from inspections.choices import MajorStatus
from inspections.models import Hazard, MajorProgress, MajorTreatment, MajorVerification, OutsideReport
from inspections.services.major import treatment_of
from inspections.workflows import (
    approve_plan,
    change_level,
    keep_treatments,
    name_verifiers,
    propose_plan,
    record_outside_report,
    report_progress,
    return_plan,
    sign_verification,
)
from responsibilities.models import Deadline, Level
from responsibilities.workflows import ask_extension, decide_extension, reassign_fix, return_fix, submit_fix, verify_fix
from safetyplant.access.exceptions import NotAllowed, StaleVersion, WrongState
from safetyplant.attachments.services import receive
from safetyplant.audit.services import Event
from safetyplant.notifications.models import Message
from tests.factories.inspections import assigned
from tests.factories.major import Verifiers, approved, fresh, handed_in, major, plan_text, verified, verifiers
from tests.inspections.photos import photo

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def named(branch) -> Verifiers:
    return verifiers(branch)


@pytest.fixture
def hazard(people, station) -> Hazard:
    return major(station, people.worker, people.officer)


def owed(kind: str, hazard: Hazard) -> list[Deadline]:
    return list(Deadline.objects.open().filter(kind=kind, number=hazard.number).order_by("pk"))


def told(person, code: str) -> int:
    return Message.objects.filter(recipient=person, code=code, withdrawn_at=None).count()


# --- listing ---------------------------------------------------------------------------------------------------------


def test_a_major_hazard_is_listed_at_once_and_owes_plan_progress_and_reports(hazard, people):
    treatment = treatment_of(hazard)
    assert (treatment.status, treatment.number[:3]) == (MajorStatus.PLANNING, "LS-")
    plan, progress = owed("plan", hazard)[0], owed("progress", hazard)[0]
    assert plan.due_at - plan.starts_at == timedelta(days=3)
    assert progress.due_at - progress.starts_at == timedelta(days=7)
    assert {plan.owner, progress.owner} == {hazard.action.owner}
    assert [each.owner for each in owed("outside", hazard)] == [people.officer] * 2
    assert told(people.director, "major.listed") == 1


def test_raised_to_major_it_is_listed_and_lowered_it_is_not(people, station, named):
    hazard = assigned(station, people.worker, assessor=people.officer, level="G1")
    assert treatment_of(hazard) is None
    levels = Level.objects.in_bulk()
    change_level(hazard, by=people.officer, level=levels["M"], reason="Worse", interim_control="Emptied")
    first = treatment_of(hazard)
    change_level(fresh(hazard), by=people.officer, level=levels["G1"], reason="Measured")
    first.refresh_from_db()
    assert (first.status, treatment_of(hazard)) == (MajorStatus.DROPPED, None)
    assert owed("plan", hazard) == owed("progress", hazard) == owed("outside", hazard) == []
    change_level(fresh(hazard), by=people.officer, level=levels["M"], reason="Again", interim_control="Emptied")
    assert treatment_of(hazard).pk != first.pk


# --- plan ------------------------------------------------------------------------------------------------------------


def test_the_plan_says_all_five_and_its_date_becomes_that_of_the_fix(hazard, people, named):
    plan = plan_text(days=45)
    proposed = propose_plan(hazard, plan, by=hazard.action.owner)
    assert proposed.status == MajorStatus.PROPOSED
    assert (owed("plan", hazard), [each.owner for each in owed("approve", hazard)]) == ([], [people.director])
    approve_plan(hazard, by=people.director, checker=named.checker, expert=named.expert)
    action = fresh(hazard).action
    assert action.deadline.due_at == action.deadline.first_due_at == plan.due_at
    assert fresh(hazard).due_at == plan.due_at
    assert owed("approve", hazard) == []


@pytest.mark.parametrize("missing", ["responsibility", "measures", "funds", "contingency"])
def test_a_plan_without_one_of_the_five_is_refused(hazard, missing):
    plan = plan_text()
    plan = type(plan)(**{**plan.__dict__, missing: "  "})
    with pytest.raises(ValidationError) as fault:
        propose_plan(hazard, plan, by=hazard.action.owner)
    assert missing in fault.value.message_dict


def test_a_returned_plan_is_written_again_in_the_time_that_was_left(hazard, people, named):
    start = treatment_of(hazard).opened_at
    propose_plan(hazard, plan_text(), by=hazard.action.owner, now=start + timedelta(days=1))
    return_plan(hazard, by=people.director, reason="Who pays?", now=start + timedelta(days=2))
    assert owed("plan", hazard)[0].due_at == start + timedelta(days=4)
    assert told(hazard.action.owner, "major.plan_returned") == 1
    propose_plan(hazard, plan_text(), by=hazard.action.owner)
    assert treatment_of(hazard).status == MajorStatus.PROPOSED


def test_who_may_do_what_with_the_plan(hazard, people, named):
    for outsider in (people.worker, people.head2, people.supervisor, people.officer):
        with pytest.raises(NotAllowed):
            propose_plan(hazard, plan_text(), by=outsider)
    propose_plan(hazard, plan_text(), by=hazard.action.owner)
    for other in (people.leader, people.officer, people.head):
        with pytest.raises(NotAllowed):
            approve_plan(hazard, by=other, checker=named.checker, expert=named.expert)
    with pytest.raises(StaleVersion):
        approve_plan(hazard, by=people.director, checker=named.checker, expert=named.expert, revision=1)


@pytest.mark.parametrize(
    ("checker", "expert", "fault"),
    [
        ("checker", "checker", "expert"),
        ("owner", "expert", "checker"),
        ("worker", "expert", "checker"),
        ("checker", "director", "expert"),
    ],
)
def test_the_two_who_verify_are_a_leader_and_another_neither_fixer_nor_closer(hazard, people, named, checker, expert, fault):
    who = {**vars(people), "checker": named.checker, "expert": named.expert, "owner": hazard.action.owner}
    propose_plan(hazard, plan_text(), by=hazard.action.owner)
    with pytest.raises(ValidationError) as refused:
        approve_plan(hazard, by=people.director, checker=who[checker], expert=who[expert])
    assert list(refused.value.message_dict) == [fault]


# --- verification and closing ----------------------------------------------------------------------------------------


def test_the_director_closes_only_after_both_signatures(hazard, people, named):
    hazard = handed_in(hazard, people, named)
    assert {each.owner for each in owed("verify", hazard)} == {people.director, named.checker, named.expert}
    with pytest.raises(WrongState):
        verify_fix(hazard.action, by=people.director)
    sign_verification(hazard, by=named.checker, accepted=True, note="Seen")
    with pytest.raises(WrongState):
        verify_fix(fresh(hazard).action, by=people.director)
    sign_verification(hazard, by=named.expert, accepted=True, note="Tested")
    verify_fix(fresh(hazard).action, by=people.director, note="Good")
    hazard.refresh_from_db()
    treatment = MajorTreatment.objects.get()
    assert (hazard.status, hazard.closed_by, treatment.status, treatment.ended_by) == (
        "closed", people.director, MajorStatus.LIFTED, people.director,
    )  # fmt: skip
    assert owed("progress", hazard) == owed("verify", hazard) == []
    assert len(owed("outside", hazard)) == 2
    assert told(people.leader, "major.lifted") == 1


def test_nobody_else_signs_and_nobody_twice(hazard, people, named):
    hazard = handed_in(hazard, people, named)
    for other in (people.leader, people.officer, people.head, people.director, people.worker):
        with pytest.raises(NotAllowed):
            sign_verification(hazard, by=other, accepted=True, note="Seen")
    sign_verification(hazard, by=named.expert, accepted=True, note="Seen")
    with pytest.raises(WrongState):
        sign_verification(hazard, by=named.expert, accepted=True, note="Seen")


def test_an_objection_keeps_it_open_and_a_return_begins_a_new_round(hazard, people, named):
    hazard = handed_in(hazard, people, named)
    sign_verification(hazard, by=named.checker, accepted=True, note="Seen")
    sign_verification(hazard, by=named.expert, accepted=False, note="Still leaks")
    assert told(people.director, "major.objected") == 1
    with pytest.raises(WrongState):
        verify_fix(fresh(hazard).action, by=people.director)
    return_fix(fresh(hazard).action, by=people.director, reason="Still leaks")
    assert (MajorTreatment.objects.get().round, owed("verify", hazard)) == (2, [])
    submit_fix(fresh(hazard).action, by=hazard.action.owner, note="Sealed")
    assert len(owed("verify", hazard)) == 3
    with pytest.raises(WrongState):
        verify_fix(fresh(hazard).action, by=people.director)
    for person in (named.checker, named.expert):
        sign_verification(hazard, by=person, accepted=True, note="Dry")
    verify_fix(fresh(hazard).action, by=people.director)
    assert fresh(hazard).status == "closed"


def test_the_director_names_others_who_are_asked_instead(hazard, people, named, branch):
    hazard = handed_in(hazard, people, named)
    name_verifiers(hazard, by=people.director, checker=named.checker, expert=people.supervisor)
    assert {each.owner for each in owed("verify", hazard)} == {people.director, named.checker, people.supervisor}
    with pytest.raises(NotAllowed):
        sign_verification(hazard, by=named.expert, accepted=True, note="Seen")
    sign_verification(hazard, by=people.supervisor, accepted=True, note="Seen")
    with pytest.raises(WrongState):
        name_verifiers(hazard, by=people.director, checker=named.checker, expert=named.expert)


def test_a_fix_handed_in_before_the_plan_is_verified_once_the_plan_is_approved(hazard, people, named):
    submit_fix(hazard.action, by=hazard.action.owner, note="Done at once")
    assert {each.owner for each in owed("verify", hazard)} == {people.director}
    approved(fresh(hazard), people, named)
    assert len(owed("verify", hazard)) == 3


def test_the_database_refuses_to_close_without_both(hazard, people, named):
    hazard = handed_in(hazard, people, named)
    sign_verification(hazard, by=named.checker, accepted=True, note="Seen")
    now = timezone.now()
    with pytest.raises(IntegrityError, match="hazard_major_verified_by_two"), transaction.atomic():
        Hazard.objects.filter(pk=hazard.pk).update(status="closed", closed_at=now, closed_by=people.director)
    treatment = MajorTreatment.objects.get()
    with pytest.raises(IntegrityError, match="verification_never_by_fixer"), transaction.atomic():
        MajorVerification.objects.create(
            treatment=treatment, round=1, role="expert", person=hazard.action.owner, accepted=True, note="Mine", signed_at=now
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        MajorVerification.objects.update(accepted=False)


def test_the_database_refuses_a_treatment_approved_without_its_five(hazard, people):
    with pytest.raises(IntegrityError, match="treatment_"), transaction.atomic():
        MajorTreatment.objects.update(status="approved", approved_at=timezone.now(), approved_by=people.director)


def test_the_second_verifier_sees_the_hazard_and_its_papers(hazard, people, named, station2):
    approved(hazard, people, named)
    assert Hazard.objects.visible_to(named.expert).filter(pk=hazard.pk).exists()


# --- progress --------------------------------------------------------------------------------------------------------


def test_progress_is_owed_every_week_and_a_missed_one_stays(hazard, people):
    start, owner = treatment_of(hazard).opened_at, hazard.action.owner
    report_progress(hazard, by=owner, text="Wall ordered", percent=10, now=start + timedelta(days=5))
    assert owed("progress", hazard)[0].due_at == start + timedelta(days=14)
    assert keep_treatments(now=start + timedelta(days=20)) == 0
    assert keep_treatments(now=start + timedelta(days=28, hours=1)) == 2
    assert keep_treatments(now=start + timedelta(days=28, hours=1)) == 0
    assert len(owed("progress", hazard)) == 1
    report_progress(fresh(hazard), by=owner, text="Wall built", percent=80, now=start + timedelta(days=29))
    assert [(row.week, bool(row.missed_at), row.percent) for row in MajorProgress.objects.all()] == [
        (1, False, 10), (2, True, None), (3, True, None), (4, False, 80), (5, False, None),
    ]  # fmt: skip
    assert Event.objects.filter(action="hazard.progress_missed").count() == 2


def test_the_plan_and_the_reports_go_to_whoever_fixes_it_now(hazard, people):
    reassign_fix(hazard.action, by=people.officer, owner=people.head, reason="At the site")
    assert {each.owner for kind in ("plan", "progress") for each in owed(kind, hazard)} == {people.head}


# --- later dates -----------------------------------------------------------------------------------------------------


def test_the_first_later_date_is_the_directors_and_the_next_needs_the_upper_plant(hazard, people, named):
    approved(hazard, people, named)
    action = fresh(hazard).action
    first = ask_extension(action, by=action.owner, due_at=action.deadline.due_at + timedelta(days=5), reason="Parts")
    assert first.deadline.owner == people.director
    with pytest.raises(NotAllowed):
        decide_extension(first, by=people.officer, grant=True)
    decide_extension(first, by=people.director, grant=True)
    action = fresh(hazard).action
    later = action.deadline.due_at + timedelta(days=5)
    with pytest.raises(ValidationError) as refused:
        ask_extension(action, by=action.owner, due_at=later, reason="Rain")
    assert list(refused.value.message_dict) == ["approval"]
    page = receive(photo("white"), by=action.owner)
    second = ask_extension(action, by=action.owner, due_at=later, reason="Rain", approval=[page], approval_number="UP-2026-17")
    decide_extension(second, by=people.director, grant=True)
    assert fresh(hazard).action.deadline.due_at == later


def test_the_database_refuses_a_second_later_date_without_the_approval(hazard, people, named):
    approved(hazard, people, named)
    action = fresh(hazard).action
    request = ask_extension(action, by=action.owner, due_at=action.deadline.due_at + timedelta(days=5), reason="Parts")
    decide_extension(request, by=people.director, grant=True)
    copy = type(request).objects.get(pk=request.pk)
    copy.pk = None
    copy.deadline = Deadline.objects.filter(number=hazard.number, kind="outside").first()
    with pytest.raises(IntegrityError, match="extension_approved_above"), transaction.atomic():
        copy.save()


# --- reports outside -------------------------------------------------------------------------------------------------


def test_a_report_outside_is_recorded_with_its_day_number_and_page(hazard, people):
    page = receive(photo("white"), by=people.officer)
    given = {"reported_on": timezone.localdate(), "document_number": "AJ-26-4", "files": [page]}
    with pytest.raises(NotAllowed):
        record_outside_report(hazard, "regulator", by=hazard.reported_by, **given)
    report = record_outside_report(hazard, "regulator", by=people.officer, **given)
    assert (report.document_number, report.files.attachments.count()) == ("AJ-26-4", 1)
    assert len(owed("outside", hazard)) == 1
    with pytest.raises(WrongState):
        record_outside_report(hazard, "regulator", by=people.officer, **given)


def test_a_report_outside_needs_a_page_and_no_day_to_come(hazard, people):
    page = receive(photo("white"), by=people.officer)
    for given in (
        {"files": [], "reported_on": timezone.localdate()},
        {"files": [page], "reported_on": timezone.localdate() + timedelta(days=1)},
    ):
        with pytest.raises(ValidationError):
            record_outside_report(hazard, "congress", by=people.officer, document_number="G-1", **given)


def test_it_stays_owed_after_the_hazard_is_closed(hazard, people, named):
    hazard = verified(hazard, people, named)
    verify_fix(hazard.action, by=people.director)
    page = receive(photo("white"), by=people.officer)
    record_outside_report(
        fresh(hazard), "congress", by=people.officer, reported_on=timezone.localdate(), document_number="G-1", files=[page]
    )
    assert OutsideReport.objects.exclude(recorded_at=None).count() == 1
