"""The organisation tree: who answers at each link, and where nobody does."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from responsibilities import metrics, permissions
from safetyplant.access.rules import signed_in


@signed_in
@require_safe
def organisation(request: HttpRequest) -> HttpResponse:
    """Today's tree, or that of any past day (`?on=2026-06-01`); `?gaps=1` shows only the units with a gap."""
    asked = request.GET.get("on", "")
    on = day_asked(asked)
    tree = metrics.organisation_on(request.user, on)
    context = {
        "tree": tree,
        "only_gaps": request.GET.get("gaps") == "1",
        "today": timezone.localdate(),
        "is_past": tree.on < timezone.localdate(),
        "is_unreadable": bool(asked) and on is None,
        "can_manage": permissions.can_manage_units(request.user),
    }
    return render(request, "responsibilities/organisation.html", context)


def day_asked(text: str) -> date | None:
    """A day of the address; None for one that cannot be read."""
    try:
        return parse_date(text)
    except ValueError:
        return None
