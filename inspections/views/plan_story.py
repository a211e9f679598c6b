"""What a plan's page and a visit's page tell their reader."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from inspections.choices import ByWhom, VisitStatus
from inspections.models import Inspection, InspectionPlan, PlannedVisit, PlanTarget
from inspections.permissions import can_ask_excuse, can_change_plan, can_excuse_visit, can_make_visit
from inspections.services.visits import version_for
from inspections.views.plan_words import rhythm_text
from responsibilities.choices import PlaceKind
from responsibilities.lateness import merged, read_lateness
from responsibilities.models import Person
from responsibilities.panels import Question, questions_for
from safetyplant.audit.history import Entry, history
from safetyplant.documents.models import DocumentVersion
from safetyplant.shell.moments import day_text
from safetyplant.shell.templatetags.shell import when

SHOWN = 8
Fact = tuple[str | Promise, Any]


@dataclass(frozen=True)
class PlanStory:
    facts: list[Fact]
    counts: dict[str, int]
    coming: list[PlannedVisit]
    past: list[PlannedVisit]
    targets: list[PlanTarget]
    inspectors: list[Person]
    entries: list[Entry]
    can_change: bool


def tell_plan(plan: InspectionPlan, user: Person, *, now: datetime | None = None) -> PlanStory:
    """Seven queries, however many visits the plan has."""
    moment = now or timezone.now()
    visits = PlannedVisit.objects.living().filter(plan=plan).visible_to(user).select_related("unit", "place", "owner")
    states = {state.value: Count("pk", filter=Q(status=state)) for state in VisitStatus if state != VisitStatus.CANCELLED}
    return PlanStory(
        facts=_plan_facts(plan),
        counts=PlannedVisit.objects.filter(plan=plan).visible_to(user).aggregate(**states),
        coming=list(visits.filter(due_at__gte=moment, status=VisitStatus.PLANNED).order_by("due_at", "pk")[:SHOWN]),
        past=list(visits.exclude(status=VisitStatus.PLANNED).order_by("-due_at", "-pk")[:SHOWN]),
        targets=list(plan.targets.select_related("unit", "place").order_by("position")),
        inspectors=list(plan.inspectors.select_related("unit").order_by("name", "pk")),
        entries=history(plan),
        can_change=can_change_plan(user, plan),
    )


def _plan_facts(plan: InspectionPlan) -> list[Fact]:
    return [
        (_("Kind"), plan.get_kind_display()),
        (_("How often"), rhythm_text(plan)),
        (_("Done by"), f"{plan.due_time:%H:%M}"),
        (_("Days before"), plan.days_before or ""),
        (_("If the day is free"), plan.get_free_days_display()),
        (_("Who of them"), plan.get_by_whom_display()),
        (_("Checklist"), plan.standard.label if plan.standard else _("Whoever inspects chooses")),
        (_("Unit"), plan.unit.name),
        (_("From"), day_text(plan.starts_on)),
        (_("Through"), day_text(plan.ends_on) if plan.ends_on else _("until further notice")),
        (_("Written by"), plan.created_by.name),
        (_("Ended"), when(plan.ended_at) if plan.ended_at else ""),
    ]


@dataclass(frozen=True)
class VisitStory:
    facts: list[Fact]
    inspections: list[Inspection]
    stops: list[tuple[Any, Inspection | None]]
    entries: list[Any]
    questions: tuple[Question, ...]
    blank: DocumentVersion | None
    can_make: bool
    can_ask: bool
    can_excuse: bool


def tell_visit(visit: PlannedVisit, user: Person) -> VisitStory:
    ledger = read_lateness([visit.deadline_id, visit.excuse_deadline_id])
    made = list(visit.inspections.visible_to(user).select_related("place", "created_by").order_by("started_at", "pk"))
    return VisitStory(
        facts=_visit_facts(visit),
        inspections=made,
        stops=_stops(visit, made),
        entries=merged(history(visit), ledger),
        questions=questions_for(user, ledger.waiting),
        blank=version_for(visit) if visit.standard_id else None,
        can_make=can_make_visit(user, visit),
        can_ask=can_ask_excuse(user, visit),
        can_excuse=can_excuse_visit(user, visit),
    )


def _stops(visit: PlannedVisit, made: list[Inspection]) -> list[tuple[Any, Inspection | None]]:
    if visit.place is None or visit.place.kind != PlaceKind.ROUTE:
        return []
    of_place = {inspection.place_id: inspection for inspection in made}
    stops = visit.place.stops.select_related("place").order_by("position")
    return [(stop.place, of_place.get(stop.place_id)) for stop in stops]


def _visit_facts(visit: PlannedVisit) -> list[Fact]:
    shared = visit.plan is not None and visit.plan.by_whom == ByWhom.ANYONE
    return [
        (_("Kind"), visit.get_kind_display()),
        (_("Unit"), visit.unit.name),
        (_("Checklist"), visit.standard.label if visit.standard else _("Whoever inspects chooses")),
        (_("From"), when(visit.starts_at)),
        (_("Due"), when(visit.due_at)),
        (_("Who may make it"), _("any inspector of the plan") if shared else visit.owner.name),
        (pgettext("visit", "Done"), when(visit.done_at) if visit.done_at else ""),
        (_("Excused by"), visit.excused_by.name if visit.excused_by else ""),
        (_("Planned by"), visit.created_by.name if visit.created_by else ""),
    ]
