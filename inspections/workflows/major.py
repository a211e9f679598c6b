"""The treatment of a major hazard: listed → plan proposed → approved → verified by two → lifted; or dropped.

| from | to | who |
|---|---|---|
| (the hazard becomes major) | planning (`follow_major`), supervision listed, progress and reports outside owed | |
| planning | proposed (`propose_plan`), with the five implementations | whoever fixes it |
| proposed | approved (`approve_plan`, which sets the date and names who verifies), planning (`return_plan`) | the director |
| approved, fix handed in | signed twice (`sign_verification`): another leader and an expert, neither a fixer | those named |
| approved, signed twice | lifted (`follow_major`) | the director, by accepting the fix |
| any listed | dropped (`follow_major`) | whoever lowers the level or cancels the hazard |
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections import permissions
from inspections.choices import LISTED, MajorStatus, VerifierRole
from inspections.models import Hazard, MajorProgress, MajorTreatment, MajorVerification, OutsideReport
from inspections.services.hazards import params_of
from inspections.services.major import (
    OUTSIDE_KIND,
    RELATED,
    TreatmentPlan,
    next_progress,
    open_owed,
    progress_period,
    signatures,
    subject_of_treatment,
)
from inspections.workflows.listing import ask_verifiers
from inspections.workflows.locks import lock_hazard
from responsibilities.chain import ChainReader
from responsibilities.choices import ActionStatus, DeadlineKind, DeadlineStatus
from responsibilities.models import CorrectiveAction, Person
from responsibilities.permissions import is_fixer
from responsibilities.services.deadlines import FURTHEST, require_near, stage_due_at
from responsibilities.services.owners import someone_for
from responsibilities.standing import standing_of
from responsibilities.workflows import asked_key, cancel_deadline, meet_deadline, pause_deadline, resume_deadline
from responsibilities.workflows.extensions import move_fix
from safetyplant.access.exceptions import StaleVersion, WrongState
from safetyplant.access.transitions import locked, require, require_state
from safetyplant.attachments.services import bind, new_set
from safetyplant.audit.services import record
from safetyplant.notifications.services import notify

Allowed = Callable[[Person, MajorTreatment], bool]


@transaction.atomic
def propose_plan(
    hazard: Hazard, plan: TreatmentPlan, *, by: Person, revision: int | None = None, now: datetime | None = None
) -> MajorTreatment:
    """The five implementations, for the director to approve. Until then the date of the level stands."""
    moment = now or timezone.now()
    treatment = _begin(hazard, permissions.can_write_plan, by, revision, MajorStatus.PLANNING)
    _check_plan(plan, now=moment)
    action = _action(treatment)
    treatment.responsibility, treatment.measures, treatment.funds = plan.responsibility, plan.measures, plan.funds
    treatment.plan_due_at, treatment.contingency = plan.due_at, plan.contingency
    treatment.status = MajorStatus.PROPOSED
    treatment.proposed_at, treatment.proposed_by = moment, by
    if treatment.plan_deadline is not None and treatment.plan_deadline.status == DeadlineStatus.OPEN:
        pause_deadline(treatment.plan_deadline, now=moment)
    director = someone_for(ChainReader(timezone.localdate(moment)).chain(action.unit_id).director, action.unit)
    due_at = stage_due_at("major_approve", moment)
    treatment.approve_deadline = open_owed(DeadlineKind.APPROVE, treatment, action, due_at, owner=director, now=moment)
    _tell("major.plan_proposed", treatment, [director], by=by, now=moment, key=asked_key(treatment.approve_deadline))
    return _finish(treatment, "hazard.plan_proposed", by=by, now=moment, detail={"due": plan.due_at.isoformat()})


@transaction.atomic
def return_plan(
    hazard: Hazard, *, by: Person, reason: str, revision: int | None = None, now: datetime | None = None
) -> MajorTreatment:
    """Not good enough: whoever fixes it writes it again, in the time that was left."""
    moment = now or timezone.now()
    treatment = _begin(hazard, permissions.can_decide_plan, by, revision, MajorStatus.PROPOSED)
    treatment.status = MajorStatus.PLANNING
    _meet(treatment.approve_deadline, moment)
    if treatment.plan_deadline is not None and treatment.plan_deadline.status == DeadlineStatus.PAUSED:
        resume_deadline(treatment.plan_deadline, now=moment)
    people = [_action(treatment).owner, treatment.proposed_by]
    _tell("major.plan_returned", treatment, people, by=by, now=moment, reason=reason)
    return _finish(treatment, "hazard.plan_returned", by=by, now=moment, detail={"quote": reason})


@transaction.atomic
def approve_plan(
    hazard: Hazard,
    *,
    by: Person,
    checker: Person,
    expert: Person,
    note: str = "",
    revision: int | None = None,
    now: datetime | None = None,
) -> MajorTreatment:
    """The plan holds: its date becomes that of the fix, and the two who will verify it are named."""
    moment = now or timezone.now()
    treatment = _begin(hazard, permissions.can_decide_plan, by, revision, MajorStatus.PROPOSED)
    action = _action(treatment)
    _check_verifiers(action, checker, expert, by=by, now=moment)
    if treatment.plan_due_at is None or treatment.plan_due_at <= moment:
        raise WrongState(_("The date of this plan has passed. Return it, so that it gets another one."))
    treatment.status = MajorStatus.APPROVED
    treatment.approved_at, treatment.approved_by = moment, by
    treatment.checker, treatment.expert = checker, expert
    _meet(treatment.plan_deadline, moment)
    _meet(treatment.approve_deadline, moment)
    _tell("major.plan_approved", treatment, [action.owner, treatment.proposed_by, checker, expert], by=by, now=moment)
    detail = {"due": treatment.plan_due_at.isoformat(), "quote": note}
    personal = {"checker": checker.name, "expert": expert.name}
    _finish(treatment, "hazard.plan_approved", by=by, now=moment, detail=detail, personal=personal)
    move_fix(action, "action.date_set", by=by, due_at=treatment.plan_due_at, detail={}, now=moment, is_first=True)
    return MajorTreatment.objects.select_related(*RELATED).get(pk=treatment.pk)


@transaction.atomic
def name_verifiers(
    hazard: Hazard, *, by: Person, checker: Person, expert: Person, revision: int | None = None, now: datetime | None = None
) -> MajorTreatment:
    """Others verify it. Whoever has signed this round already stays."""
    moment = now or timezone.now()
    treatment = _begin(hazard, permissions.can_name_verifiers, by, revision, MajorStatus.APPROVED)
    action = _action(treatment)
    _check_verifiers(action, checker, expert, by=by, now=moment)
    signed = signatures(treatment)
    for role, name, person in ((VerifierRole.LEADER, "checker", checker), (VerifierRole.EXPERT, "expert", expert)):
        if getattr(treatment, f"{name}_id") == person.pk:
            continue
        if role in signed:
            raise WrongState(_("%(name)s has signed already.") % {"name": signed[role].person.name})
        _cancel(getattr(treatment, f"{name}_deadline"), moment)
        setattr(treatment, name, person)
        setattr(treatment, f"{name}_deadline", None)
    if action.status == ActionStatus.SUBMITTED:
        ask_verifiers(treatment, action, by=by, now=moment)
    personal = {"checker": checker.name, "expert": expert.name}
    return _finish(treatment, "hazard.verifiers_named", by=by, now=moment, personal=personal)


@transaction.atomic
def sign_verification(
    hazard: Hazard, *, by: Person, accepted: bool, note: str, revision: int | None = None, now: datetime | None = None
) -> MajorVerification:
    """One of the two signatures. The director closes it with both, and returns the fix when one of them objects."""
    moment = now or timezone.now()
    treatment = _begin(hazard, permissions.can_sign_verification, by, revision, MajorStatus.APPROVED)
    action = _action(treatment)
    require_state(action, ActionStatus.SUBMITTED)
    role = permissions.verifier_role(by, treatment)
    if role in signatures(treatment):
        raise WrongState(_("You have signed already."))
    if not note.strip():
        raise ValidationError({"note": _("Say what you saw.")})
    signed = MajorVerification.objects.create(
        treatment=treatment, round=treatment.round, role=role, person=by, accepted=accepted, note=note, signed_at=moment
    )
    _meet(treatment.checker_deadline if role == VerifierRole.LEADER else treatment.expert_deadline, moment)
    code = "major.verified" if accepted else "major.objected"
    _tell(code, treatment, [action.verifier], by=by, now=moment, reason=note)
    event = "hazard.verified" if accepted else "hazard.objected"
    _finish(treatment, event, by=by, now=moment, detail={"role": role, "quote": note})
    return signed


@transaction.atomic
def report_progress(
    hazard: Hazard, *, by: Person, text: str, percent: int, revision: int | None = None, now: datetime | None = None
) -> MajorProgress:
    """The report owed now; the next one is owed from then on."""
    moment = now or timezone.now()
    treatment = _begin(hazard, permissions.can_report_progress, by, revision, *LISTED)
    owed = treatment.progress.filter(written_at=None, missed_at=None).get()
    owed.text, owed.percent, owed.written_at, owed.written_by = text, percent, moment, by
    owed.save()
    _meet(treatment.progress_deadline, moment)
    following = next_progress(treatment, owed, now=moment)
    action = _action(treatment)
    treatment.progress_deadline = open_owed(
        DeadlineKind.PROGRESS, treatment, action, following.due_at, owner=action.owner, now=moment
    )
    _finish(treatment, "hazard.progress", by=by, now=moment, detail={"percent": percent, "quote": text})
    return owed


@transaction.atomic
def record_outside_report(
    hazard: Hazard,
    addressee: str,
    *,
    by: Person,
    reported_on: date,
    document_number: str,
    files: Sequence[Any],
    now: datetime | None = None,
) -> OutsideReport:
    """That it was reported to the regulator or the workers' congress: the day, the document, its pages."""
    moment = now or timezone.now()
    treatment = _begin(hazard, permissions.can_report_outside, by, None, *LISTED, MajorStatus.LIFTED)
    report = treatment.outside_reports.select_related("deadline").get(addressee=addressee)
    if report.recorded_at is not None:
        raise WrongState(_("This report is recorded already."))
    if reported_on > timezone.localdate(moment):
        raise ValidationError({"reported_on": _("This day is still to come.")})
    if not files:
        raise ValidationError({"files": _("Add a photo or scan of the document.")})
    report.reported_on, report.document_number = reported_on, document_number
    report.recorded_at, report.recorded_by = moment, by
    report.files = new_set(OUTSIDE_KIND)
    bind(report.files, files, by=by, purpose="document", now=moment)
    report.save()
    _meet(report.deadline, moment)
    detail = {"addressee": str(addressee), "document": document_number}
    _finish(treatment, "hazard.reported_outside", by=by, now=moment, detail=detail)
    return report


