"""What a person's page tells: what they answer for and what they owe, to those who may know."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from responsibilities import permissions
from responsibilities.home import row_of
from responsibilities.models import Appointment, Deadline, Person
from safetyplant.audit.history import history

SHOWN_DEBTS = 20


def person_page(request: HttpRequest, person: Person) -> HttpResponse:
    """One tab at a time: the person, or their history."""
    user = request.user
    may_see_history = permissions.can_view_history(user, person)
    tab = "history" if may_see_history and request.GET.get("tab") == "history" else "person"
    context: dict[str, Any] = {
        "person": person,
        "tab": tab,
        "may_see_history": may_see_history,
        "can_view_contact": permissions.can_view_contact(user, person),
        "can_manage": permissions.can_manage_person(user, person),
        "can_suspend": permissions.can_suspend_person(user, person) and not person.is_external,
        "can_reset_password": person.is_active and permissions.can_reset_password(user, person),
        "can_appoint": person.is_active and user.pk != person.pk and permissions.can_manage_appointments_somewhere(user),
    }
    appointments = list(_appointments(person))
    if tab == "history":
        context["entries"] = history(person, *appointments)
    else:
        context |= _answers_for(user, appointments) | {"debts": debts_of(user, person)}
    return render(request, "responsibilities/person_detail.html", context)


def _appointments(person: Person) -> Any:
    return person.appointments.select_related("unit", "deputy_of__person", "deputy_of__unit").order_by("-starts_on", "-pk")


def _answers_for(user: Person, appointments: list[Appointment]) -> dict[str, Any]:
    today = timezone.localdate()
    for appointment in appointments:
        appointment.can_end = _can_end(user, appointment, today)  # type: ignore[attr-defined]
    return {
        "present": [a for a in appointments if a.starts_on <= today and not _has_ended(a, today)],
        "ahead": [a for a in appointments if a.starts_on > today],
        "past": [a for a in appointments if _has_ended(a, today)],
    }


def _has_ended(appointment: Appointment, today: date) -> bool:
    return appointment.ends_on is not None and appointment.ends_on < today


def _can_end(user: Person, appointment: Appointment, today: date) -> bool:
    return not _has_ended(appointment, today) and permissions.can_end_appointment(user, appointment)


def debts_of(user: Person, person: Person) -> dict[str, Any] | None:
    """Open deadlines of a person, earliest first, for those who may know what someone owes."""
    if not permissions.can_view_debts(user, person):
        return None
    now = timezone.now()
    rows = Deadline.objects.known_to(user).open().filter(owner=person)
    first = list(rows.select_related("level").order_by("due_at", "pk")[: SHOWN_DEBTS + 1])
    return {
        "rows": [row_of(deadline) for deadline in first[:SHOWN_DEBTS]],
        "has_more": len(first) > SHOWN_DEBTS,
        "late": sum(deadline.due_at < now for deadline in first),
    }
