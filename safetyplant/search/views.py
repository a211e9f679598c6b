"""The one search over all rooms."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from safetyplant.access.rules import signed_in
from safetyplant.search.results import find


@signed_in
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """What the person may see and what matches, by kind."""
    found = find(request.GET.get("q", ""), user=request.user, kind=request.GET.get("kind", ""))
    return render(request, "search/search.html", {"found": found})
