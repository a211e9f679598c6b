"""The health of reminders, shown as a safety signal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from responsibilities import metrics, permissions
from safetyplant.access.rules import requires


@requires(permissions.can_view_engine)
@require_safe
def engine_health(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    return render(request, "responsibilities/engine_health.html", {"health": metrics.engine_health(now), "now": now})
