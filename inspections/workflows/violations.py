"""Locking a violation with what is locked before it; one recorded by mistake is cancelled with a reason."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.choices import ViolationStatus
from inspections.models import Penalty, Violation
from inspections.permissions import can_cancel_violation
from responsibilities.choices import DeadlineStatus
from responsibilities.workflows import cancel_deadline, meet_deadline
from responsibilities.workflows.deadlines import lock_deadlines
from safetyplant.access.exceptions import StaleVersion
from safetyplant.access.transitions import locked, require, require_state
from safetyplant.audit.services import record

if TYPE_CHECKING:
    from responsibilities.models import Deadline, Person

RUNNING = (DeadlineStatus.OPEN, DeadlineStatus.PAUSED)
RELATED = ("unit__parent", "person__unit", "violation_type", "level", "notice_deadline", "recorded_by")


def lock_violation(violation: Violation, *, revision: int | None = None) -> Violation:
    """The violation, locked after its deadlines, as the order of `responsibilities.workflows.deadlines` asks for.

    `revision` is what its reader saw: StaleVersion when it has changed since.
    """
    penalty = Penalty.objects.filter(pk=violation.pk).values_list("receipt_deadline_id", "appeal_deadline_id").first()
    lock_deadlines([violation.notice_deadline_id, *(penalty or ())])
    violation = locked(Violation.objects.select_related(*RELATED).defer("search"), violation.pk)
    if revision is not None and revision != violation.revision:
        raise StaleVersion(_("Someone else changed this violation in the meantime. Read the new state, then send again."))
    return violation


def lock_penalty(violation: Violation) -> Penalty:
    """The penalty of a violation that is locked already."""
    related = ("addressee", "person__unit", "rule", "receipt_deadline", "appeal_deadline", "noticed_by")
    penalty = locked(Penalty.objects.select_related(*related), violation.pk)
    penalty.violation = violation
    return penalty


def save_step(violation: Violation, status: str | None = None) -> None:
    """Another state, or the same with something new to read; either way a new revision."""
    violation.status = status or violation.status
    violation.revision += 1
    violation.save(update_fields=["status", "revision", "proposed_points", "cancelled_at", "cancelled_by", "cancel_reason"])


def end_deadline(deadline: "Deadline | None", *, now: datetime, is_met: bool = True) -> "Deadline | None":
    """Met or cancelled, unless it has ended already; as it is now."""
    if deadline is None or deadline.status not in RUNNING:
        return deadline
    return (meet_deadline if is_met else cancel_deadline)(deadline, now=now)


@transaction.atomic
def cancel_violation(violation: Violation, *, by: "Person", reason: str, now: datetime | None = None) -> Violation:
    moment = now or timezone.now()
    violation = lock_violation(violation)
    require(can_cancel_violation(by, violation), _("This is for someone else to do."))
    require_state(violation, ViolationStatus.RECORDED)
    end_deadline(violation.notice_deadline, now=moment, is_met=False)
    violation.cancelled_at, violation.cancelled_by, violation.cancel_reason = moment, by, reason
    save_step(violation, ViolationStatus.CANCELLED)
    record("violation.cancelled", violation, by=by, detail={"quote": reason}, at=moment)
    return violation
