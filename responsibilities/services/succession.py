"""What came to someone by an appointment goes on when the appointment is over, to whoever answers now."""

import logging
from datetime import date, datetime, time, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone

from responsibilities.models import Appointment, Person
from responsibilities.permissions import post_of
from responsibilities.roles import ANSWERING
from responsibilities.services.handover import hand_over_work

logger = logging.getLogger(__name__)

#: Appointments taken up by one sweep: a plant has a few a day, an import of earlier years brings thousands at once.
AT_ONCE = 200


def hand_over_ended(*, now: datetime) -> int:
    """Hand over for every appointment whose last day has passed. Returns how many deadlines changed hands.

    The sweep asks this each minute: one look into a partial index when nothing ended. Each appointment is one transaction,
    so that one that cannot be handed over stops none of the others.
    """
    today = timezone.localdate(now)
    handed = 0
    for pk in list(Appointment.objects.to_hand_over(today).order_by("ends_on", "pk").values_list("pk", flat=True)[:AT_ONCE]):
        try:
            with transaction.atomic():
                handed += _hand_over_one(pk, today, now)
        except (DatabaseError, ValueError, LookupError, TypeError, AttributeError):
            logger.exception("sweep: what came by appointment %s could not be handed over", pk)
    return handed


def _hand_over_one(pk: int, today: date, now: datetime) -> int:
    """None when another sweep has it in hand."""
    rows = Appointment.objects.to_hand_over(today).select_for_update(of=("self",), skip_locked=True)
    ended = rows.select_related("person__unit", "unit", "deputy_of__unit").filter(pk=pk).first()
    if ended is None or ended.ends_on is None:
        return 0
    return hand_over_post(ended, by=None, now=now, until=_midnight(ended.ends_on + timedelta(days=1)))


def hand_over_post(ended: Appointment, *, by: Person | None, now: datetime, until: datetime) -> int:
    """Checks, decisions, answers … that the person may no longer give, and the fixes that came to them by this role.

    A fix counts as come by it when it reached them in its days and lies within its unit. What they were given after `until`,
    or had before, is theirs as anyone's: a worker who stood in for the head for a week keeps their own task.
    """
    role, unit = post_of(ended)
    by_role = Q(
        unit__path__startswith=unit.path,
        deadline__version_began_at__gte=_midnight(ended.starts_on),
        deadline__starts_at__lt=until,
    )
    handed = hand_over_work(ended.person, by=by, now=now, fixes=by_role if role.code in ANSWERING else Q(pk=None))
    ended.handed_over_at = now
    ended.save(update_fields=["handed_over_at"])
    return handed


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
