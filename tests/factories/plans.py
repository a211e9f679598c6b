"""Plans and their visits for tests, made through the services as in real life."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from inspections.models import InspectionPlan, PlannedVisit
from inspections.services import PlanData, create_plan
from responsibilities.models import Person, Place, Unit

#: A Monday morning at the plant, with working days before and after.
MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=timezone.get_default_timezone())


def plan(
    unit: Unit,
    inspectors: Sequence[Person],
    by: Person,
    *,
    targets: Sequence[tuple[Unit, Place | None]] | None = None,
    now: datetime = MONDAY,
    **kwargs: Any,
) -> InspectionPlan:
    kwargs.setdefault("rule", "FREQ=DAILY" if "rhythm" not in kwargs else "")
    kwargs.setdefault("due_time", time(18))
    kwargs.setdefault("starts_on", timezone.localdate(now))
    data = PlanData(title="Round", unit=unit, targets=targets or [(unit, None)], inspectors=inspectors, **kwargs)
    return create_plan(data, by=by, now=now)


def first_visit(of: InspectionPlan) -> PlannedVisit:
    return PlannedVisit.objects.filter(plan=of).earliest("due_at", "pk")


def days(number: float) -> timedelta:
    return timedelta(days=number)
