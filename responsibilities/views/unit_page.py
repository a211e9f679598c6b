"""What a unit's page tells: who answers, what is open, what belongs to it, what happened."""

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
from responsibilities.models import Appointment, Deadline, Person, Post, Unit
from responsibilities.roles import Right
from safetyplant.audit.history import history

SHOWN_PLACES = 12
SHOWN_WORK = 8


def unit_page(request: HttpRequest, unit: Unit) -> HttpResponse:
    """One tab at a time: the unit, or its history."""
    tab = "history" if request.GET.get("tab") == "history" else "unit"
    can_manage = unit.is_active and permissions.can_manage_unit(request.user, unit)
    context: dict[str, Any] = {
        "unit": unit,
        "tab": tab,
        "can_manage": can_manage,
        "can_appoint": unit.is_active and permissions.can_manage_appointments(request.user, unit),
    }
    if tab == "history":
        appointments = list(unit.appointments.all())
        context["entries"] = history(unit, *appointments)
    else:
        context |= _belongings(request.user, unit)
    return render(request, "responsibilities/unit_detail.html", context)


def _belongings(user: Person, unit: Unit) -> dict[str, Any]:
    places = list(unit.places.visible_to(user).active().order_by("kind", "code")[: SHOWN_PLACES + 1])
    return {
        "links": chain_links(chain_for(unit)),
        "appointments": held_in(unit),
        "children": list(Unit.objects.visible_to(user).active().filter(parent=unit).order_by("path")),
        "places": places[:SHOWN_PLACES],
        "has_more_places": len(places) > SHOWN_PLACES,
        "posts": list(
            Post.objects.filter(unit=unit).active().annotate(holders=Count("people", filter=Q(people__is_active=True)))
        ),
        "people_count": Person.objects.visible_to(user).active().filter(unit=unit).count(),
        "work": open_work(user, unit),
    }


def held_in(unit: Unit) -> list[Appointment]:
    """Appointments of today and of the days ahead, in the order of the roles."""
    today = timezone.localdate()
    rows = unit.appointments.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today)).select_related("person", "deputy_of__person")
    return sorted(rows, key=lambda row: (RoleCode.values.index(row.role), row.starts_on))


def open_work(user: Person, unit: Unit) -> dict[str, Any] | None:
    """What is open in this very unit, for those who see its records; the first few and the counts."""
    if not user.standing.has_for(Right.VIEW_RECORDS, unit):
        return None
    rows = Deadline.objects.visible_to(user).open().filter(unit=unit)
    first = list(rows.select_related("owner", "level").order_by("due_at", "pk")[: SHOWN_WORK + 1])
    return {
        "rows": [(row_of(deadline), deadline.owner) for deadline in first[:SHOWN_WORK]],
        "has_more": len(first) > SHOWN_WORK,
        "late": sum(deadline.due_at < timezone.now() for deadline in first),
    }


def chain_links(chain: Chain) -> list[dict[str, Any]]:
    """The chain as `{% chain links %}` takes it; a link without anybody is kept, since it is the gap that matters."""
    names = dict(Unit.objects.filter(pk__in={link.unit_id for link in chain.links}).values_list("pk", "name"))
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
