"""Planned visits: the list, one visit's story, beginning it, and what becomes of it when it cannot be made."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from inspections.choices import OPEN_VISIT
from inspections.filters import VisitFilter
from inspections.forms.plans import DecideExcuseForm, ExcuseForm, revision_of
from inspections.models import PlannedVisit
from inspections.permissions import can_ask_excuse, can_excuse_visit, can_inspect, can_make_visit
from inspections.services.visits import begin_visit, version_for
from inspections.views.plan_columns import VISIT_COLUMNS, VISIT_EMPTY, VISIT_RELATED, VISIT_SORTS, VISIT_VIEWS
from inspections.views.plan_story import tell_visit
from inspections.views.scopes import visit_scope
from inspections.workflows import ask_excuse, excuse_visit, refuse_excuse
from responsibilities.permissions import can_view_records
from safetyplant.access.exceptions import StaleVersion
from safetyplant.access.rules import requires
from safetyplant.access.transitions import require, require_state
from safetyplant.reporting.lists import ListPage
from safetyplant.shell.answers import CONFLICT, form_page, note_stale, sent

STORY_RELATED = (
    "plan", "unit", "place", "owner", "standard", "deadline", "excuse_deadline__owner", "excused_by", "created_by"
)  # fmt: skip


@requires(can_view_records)
@require_GET
def visit_list(request: HttpRequest) -> HttpResponseBase:
    page = ListPage(
        request,
        PlannedVisit.objects.visible_to(request.user).select_related(*VISIT_RELATED, "excused_by"),
        title=_("Planned visits"),
        columns=VISIT_COLUMNS,
        sorts=VISIT_SORTS,
        filterset_class=VisitFilter,
        views=VISIT_VIEWS,
        default_view="coming",
        scope=visit_scope(request),
        empty=VISIT_EMPTY,
        filename=_("visits"),
    )
    return page.response("inspections/visit_list.html")


@requires(can_view_records)
@require_GET
def visit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    visit = seen_visit(request, pk)
    return render(request, "inspections/visit_detail.html", {"visit": visit, "story": tell_visit(visit, request.user)})


@requires(can_inspect)
@require_POST
def visit_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft for the visit; a route leads to the round over its stops. A second tap is the same draft."""
    visit = seen_visit(request, pk)
    require_state(visit, *OPEN_VISIT)
    require(can_make_visit(request.user, visit), _("This visit is for someone else to make."))
    inspection = begin_visit(visit, by=request.user)
    if inspection is None:
        version = version_for(visit)
        query = {"kind": visit.kind, "standard": version.pk if version else ""}
        return redirect(f"{reverse('inspections:inspection-round', args=[visit.place_id])}?{urlencode(query)}")
    return redirect("inspections:inspection-detail", inspection.pk)


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def visit_excuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Its owner asks; whoever plans here excuses at once."""
    visit = seen_visit(request, pk)
    may_excuse = can_excuse_visit(request.user, visit)
    if not may_excuse:
        require(can_ask_excuse(request.user, visit) or visit.owner_id == request.user.pk, _("This is for someone else to do."))
    require_state(visit, *OPEN_VISIT)
    form = ExcuseForm(**sent(request), initial={**revision_of(visit), "excuse": visit.excuse, "note": visit.excuse_note})
    status = None
    if request.method == "POST" and form.is_valid():
        act = excuse_visit if may_excuse else ask_excuse
        try:
            act(visit, by=request.user, **form.cleaned_data)
        except StaleVersion as refusal:
            visit.refresh_from_db()
            note_stale(form, refusal, visit.revision)
            status = CONFLICT
        else:
            said = _("The visit is excused.") if may_excuse else _("Asked. You hear what is decided.")
            messages.success(request, said)
            return redirect("inspections:visit-detail", pk)
    context = {"visit": visit, "title": _("Excuse this visit") if may_excuse else _("Ask to be excused")}
    return form_page(request, "inspections/visit_act.html", form, context, status=status)


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def visit_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers the owner's request."""
    visit = seen_visit(request, pk)
    require(can_excuse_visit(request.user, visit), _("Somebody else than the one who owed the visit decides about it."))
    require(visit.excuse_asked_at is not None, _("Nobody has asked for an excuse."))
    form = DecideExcuseForm(**sent(request), initial=revision_of(visit))
    status = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        words = {"note": data["note"], "revision": data["revision"]}
        try:
            if data["decision"] == "accept":
                excuse_visit(visit, by=request.user, excuse=visit.excuse, **words)
            else:
                refuse_excuse(visit, by=request.user, **words)
        except StaleVersion as refusal:
            visit.refresh_from_db()
            note_stale(form, refusal, visit.revision)
            status = CONFLICT
        else:
            messages.success(request, _("Decided. Whoever owes the visit is told."))
            return redirect("inspections:visit-detail", pk)
    return form_page(
        request, "inspections/visit_act.html", form, {"visit": visit, "title": _("Decide the excuse")}, status=status
    )


def seen_visit(request: HttpRequest, pk: int) -> PlannedVisit:
    visit: PlannedVisit = get_object_or_404(PlannedVisit.objects.visible_to(request.user).select_related(*STORY_RELATED), pk=pk)
    return visit
