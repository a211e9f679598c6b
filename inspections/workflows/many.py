"""One change for many hazards: each by the same function as the single one, in a transaction of its own.

A trial does the very same and takes it back: what the preview says of a row is what the confirmation would do at that moment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.models import Hazard
from inspections.permissions import can_change_many
from responsibilities.services.deadlines import same_hour
from responsibilities.workflows import change_date, reassign_fix
from safetyplant.access.exceptions import Refusal, WrongState
from safetyplant.access.transitions import require
from safetyplant.shell.moments import day_text

if TYPE_CHECKING:
    from responsibilities.models import CorrectiveAction, Person

#: More at once would be a request that nobody waits for, and a list that nobody reads before confirming it.
MOST_AT_ONCE = 100


class Change(Protocol):
    def apply(self, action: "CorrectiveAction", *, by: "Person", revision: int | None, now: datetime) -> str:
        """Do it to one fix by its workflow, and say what became of it."""


@dataclass(frozen=True)
class Reassign:
    owner: "Person"
    reason: str

    def apply(self, action: "CorrectiveAction", *, by: "Person", revision: int | None, now: datetime) -> str:
        action = reassign_fix(action, by=by, owner=self.owner, reason=self.reason, revision=revision, now=now)
        return _("%(name)s fixes it. %(checker)s checks it.") % {"name": action.owner.name, "checker": action.verifier.name}


@dataclass(frozen=True)
class NewDate:
    """The day; the hour is that of each date now."""

    day: date
    reason: str

    def apply(self, action: "CorrectiveAction", *, by: "Person", revision: int | None, now: datetime) -> str:
        old = action.deadline.due_at
        due_at = same_hour(self.day, action.deadline)
        action = change_date(action, by=by, due_at=due_at, reason=self.reason, revision=revision, now=now)
        return _("Due %(new)s instead of %(old)s.") % {"new": day_text(action.deadline.due_at), "old": day_text(old)}


@dataclass(frozen=True)
class Outcome:
    """What became of one hazard, or why nothing did. `revision` is that of the fix as it was read before."""

    hazard: Hazard
    is_done: bool
    words: str
    revision: int | None = None


def change_many(
    hazards: Iterable[Hazard],
    change: Change,
    *,
    by: "Person",
    revisions: dict[int, int] | None = None,
    is_trial: bool = False,
    now: datetime | None = None,
) -> list[Outcome]:
    """Change each, one after the other; one that is refused stops none of the others.

    `revisions` (by hazard) are those of the fixes the reader saw: what somebody changed since is refused. The caller has read
    the hazards through `visible_to`, with action, its unit and its deadline, and no more than `MOST_AT_ONCE`.
    """
    require(can_change_many(by))
    moment, seen = now or timezone.now(), revisions or {}
    return [_change_one(hazard, change, by=by, revision=seen.get(hazard.pk), is_trial=is_trial, now=moment) for hazard in hazards]


def _change_one(hazard: Hazard, change: Change, *, by: "Person", revision: int | None, is_trial: bool, now: datetime) -> Outcome:
    try:
        with transaction.atomic():
            if hazard.action is None:
                raise WrongState(_("Assess the hazard first."))
            words = change.apply(hazard.action, by=by, revision=revision, now=now)
            if is_trial:
                transaction.set_rollback(True)
    except Refusal as refusal:
        return Outcome(hazard, is_done=False, words=str(refusal.message))
    except ValidationError as fault:
        return Outcome(hazard, is_done=False, words=" ".join(fault.messages))
    return Outcome(hazard, is_done=True, words=words, revision=hazard.action.revision)
