"""Reporting a hazard, and what its reporter is told afterwards."""

from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from inspections.forms.fields import Where
from inspections.forms.hazards import AlikeForm, ReportForm, SameForm
from inspections.models import Hazard
from inspections.permissions import can_merge_report, can_report_hazard
from inspections.services.alike import hazards_like
from inspections.views.calls import is_danger, people_in_chain, whom_to_call
from inspections.workflows import merge_report, report_hazard, see_again
from responsibilities.chain import ChainReader
from responsibilities.models import Person, Place, Unit
from responsibilities.permissions import can_view_records
from responsibilities.services.deadlines import stage_due_at
from responsibilities.services.owners import choose_assessor
from safetyplant.access.exceptions import WrongState
from safetyplant.access.rules import requires
from safetyplant.access.transitions import require
from safetyplant.intake.services import DifferentBody
from safetyplant.shell.answers import form_page, sent


@requires(can_report_hazard)
@require_http_methods(["GET", "HEAD", "POST"])
def hazard_new(request: HttpRequest) -> HttpResponse:
    """Three answers and a photo. Sent twice, it is the same hazard."""
    form = ReportForm(**sent(request), user=request.user, initial={"where": scanned_place(request)})
    if request.method == "POST" and form.is_valid():
        try:
            if (known := form.same_as()) is not None:
                see_again(known, form.seen(), by=request.user)
                return noted(request, known)
            hazard, _is_new = report_hazard(form.report(), by=request.user)
        except DifferentBody:
            return sent_before(request, form)
        return redirect("inspections:hazard-sent", hazard.pk)
    return form_page(request, "inspections/hazard_new.html", form, {"promise": promise_for(request.user)})


@requires(can_report_hazard)
@require_POST
def hazard_alike(request: HttpRequest) -> HttpResponse:
    """A part of the form, fetched while one types: what is known already of what is being reported. Nothing in danger."""
    form = AlikeForm(request.POST, user=request.user)
    found = form.find() if form.is_valid() else []
    return render(request, "inspections/hazard_alike.html", {"alike": found})


def noted(request: HttpRequest, known: Hazard) -> HttpResponse:
    messages.success(request, _("Thank you. It is noted that you saw it too; whoever has it is told."))
    return redirect("inspections:hazard-detail", known.pk)


@requires(can_view_records)
@require_POST
def hazard_same(request: HttpRequest, pk: int) -> HttpResponse:
    """After sending: one's own report is the same as a known hazard."""
    hazard = get_object_or_404(Hazard.objects.visible_to(request.user).select_related("unit", "photos"), pk=pk)
    require(can_merge_report(request.user, hazard), _("This is for someone else to do."))
    form = SameForm(request.POST, user=request.user)
    if not form.is_valid():
        return _sent_page(request, hazard, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    merge_report(hazard, form.cleaned_data["same"], by=request.user)
    return noted(request, form.cleaned_data["same"])


def sent_before(request: HttpRequest, form: ReportForm) -> HttpResponse:
    """Went back, changed the text and sent again: the first report is named, and what was typed can be sent as a second one."""
    first = Hazard.objects.filter(reported_by=request.user, client_id=form.cleaned_data["client_id"]).first()
    data = request.POST.copy()
    data["client_id"] = str(uuid4())
    form.data = data
    context = {"promise": promise_for(request.user), "first": first}
    return form_page(request, "inspections/hazard_new.html", form, context, status=HTTPStatus.CONFLICT)


@requires(can_view_records)
@require_GET
def hazard_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt: number, who assesses it by when, whom to ring in danger, and that it costs nobody a point."""
    return _sent_page(request, get_object_or_404(Hazard.objects.visible_to(request.user), pk=pk))


def _sent_page(request: HttpRequest, hazard: Hazard, *, status: int | None = None) -> HttpResponse:
    related = ("unit", "place", "category", "holder", "assess_deadline__owner", "releaser", "chain")
    hazard = Hazard.objects.select_related(*related).get(pk=hazard.pk)
    calls = whom_to_call(people_in_chain(hazard), but=request.user) if is_danger(hazard) else []
    alike = hazards_like(hazard, by=request.user) if can_merge_report(request.user, hazard) else []
    return render(request, "inspections/hazard_sent.html", {"hazard": hazard, "calls": calls, "alike": alike}, status=status)


def scanned_place(request: HttpRequest) -> str:
    """`?place=` of a scanned label (its UUID) or of a link (a place's id), `?unit=` of a unit's page."""
    text = request.GET.get("place", "")
    places = Place.objects.visible_to(request.user).active()
    if text.isascii() and text.isdigit() and len(text) < 19:
        return f"p{text}"
    try:
        label = UUID(text)
    except ValueError:
        unit = request.GET.get("unit", "")
        return f"u{unit}" if unit.isascii() and unit.isdigit() and len(unit) < 19 else ""
    found = places.select_related("unit").filter(label=label).first()
    return Where(found.unit, found).value if found else ""


def promise_for(person: Person, unit: Unit | None = None, *, now: datetime | None = None) -> dict[str, Any]:
    """Who would assess a hazard of one's own unit reported now, by when, and by when if someone is in danger; whom to ring then.

    Empty where nobody answers.
    """
    unit = unit or person.unit
    if unit is None:
        return {}
    moment = now or timezone.now()
    reader = ChainReader(timezone.localdate(moment))
    try:
        assessor = choose_assessor(reader, unit)
    except WrongState:
        return {}
    return {
        "assessor": assessor,
        "by": stage_due_at("assess", moment),
        "by_in_danger": stage_due_at("assess_danger", moment),
        "calls": whom_to_call([*reader.chain(unit.pk).people, assessor], but=person),
    }
