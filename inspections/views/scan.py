"""What a scanned label opens: the place, and what one can do there."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from inspections.models import Hazard
from inspections.permissions import can_inspect_unit
from responsibilities.models import Place
from safetyplant.access.rules import public

MOST_OPEN = 10


@public
@require_safe
def scan(request: HttpRequest, label: UUID) -> HttpResponse:
    """Without a signal the phone answers this address by itself (frontend/js/field/home.js).

    SECURITY: whoever has not signed in stands before the label and learns what it says anyway: the place and its unit.
    """
    if not request.user.is_authenticated:
        found = get_object_or_404(Place.objects.active().select_related("unit"), label=label)
        return render(request, "inspections/public_label.html", {"place": found})
    place = get_object_or_404(Place.objects.visible_to(request.user).active().select_related("unit"), label=label)
    hazards = Hazard.objects.visible_to(request.user).open().filter(place=place).select_related("level", "holder")
    context = {
        "place": place,
        "may_inspect": can_inspect_unit(request.user, place.unit),
        "hazards": hazards.order_by("due_at", "pk")[:MOST_OPEN],
    }
    return render(request, "inspections/scan.html", context)
