"""A hazard keeps in line with its corrective action, with its other deadlines and with its unit."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.translation import gettext as _

from inspections.choices import HazardStatus
from inspections.models import Hazard
from inspections.penalty_permissions import involved_in, involved_in_ban
from inspections.services.acceptances import acceptance_deadline
from inspections.services.hazards import params_of, reporters_of, subject_of
from inspections.services.major import deadlines_of_treatment
from inspections.workflows.acceptances import end_with_fix
from inspections.workflows.credits import credit_report
from inspections.workflows.listing import follow_major
from responsibilities.choices import ActionStatus, DeadlineKind, DeadlineStatus
from responsibilities.workflows import cancel_deadline
from responsibilities.workflows.deadlines import lock_deadlines
from safetyplant.access.exceptions import WrongState
from safetyplant.access.transitions import locked
from safetyplant.notifications.services import notify

if TYPE_CHECKING:
    from responsibilities.models import CorrectiveAction, Deadline, Person, Unit

#: How the hazard's state follows from that of its corrective action.
MIRROR = {
    ActionStatus.ASSIGNED: HazardStatus.ASSIGNED,
    ActionStatus.IN_PROGRESS: HazardStatus.IN_PROGRESS,
    ActionStatus.WAITING: HazardStatus.WAITING,
    ActionStatus.SUBMITTED: HazardStatus.SUBMITTED,
    ActionStatus.RETURNED: HazardStatus.RETURNED,
    ActionStatus.VERIFIED: HazardStatus.CLOSED,
    ActionStatus.CANCELLED: HazardStatus.CANCELLED,
}


class HazardSubject:
    """Keeps a hazard in line with its corrective action; called in the action's own transaction."""

    def action_changed(self, action: "CorrectiveAction", *, by: "Person", now: datetime) -> None:
        is_over = action.status in (ActionStatus.VERIFIED, ActionStatus.CANCELLED)
        owed = [action.hazard.decide_deadline_id] if is_over else []
        lock_deadlines([*owed, *deadlines_of_treatment(action.hazard.pk), acceptance_deadline(action.hazard.pk)])
        hazard = locked(Hazard.objects.select_related("unit", "place", "reported_by"), action.hazard.pk)
        hazard.action = action
        end_with_fix(hazard, action, by=by, now=now)
        mirror_action(hazard, action)
        if is_over:
            _end_with_action(hazard, now=now)
        if action.status == ActionStatus.VERIFIED:
            hazard.closed_at, hazard.closed_by = action.verified_at, action.verified_by
            people = reporters_of(hazard, but=[by.pk, action.owner_id, action.submitted_by_id, action.created_by_id])
            notify("hazard.closed", people, params=params_of(hazard, by), link=subject_of(hazard).link, now=now)
        if action.status == ActionStatus.CANCELLED:
            hazard.cancelled_at, hazard.cancelled_by = action.cancelled_at, action.cancelled_by
            hazard.cancel_reason = action.cancel_reason
        follow_major(hazard, action, by=by, now=now)
        hazard.revision += 1
        hazard.save()
        if action.status == ActionStatus.VERIFIED:
            credit_report(hazard, action, now=now)


def deadline_handed(deadline: "Deadline", by: "Person | None", now: datetime) -> None:
    """The assessment or the release is with someone else, or due at another moment: the hazard says so too."""
    if deadline.kind == DeadlineKind.RELEASE:
        stopped = Hazard.objects.filter(release_deadline=deadline, released_at=None)
        stopped.update(releaser=deadline.owner, revision=F("revision") + 1)
    if deadline.kind == DeadlineKind.ACCEPTANCE:
        accepted = Hazard.objects.filter(acceptances__deadline=deadline, accepted_until__isnull=False)
        accepted.update(holder=deadline.owner, revision=F("revision") + 1)
    if deadline.kind != DeadlineKind.ASSESS:
        return
    hazard = Hazard.objects.select_for_update(of=("self",)).filter(assess_deadline=deadline, status=HazardStatus.REPORTED).first()
    if hazard is not None:
        hazard.holder, hazard.due_at = deadline.owner, deadline.due_at
        hazard.revision += 1
        hazard.save(update_fields=["holder", "due_at", "revision"])


def barred_from_acceptance(deadline: "Deadline") -> set[int | None]:
    """Whoever has or had a hand in the fix does not look after its acceptance."""
    acceptance = getattr(deadline, "ends_acceptance", None)
    action = acceptance.hazard.action if acceptance is not None else None
    return {action.owner_id, *action.fixer_ids} if action is not None else set()


def barred_from_appeal(deadline: "Deadline") -> set[int | None]:
    """Whoever had a part in a penalty or a site ban is not handed the appeal against it."""
    penalty, ban = getattr(deadline, "appealed_penalty", None), getattr(deadline, "appealed_ban", None)
    if ban is not None:
        return involved_in_ban(ban)
    return involved_in(penalty) if penalty is not None else set()


def _end_with_action(hazard: Hazard, *, now: datetime) -> None:
    """With its fix ends whatever else was owed for the hazard. Stopped work is released by name first."""
    if hazard.is_stopped:
        raise WrongState(_("Work is still stopped here. Release it before the fix is accepted."))
    hazard.possibly_major = False
    if hazard.decide_deadline is not None and hazard.decide_deadline.status == DeadlineStatus.OPEN:
        cancel_deadline(hazard.decide_deadline, now=now)


def follow_unit(unit: "Unit", successor: "Unit", by: "Person | None", now: datetime) -> None:
    """What is still open in a closed unit goes on in its successor; closed hazards stay with the unit they were found in."""
    Hazard.objects.open().filter(unit=unit).update(unit=successor)
    Hazard.objects.open().filter(lead_unit=unit).update(lead_unit=successor)
    Hazard.objects.open().filter(unit=successor, lead_unit=successor).update(lead_unit=None)


def is_seen_by_reporter(user: "Person", action_id: int) -> bool:
    """Whoever sees the hazard sees how it was fixed."""
    return Hazard.objects.visible_to(user).filter(action_id=action_id).exists()


#: A fix counts as done from its submission on, unless it is returned.
DONE = (ActionStatus.SUBMITTED, ActionStatus.VERIFIED)


def mirror_action(hazard: Hazard, action: "CorrectiveAction") -> None:
    """Copy what lists need from the action: state, who has it now, what is due. Does not save.

    Accepted for a time, it is with whoever looks at it again.
    """
    hazard.status = MIRROR[ActionStatus(action.status)]
    hazard.waiting_for = action.waiting_for
    hazard.fixer = action.owner
    hazard.lead_unit_id = action.unit_id if action.unit_id != hazard.unit_id else None
    hazard.first_due_at = action.deadline.first_due_at
    hazard.done_at = action.submitted_at if action.status in DONE else None
    if action.status == ActionStatus.SUBMITTED and action.check_deadline is not None:
        hazard.holder, hazard.due_at = action.verifier, action.check_deadline.due_at
    elif action.status in (ActionStatus.VERIFIED, ActionStatus.CANCELLED):
        hazard.holder, hazard.due_at = None, None
    elif hazard.accepted_until is None:
        hazard.holder, hazard.due_at = action.owner, action.deadline.due_at