def keep_treatments(*, now: datetime | None = None) -> int:
    """Note the progress reports that were not written before the next was owed. Idempotent; returns how many were missed.

    The deadline of a missed report goes on: it climbs the chain until somebody writes.
    """
    moment = now or timezone.now()
    late = MajorProgress.objects.filter(written_at=None, missed_at=None, due_at__lte=moment - progress_period(moment))
    rows = late.filter(treatment__status__in=LISTED).order_by("treatment_id").values_list("treatment_id", flat=True)
    return sum(_note_missed(pk, moment) for pk in list(rows))


@transaction.atomic
def _note_missed(treatment_id: int, now: datetime) -> int:
    treatment = locked(MajorTreatment.objects.select_related("hazard"), treatment_id)
    period, missed = progress_period(now), 0
    while treatment.is_listed:
        owed = treatment.progress.filter(written_at=None, missed_at=None).first()
        if owed is None or owed.due_at + period > now:
            break
        owed.missed_at = owed.due_at + period
        owed.save(update_fields=["missed_at"])
        MajorProgress.objects.create(treatment=treatment, week=owed.week + 1, due_at=owed.due_at + period)
        record("hazard.progress_missed", treatment.hazard, by=None, detail={"report": owed.week}, at=owed.missed_at)
        missed += 1
    return missed


