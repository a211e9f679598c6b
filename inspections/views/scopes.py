"""How lists find the few rows of a small scope fast. Each describes the same rows as the `visible_to` beside it."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from inspections.filters import is_id, unit_ids_below
from inspections.forms.fields import units_for
from inspections.models import Hazard
from responsibilities.roles import Right
from safetyplant.reporting.lists import Scope


def hazard_scope(request: HttpRequest) -> Scope | None:
    return _scope(request, Right.VIEW_RECORDS, Hazard.objects.own_conditions(request.user))


def inspection_scope(request: HttpRequest) -> Scope | None:
    return _scope(request, Right.VIEW_RECORDS, (Q(created_by=request.user),))


def violation_scope(request: HttpRequest) -> Scope | None:
    return _scope(request, Right.VIEW_PERSONAL, (Q(recorded_by=request.user), Q(person=request.user)))


def _scope(request: HttpRequest, right: Right, own: tuple[Q, ...]) -> Scope | None:
    """The units one reader sees; with a unit chosen the units below it, whoever reads; None for the whole tree."""
    user: Any = request.user
    chosen = request.GET.get("unit", "")
    unit = units_for(user).filter(pk=chosen).first() if is_id(chosen) else None
    if unit is not None:
        return Scope(unit_ids=unit_ids_below(unit))
    if user.standing.everywhere(right):
        return None
    return Scope(unit_ids=user.standing.unit_ids(right), also=own)
