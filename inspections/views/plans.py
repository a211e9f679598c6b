"""Plans of inspections: the list, writing one, its page with what became of its visits, ending it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from inspections.filters import PlanFilter
from inspections.forms.plans import PlanForm
from inspections.models import InspectionPlan
from inspections.permissions import can_change_plan, can_plan_visits
from inspections.services import create_plan
from inspections.views.plan_columns import PLAN_COLUMNS, PLAN_EMPTY, PLAN_EMPTY_FOR_PLANNERS, PLAN_RELATED, PLAN_SORTS, PLAN_VIEWS
from inspections.views.plan_story import tell_plan
from inspections.workflows import change_plan, end_plan
from responsibilities.permissions import can_view_records
from safetyplant.access.exceptions import StaleVersion
from safetyplant.access.rules import requires
from safetyplant.access.transitions import require
from safetyplant.reporting.lists import ListPage
from safetyplant.shell.answers import CONFLICT, form_page, note_stale, sent


@requires(can_view_records)
@require_GET
def plan_list(request: HttpRequest) -> HttpResponseBase:
    may_plan = can_plan_visits(request.user)
    page = ListPage(
        request,
        InspectionPlan.objects.visible_to(request.user).select_related(*PLAN_RELATED),
        title=_("Inspection plans"),
        columns=PLAN_COLUMNS,
        sorts=PLAN_SORTS,
        filterset_class=PlanFilter,
        views=PLAN_VIEWS,
        default_view="current",
        empty=PLAN_EMPTY_FOR_PLANNERS if may_plan else PLAN_EMPTY,
        filename=_("inspection-plans"),
    )
    return page.response("inspections/plan_list.html", {"can_plan": may_plan})


@requires(can_plan_visits)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_new(request: HttpRequest) -> HttpResponse:
    form = PlanForm(**sent(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            plan = create_plan(form.plan(), by=request.user)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The plan is in force. Its visits are in the calendar."))
            return redirect("inspections:plan-detail", plan.pk)
    return form_page(request, "inspections/plan_form.html", form)


@requires(can_view_records)
@require_GET
def plan_detail(request: HttpRequest, pk: int) -> HttpResponse:
    plan = seen_plan(request, pk)
    return render(request, "inspections/plan_detail.html", {"plan": plan, "story": tell_plan(plan, request.user)})


@requires(can_plan_visits)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    plan = seen_plan(request, pk)
    require(can_change_plan(request.user, plan), _("You may not plan inspections of this unit."))
    form = PlanForm(**sent(request), user=request.user, plan=plan)
    status = None
    if request.method == "POST" and form.is_valid():
        try:
            change_plan(plan, form.plan(), by=request.user, revision=form.cleaned_data["revision"])
        except StaleVersion as refusal:
            plan.refresh_from_db(fields=["revision"])
            note_stale(form, refusal, plan.revision)
            status = CONFLICT
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Saved. Visits to come follow the plan as it is now."))
            return redirect("inspections:plan-detail", pk)
    return form_page(request, "inspections/plan_form.html", form, {"plan": plan}, status=status)


@requires(can_plan_visits)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: what it takes back cannot be brought back."""
    plan = seen_plan(request, pk)
    require(can_change_plan(request.user, plan), _("You may not plan inspections of this unit."))
    if request.method == "POST":
        end_plan(plan, by=request.user)
        messages.success(request, _("The plan has ended. What was done and missed by it stays."))
        return redirect("inspections:plan-detail", pk)
    return render(request, "inspections/plan_end.html", {"plan": plan})


def seen_plan(request: HttpRequest, pk: int) -> InspectionPlan:
    plan: InspectionPlan = get_object_or_404(InspectionPlan.objects.visible_to(request.user).select_related(*PLAN_RELATED), pk=pk)
    return plan
