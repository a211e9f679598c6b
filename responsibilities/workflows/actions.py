"""The corrective action's life: assigned → in progress ⇄ waiting → submitted → verified, or returned; cancelled.

| from | to | who |
|---|---|---|
| assigned, returned, waiting | in progress (`start_fix`) | owner, head of the lead unit |
| assigned, in progress, returned | waiting (`wait_fix`, with interim control) | owner, head |
| assigned, in progress, waiting, returned | submitted (`submit_fix`, with evidence) | owner, head |
| submitted | verified (`verify_fix`), returned (`return_fix`) | verifier or whoever may verify there, never the fixer |
| any open | cancelled (`cancel_action`) | whoever assesses, never the fixer |
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from responsibilities import permissions
from responsibilities.chain import ChainReader, snapshot_chain
from responsibilities.choices import ActionStatus, DeadlineKind, DeadlineStatus, ExtensionStatus, WaitingFor
from responsibilities.models import ActionFixer, CorrectiveAction
from responsibilities.services.deadlines import Subject, fix_due_at, open_deadline, stage_due_at
from responsibilities.services.owners import choose_owner, choose_verifier, require_fixer
from responsibilities.subjects import tell_subject
from responsibilities.workflows.deadlines import (
    asked_key,
    cancel_deadline,
    hand_deadline,
    meet_deadline,
    pause_deadline,
    resume_deadline,
)
from safetyplant.access.exceptions import StaleVersion, WrongState
from safetyplant.access.transitions import locked, require, require_state
from safetyplant.attachments.services import bind, new_set
from safetyplant.audit.services import record
from safetyplant.notifications.services import notify

if TYPE_CHECKING:
    from responsibilities.models import Deadline, Level, Person, Unit

OPEN_STATES = (
    ActionStatus.ASSIGNED,
    ActionStatus.IN_PROGRESS,
    ActionStatus.WAITING,
    ActionStatus.SUBMITTED,
    ActionStatus.RETURNED,
)
FIXABLE = (ActionStatus.ASSIGNED, ActionStatus.IN_PROGRESS, ActionStatus.WAITING, ActionStatus.RETURNED)


def assign_action(
    subject_kind: str,
    subject: Subject,
    *,
    unit: "Unit",
    level: "Level",
    by: "Person",
    field: str = "",
    owner: "Person | None" = None,
    verifier: "Person | None" = None,
    assisting: Sequence["Unit"] = (),
    interim_control: str = "",
    due_at: datetime | None = None,
    now: datetime | None = None,
) -> CorrectiveAction:
    """Open a corrective action: owner and verifier by the chain and the level's term, unless named.

    Runs in the caller's transaction, which links the record to it.
    """
    moment = now or timezone.now()
    reader = ChainReader(timezone.localdate(moment))
    owner = owner or choose_owner(reader, unit, level, field)
    verifier = verifier or choose_verifier(reader, unit, level, owner, field)
    deadline = open_deadline(
        DeadlineKind.FIX,
        subject,
        owner=owner,
        unit=unit,
        level=level,
        field=field,
        starts_at=moment,
        due_at=due_at or fix_due_at(level, moment),
    )
    action = _new_action(deadline, subject_kind, verifier=verifier, interim_control=interim_control, by=by)
    action.chain = snapshot_chain(reader.chain(unit.pk, field))
    action.save()
    action.assisting_units.set(assisting)
    detail = {"unit": unit.name, "due": deadline.due_at.isoformat()}
    record("action.assigned", action, by=by, detail=detail, personal={"owner": owner.name}, at=moment)
    tell_people("action.assigned", action, [owner], by=by, now=moment, asks=deadline)
    return action


def _new_action(
    deadline: "Deadline", subject_kind: str, *, verifier: "Person", interim_control: str, by: "Person"
) -> CorrectiveAction:
    """Unsaved. What it is about, who owes it and since when is what its deadline says."""
    return CorrectiveAction(
        subject_kind=subject_kind,
        number=deadline.number,
        title=deadline.title,
        link=deadline.link,
        level=deadline.level,
        field=deadline.field,
        unit=deadline.unit,
        owner=deadline.owner,
        verifier=verifier,
        deadline=deadline,
        interim_control=interim_control,
        created_at=deadline.starts_at,
        created_by=by,
    )


@transaction.atomic
def start_fix(
    action: CorrectiveAction, *, by: "Person", revision: int | None = None, now: datetime | None = None
) -> CorrectiveAction:
    action = begin_step(
        action, permissions.can_fix_action, by, revision, ActionStatus.ASSIGNED, ActionStatus.RETURNED, ActionStatus.WAITING
    )
    action.status, action.waiting_for = ActionStatus.IN_PROGRESS, ""
    _remember_fixer(action, by, now or timezone.now())
    return finish_step(action, "action.started", by=by, now=now)


@transaction.atomic
def wait_fix(
    action: CorrectiveAction,
    *,
    by: "Person",
    waiting_for: str,
    interim_control: str,
    revision: int | None = None,
    now: datetime | None = None,
) -> CorrectiveAction:
    """The fix waits for parts, a shutdown or money. The clock goes on; what keeps people safe meanwhile must be said."""
    action = begin_step(
        action, permissions.can_fix_action, by, revision, ActionStatus.ASSIGNED, ActionStatus.IN_PROGRESS, ActionStatus.RETURNED
    )
    action.status = ActionStatus.WAITING
    action.waiting_for, action.interim_control = waiting_for, interim_control
    _remember_fixer(action, by, now or timezone.now())
    detail = {"waiting": WaitingFor(waiting_for).value, "quote": interim_control}
    return finish_step(action, "action.waiting", by=by, now=now, detail=detail)


@transaction.atomic
def submit_fix(
    action: CorrectiveAction,
    *,
    by: "Person",
    note: str,
    photos: Sequence[Any] = (),
    revision: int | None = None,
    now: datetime | None = None,
) -> CorrectiveAction:
    """The fix is done and shown: stops the fixer's clock and starts the verifier's."""
    moment = now or timezone.now()
    action = begin_step(action, permissions.can_fix_action, by, revision, *FIXABLE)
    action.status, action.waiting_for = ActionStatus.SUBMITTED, ""
    action.submitted_at, action.submitted_by, action.submit_note = moment, by, note
    if action.evidence is None:
        action.evidence = new_set("responsibilities.correctiveaction")
    bind(action.evidence, photos, by=by, purpose="after", now=moment)
    pause_deadline(action.deadline, now=moment)
    _remember_fixer(action, by, moment)
    action.check_deadline = open_deadline(
        DeadlineKind.VERIFY,
        Subject(action.number, action.title, action.link),
        owner=action.verifier,
        unit=action.unit,
        level=action.level,
        field=action.field,
        starts_at=moment,
        due_at=stage_due_at("verify", moment),
    )
    tell_people("action.submitted", action, [action.verifier], by=by, now=moment, asks=action.check_deadline)
    return finish_step(action, "action.submitted", by=by, now=moment, detail={"quote": note, "photos": len(photos)})


@transaction.atomic
def return_fix(
    action: CorrectiveAction, *, by: "Person", reason: str, revision: int | None = None, now: datetime | None = None
) -> CorrectiveAction:
    """Not good enough: the reason is told to the fixer, whose clock goes on."""
    moment = now or timezone.now()
    action = begin_step(action, permissions.can_verify_action, by, revision, ActionStatus.SUBMITTED)
    action.status = ActionStatus.RETURNED
    action.returned_count += 1
    _end_check(action, moment)
    resume_deadline(action.deadline, now=moment)
    tell_people("action.returned", action, [action.owner], by=by, now=moment, reason=reason, asks=action.deadline)
    personal = {"owner": action.owner.name}
    return finish_step(action, "action.returned", by=by, now=moment, detail={"quote": reason}, personal=personal)


@transaction.atomic
def verify_fix(
    action: CorrectiveAction, *, by: "Person", note: str = "", revision: int | None = None, now: datetime | None = None
) -> CorrectiveAction:
    """Accepted by someone who did not do it: the record is closed."""
    moment = now or timezone.now()
    action = begin_step(action, permissions.can_verify_action, by, revision, ActionStatus.SUBMITTED)
    action.status = ActionStatus.VERIFIED
    action.verified_at, action.verified_by = moment, by
    _end_check(action, moment)
    _withdraw_extensions(action, by, moment)
    meet_deadline(action.deadline, now=moment)
    tell_people("action.verified", action, [action.owner, action.submitted_by, action.created_by], by=by, now=moment)
    return finish_step(action, "action.verified", by=by, now=moment, detail={"quote": note})


@transaction.atomic
def reassign_fix(
    action: CorrectiveAction,
    *,
    by: "Person",
    owner: "Person",
    reason: str,
    revision: int | None = None,
    now: datetime | None = None,
) -> CorrectiveAction:
    """Someone else fixes it, by the same date. The new owner belongs to the lead unit, one below it, or leads it."""
    moment = now or timezone.now()
    action = begin_step(action, permissions.can_assign_action, by, revision, *FIXABLE)
    if owner.pk == action.owner_id:
        raise WrongState(_("%(name)s has it already.") % {"name": owner.name})
    require_fixer(owner, action.unit)
    old, action.owner = action.owner, owner
    hand_deadline(action.deadline, owner=owner, now=moment)
    _ensure_other_verifier(action, moment)
    tell_people("action.assigned", action, [owner], by=by, now=moment, asks=action.deadline)
    personal = {"owner": owner.name, "old": old.name}
    return finish_step(action, "action.reassigned", by=by, now=moment, detail={"quote": reason}, personal=personal)


@transaction.atomic
def cancel_action(
    action: CorrectiveAction, *, by: "Person", reason: str, revision: int | None = None, now: datetime | None = None
) -> CorrectiveAction:
    """Nothing to fix after all (a duplicate, not a hazard), with a reason that stays on the record."""
    moment = now or timezone.now()
    action = begin_step(action, permissions.can_cancel_action, by, revision, *OPEN_STATES)
    if action.status == ActionStatus.SUBMITTED:
        _end_check(action, moment)
    action.status, action.waiting_for = ActionStatus.CANCELLED, ""
    action.cancelled_at, action.cancelled_by, action.cancel_reason = moment, by, reason
    _withdraw_extensions(action, by, moment)
    cancel_deadline(action.deadline, now=moment)
    tell_people("action.cancelled", action, [action.owner], by=by, now=moment, reason=reason)
    return finish_step(action, "action.cancelled", by=by, now=moment, detail={"quote": reason})


def begin_step(action: CorrectiveAction, allowed: Any, by: "Person", revision: int | None, *states: str) -> CorrectiveAction:
    """Lock the row, check the right, the state and that nobody saved in between."""
    action = locked(
        CorrectiveAction.objects.select_related("unit", "owner", "verifier", "level", "deadline", "check_deadline", "evidence"),
        action.pk,
    )
    require(allowed(by, action), _("This is for someone else to do."))
    require_state(action, *states)
    if revision is not None and revision != action.revision:
        raise StaleVersion(_("Someone else changed this in the meantime. Read the new state, then send again."))
    return action


def finish_step(
    action: CorrectiveAction,
    event: str,
    *,
    by: "Person",
    now: datetime | None,
    detail: dict[str, Any] | None = None,
    changes: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
) -> CorrectiveAction:
    """SECURITY: names of people go into `personal`, never into what the chain seals for good."""
    moment = now or timezone.now()
    action.revision += 1
    action.save()
    record(event, action, by=by, detail=detail, changes=changes, personal=personal, at=moment)
    tell_subject(CorrectiveAction.objects.select_related("deadline", "check_deadline").get(pk=action.pk), by=by, now=moment)
    return action


def _end_check(action: CorrectiveAction, now: datetime) -> None:
    check = action.check_deadline
    if check is not None and check.status in (DeadlineStatus.OPEN, DeadlineStatus.PAUSED):
        meet_deadline(check, now=now)


def _withdraw_extensions(action: CorrectiveAction, by: "Person", now: datetime) -> None:
    for request in action.extensions.filter(status=ExtensionStatus.ASKED).select_related("deadline"):
        request.status = ExtensionStatus.WITHDRAWN
        request.decided_at, request.decided_by = now, by
        request.save()
        cancel_deadline(request.deadline, now=now)


def _remember_fixer(action: CorrectiveAction, by: "Person", now: datetime) -> None:
    """SECURITY: whoever ever had a hand in a fix is kept from checking it, also when it goes to someone else later."""
    ActionFixer.objects.get_or_create(action=action, person=by)
    action.fixer_ids |= {by.pk}
    _ensure_other_verifier(action, now)


def _ensure_other_verifier(action: CorrectiveAction, now: datetime) -> None:
    """SECURITY: the verifier is never one who has the fix, had a hand in it or may no longer check; the next above does."""
    if not permissions.can_verify_action(action.verifier, action):
        reader = ChainReader(timezone.localdate(now))
        action.verifier = choose_verifier(reader, action.unit, action.level, action.owner, action.field, nor=action.fixer_ids)


def tell_people(
    code: str,
    action: CorrectiveAction,
    people: "Sequence[Person | None]",
    *,
    by: "Person",
    now: datetime,
    reason: str = "",
    asks: "Deadline | None" = None,
    due_at: datetime | None = None,
) -> None:
    """`asks`: the deadline of what this message asks for; done or over, the message is settled. `due_at`: the date it tells."""
    recipients = {person.pk: person for person in people if person is not None and person.pk != by.pk}
    params: dict[str, Any] = {"number": action.number, "title": action.title, "by": by.name, "reason": reason}
    if due_at is not None:
        params["due"] = {"at": due_at.isoformat()}
    urgent = bool(action.level and action.level.is_urgent)
    people_told, key = list(recipients.values()), asked_key(asks)
    notify(code, people_told, params=params, link=action.link, urgent=urgent, withdraw_key=key, now=now)
