"""Listed supervision follows a hazard's level and its fix: begun, asked, begun anew, lifted or dropped (`workflows.major`)."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.choices import MajorStatus, VerifierRole
from inspections.models import Hazard, MajorTreatment
from inspections.services.hazards import params_of
from inspections.services.major import DEADLINES, new_treatment, open_owed, signatures, subject_of_treatment
from responsibilities.chain import ChainReader
from responsibilities.choices import ActionStatus, DeadlineKind, DeadlineStatus
from responsibilities.models import Deadline
from responsibilities.permissions import is_major_fix
from responsibilities.services.deadlines import stage_due_at
from responsibilities.workflows import asked_key, cancel_deadline, hand_deadline
from safetyplant.access.exceptions import WrongState
from safetyplant.access.transitions import locked
from safetyplant.audit.services import record
from safetyplant.notifications.services import notify

if TYPE_CHECKING:
    from responsibilities.models import CorrectiveAction, Person

RUNNING = (DeadlineStatus.OPEN, DeadlineStatus.PAUSED)
OVER = (ActionStatus.VERIFIED, ActionStatus.CANCELLED)


def follow_major(hazard: Hazard, action: "CorrectiveAction", *, by: "Person", now: datetime) -> None:
    """In the transaction in which the fix was assigned or changed; hazard and deadlines are locked.

    WrongState when a major hazard would be closed without its plan and both signatures.
    """
    living = MajorTreatment.objects.living().filter(hazard=hazard).values_list("pk", flat=True).first()
    if living is None:
        if is_major_fix(action):
            _begin_listing(hazard, action, by=by, now=now)
        return
    treatment = locked(MajorTreatment.objects.select_related("checker", "expert"), living)
    treatment.hazard = hazard
    if not treatment.is_listed:
        return
    if action.status == ActionStatus.VERIFIED:
        _lift(treatment, by=by, now=now)
    elif action.status == ActionStatus.CANCELLED or not is_major_fix(action):
        _drop(treatment, by=by, now=now)
    else:
        _follow_fix(treatment, action, by=by, now=now)


def ask_verifiers(treatment: MajorTreatment, action: "CorrectiveAction", *, by: "Person", now: datetime) -> None:
    """Whoever has not signed this round yet is asked, once. Does not save the treatment."""
    signed = signatures(treatment)
    due_at = stage_due_at("verify", now)
    for role, name in ((VerifierRole.LEADER, "checker"), (VerifierRole.EXPERT, "expert")):
        asked, person = getattr(treatment, f"{name}_deadline"), getattr(treatment, name)
        if role in signed or person is None or (asked is not None and asked.status in RUNNING):
            continue
        deadline = open_owed(DeadlineKind.VERIFY, treatment, action, due_at, owner=person, now=now)
        setattr(treatment, f"{name}_deadline", deadline)
        link = subject_of_treatment(treatment.hazard).link
        params, key = params_of(treatment.hazard, by), asked_key(deadline)
        notify("major.verify", [person], params=params, link=link, urgent=True, withdraw_key=key, now=now)


def _begin_listing(hazard: Hazard, action: "CorrectiveAction", *, by: "Person", now: datetime) -> None:
    if action.status in OVER:
        if action.status == ActionStatus.VERIFIED and not hazard.is_past:
            raise WrongState(
                _("A major hazard needs a treatment plan and two verifications first. Return the fix to begin them.")
            )
        return
    treatment = new_treatment(hazard, action, now=now)
    record("hazard.listed", hazard, by=by, detail={"notice": treatment.number}, at=now)
    chain = ChainReader(timezone.localdate(now)).chain(action.unit_id, action.field)
    people = {person.pk: person for person in (action.owner, *chain.people) if person.pk != by.pk}
    link = subject_of_treatment(hazard).link
    notify("major.listed", list(people.values()), params=params_of(hazard, by), link=link, urgent=True, now=now)


def _follow_fix(treatment: MajorTreatment, action: "CorrectiveAction", *, by: "Person", now: datetime) -> None:
    """Handed in: both are asked to verify it. Returned: what they signed belongs to the round that is over."""
    for deadline in (treatment.plan_deadline, treatment.progress_deadline):
        if deadline is not None and deadline.status in RUNNING and deadline.owner_id != action.owner_id:
            hand_deadline(deadline, owner=action.owner, now=now)
    if treatment.status != MajorStatus.APPROVED:
        return
    if action.status == ActionStatus.SUBMITTED:
        ask_verifiers(treatment, action, by=by, now=now)
    elif _cancel_asked(treatment, ("checker_deadline_id", "expert_deadline_id"), now=now) or signatures(treatment):
        treatment.round += 1
    treatment.save()


def _lift(treatment: MajorTreatment, *, by: "Person", now: datetime) -> None:
    signed = signatures(treatment)
    if treatment.status != MajorStatus.APPROVED:
        raise WrongState(_("The treatment plan of this major hazard is not approved yet."))
    if not all(role in signed and signed[role].accepted for role in VerifierRole):
        raise WrongState(_("Another leader and an expert must verify this fix before it is closed."))
    if by.pk in {each.person_id for each in signed.values()}:
        raise WrongState(_("You verified it yourself. Someone else closes it."))
    _end(treatment, MajorStatus.LIFTED, by=by, now=now)
    record("hazard.lifted", treatment.hazard, by=by, detail={"notice": treatment.number}, at=now)
    action = treatment.hazard.action
    chain = ChainReader(timezone.localdate(now)).chain(treatment.hazard.unit_id)
    people = {person.pk: person for person in chain.people}
    if action is not None:
        people[action.owner_id] = action.owner
    people.pop(by.pk, None)
    link = subject_of_treatment(treatment.hazard).link
    notify("major.lifted", list(people.values()), params=params_of(treatment.hazard, by), link=link, now=now)


def _drop(treatment: MajorTreatment, *, by: "Person", now: datetime) -> None:
    _end(treatment, MajorStatus.DROPPED, by=by, now=now)
    owed = treatment.outside_reports.filter(recorded_at=None, deadline__status__in=RUNNING)
    for report in owed.select_related("deadline"):
        cancel_deadline(report.deadline, now=now)
    record("hazard.unlisted", treatment.hazard, by=by, detail={"notice": treatment.number}, at=now)


def _end(treatment: MajorTreatment, status: str, *, by: "Person", now: datetime) -> None:
    """Nothing more is owed but the reports outside: that a hazard is gone does not excuse not having told of it."""
    _cancel_asked(treatment, DEADLINES, now=now)
    owed = treatment.progress.filter(written_at=None, missed_at=None)
    owed.filter(due_at__lte=now).update(missed_at=now)
    owed.filter(due_at__gt=now).delete()
    treatment.status = status
    treatment.ended_at, treatment.ended_by = now, by
    treatment.save()


def _cancel_asked(treatment: MajorTreatment, names: tuple[str, ...], *, now: datetime) -> bool:
    """Whether any of these was still running."""
    ids = [getattr(treatment, name) for name in names]
    running = list(Deadline.objects.filter(pk__in=[pk for pk in ids if pk], status__in=RUNNING).order_by("pk"))
    for deadline in running:
        cancel_deadline(deadline, now=now)
    return bool(running)


def verifier_handed(deadline: Deadline, by: "Person | None", now: datetime) -> None:
    """A verification went to someone else with the work of its person; the director names others where that cannot be."""
    for name, other in (("checker", "expert"), ("expert", "checker")):
        asked = MajorTreatment.objects.filter(**{f"{name}_deadline": deadline}).exclude(**{other: deadline.owner})
        asked.update(**{name: deadline.owner})
