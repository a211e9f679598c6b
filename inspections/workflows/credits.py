"""Points taken off for a report that others verified (catalogue.json `points_rule.self_report`).

hazard closed by the check of its fix ──credit_report──▶ a credit in the reporter's account, once a hazard
"""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from inspections.choices import EntryKind
from inspections.models import PenaltyRule, PointsEntry
from inspections.services.hazards import subject_of
from responsibilities.models import Level, Person
from responsibilities.permissions import is_fixer
from safetyplant.access.transitions import locked
from safetyplant.audit.services import record
from safetyplant.notifications.services import notify

if TYPE_CHECKING:
    from inspections.models import Hazard
    from responsibilities.models import CorrectiveAction

ONCE = Decimal(1)


def credit_report(hazard: "Hazard", action: "CorrectiveAction", *, now: datetime) -> PointsEntry | None:
    """In the transaction that closes the hazard, which is locked. An account never falls below zero, and nothing is saved up."""
    today = timezone.localdate(now)
    rule = PenaltyRule.objects.in_force(today)
    if not earns_credit(hazard, action, rule) or PointsEntry.objects.filter(hazard=hazard).exists():
        return None
    # One account at a time, as when a penalty becomes final.
    person: Person = locked(Person.objects, hazard.reported_by_id)
    points = min(rule.credit_points, PointsEntry.objects.balance(person.pk, today.year))
    entry = PointsEntry.objects.create(
        person=person, year=today.year, kind=EntryKind.CREDIT, points=-points, hazard=hazard, rule=rule, factor=ONCE,
        created_at=now,
    )  # fmt: skip
    record("hazard.report_verified", hazard, by=None, at=now)
    if points:
        notify("points.credited", [person], params={"number": hazard.number}, link=subject_of(hazard).link, now=now)
    return entry


def earns_credit(hazard: "Hazard", action: "CorrectiveAction", rule: PenaltyRule) -> bool:
    """Grave enough by the rule, reported by someone of the plant and not on an inspection, fixed and checked by others."""
    if not rule.credit_points or hazard.inspection_id is not None or hazard.level is None:
        return False
    reporter = hazard.reported_by
    if not reporter.is_active or reporter.pk == action.verified_by_id or is_fixer(reporter, action):
        return False
    least = Level.objects.filter(code=rule.credit_level).first()
    return least is not None and hazard.level.rank >= least.rank
