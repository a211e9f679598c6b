"""The dashboard page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from responsibilities.roles import Right
from safetyplant.access.rules import requires
from safetyplant.dashboards.panels import build_dashboard


@require_GET
@requires(lambda user: user.standing.has(Right.VIEW_DASHBOARD))
def dashboard(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboards/dashboard.html", {"dashboard": build_dashboard(request.user)})
