"""Which inspections, hazards and violations exist for whom, and the questions asked of them."""

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Q

from inspections.choices import OPEN_HAZARD
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
