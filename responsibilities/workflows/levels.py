"""A corrective action follows its record to another level: date and verifier are those of the new level."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from responsibilities.chain import ChainReader
from responsibilities.choices import ActionStatus
from responsibilities.models import CorrectiveAction
from responsibilities.services.deadlines import level_term
from responsibilities.services.owners import choose_verifier
from responsibilities.subjects import tell_subject
from responsibilities.workflows.deadlines import hand_deadline, move_deadline, standstill
from safetyplant.access.transitions import locked
from safetyplant.audit.services import record

if TYPE_CHECKING:
    from responsibilities.models import Level, Person

#: A raised level can put the date into the past; the owner then has this long from now.
AT_LEAST = timedelta(days=1)


@transaction.atomic
def change_action_level(action: CorrectiveAction, *, level: "Level", by: "Person", now: datetime) -> CorrectiveAction:
    """Called by the record's room, which has checked who may do it. The owner stays; they are told by the new date's steps.

    The level's date becomes the first date, by which the fix counts as on time. What was granted on top of the old one, and
    how long the clock stood for a check, is kept: another level takes neither away.
    """
    related = ("unit", "owner", "verifier", "level", "deadline", "check_deadline", "submitted_by")
    action = locked(CorrectiveAction.objects.select_related(*related), action.pk)
    today = timezone.localdate(now)
    old, term = action.deadline, timedelta(days=level_term(level, today).days)
    granted = max(old.due_at - old.first_due_at, timedelta(0))
    first_due_at = max(action.created_at + term + old.stood_still + standstill(old, now), now + AT_LEAST)
    due_at = first_due_at + granted
    changes = {
        "first_due_at": [old.first_due_at.isoformat(), first_due_at.isoformat()],
        "due_at": [old.due_at.isoformat(), due_at.isoformat()],
    }
    action.level = level
    action.deadline.level = level
    action.deadline.is_urgent = level.is_urgent
    action.deadline.save(update_fields=["level", "is_urgent"])
    action.deadline = move_deadline(action.deadline, due_at=due_at, first_due_at=first_due_at, now=now)
    reader = ChainReader(today)
    action.verifier = choose_verifier(reader, action.unit, level, action.owner, action.field, nor=action.fixer_ids)
    if action.status == ActionStatus.SUBMITTED and action.check_deadline is not None:
        action.check_deadline = hand_deadline(action.check_deadline, owner=action.verifier, now=now)
    action.revision += 1
    action.save()
    personal = {"verifier": action.verifier.name}
    detail = {"due": due_at.isoformat()}
    record("action.level_changed", action, by=by, changes=changes, detail=detail, personal=personal, at=now)
    tell_subject(action, by=by, now=now)
    return action
