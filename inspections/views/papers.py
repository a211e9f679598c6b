"""Papers of this room as PDF: what the reader may see on the page, they may print."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET

from inspections.filters import is_id
from inspections.models import Hazard, Inspection, PlannedVisit
from inspections.papers.blank import blank_checklist
from inspections.papers.inspection import inspection_paper
from inspections.papers.rectification import rectification_notice
from inspections.permissions import can_inspect
from inspections.views.inspection_pages import STORY_RELATED
from inspections.views.inspection_story import tell_inspection
from responsibilities.models import Unit
from responsibilities.permissions import can_view_records
from safetyplant.access.rules import requires
from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.models import DocumentVersion
from safetyplant.reporting.papers import paper_response

NOTICE_RELATED = (
    "unit", "place", "level", "clause", "action__owner", "action__verifier", "action__deadline", "action__unit",
)  # fmt: skip


@requires(can_view_records)
@require_GET
def inspection_report(request: HttpRequest, pk: int) -> HttpResponse:
    inspection = get_object_or_404(Inspection.objects.visible_to(request.user).select_related(*STORY_RELATED), pk=pk)
    story = tell_inspection(inspection, request.user)
    address = request.build_absolute_uri(reverse("inspections:inspection-detail", args=[pk]))
    return paper_response(
        lambda: inspection_paper(inspection, story, issuer=issuer(), address=address), filename=inspection.number or f"{pk}"
    )


@requires(can_view_records)
@require_GET
def inspection_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The rectification notice over all hazards of an inspection that are still to be put right."""
    inspection = get_object_or_404(Inspection.objects.visible_to(request.user).select_related("unit"), pk=pk)
    found = Hazard.objects.filter(inspection=inspection).visible_to(request.user).open()
    address = request.build_absolute_uri(reverse("inspections:inspection-detail", args=[pk]))
    return _notice(inspection.unit, list(found.select_related(*NOTICE_RELATED)), str(inspection), address)


@requires(can_view_records)
@require_GET
def hazard_notice(request: HttpRequest, pk: int) -> HttpResponse:
    hazard = get_object_or_404(Hazard.objects.visible_to(request.user).select_related(*NOTICE_RELATED), pk=pk)
    address = request.build_absolute_uri(reverse("inspections:hazard-detail", args=[pk]))
    unit = hazard.action.unit if hazard.action else hazard.unit
    return _notice(unit, [hazard], hazard.number, address)


@requires(can_inspect)
@require_GET
def blank(request: HttpRequest, pk: int) -> HttpResponse:
    """A published checklist to fill in by hand; `?visit=` prints place and day of that planned visit on it."""
    versions = DocumentVersion.objects.filter(document__kind=DocumentKind.STANDARD, status="published")
    version = get_object_or_404(versions.select_related("document"), pk=pk)
    wanted = request.GET.get("visit", "")
    visits = PlannedVisit.objects.visible_to(request.user).select_related("unit", "place")
    visit = visits.filter(pk=wanted).first() if is_id(wanted) else None
    link = reverse("inspections:visit-detail", args=[visit.pk]) if visit else reverse("inspections:inspection-new")
    address = request.build_absolute_uri(link)
    return paper_response(
        lambda: blank_checklist(version, visit, issuer=issuer(), address=address), filename=f"{version.document.code}-blank"
    )


def _notice(unit: Unit, hazards: list[Hazard], number: str, address: str) -> HttpResponse:
    return paper_response(
        lambda: rectification_notice(unit, hazards, number=number, issuer=issuer(), address=address),
        filename=f"{number}-rectification",
    )


def issuer() -> str:
    """The top of the tree, in whose name papers are issued."""
    top = Unit.objects.filter(parent=None).first()
    return top.name if top is not None else ""
