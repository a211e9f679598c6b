"""Field capture: pages a phone keeps, so that one can log inspections and report hazards where there is no signal.

The pages themselves hold nothing of a person: they come from the phone's cache whoever reads them. What belongs to a person
comes from the kit, which the phone keeps under that person's number.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from inspections.field.kit import build_kit
from inspections.forms.checklists import BlankChecklist
from inspections.forms.hazards import ReportForm
from inspections.forms.inspections import StartForm
from inspections.permissions import can_inspect, can_report_hazard
from inspections.proposals import standards_in_force
from responsibilities.services.devices import is_certified
from safetyplant.access.pins import pin_of
from safetyplant.access.rules import requires, signed_in
from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.models import DocumentVersion
from safetyplant.shell.devices import device_of


@requires(can_report_hazard)
@require_GET
def field_home(request: HttpRequest) -> HttpResponse:
    """What is on this phone: drafts, what waits to be sent, what was refused and why."""
    return render(request, "inspections/field_home.html", {"field_page": "home"})


@requires(can_inspect)
@require_GET
def field_inspection(request: HttpRequest) -> HttpResponse:
    """Start, log, look over and submit an inspection on the phone; `?id=` names the record there."""
    return render(
        request, "inspections/field_inspection.html", {"field_page": "inspection", "form": StartForm(user=request.user)}
    )


@requires(can_report_hazard)
@require_GET
def field_hazard(request: HttpRequest) -> HttpResponse:
    return render(request, "inspections/field_hazard.html", {"field_page": "hazard", "form": ReportForm(user=request.user)})


@requires(can_inspect)
@require_GET
def field_checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """The items of one published version, blank: the part of a page that the phone puts into the form."""
    versions = DocumentVersion.objects.filter(document__kind=DocumentKind.STANDARD, status="published")
    version = get_object_or_404(versions.select_related("document"), pk=pk)
    return _items(request, BlankChecklist(version, request.user))


@requires(can_inspect)
@require_GET
def field_free(request: HttpRequest) -> HttpResponse:
    """One blank finding of a free inspection, which the phone repeats as often as it needs."""
    return _items(request, BlankChecklist(None, request.user))


def _items(request: HttpRequest, checklist: BlankChecklist) -> HttpResponse:
    return render(request, "inspections/field_items.html", {"checklist": checklist})


@requires(can_report_hazard)
@require_GET
@never_cache
def field_kit(request: HttpRequest) -> JsonResponse:
    own = {"language": get_language(), "pages": _pages(request), "pin": _pin(request), "certified": _is_certified(request)}
    return JsonResponse({**build_kit(request.user), **own})


def _is_certified(request: HttpRequest) -> bool:
    device = device_of(request)
    return device is not None and is_certified(device.key)


def _pin(request: HttpRequest) -> dict[str, Any] | None:
    """What lets the phone itself ask for this person's PIN while there is no signal (ADR 10)."""
    device = device_of(request)
    pin = pin_of(request.user, device.key) if device is not None else None
    return {"encoded": pin.secret, "until": pin.expires_at.isoformat()} if pin is not None else None


def _pages(request: HttpRequest) -> list[str]:
    names = ["field-home", "field-hazard"]
    if can_inspect(request.user):
        names += ["field-inspection", "field-free"]
    pages = [reverse(f"inspections:{name}") for name in names]
    if can_inspect(request.user):
        pages += [reverse("inspections:field-checklist", args=[version.pk]) for version in standards_in_force()]
    return pages


@signed_in
@require_GET
@never_cache
def field_session(request: HttpRequest) -> JsonResponse:
    """Who is signed in here, and the token for what a script sends: asked before each sending, after days without signal."""
    person: Any = request.user
    return JsonResponse({"person": person.pk, "name": person.name, "token": get_token(request)})
