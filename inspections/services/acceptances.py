"""How long a hazard may be accepted for a time."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Sum
from django.utils import timezone

from inspections.models import Acceptance, Hazard
from responsibilities.permissions import can_extend_far
from responsibilities.services.deadlines import level_term

if TYPE_CHECKING:
    from responsibilities.models import Person


def standing_acceptance(hazard: Hazard) -> Acceptance | None:
    found = Acceptance.objects.standing().select_related("accepted_by", "deadline", "level").filter(hazard=hazard)
    acceptance: Acceptance | None = found.first()
    return acceptance


def acceptance_deadline(hazard_id: int) -> int | None:
    """What is owed about a standing acceptance, as the id of its deadline."""
    return Acceptance.objects.standing().filter(hazard=hazard_id).values_list("deadline_id", flat=True).first()


def last_day_to_accept(hazard: Hazard, *, by: "Person", now: datetime) -> date | None:
    """The last day until which this person may accept it; None when its level is never accepted, or was for long enough.

    The days of the level (`LevelTerm.accept_days`) hold for all acceptances of a hazard together, so that nobody renews one
    without end; whoever may give far dates gives them anew.
    """
    if hazard.level is None or hazard.action is None:
        return None
    today = timezone.localdate(now)
    days = level_term(hazard.level, today).accept_days
    if days and not can_extend_far(by, hazard.action.unit):
        days -= _days_used(hazard)
    return today + timedelta(days=days) if days > 0 else None


def _days_used(hazard: Hazard) -> int:
    """Begun days count: a short acceptance each evening is one all the same."""
    ended = Acceptance.objects.filter(hazard=hazard, ended_at__isnull=False)
    used = ended.aggregate(sum=Sum(F("ended_at") - F("accepted_at")))["sum"]
    return -(-used // timedelta(days=1)) if used else 0
