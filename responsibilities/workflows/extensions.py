"""Another date for a fix: a later one asked for by who owes it and granted above, or changed from above unasked."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from responsibilities import permissions
from responsibilities.chain import ChainReader
from responsibilities.choices import DeadlineKind, DeadlineStatus, ExtensionStatus
from responsibilities.models import CorrectiveAction, ExtensionRequest
from responsibilities.services.deadlines import Subject, last_day_for, open_deadline, require_later, require_near, stage_due_at
from responsibilities.services.owners import choose_approver
from responsibilities.workflows.actions import FIXABLE, begin_step, finish_step, tell_people
from responsibilities.workflows.deadlines import meet_deadline, move_deadline, standstill
from safetyplant.access.exceptions import WrongState
from safetyplant.access.transitions import locked, require, require_state
from safetyplant.attachments.choices import Purpose
from safetyplant.attachments.models import AttachmentSet
from safetyplant.attachments.services import bind, new_set

if TYPE_CHECKING:
    from responsibilities.models import Person

APPROVAL_KIND = "responsibilities.extensionrequest"


@transaction.atomic
def ask_extension(
    action: CorrectiveAction,
    *,
    by: "Person",
    due_at: datetime,
    reason: str,
    approval: Sequence[Any] = (),
    approval_number: str = "",
    now: datetime | None = None,
) -> ExtensionRequest:
    """Ask for a later date. The old date and its reminders stand until someone above decides.

    ValidationError when the date is no later than the present one, or past, or when a major fix was extended before and the
    upper plant's written approval (`approval`: attachments or SHA-256) is missing; WrongState when nobody is left to decide.
    """
    moment = now or timezone.now()
    action = begin_step(action, permissions.can_ask_extension, by, None, *FIXABLE)
    _require_approval(action, approval, approval_number)
    if action.extensions.filter(status=ExtensionStatus.ASKED).exists():
        raise WrongState(_("An extension has been asked for already and waits for a decision."))
    require_later(action.deadline, due_at, now=moment)
    approver = choose_approver(
        ChainReader(timezone.localdate(moment)),
        action.unit,
        action.owner,
        action.field,
        is_far=permissions.is_major_fix(action) or timezone.localdate(due_at) > last_day_for(action.deadline),
        nor={*action.fixer_ids, by.pk},
    )
    deadline = open_deadline(
        DeadlineKind.DECIDE,
        Subject(action.number, action.title, action.link),
        owner=approver,
        unit=action.unit,
        level=action.level,
        starts_at=moment,
        due_at=stage_due_at("extension", moment),
    )
    request = ExtensionRequest.objects.create(
        action=action,
        old_due_at=action.deadline.due_at,
        new_due_at=due_at,
        reason=reason,
        asked_at=moment,
        asked_by=by,
        deadline=deadline,
        approval=_kept(approval, by=by, now=moment),
        approval_number=approval_number,
    )
    tell_people("extension.asked", action, [approver], by=by, now=moment, reason=reason, asks=deadline)
    finish_step(action, "extension.asked", by=by, now=moment, detail={"due": due_at.isoformat(), "quote": reason})
    return request


def needs_approval(action: CorrectiveAction) -> bool:
    """A major fix that was extended once: every further date needs the upper plant's written approval (catalogue.json)."""
    return permissions.is_major_fix(action) and action.extensions.filter(status=ExtensionStatus.GRANTED).exists()


def _require_approval(action: CorrectiveAction, approval: Sequence[Any], number: str) -> None:
    if not needs_approval(action):
        return
    if not approval:
        raise ValidationError({"approval": _("It was extended before: add the upper plant's written approval.")})
    if not number.strip():
        raise ValidationError({"approval_number": _("Give the document number of the approval.")})


def _kept(approval: Sequence[Any], *, by: "Person", now: datetime) -> AttachmentSet | None:
    if not approval:
        return None
    kept = new_set(APPROVAL_KIND)
    bind(kept, approval, by=by, purpose=Purpose.DOCUMENT, now=now)
    return kept


