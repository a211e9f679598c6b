"""Which inspections, hazards and violations exist for whom, and the questions asked of them."""

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Q

from inspections.choices import OPEN_HAZARD, OPEN_VISIT
from responsibilities.models import CorrectiveAction
from responsibilities.querysets import visible_by_unit
from responsibilities.roles import Right

if TYPE_CHECKING:
    from inspections.models import Hazard
    from responsibilities.models import Person

#: The same danger at the same place within a quarter counts as repeated.
REPEAT_DAYS = timedelta(days=90)


class OneOf(models.Func):
    """`action_id = ANY(ARRAY(…))`: read once beforehand, so that even among other conditions the column's index serves."""

    arg_joiner, template = " = ANY(", "%(expressions)s)"
    output_field = models.BooleanField()


class PublicReportQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """SECURITY: how to reach someone who wanted no account: for those who assess the hazard alone."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(hazard__unit__in=user.standing.unit_ids(Right.ASSESS_HAZARD))


class InspectionQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """Those of the units whose records one may see, and one's own; a draft exists for its writer alone."""
        if not user.is_authenticated:
            return self.none()
        return visible_by_unit(self, user, Q(created_by=user)).exclude(~Q(created_by=user), status="draft")

    def submitted(self) -> Self:
        return self.exclude(status="draft")


class HazardQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """Those of the units whose records one may see or that fix them, those one reported, and those one has to deal with."""
        if not user.is_authenticated:
            return self.none()
        # Asked first: whoever sees everything needs no conditions, and what they would cost to make.
        own = Q() if user.standing.everywhere(Right.VIEW_RECORDS) else reduce(or_, self.own_conditions(user))
        return visible_by_unit(self, user, own)

    def own_conditions(self, user: "Person") -> tuple[Q, ...]:
        """One's own rows, and those of other units which one's units lead or help to fix; each with an index of its own."""
        # Ids rather than a subquery: with them each condition finds its index.
        units = user.standing.unit_ids(Right.VIEW_RECORDS)
        helped = CorrectiveAction.assisting_units.through.objects.filter(unit_id__in=units).values("correctiveaction_id")
        helping = Q(OneOf("action_id", ArraySubquery(helped)))
        return Q(reported_by=user), Q(holder=user), Q(fixer=user), Q(lead_unit__in=units), helping

    def open(self) -> Self:
        return self.filter(status__in=OPEN_HAZARD)

    def late(self, now: datetime) -> Self:
        """Open past what is owed now; a fix that waits for its check is late only when the check is."""
        return self.open().filter(due_at__lt=now)

    def repeated_by(self, hazard: "Hazard") -> Self:
        """Earlier hazards of the same category at the same place within `REPEAT_DAYS`, the latest first."""
        if hazard.place_id is None or hazard.category_id is None:
            return self.none()
        since = hazard.found_at - REPEAT_DAYS
        same = self.filter(place=hazard.place_id, category=hazard.category_id, found_at__gte=since, found_at__lte=hazard.found_at)
        return same.exclude(pk=hazard.pk).exclude(status="cancelled").order_by("-found_at")


class ViolationQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """SECURITY: personal data. Those who may see persons of the unit, the recorder, and the person concerned."""
        if not user.is_authenticated:
            return self.none()
        return visible_by_unit(self, user, Q(recorded_by=user) | Q(person=user), right=Right.VIEW_PERSONAL)


class InspectionPlanQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """Those of the units whose records one may see, those that visit such a unit, and those one inspects by."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.standing.everywhere(Right.VIEW_RECORDS):
            return self
        units = user.standing.unit_ids(Right.VIEW_RECORDS)
        # Subqueries rather than joins: a plan with many targets stays one row.
        targets = self.model._meta.get_field("targets").related_model.objects.filter(unit__in=units).values("plan_id")
        mine = (
            self.model._meta.get_field("inspectors")
            .remote_field.through.objects.filter(person_id=user.pk)
            .values("inspectionplan_id")
        )
        return self.filter(Q(unit__in=units) | Q(pk__in=targets) | Q(pk__in=mine))

    def in_force(self) -> Self:
        return self.filter(ended_at__isnull=True)


class PlannedVisitQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """Those of the units whose records one may see, and those one owes or may make."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.standing.everywhere(Right.VIEW_RECORDS):
            return self
        return visible_by_unit(self, user, Q(owner=user) | self.shared_with(user))

    def of_person(self, user: "Person") -> Self:
        """What this person owes, and the any-one visits of plans they inspect by."""
        return self.filter(Q(owner=user) | self.shared_with(user))

    def shared_with(self, user: "Person") -> Q:
        """Any-one visits of the plans they inspect by."""
        plans = self.model._meta.get_field("plan").related_model.inspectors.through.objects.filter(person_id=user.pk)
        return Q(person__isnull=True, plan__in=plans.values("inspectionplan_id"))

    def open(self) -> Self:
        return self.filter(status__in=OPEN_VISIT)

    def living(self) -> Self:
        """All but what was taken back."""
        return self.exclude(status="cancelled")
