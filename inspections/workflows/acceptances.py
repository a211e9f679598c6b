"""A hazard accepted for a time: standing → ended. The clock of its fix stands still meanwhile.

| from | to | who |
|---|---|---|
| assigned, in progress, waiting, returned | the same, accepted (`accept_hazard`) | by level; never the owning unit |
| accepted | ended (`end_acceptance`), with a reason, at once | whoever assesses, or has the fix |
| accepted, its date has come | ended (`lapse_acceptances`, in each sweep) | nobody |
| accepted, fix handed in, hazard cancelled or of another level | ended (`end_with_fix`) | whoever did that |

Meanwhile `hold_deadline` holds the fix's own deadline, and `resume_deadline` lets it go on: the time it stood is added to both
dates as after a check, a new version begins, and its steps are told afresh. Late before, it is as late afterwards, and the
answers are owed again.
"""

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.choices import AcceptanceEnd, HazardStatus
from inspections.models import Acceptance, Hazard
from inspections.permissions import can_accept_hazard, can_end_acceptance
from inspections.services.acceptances import last_day_to_accept, standing_acceptance
from inspections.services.hazards import params_of, reporters_of, subject_of
from inspections.workflows.locks import lock_hazard
from responsibilities.choices import ActionStatus, DeadlineKind, DeadlineStatus
from responsibilities.services.deadlines import open_deadline
from responsibilities.workflows import hold_deadline, meet_deadline, resume_deadline
from safetyplant.access.exceptions import Refusal, StaleVersion, WrongState
from safetyplant.access.transitions import require, require_state
from safetyplant.audit.services import record
from safetyplant.notifications.services import notify
from safetyplant.shell.moments import day_text

if TYPE_CHECKING:
    from responsibilities.models import CorrectiveAction, Person

logger = logging.getLogger(__name__)

RELATED = (
    *("unit", "place", "level", "reported_by", "lead_unit"),
    *("action__owner", "action__verifier", "action__unit", "action__deadline"),
)
ACCEPTABLE = (HazardStatus.ASSIGNED, HazardStatus.IN_PROGRESS, HazardStatus.WAITING, HazardStatus.RETURNED)
#: Ended by one sweep; the next one goes on.
AT_ONCE = 200


@transaction.atomic
def accept_hazard(
    hazard: Hazard,
    *,
    by: "Person",
    reason: str,
    interim_control: str,
    until: datetime,
    revision: int | None = None,
    now: datetime | None = None,
) -> Acceptance:
    """Let it rest until a day. ValidationError without reason or control, or past the days of the level; WrongState while work
    is stopped there or nobody has decided whether it is major."""
    moment = now or timezone.now()
    hazard = _begin(hazard, by, revision)
    require(can_accept_hazard(by, hazard), _("This is for someone else to do."))
    require_state(hazard, *ACCEPTABLE)
    _require_acceptable(hazard)
    _check(hazard, reason, interim_control, until, by=by, now=moment)
    assert hazard.action is not None  # in these states
    assert hazard.level is not None
    acceptance = Acceptance(
        hazard=hazard, level=hazard.level, reason=reason, interim_control=interim_control, accepted_at=moment,
        accepted_by=by, ends_at=until,
    )  # fmt: skip
    acceptance.deadline = open_deadline(
        DeadlineKind.ACCEPTANCE,
        subject_of(hazard),
        owner=by,
        unit=hazard.unit,
        level=hazard.level,
        starts_at=moment,
        due_at=until,
    )
    acceptance.save()
    hold_deadline(hazard.action.deadline, now=moment)
    changes = {"interim_control": [hazard.interim_control, interim_control]}
    hazard.interim_control = interim_control
    hazard.accepted_until, hazard.holder, hazard.due_at = until, by, until
    hazard.revision += 1
    hazard.save()
    detail = {"until": timezone.localdate(until).isoformat(), "quote": reason}
    record("hazard.accepted", hazard, by=by, changes=changes, detail=detail, at=moment)
    _tell("hazard.accepted", acceptance, hazard.action, by=by, now=moment)
    return acceptance