@transaction.atomic
def decide_extension(
    request: ExtensionRequest, *, by: "Person", grant: bool, note: str = "", now: datetime | None = None
) -> ExtensionRequest:
    """Grant: the deadline moves and is a new version. Refuse: it stays.

    Never by the one who asked, nor by anyone who leads the unit's fixes.
    """
    moment = now or timezone.now()
    action = locked(CorrectiveAction.objects.select_related("unit", "owner", "level", "deadline__level"), request.action_id)
    request = locked(ExtensionRequest.objects.select_related("deadline", "asked_by"), request.pk)
    request.action = action
    require(permissions.can_decide_extension(by, request), _("This extension is for someone above to decide."))
    require_state(request, ExtensionStatus.ASKED)
    if grant:
        if needs_approval(action) and request.approval_id is None:
            raise WrongState(_("It was extended before. Only with the upper plant's written approval does it get another date."))
        is_far_allowed = permissions.can_extend_far(by, action.unit)
        require_near(request.new_due_at, last_day=last_day_for(action.deadline), is_far_allowed=is_far_allowed, now=moment)
    request.status = ExtensionStatus.GRANTED if grant else ExtensionStatus.REFUSED
    request.decided_at, request.decided_by, request.decision_note = moment, by, note
    request.save()
    meet_deadline(request.deadline, now=moment)
    event, due_at = "extension.refused", request.new_due_at
    if grant:
        # A fix handed in and returned meanwhile may have a later date by now: granting never takes days away.
        event, due_at = "extension.granted", max(due_at, action.deadline.due_at + standstill(action.deadline, moment))
    tell_people(event, action, [action.owner, request.asked_by], by=by, now=moment, reason=note)
    detail = {"due": due_at.isoformat(), "quote": note}
    if grant:
        move_fix(action, event, by=by, due_at=due_at, detail=detail, now=moment)
    else:
        finish_step(action, event, by=by, now=moment, detail=detail)
    return request


@transaction.atomic
def change_date(
    action: CorrectiveAction,
    *,
    by: "Person",
    due_at: datetime,
    reason: str,
    revision: int | None = None,
    now: datetime | None = None,
) -> CorrectiveAction:
    """Another date, later or earlier, given from above without having been asked; on time stays what it was: the first date.

    NotAllowed for a major fix (ADR 23) and for whoever owes it or leads the unit's fixes; WrongState while it is handed in, rests
    or an extension waits; ValidationError for no reason, a day that has passed, or one after the level's last without the right.
    """
    moment = now or timezone.now()
    action = begin_step(action, permissions.decides_date, by, revision, *FIXABLE)
    require(not permissions.is_major_fix(action), _("The date of a major hazard is moved by an extension alone."))
    _require_changeable(action, due_at, reason, by=by, now=moment)
    people = [action.owner, action.verifier]
    tell_people("action.date_changed", action, people, by=by, now=moment, reason=reason, due_at=due_at)
    detail = {"due": due_at.isoformat(), "quote": reason}
    return move_fix(action, "action.date_changed", by=by, due_at=due_at, detail=detail, now=moment)


def _require_changeable(action: CorrectiveAction, due_at: datetime, reason: str, *, by: "Person", now: datetime) -> None:
    if action.deadline.status != DeadlineStatus.OPEN:
        raise WrongState(_("It is accepted for a time, and its date stands still."))
    if action.extensions.filter(status=ExtensionStatus.ASKED).exists():
        raise WrongState(_("An extension has been asked for and waits for a decision. Decide that first."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the date changes")})
    if due_at <= now:
        raise ValidationError({"due_on": _("The new date must lie ahead.")})
    if due_at == action.deadline.due_at:
        raise ValidationError({"due_on": _("It is due on this day already.")})
    is_far_allowed = permissions.can_extend_far(by, action.unit)
    require_near(due_at, last_day=last_day_for(action.deadline), is_far_allowed=is_far_allowed, now=now)


def move_fix(
    action: CorrectiveAction,
    event: str,
    *,
    by: "Person",
    due_at: datetime,
    detail: dict[str, Any],
    now: datetime,
    is_first: bool = False,
) -> CorrectiveAction:
    """The one way to another date for a locked fix, whoever gave it: a new version and revision; the event says which dates.

    `is_first`: it is the date by which the fix counts as on time, as an approved plan sets it. Telling people is the caller's,
    who knows what was asked.
    """
    changes = {"due_at": [action.deadline.due_at.isoformat(), due_at.isoformat()]}
    first_due_at = due_at if is_first else None
    action.deadline = move_deadline(action.deadline, due_at=due_at, first_due_at=first_due_at, now=now)
    return finish_step(action, event, by=by, now=now, changes=changes, detail=detail)
