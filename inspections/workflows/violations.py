"""A violation recorded by mistake is cancelled with a reason; the process of consequences comes on top of this record."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.choices import ViolationStatus
from inspections.models import Violation
from inspections.permissions import can_cancel_violation
from safetyplant.access.transitions import locked, require, require_state
from safetyplant.audit.services import record

if TYPE_CHECKING:
    from responsibilities.models import Person


@transaction.atomic
def cancel_violation(violation: Violation, *, by: "Person", reason: str, now: datetime | None = None) -> Violation:
    moment = now or timezone.now()
    violation = locked(Violation.objects.select_related("unit"), violation.pk)
    require(can_cancel_violation(by, violation), _("This is for someone else to do."))
    require_state(violation, ViolationStatus.RECORDED)
    violation.status = ViolationStatus.CANCELLED
    violation.cancelled_at, violation.cancelled_by, violation.cancel_reason = moment, by, reason
    violation.save()
    record("violation.cancelled", violation, by=by, detail={"quote": reason}, at=moment)
    return violation
