"""A later date for a fix: asked for by the one who owes it, granted or refused by someone above."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from responsibilities import permissions
from responsibilities.chain import ChainReader
from responsibilities.choices import DeadlineKind, ExtensionStatus
from responsibilities.models import CorrectiveAction, ExtensionRequest
from responsibilities.services.deadlines import Subject, last_day_for, open_deadline, require_later, require_near, stage_due_at
from responsibilities.services.owners import choose_approver
from responsibilities.workflows.actions import FIXABLE, begin_step, finish_step, tell_people
from responsibilities.workflows.deadlines import meet_deadline, move_deadline, standstill
from safetyplant.access.exceptions import WrongState
from safetyplant.access.transitions import locked, require, require_state

if TYPE_CHECKING:
    from responsibilities.models import Person


@transaction.atomic
def ask_extension(
    action: CorrectiveAction, *, by: "Person", due_at: datetime, reason: str, now: datetime | None = None
) -> ExtensionRequest:
    """Ask for a later date. The old date and its reminders stand until someone above decides.

    ValidationError when the date is no later than the present one, or past; WrongState when nobody is left to decide.
    """
    moment = now or timezone.now()
    action = begin_step(action, permissions.can_ask_extension, by, None, *FIXABLE)
    if action.extensions.filter(status=ExtensionStatus.ASKED).exists():
        raise WrongState(_("An extension has been asked for already and waits for a decision."))
    require_later(action.deadline, due_at, now=moment)
    approver = choose_approver(
        ChainReader(timezone.localdate(moment)),
        action.unit,
        action.owner,
        action.field,
        is_far=timezone.localdate(due_at) > last_day_for(action.deadline),
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
    )
    tell_people("extension.asked", action, [approver], by=by, now=moment, reason=reason, asks=deadline)
    finish_step(action, "extension.asked", by=by, now=moment, detail={"due": due_at.isoformat(), "quote": reason})
    return request


@transaction.atomic
def decide_extension(
    request: ExtensionRequest, *, by: "Person", grant: bool, note: str = "", now: datetime | None = None
) -> ExtensionRequest:
    """Grant: the deadline moves and is a new version. Refuse: it stays.

    Never by the one who asked, nor by anyone who leads the unit's fixes.
    """
    moment = now or timezone.now()
    action = locked(CorrectiveAction.objects.select_related("unit", "owner", "deadline__level"), request.action_id)
    request = locked(ExtensionRequest.objects.select_related("deadline", "asked_by"), request.pk)
    request.action = action
    require(permissions.can_decide_extension(by, request), _("This extension is for someone above to decide."))
    require_state(request, ExtensionStatus.ASKED)
    if grant:
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


def move_fix(
    action: CorrectiveAction, event: str, *, by: "Person", due_at: datetime, detail: dict[str, Any], now: datetime
) -> CorrectiveAction:
    """The one way to another date for a locked fix, whoever gave it: a new version and revision; the event says which dates.

    Telling people is the caller's, who knows what was asked.
    """
    changes = {"due_at": [action.deadline.due_at.isoformat(), due_at.isoformat()]}
    action.deadline = move_deadline(action.deadline, due_at=due_at, now=now)
    return finish_step(action, event, by=by, now=now, changes=changes, detail=detail)
