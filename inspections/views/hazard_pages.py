"""The list of hazards and the story of one."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from inspections.filters import HazardFilter
from inspections.models import Hazard
from inspections.permissions import can_change_many
from inspections.views.hazard_columns import COLUMNS, EMPTY, LIST_RELATED, SORTS, TICK, VIEWS
from inspections.views.hazard_reading import read_hazard
from inspections.views.hazard_story import tell_hazard
from inspections.views.scopes import hazard_scope
from responsibilities.permissions import can_view_records
from safetyplant.access.rules import requires
from safetyplant.reporting.lists import ListPage


@requires(can_view_records)
@require_GET
def hazard_list(request: HttpRequest) -> HttpResponseBase:
    is_ticked = can_change_many(request.user)
    page = ListPage(
        request,
        Hazard.objects.visible_to(request.user).select_related(*LIST_RELATED),
        title=_("Hazards"),
        columns=COLUMNS,
        sorts=SORTS,
        filterset_class=HazardFilter,
        views=VIEWS,
        default_view="open",
        scope=hazard_scope(request),
        empty=EMPTY,
        filename=_("hazards"),
        tick=TICK if is_ticked else None,
    )
    return page.response("inspections/hazard_list.html", {"is_ticked": is_ticked})


@requires(can_view_records)
@require_GET
def hazard_detail(request: HttpRequest, pk: int) -> HttpResponse:
    hazard = read_hazard(request.user, pk)
    return render(request, "inspections/hazard_detail.html", {"hazard": hazard, "story": tell_hazard(hazard, request.user)})
