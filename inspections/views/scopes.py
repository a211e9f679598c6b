"""How lists find the few rows of a small scope fast. Each describes the same rows as the `visible_to` beside it."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from inspections.choices import OPEN_HAZARD
from inspections.filters import is_id, unit_ids_below
from inspections.forms.fields import units_for
from inspections.models import Hazard, Inspection, PlannedVisit, Violation
from responsibilities.roles import Right
from safetyplant.reporting.lists import Scope


def hazard_scope(request: HttpRequest) -> Scope | None:
    is_open = Q(status__in=OPEN_HAZARD)
    return _scope(request, Right.VIEW_RECORDS, Hazard.objects.own_conditions, Hazard.objects.all(), counted_in=is_open)


def inspection_scope(request: HttpRequest) -> Scope | None:
    # Others' drafts are seen by nobody: they must not use up the places of what is.
    rows = Inspection.objects.exclude(~Q(created_by=request.user), status="draft")
    return _scope(request, Right.VIEW_RECORDS, lambda user: (Q(created_by=user),), rows)


def visit_scope(request: HttpRequest) -> Scope | None:
    shared = PlannedVisit.objects.shared_with
    return _scope(request, Right.VIEW_RECORDS, lambda user: (Q(owner=user), shared(user)), PlannedVisit.objects.all())


def violation_scope(request: HttpRequest) -> Scope | None:
    return _scope(request, Right.VIEW_PERSONAL, Violation.objects.own_conditions, Violation.objects.all())


def _scope(
    request: HttpRequest, right: Right, own: Callable[[Any], tuple[Q, ...]], base: QuerySet, *, counted_in: Q | None = None
) -> Scope | None:
    """The units one reader sees; with a unit chosen the units below it, whoever reads; None for the whole tree.

    `base` serves where every row of these units is seen. In a chosen unit of which one sees but one's own rows, the rows of
    others would fill the page and then be taken out of it.
    """
    user: Any = request.user
    chosen = request.GET.get("unit", "")
    unit = units_for(user).filter(pk=chosen).first() if is_id(chosen) else None
    sees_all = user.standing.everywhere(right)
    if unit is not None:
        ids = unit_ids_below(unit, request)
        sees_these = sees_all or set(ids) <= user.standing.unit_ids(right)
        return Scope(unit_ids=ids, base=base if sees_these else None, is_chosen=True)
    if sees_all:
        return None
    return Scope(unit_ids=user.standing.unit_ids(right), also=own(user), base=base, counted_in=counted_in)
