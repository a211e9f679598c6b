"""Plans of inspections and their visits, for reading: they are written on the pages, where one sees what follows."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from inspections.choices import VisitStatus
from inspections.models import InspectionPlan, PlannedVisit
from responsibilities.querysets import scope_by_unit
from safetyplant.reporting.keyset import Sort
from safetyplant.rest.fields import Id, person_brief
from safetyplant.rest.pages import DEFAULT_LIMIT, PageOut, page_of

plans, visits = Router(tags=["inspection plans"]), Router(tags=["visits"])
BY_ID, BY_DUE = Sort("id", "id", ("id",)), Sort("due", "due", ("due_at",))


class Brief(Schema):
    id: int
    name: str


class TargetOut(Schema):
    unit: int
    place: int | None


class PlanOut(Schema):
    """One of: `rule`, an RFC 5545 rule of days; `shifts`, a letter a day (D, N, -) from `starts_on` on; `times` a month."""

    id: int
    title: str
    kind: str
    unit: int
    rhythm: str
    rule: str
    shifts: str
    times: int | None
    free_days: str
    days_before: int
    by_whom: str
    starts_on: date
    ends_on: date | None
    ended_at: datetime | None
    targets: list[TargetOut]
    inspectors: list[Brief]
    revision: int


class PlanPage(PageOut):
    results: list[PlanOut]


class PlannedVisitOut(Schema):
    """Owed by `owner` from `starts_at` until `due_at`; `plan` is null for a single one."""

    id: int
    plan: int | None
    kind: str
    unit: int
    place: int | None
    on: date
    starts_at: datetime
    due_at: datetime
    owner: Brief
    status: str
    done_at: datetime | None
    missed_at: datetime | None
    excuse: str
    revision: int


class PlannedVisitPage(PageOut):
    results: list[PlannedVisitOut]


@plans.get("/", response=PlanPage, summary="Inspection plans")
def list_plans(request: HttpRequest, cursor: str = "", limit: int = DEFAULT_LIMIT) -> dict[str, Any]:
    return page_of(request, _plans(request), BY_ID, _plan, cursor=cursor, limit=limit)


@plans.get("/{pk}/", response=PlanOut, summary="One inspection plan")
def get_plan(request: HttpRequest, pk: Id) -> dict[str, Any]:
    return _plan(get_object_or_404(_plans(request), pk=pk))


@visits.get("/", response=PlannedVisitPage, summary="Planned visits, the earliest due first")
def list_visits(
    request: HttpRequest, status: VisitStatus | None = None, cursor: str = "", limit: int = DEFAULT_LIMIT
) -> dict[str, Any]:
    chosen = {"status": status} if status is not None else {}
    shared = PlannedVisit.objects.shared_with(request.user)
    scope = scope_by_unit(PlannedVisit.objects.filter(**chosen), request.user, lambda: (Q(owner=request.user), shared))
    return page_of(request, _visits(request).filter(**chosen), BY_DUE, _visit, cursor=cursor, limit=limit, scope=scope)


@visits.get("/{pk}/", response=PlannedVisitOut, summary="One planned visit")
def get_visit(request: HttpRequest, pk: Id) -> dict[str, Any]:
    return _visit(get_object_or_404(_visits(request), pk=pk))


def _plans(request: HttpRequest) -> Any:
    return InspectionPlan.objects.visible_to(request.user).prefetch_related("targets", "inspectors")


def _visits(request: HttpRequest) -> Any:
    return PlannedVisit.objects.visible_to(request.user).select_related("owner")


def _plan(plan: InspectionPlan) -> dict[str, Any]:
    names = (
        *("title", "kind", "rhythm", "rule", "shifts", "times", "free_days", "days_before", "by_whom"),
        *("starts_on", "ends_on", "ended_at", "revision"),
    )
    return {
        "id": plan.pk,
        "unit": plan.unit_id,
        **{name: getattr(plan, name) for name in names},
        "targets": [{"unit": target.unit_id, "place": target.place_id} for target in plan.targets.all()],
        "inspectors": [person_brief(person) for person in plan.inspectors.all()],
    }


def _visit(visit: PlannedVisit) -> dict[str, Any]:
    names = ("kind", "on", "starts_at", "due_at", "status", "done_at", "missed_at", "excuse", "revision")
    return {
        "id": visit.pk,
        "plan": visit.plan_id,
        "unit": visit.unit_id,
        "place": visit.place_id,
        "owner": person_brief(visit.owner),
        **{name: getattr(visit, name) for name in names},
    }
