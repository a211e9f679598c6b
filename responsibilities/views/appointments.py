"""Appointing people and ending appointments."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from responsibilities import permissions
from responsibilities.choices import RoleCode
from responsibilities.forms.people import AppointmentForm, EndForm
from responsibilities.models import Appointment, Unit
from responsibilities.services.appointments import appoint_person, end_appointment
from responsibilities.services.people import person_link
from responsibilities.views.form_page import add_faults, form_page, posted
from responsibilities.views.people import visible_person
from safetyplant.access.rules import requires
from safetyplant.access.transitions import require

FORM = "responsibilities/appointment_form.html"


@requires(permissions.can_manage_appointments_somewhere)
@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """From a person's page."""
    person = visible_person(request, pk)
    form = AppointmentForm(posted(request), user=request.user, person=person)
    title, why_not = _("Appoint %(name)s") % {"name": person.name}, ""
    if person == request.user:
        why_not = _("Nobody gives themself a role. Ask someone else who keeps appointments.")
    elif not person.is_active:
        why_not = _("%(name)s has no access. Restore it first, or choose someone else.") % {"name": person.name}
    above = (_("People"), "responsibilities:person-list")
    return _answer(request, form, title=title, back=person_link(person), above=above, why_not=why_not)


@requires(permissions.can_manage_appointments_somewhere)
@require_http_methods(["GET", "HEAD", "POST"])
def appoint_to(request: HttpRequest, unit_pk: int) -> HttpResponse:
    """From a unit's page."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=unit_pk)
    require(permissions.can_manage_appointments(request.user, unit), _("This appointment is for someone else to make."))
    role = request.GET.get("role", RoleCode.UNIT_HEAD)
    form = AppointmentForm(posted(request), user=request.user, unit=unit, initial={"role": role})
    title = _("Appoint someone in %(unit)s") % {"unit": unit.name}
    back = reverse("responsibilities:unit-detail", args=[unit.pk])
    return _answer(request, form, title=title, back=back, above=(_("Units"), "responsibilities:unit-list"))


def _answer(
    request: HttpRequest, form: AppointmentForm, *, title: str, back: str, above: tuple[Any, str], why_not: str = ""
) -> HttpResponse:
    if form.nothing_to_give:
        why_not = why_not or _("There is no post here that you may give. Ask someone who keeps appointments above you.")
    if request.method != "POST" and why_not:
        return render(request, "responsibilities/nothing_to_give.html", {"title": title, "back": back, "why_not": why_not})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            appointment = appoint_person(data.pop("person"), by=request.user, **data)
        except ValidationError as fault:
            add_faults(form, fault)
        else:
            words = {"name": appointment.person.name, "role": appointment.get_role_display(), "unit": appointment.unit.name}
            messages.success(request, _("%(name)s is appointed: %(role)s, %(unit)s.") % words)
            return redirect(back)
    crumbs = [(above[0], reverse(above[1]))]
    return form_page(request, form, title=title, submit=_("Appoint"), back=back, crumbs=crumbs, template=FORM)


@requires(permissions.can_manage_appointments_somewhere)
@require_http_methods(["GET", "HEAD", "POST"])
def appointment_end(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Appointment.objects.visible_to(request.user).select_related("person", "unit", "deputy_of__unit")
    appointment = get_object_or_404(rows, pk=pk)
    require(permissions.can_end_appointment(request.user, appointment), _("This appointment is for someone else to end."))
    form = EndForm(posted(request))
    back = person_link(appointment.person)
    if request.method == "POST" and form.is_valid():
        try:
            end_appointment(appointment, by=request.user, **form.cleaned_data)
        except ValidationError as fault:
            add_faults(form, fault)
        else:
            messages.success(request, _("The appointment ends. Appoint a successor, so that no gap is left."))
            return redirect(back)
    words = {"name": appointment.person.name, "role": appointment.get_role_display(), "unit": appointment.unit.name}
    return form_page(
        request,
        form,
        title=_("End the appointment of %(name)s") % words,
        lead=_("%(role)s, %(unit)s. Records of past days keep who held it then.") % words,
        submit=_("End it"),
        back=back,
        tone="late",
        crumbs=[(_("People"), reverse("responsibilities:person-list")), (appointment.person.name, back)],
    )
