"""The calendar of visits: a month, a week, or a list; on a phone always the list. And the address other calendars read."""

import calendar as months
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from inspections.choices import VisitStatus
from inspections.filters import unit_ids_below
from inspections.forms.fields import units_for
from inspections.models import CalendarFeed, PlannedVisit
from inspections.permissions import can_plan_visits, can_view_coverage
from inspections.services.feeds import calendar_of, make_feed, person_of_feed, revoke_feed
from responsibilities.permissions import can_view_records
from safetyplant.access.rules import public, requires

MONTH, WEEK, LIST = "month", "week", "list"
#: A month of a whole branch; what is beyond is counted in the list of visits.
MOST = 1500
NAMED = 3
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Day:
    on: date
    visits: list[PlannedVisit]
    is_today: bool
    is_outside: bool

    @property
    def named(self) -> list[PlannedVisit]:
        """Few visits by name; many only counted."""
        return self.visits if len(self.visits) <= NAMED else []

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        if self.named or not self.visits:
            return []
        found = {state: sum(visit.status == state for visit in self.visits) for state in VisitStatus}
        return [(state.value, str(state.label), count) for state, count in found.items() if count]


@dataclass(frozen=True)
class Span:
    """What is shown: whole weeks of a month, a week, or two weeks from a day on."""

    view: str
    on: date

    @property
    def days(self) -> list[date]:
        first, last = self._ends()
        return [first + ONE_DAY * number for number in range((last - first).days + 1)]

    def _ends(self) -> tuple[date, date]:
        monday = self.on - ONE_DAY * self.on.weekday()
        if self.view == WEEK:
            return monday, monday + 6 * ONE_DAY
        if self.view == LIST:
            return self.on, self.on + 13 * ONE_DAY
        first = self.on.replace(day=1)
        last = self.on.replace(day=months.monthrange(self.on.year, self.on.month)[1])
        return first - ONE_DAY * first.weekday(), last + ONE_DAY * (6 - last.weekday())

    @property
    def title(self) -> str:
        if self.view == MONTH:
            return date_format(self.on, "YEAR_MONTH_FORMAT")
        first, last = self._ends()
        return f"{date_format(first, 'MONTH_DAY_FORMAT')} – {date_format(last, 'MONTH_DAY_FORMAT')}"

    def moved(self, way: int) -> date:
        if self.view == MONTH:
            return (self.on.replace(day=15) + way * timedelta(days=30)).replace(day=1)
        return self.on + way * (7 if self.view == WEEK else 14) * ONE_DAY


def span_of(request: HttpRequest) -> Span:
    view = request.GET.get("view", MONTH)
    try:
        on = parse_date(request.GET.get("on", "")) or timezone.localdate()
    except ValueError:
        on = timezone.localdate()
    if not 2000 <= on.year < 2200:
        on = timezone.localdate()
    return Span(view if view in (MONTH, WEEK, LIST) else MONTH, on)


@requires(can_view_records)
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    span, user = span_of(request), request.user
    whose = request.GET.get("whose") or ("all" if can_plan_visits(user) else "mine")
    units = list(units_for(user)[:200])
    chosen = next((unit for unit in units if str(unit.pk) == request.GET.get("unit", "")), None)
    rows = PlannedVisit.objects.living().visible_to(user)
    if whose == "mine":
        rows = rows.of_person(user)
    if chosen is not None:
        rows = rows.filter(unit_id__in=unit_ids_below(chosen, request))
    days = days_of(span, rows)
    kept = {"whose": whose, "unit": chosen.pk if chosen else ""}
    context: dict[str, Any] = {
        "span": span,
        "days": days,
        "weeks": [days[at : at + 7] for at in range(0, len(days), 7)] if span.view != LIST else [],
        **on_a_phone(days),
        "whose": whose,
        "units": units,
        "chosen": chosen,
        "tabs": [(view, word, address(view, span.on, kept)) for view, word in views()],
        "before": address(span.view, span.moved(-1), kept),
        "after": address(span.view, span.moved(1), kept),
        "today": address(span.view, timezone.localdate(), kept),
        "can_plan": can_plan_visits(user),
        "can_cover": can_view_coverage(user),
    }
    return render(request, "inspections/plan_calendar.html", context)


def on_a_phone(days: list[Day]) -> dict[str, list[Day]]:
    """Days with visits: today and what comes stand first, what is gone by lies folded beneath."""
    shown, today = [day for day in days if day.visits and not day.is_outside], timezone.localdate()
    ahead = [day for day in shown if day.on >= today]
    return {"shown": ahead or shown, "gone": [day for day in shown if day.on < today] if ahead else []}


def views() -> list[tuple[str, str]]:
    return [
        (MONTH, pgettext("calendar", "Month")),
        (WEEK, pgettext("calendar", "Week")),
        (LIST, pgettext("calendar", "List")),
    ]


def address(view: str, on: date, kept: dict[str, Any]) -> str:
    return f"{reverse('inspections:calendar')}?{urlencode({'view': view, 'on': on.isoformat(), **kept})}"


def days_of(span: Span, rows: Any) -> list[Day]:
    """One query for all of them."""
    wanted, today = span.days, timezone.localdate()
    found: dict[date, list[PlannedVisit]] = {day: [] for day in wanted}
    # By the index on the due moment; night shifts end the day after the day they belong to.
    near = rows.filter(
        due_at__gte=_midnight(wanted[0]), due_at__lt=_midnight(wanted[-1] + 2 * ONE_DAY), on__range=(wanted[0], wanted[-1])
    )
    for visit in near.select_related("unit", "place", "owner").order_by("due_at", "pk")[:MOST]:
        found[visit.on].append(visit)
    is_month = span.view == MONTH
    return [Day(day, found[day], day == today, is_month and day.month != span.on.month) for day in wanted]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """One's own address: made here and shown this once, since only its digest is kept."""
    user, made = request.user, ""
    if request.method == "POST" and "revoke" in request.POST:
        revoke_feed(user, by=user)
        messages.success(request, _("Revoked. Calendars that read the address get nothing any more."))
        return redirect("inspections:calendar-feed")
    if request.method == "POST":
        made = request.build_absolute_uri(reverse("inspections:calendar-file", args=[make_feed(user, by=user)]))
    feed = CalendarFeed.objects.filter(person=user).first()
    return render(request, "inspections/calendar_feed.html", {"feed": feed, "made": made})


@public
@require_safe
@never_cache
def calendar_file(request: HttpRequest, secret: str) -> HttpResponse:
    """SECURITY: public, since calendar programs cannot sign in; 256 random bits open one person's own visits and nothing else."""
    person = person_of_feed(secret)
    if person is None:
        raise Http404
    response = HttpResponse(calendar_of(person), content_type="text/calendar; charset=utf-8")
    response["Referrer-Policy"] = "no-referrer"
    return response