def _check_plan(plan: TreatmentPlan, *, now: datetime) -> None:
    for name in ("responsibility", "measures", "funds", "contingency"):
        if not getattr(plan, name).strip():
            raise ValidationError({name: _("The plan says all five: responsibility, measures, funds, time limit, contingency.")})
    if plan.due_at <= now:
        raise ValidationError({"due_on": _("This day has passed. Choose today or later.")})
    require_near(plan.due_at, last_day=timezone.localdate(now + FURTHEST), is_far_allowed=True, now=now)


def _check_verifiers(action: CorrectiveAction, checker: Person, expert: Person, *, by: Person, now: datetime) -> None:
    """SECURITY: three different people who had no hand in the fix: a leader, an expert, and the director who closes it."""
    if checker.pk == expert.pk:
        raise ValidationError({"expert": _("The leader and the expert must be two people.")})
    for name, person in (("checker", checker), ("expert", expert)):
        if is_fixer(person, action):
            raise ValidationError({name: _("%(name)s has worked on the fix.") % {"name": person.name}})
        if person.pk == by.pk:
            raise ValidationError({name: _("You close it yourself. Name someone else.")})
        if not person.is_active:
            raise ValidationError({name: _("%(name)s has no access any more. Choose someone else.") % {"name": person.name}})
    if not standing_of(checker, timezone.localdate(now)).holds(*permissions.LEADING):
        raise ValidationError({"checker": _("%(name)s is no leader of the plant.") % {"name": checker.name}})


