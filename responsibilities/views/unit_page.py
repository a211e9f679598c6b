"""What a unit's page tells: who answers, what is open, what belongs to it, what happened."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from responsibilities import permissions
from responsibilities.chain import Chain, chain_for
from responsibilities.choices import RoleCode
from responsibilities.home import row_of
from responsibilities.maps import map_url
from responsibilities.models import Appointment, Deadline, Person, Post, Unit
from responsibilities.roles import Right
from safetyplant.audit.history import history

SHOWN_PLACES = 12
SHOWN_WORK = 8


TABS = ("unit", "places", "history")


def unit_page(request: HttpRequest, unit: Unit) -> HttpResponse:
    """One tab at a time: who answers and what is open; places and posts; history."""
    asked = request.GET.get("tab", "")
    tab = asked if asked in TABS else "unit"
    parts: dict[str, Callable[[Person, Unit], dict[str, Any]]] = {"unit": _responsibility, "places": _places, "history": _history}
    context: dict[str, Any] = {
        "unit": unit,
        "tab": tab,
        "can_manage": unit.is_active and permissions.can_manage_unit(request.user, unit),
        "can_appoint": unit.is_active and permissions.can_manage_appointments(request.user, unit),
    }
    return render(request, "responsibilities/unit_detail.html", context | parts[tab](request.user, unit))


def _responsibility(user: Person, unit: Unit) -> dict[str, Any]:
    # One query for the names above and the units below.
    around = Unit.objects.visible_to(user).filter(Q(parent=unit, is_active=True) | Q(pk__in=unit.ancestor_ids)).order_by("path")
    units = list(around)
    return {
        "links": chain_links(chain_for(unit), {each.pk: each.name for each in units}),
        "appointments": _held_with_ends(user, unit),
        "children": [each for each in units if each.parent_id == unit.pk],
        "people_count": Person.objects.visible_to(user).active().filter(unit=unit).count(),
        "work": open_work(user, unit),
    }


def _places(user: Person, unit: Unit) -> dict[str, Any]:
    places = list(unit.places.visible_to(user).active().order_by("kind", "code")[: SHOWN_PLACES + 1])
    return {
        "places": places[:SHOWN_PLACES],
        "site_plans": [(plan, map_url(plan.pk)) for plan in unit.site_plans.visible_to(user).active().order_by("name")],
        "has_more_places": len(places) > SHOWN_PLACES,
        "posts": list(
            Post.objects.filter(unit=unit).active().annotate(holders=Count("people", filter=Q(people__is_active=True)))
        ),
    }


def _history(user: Person, unit: Unit) -> dict[str, Any]:
    return {"entries": history(unit, *unit.appointments.all())}


def _held_with_ends(user: Person, unit: Unit) -> list[Appointment]:
    """Each says whether the reader may end it: those above them are theirs to see only."""
    held = held_in(unit)
    for appointment in held:
        appointment.can_end = unit.is_active and permissions.can_end_appointment(user, appointment)  # type: ignore[attr-defined]
    return held


def held_in(unit: Unit) -> list[Appointment]:
    """Appointments of today and of the days ahead, in the order of the roles."""
    today = timezone.localdate()
    rows = unit.appointments.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today)).select_related(
        "person", "deputy_of__person", "deputy_of__unit"
    )
    return sorted(rows, key=lambda row: (RoleCode.values.index(row.role), row.starts_on))


def open_work(user: Person, unit: Unit) -> dict[str, Any] | None:
    """What is open in this very unit, for those who see its records; the first few and the counts."""
    if not user.standing.has_for(Right.VIEW_RECORDS, unit):
        return None
    # SECURITY: what `visible_to` asks has just been answered for this one unit.
    rows = Deadline.objects.known_to(user).open().filter(unit=unit)
    first = list(rows.select_related("owner", "level").order_by("due_at", "pk")[: SHOWN_WORK + 1])
    return {
        "rows": [(row_of(deadline), deadline.owner) for deadline in first[:SHOWN_WORK]],
        "has_more": len(first) > SHOWN_WORK,
        "late": sum(deadline.due_at < timezone.now() for deadline in first),
    }


def chain_links(chain: Chain, names: Mapping[int, str]) -> list[dict[str, Any]]:
    """The chain as `{% chain links %}` takes it; a link without anybody is kept, since it is the gap that matters."""
    return [
        {
            "person": link.person,
            "title": f"{RoleCode(link.role).label}, {names.get(link.unit_id, '')}",
            "note": _note(link),
            "does": "",
        }
        for link in chain.links
    ]


def _note(link: Any) -> str:
    if link.acting_for is not None:
        return _("Acts for %(name)s") % {"name": link.acting_for.name}
    if link.person is None:
        return _("Nobody is appointed: the next above answers.")
    return "" if link.is_alive else _("Has no access: the next above answers.")
