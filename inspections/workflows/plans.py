"""A plan's life, in force → changed → ended; and what time does to its visits: made ahead, opened, missed, let go."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.models import InspectionPlan
from inspections.permissions import can_change_plan, can_plan_visits_of
from inspections.services.plans import PlanData, make_visits, make_visits_of, open_visits, require_possible, write_lists
from inspections.workflows.visits import cancel_coming_visits, let_lapse, note_missed
from responsibilities.models import Person
from safetyplant.access.exceptions import StaleVersion
from safetyplant.access.transitions import locked, require
from safetyplant.audit.services import record


@transaction.atomic
def change_plan(
    plan: InspectionPlan, data: PlanData, *, by: Person, revision: int, now: datetime | None = None
) -> InspectionPlan:
    """What was made stays as it was; visits of days to come that nobody has begun are made anew."""
    moment = now or timezone.now()
    plan = _locked_plan(plan, by=by, revision=revision)
    require(can_plan_visits_of(by, data.unit), _("You may not plan inspections of this unit."))
    require_possible(data, by, moment)
    cancel_coming_visits(plan, now=moment)
    for name, value in data.columns.items():
        setattr(plan, name, value)
    plan.revision += 1
    plan.made_until = timezone.localdate(moment) - timedelta(days=1)
    plan.save()
    plan.targets.all().delete()
    write_lists(plan, data)
    record("plan.changed", plan, by=by, detail={"title": plan.title}, at=moment)
    make_visits_of(plan, now=moment)
    return plan


@transaction.atomic
def end_plan(plan: InspectionPlan, *, by: Person, revision: int | None = None, now: datetime | None = None) -> InspectionPlan:
    """No more visits by it; those to come are taken back, those of the past stay as they are."""
    moment = now or timezone.now()
    plan = _locked_plan(plan, by=by, revision=revision)
    cancel_coming_visits(plan, now=moment)
    plan.ended_at, plan.ended_by = moment, by
    plan.revision += 1
    plan.save()
    record("plan.ended", plan, by=by, detail={"title": plan.title}, at=moment)
    return plan


def _locked_plan(plan: InspectionPlan, *, by: Person, revision: int | None) -> InspectionPlan:
    plan = locked(InspectionPlan.objects.select_related("unit"), plan.pk)
    require(can_change_plan(by, plan), _("You may not plan inspections of this unit."))
    if revision is not None and revision != plan.revision:
        raise StaleVersion(_("Someone changed this plan meanwhile. Look at what they wrote, then save again."))
    return plan


def keep_plans(*, now: datetime | None = None) -> int:
    """Everything that is due now; run again, it changes nothing more. Returns how many visits were made, opened, missed or ended.

    The Celery beat task, the tests and the demo are this function.
    """
    moment = now or timezone.now()
    return make_visits(now=moment) + open_visits(now=moment) + note_missed(now=moment) + let_lapse(now=moment)