@transaction.atomic
def end_acceptance(
    hazard: Hazard, *, by: "Person", reason: str, revision: int | None = None, now: datetime | None = None
) -> Hazard:
    """Withdrawn at once: the clock of the fix goes on from this moment."""
    moment = now or timezone.now()
    hazard = _begin(hazard, by, revision)
    acceptance = standing_acceptance(hazard)
    if acceptance is None:
        raise WrongState(_("This hazard is not accepted at the moment."))
    require(can_end_acceptance(by, hazard), _("This is for someone else to do."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it ends")})
    _end(acceptance, hazard, AcceptanceEnd.WITHDRAWN, by=by, reason=reason, now=moment)
    _go_on(hazard, now=moment)
    record("hazard.acceptance_withdrawn", hazard, by=by, detail={"quote": reason}, at=moment)
    return hazard


def lapse_acceptances(now: datetime) -> int:
    """End those whose date has come; part of each sweep. Idempotent; returns how many ended.

    Each in a transaction of its own: one that cannot end stops neither the others nor the sweep.
    """
    ended = 0
    for pk in list(Acceptance.objects.over(now).order_by("ends_at", "pk").values_list("pk", flat=True)[:AT_ONCE]):
        try:
            ended += _lapse(pk, now)
        except (DatabaseError, Refusal, ValueError, LookupError, TypeError, AttributeError):
            logger.exception("sweep: acceptance %s could not be ended", pk)
    return ended


def end_with_fix(hazard: Hazard, action: "CorrectiveAction", *, by: "Person", now: datetime) -> None:
    """In the transaction in which the fix changed; hazard and deadlines are locked, the hazard is saved by the caller.

    Handed in or over, its own clock is no longer ours to start; of another level it goes on.
    """
    acceptance = standing_acceptance(hazard) if hazard.accepted_until is not None else None
    if acceptance is None:
        return
    if action.status == ActionStatus.CANCELLED:
        kind = AcceptanceEnd.OVER
    elif action.status in (ActionStatus.SUBMITTED, ActionStatus.VERIFIED):
        kind = AcceptanceEnd.FIXED
    elif acceptance.level_id != action.level_id:
        kind = AcceptanceEnd.RELEVELLED
        action.deadline = resume_deadline(action.deadline, now=now)
    else:
        return
    _end(acceptance, hazard, kind, by=by, now=now)
    record("hazard.acceptance_ended", hazard, by=by, detail={"how": str(kind)}, at=now)


@transaction.atomic
def _lapse(pk: int, now: datetime) -> int:
    found = Acceptance.objects.over(now).filter(pk=pk).select_related("hazard").first()
    if found is None:
        return 0
    hazard = lock_hazard(found.hazard, *RELATED)
    acceptance = standing_acceptance(hazard)
    if acceptance is None or acceptance.ends_at > now:
        return 0
    _end(acceptance, hazard, AcceptanceEnd.LAPSED, by=None, now=acceptance.ends_at)
    # From its date on, whenever the sweep comes: a late sweep is no gift of days.
    _go_on(hazard, now=acceptance.ends_at)
    record("hazard.acceptance_lapsed", hazard, by=None, at=acceptance.ends_at)
    return 1


def _begin(hazard: Hazard, by: "Person", revision: int | None) -> Hazard:
    hazard = lock_hazard(hazard, *RELATED)
    if revision is not None and revision != hazard.revision:
        raise StaleVersion(_("Someone else changed this hazard in the meantime. Read the new state, then send again."))
    return hazard


def _require_acceptable(hazard: Hazard) -> None:
    if hazard.accepted_until is not None:
        raise WrongState(_("It is accepted already."))
    if hazard.is_stopped:
        raise WrongState(_("Work is still stopped here. Release it first."))
    if hazard.possibly_major:
        raise WrongState(_("Decide first whether it is major."))


def _check(hazard: Hazard, reason: str, interim_control: str, until: datetime, *, by: "Person", now: datetime) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it may stay for a time")})
    if not interim_control.strip():
        raise ValidationError({"interim_control": _("Say what keeps people safe meanwhile")})
    if until <= now:
        raise ValidationError({"until_on": _("This day has passed. Choose today or later.")})
    last_day = last_day_to_accept(hazard, by=by, now=now)
    if last_day is None:
        raise ValidationError({"until_on": _("A hazard of this level is not accepted any longer.")})
    if timezone.localdate(until) > last_day:
        raise ValidationError({"until_on": _("At most until %(day)s for this level.") % {"day": day_text(last_day)}})


def _end(acceptance: Acceptance, hazard: Hazard, kind: str, *, by: "Person | None", now: datetime, reason: str = "") -> None:
    """Does not save the hazard."""
    acceptance.end_kind, acceptance.end_reason, acceptance.ended_at, acceptance.ended_by = kind, reason, now, by
    acceptance.save()
    if acceptance.deadline.status in (DeadlineStatus.OPEN, DeadlineStatus.PAUSED):
        meet_deadline(acceptance.deadline, now=now)
    hazard.accepted_until = None
    if hazard.action is not None and kind not in (AcceptanceEnd.FIXED, AcceptanceEnd.OVER):
        _tell("hazard.acceptance_over", acceptance, hazard.action, by=by, now=now)


def _go_on(hazard: Hazard, *, now: datetime) -> None:
    action = hazard.action
    assert action is not None  # nothing without a fix was accepted
    action.deadline = resume_deadline(action.deadline, now=now)
    # Nested: what follows the fix ends acceptances too, and so imports this module.
    from inspections.workflows.following import mirror_action  # noqa: PLC0415

    mirror_action(hazard, action)
    hazard.revision += 1
    hazard.save()


def _tell(code: str, acceptance: Acceptance, action: "CorrectiveAction", *, by: "Person | None", now: datetime) -> None:
    """Whoever fixes and checks it, accepted, reported or saw it. Without the reason: that may name people."""
    hazard = acceptance.hazard
    named = (action.owner, action.verifier, acceptance.accepted_by, *reporters_of(hazard))
    people = {person.pk: person for person in named if person.is_active}
    if by is not None:
        people.pop(by.pk, None)
    until = {"at": acceptance.ends_at.isoformat()}
    params = {**params_of(hazard, by or acceptance.accepted_by), "until": until}
    notify(code, list(people.values()), params=params, link=subject_of(hazard).link, now=now)
