"""Inspections: the list, starting one, a round of many stops, and what one found."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from inspections.choices import InspectionStatus
from inspections.filters import InspectionFilter
from inspections.forms.fields import places_for
from inspections.forms.inspections import AcknowledgeForm, StartForm
from inspections.models import Inspection
from inspections.permissions import can_acknowledge_inspection, can_edit_inspection, can_inspect
from inspections.services import start_inspection
from inspections.views.drafts import draft_page
from inspections.views.hazard_report import scanned_place
from inspections.views.inspection_columns import COLUMNS, EMPTY, LIST_RELATED, SORTS, VIEWS
from inspections.views.inspection_story import tell_inspection
from inspections.views.lookups import standard_proposed_for
from inspections.views.rounds import read_round
from inspections.views.scopes import inspection_scope
from inspections.workflows import acknowledge_inspection
from responsibilities.choices import PlaceKind
from responsibilities.models import Person
from responsibilities.permissions import can_view_records
from responsibilities.roles import Right
from safetyplant.access.rules import requires
from safetyplant.access.transitions import require
from safetyplant.reporting.lists import ListPage
from safetyplant.shell.answers import form_page, sent

STORY_RELATED = (
    "unit", "place", "standard__document", "created_by", "submitted_by", "acknowledged_by", "acknowledge_deadline__owner",
    "chain", "photos",
)  # fmt: skip


@requires(can_view_records)
@require_GET
def inspection_list(request: HttpRequest) -> HttpResponseBase:
    page = ListPage(
        request,
        Inspection.objects.visible_to(request.user).select_related(*LIST_RELATED),
        title=_("Inspections"),
        columns=COLUMNS,
        sorts=SORTS,
        filterset_class=InspectionFilter,
        views=VIEWS,
        default_view="done",
        scope=inspection_scope(request),
        empty=EMPTY,
        filename=_("inspections"),
    )
    drafts = Inspection.objects.filter(created_by=request.user, status=InspectionStatus.DRAFT).select_related("unit", "place")
    context = {"drafts": drafts[:5], "can_inspect": can_inspect(request.user)}
    return page.response("inspections/inspection_list.html", context)


@requires(can_inspect)
@require_http_methods(["GET", "HEAD", "POST"])
def inspection_new(request: HttpRequest) -> HttpResponse:
    """Begin a draft; a route leads to the round over its stops instead."""
    initial = {
        "where": scanned_place(request),
        "standard": request.GET.get("standard") or proposed_standard(request),
        "kind": request.GET.get("kind", "routine"),
    }
    form = StartForm(**sent(request), user=request.user, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "inspections/inspection_new.html", form)
    data = form.start()
    if data.place is not None and data.place.kind == PlaceKind.ROUTE:
        query = {"kind": data.kind, "standard": data.standard.pk if data.standard else ""}
        return redirect(f"{reverse('inspections:inspection-round', args=[data.place.pk])}?{urlencode(query)}")
    inspection, _is_new = start_inspection(data, by=request.user)
    return redirect("inspections:inspection-detail", inspection.pk)


def proposed_standard(request: HttpRequest) -> int | str:
    """That of the place whose label was scanned; before a place is chosen, the reader's last: the script follows the choice."""
    found = standard_proposed_for(request, scanned_place(request))
    return found.pk if found is not None else last_standard(request.user)


def last_standard(user: Person) -> int | str:
    """Most people go by the same checklist day after day."""
    latest = Inspection.objects.filter(created_by=user, standard__isnull=False).order_by("-started_at", "-pk")
    return latest.values_list("standard_id", flat=True).first() or ""


@requires(can_inspect)
@require_GET
def inspection_round(request: HttpRequest, pk: int) -> HttpResponse:
    """The stops of a route with how far one has come today: start, continue or look at each."""
    route = get_object_or_404(places_for(request.user, Right.INSPECT).filter(kind=PlaceKind.ROUTE), pk=pk)
    round_ = read_round(route, request.user, kind=request.GET.get("kind", ""), standard=request.GET.get("standard", ""))
    return render(request, "inspections/inspection_round.html", {"round": round_})


@requires(can_view_records)
@require_GET
def inspection_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """For its writer the page to log on, until it is submitted; after that what it found, for all who may see it."""
    rows = Inspection.objects.visible_to(request.user).select_related(*STORY_RELATED)
    inspection = get_object_or_404(rows, pk=pk)
    if can_edit_inspection(request.user, inspection):
        return draft_page(request, inspection)
    return story_page(request, inspection, AcknowledgeForm())


@requires(can_view_records)
@require_POST
def inspection_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    inspection = get_object_or_404(Inspection.objects.visible_to(request.user).select_related(*STORY_RELATED), pk=pk)
    require(can_acknowledge_inspection(request.user, inspection), _("The head of the inspected unit acknowledges it."))
    form = AcknowledgeForm(**sent(request))
    if not form.is_valid():
        return story_page(request, inspection, form)
    acknowledge_inspection(inspection, by=request.user, note=form.cleaned_data["note"])
    messages.success(request, _("Noted. The inspectors see that you have read it."))
    return redirect("inspections:inspection-detail", pk)


def story_page(request: HttpRequest, inspection: Inspection, form: AcknowledgeForm) -> HttpResponse:
    story = tell_inspection(inspection, request.user)
    return form_page(request, "inspections/inspection_detail.html", form, {"inspection": inspection, "story": story})
