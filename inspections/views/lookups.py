"""What a search box asks for while one types: places, people, clauses. Each gives what its reader may see, and little of it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from inspections.forms.fields import WhereField, clauses_in_force, matching_places, people_of, places_for, units_for
from inspections.permissions import can_inspect, can_record_violation
from inspections.proposals import propose_standard
from responsibilities.permissions import can_view_records
from responsibilities.roles import Right
from safetyplant.access.rules import requires
from safetyplant.documents.models import DocumentVersion
from safetyplant.search.services import Asked

MOST = 20


def _asked(request: HttpRequest) -> str:
    asked = Asked.from_input(request.GET.get("q", ""))
    return "" if asked.is_too_short else asked.text


def _right(request: HttpRequest) -> Right | None:
    named = request.GET.get("right", "")
    return Right(named) if named in (Right.INSPECT, Right.RECORD_VIOLATION, Right.PLAN_VISITS) else None


def _option(value: object, text: str, note: str = "") -> dict[str, Any]:
    return {"value": value, "text": text, "note": note}


@requires(can_view_records)
@require_GET
def places(request: HttpRequest) -> JsonResponse:
    """Places and units whose name or code contains the text; `as=id` (filters): places alone, by their id."""
    text, right = _asked(request), _right(request)
    if not text:
        return JsonResponse([], safe=False)
    found = matching_places(places_for(request.user, right), text)[:MOST]
    if request.GET.get("as") == "id":
        return JsonResponse([_option(place.pk, place.name, place.unit.name) for place in found], safe=False)
    options = [_option(f"p{place.pk}", place.name, place.unit.name) for place in found]
    units = units_for(request.user, right).filter(name__icontains=text)[:MOST]
    return JsonResponse([*options, *(_option(f"u{unit.pk}", unit.name) for unit in units)], safe=False)


@requires(can_inspect)
@require_GET
def proposal(request: HttpRequest) -> JsonResponse:
    """The checklist that fits the place or unit chosen where an inspection starts; empty for one not the reader's to inspect."""
    found = standard_proposed_for(request, request.GET.get("where", ""))
    return JsonResponse({"value": str(found.pk) if found else ""})


def standard_proposed_for(request: HttpRequest, chosen: str) -> DocumentVersion | None:
    field = WhereField(required=False)
    field.user, field.right = request.user, Right.INSPECT
    try:
        where = field.clean(chosen)
    except ValidationError:
        return None
    return propose_standard(where.unit, where.place, by=request.user) if where else None


@requires(can_view_records)
@require_GET
def people(request: HttpRequest) -> JsonResponse:
    """Active people by name or employee number, as the reader may see them."""
    text = _asked(request)
    if not text:
        return JsonResponse([], safe=False)
    seen = people_of(request.user)
    found = seen.filter(name__icontains=text) | seen.filter(username__iexact=text)
    return JsonResponse([_option(p.pk, p.name, p.unit.name if p.unit else "") for p in found[:MOST]], safe=False)


@requires(can_record_violation)
@require_GET
def clauses(request: HttpRequest) -> JsonResponse:
    """Clauses in force whose number or text contains the text, in either language."""
    text = _asked(request)
    if not text:
        return JsonResponse([], safe=False)
    rows = clauses_in_force(timezone.localdate())
    found = rows.filter(text__icontains=text) | rows.filter(text_zh__icontains=text) | rows.filter(number=text)
    return JsonResponse([_option(c.pk, f"{c.number} {c.label}", c.version.document.label) for c in found[:MOST]], safe=False)
