"""Pages for whoever has no account: reporting at a label, and looking up what became of it."""

from http import HTTPStatus
from uuid import UUID, uuid4

from allauth.core.internal import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inspections.choices import HazardStatus
from inspections.forms.public import PublicReportForm, ReceiptForm
from inspections.models import PublicReport
from inspections.services.public import tidy_code
from inspections.workflows import report_publicly
from responsibilities.models import Place
from safetyplant.access.rules import public
from safetyplant.intake.services import DifferentBody
from safetyplant.shell.answers import form_page, sent

#: SECURITY: a visitor reports a few things; more in an hour, from one address or at one label, would hide what is true.
LIMITS = {"public_report": "20/h/ip,10/h/key", "public_receipt": "40/5m/ip"}


@public
@require_http_methods(["GET", "HEAD", "POST"])
def public_report(request: HttpRequest, label: UUID) -> HttpResponse:
    places = Place.objects.active().filter(takes_public_reports=True).select_related("unit")
    place = get_object_or_404(places, label=label)
    if request.user.is_authenticated:
        return redirect("inspections:scan", label)
    form = PublicReportForm(**sent(request), place=place)
    context = {"place": place}
    if request.method == "POST" and form.is_valid():
        usage = ratelimit.consume(request, app="inspections", action="public_report", config=LIMITS, key=str(label))
        if not usage:
            return form_page(request, "inspections/public_report.html", form, {**context, "is_too_many": True}, status=429)
        return _taken(request, form, context)
    return form_page(request, "inspections/public_report.html", form, context)


def _taken(request: HttpRequest, form: PublicReportForm, context: dict[str, object]) -> HttpResponse:
    try:
        _hazard, report = report_publicly(form.report(), contact=form.cleaned_data["contact"])
    except DifferentBody:
        # Went back and changed the text: what is sent next is a report of its own.
        data = request.POST.copy()
        data["client_id"] = str(uuid4())
        form.data = data
        form.add_error(None, _("You have sent this report already. Send again what you changed as a second one."))
        return form_page(request, "inspections/public_report.html", form, context, status=HTTPStatus.CONFLICT)
    return redirect("inspections:receipt", report.code)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_search(request: HttpRequest) -> HttpResponse:
    form = ReceiptForm(**sent(request))
    if request.method == "POST" and not _may_look(request):
        return _too_many(request)
    if request.method == "POST" and form.is_valid():
        return redirect("inspections:receipt", form.cleaned_data["code"])
    return form_page(request, "inspections/receipt_search.html", form)


@public
@require_safe
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """What became of a report, without a name or a reason: those are the plant's."""
    if not _may_look(request):
        return _too_many(request)
    report = PublicReport.objects.select_related("hazard__place").filter(code=tidy_code(code)).first()
    if report is None:
        raise Http404
    return render(request, "inspections/receipt.html", {"report": report, "hazard": report.hazard, "step": _step(report)})


def _step(report: PublicReport) -> tuple[str, str]:
    """Icon and sentence."""
    hazard = report.hazard
    if hazard.status == HazardStatus.CLOSED:
        return "check-circle-fill", _("It has been put right and checked. Thank you.")
    if hazard.status == HazardStatus.CANCELLED:
        return "slash-circle", _("It was looked into. Nothing had to be put right, or it was known already. Thank you.")
    if hazard.status == HazardStatus.REPORTED:
        return "hourglass-split", _("It has arrived. The safety officer looks into it.")
    if hazard.status == HazardStatus.SUBMITTED:
        return "search", _("It has been put right. Somebody else checks it now.")
    return "tools", _("Somebody is putting it right.")


def _may_look(request: HttpRequest) -> bool:
    usage = ratelimit.consume(request, app="inspections", action="public_receipt", config=LIMITS, limit_get=True)
    return bool(usage)


def _too_many(request: HttpRequest) -> HttpResponse:
    return render(request, "inspections/receipt_search.html", {"form": ReceiptForm(), "is_too_many": True}, status=429)