def _begin(hazard: Hazard, allowed: Allowed, by: Person, revision: int | None, *states: str) -> MajorTreatment:
    hazard = lock_hazard(hazard, "unit", "place", "level")
    living = MajorTreatment.objects.living().filter(hazard=hazard).values_list("pk", flat=True).first()
    if living is None:
        raise WrongState(_("This hazard is not under listed supervision."))
    related = ("plan_deadline", "approve_deadline", "checker_deadline", "expert_deadline", "progress_deadline", "proposed_by")
    people = ("checker", "expert", "hazard__action__owner", "hazard__action__verifier")
    treatment = locked(MajorTreatment.objects.select_related(*RELATED, *related, *people), living)
    require(allowed(by, treatment), _("This is for someone else to do."))
    require_state(treatment, *states)
    if revision is not None and revision != hazard.revision:
        raise StaleVersion(_("Someone else changed this hazard in the meantime. Read the new state, then send again."))
    return treatment


def _finish(
    treatment: MajorTreatment,
    event: str,
    *,
    by: Person,
    now: datetime,
    detail: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
) -> MajorTreatment:
    treatment.save()
    treatment.hazard.revision += 1
    treatment.hazard.save(update_fields=["revision"])
    record(event, treatment.hazard, by=by, detail=detail, personal=personal, at=now)
    return treatment


def _tell(
    code: str,
    treatment: MajorTreatment,
    people: Sequence[Person | None],
    *,
    by: Person,
    now: datetime,
    reason: str = "",
    key: str = "",
) -> None:
    told = {person.pk: person for person in people if person is not None and person.pk != by.pk}
    params = {**params_of(treatment.hazard, by), "reason": reason}
    link = subject_of_treatment(treatment.hazard).link
    notify(code, list(told.values()), params=params, link=link, urgent=True, withdraw_key=key, now=now)


def _action(treatment: MajorTreatment) -> CorrectiveAction:
    action = treatment.hazard.action
    if action is None:
        raise WrongState(_("Assess the hazard first."))
    return action


def _meet(deadline: Any, now: datetime) -> None:
    if deadline is not None and deadline.status in (DeadlineStatus.OPEN, DeadlineStatus.PAUSED):
        meet_deadline(deadline, now=now)


def _cancel(deadline: Any, now: datetime) -> None:
    if deadline is not None and deadline.status in (DeadlineStatus.OPEN, DeadlineStatus.PAUSED):
        cancel_deadline(deadline, now=now)
