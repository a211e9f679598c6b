"""Coverage: which leader was in which unit, which unit was inspected in which week, and the gaps one tap closes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from inspections.coverage import BACK, Cell, Coverage, FrontPost, read_coverage
from inspections.forms.plans import GapForm
from inspections.permissions import can_plan_visits, can_plan_visits_of, can_view_coverage
from inspections.services import plan_visit
from responsibilities.models import Unit
from safetyplant.access.rules import requires
from safetyplant.shell.answers import UNPROCESSABLE, sent
from safetyplant.shell.moments import day_text


@requires(can_view_coverage)
@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    return coverage_page(request)


@requires(can_plan_visits)
@require_POST
def visit_new(request: HttpRequest) -> HttpResponse:
    """One tap makes the visit that was proposed; the same tap again is the same visit."""
    form = GapForm(**sent(request), user=request.user)
    if not form.is_valid():
        return coverage_page(request, status=UNPROCESSABLE)
    data = form.cleaned_data
    visit = plan_visit(data["unit"], owner=data["owner"], on=data["on"], by=request.user)
    words = {"name": visit.owner.name, "unit": visit.unit.name, "day": day_text(visit.on)}
    messages.success(request, _("%(name)s visits %(unit)s on %(day)s, and is told.") % words)
    return redirect("inspections:coverage")


def coverage_page(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    found = read_coverage(request.user)
    plans_for = [(gap, can_plan_visits_of(request.user, gap.unit)) for gap in found.gaps]
    context = {"found": found, "rows": rows_of(found), "weekly": weekly_of(found), "gaps": plans_for, "days": BACK.days}
    return render(request, "inspections/coverage.html", context, status=status)


def rows_of(found: Coverage) -> list[tuple[Unit, list[Cell], list[tuple[FrontPost, list[int]]], list[str]]]:
    """Each unit with its cells; below it each front-line post with how often each leader was there, and those without a place."""
    rows = []
    for unit in found.units:
        posts = found.posts.get(unit.pk, [])
        counted = [
            (post, [found.at_posts[post.pk].get(leader.pk, 0) for leader in found.leaders]) for post in posts if post.is_known
        ]
        unplaced = [post.name for post in posts if not post.is_known]
        rows.append((unit, [found.cells[unit.pk][leader.pk] for leader in found.leaders], counted, unplaced))
    return rows


def weekly_of(found: Coverage) -> list[tuple[object, list[int], int]]:
    return [
        (unit, [found.weeks[unit.pk][monday] for monday in found.mondays], found.planned.get(unit.pk, 0)) for unit in found.units
    ]
