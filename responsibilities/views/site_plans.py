"""Site plans of a unit: added, given a newer picture, and places put on them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from responsibilities import permissions
from responsibilities.forms.site_plans import PointsForm, SitePlanChangeForm, SitePlanForm
from responsibilities.maps import map_url
from responsibilities.models import SitePlan, Unit
from responsibilities.services.site_plans import change_site_plan, create_site_plan, mark_places
from responsibilities.views.form_page import add_faults, form_page
from responsibilities.views.units import managed_unit
from safetyplant.access.exceptions import StaleVersion
from safetyplant.access.rules import requires
from safetyplant.shell.answers import CONFLICT, note_stale, sent

TEXT_LENGTH = 60


@requires(permissions.can_manage_units)
@require_http_methods(["GET", "HEAD", "POST"])
def site_plan_new(request: HttpRequest, unit_pk: int) -> HttpResponse:
    unit = managed_unit(request, unit_pk)
    form = SitePlanForm(**sent(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            plan = create_site_plan(unit, name=given["name"], picture=given["picture"][0], by=request.user)
        except ValidationError as fault:
            add_faults(form, fault)
        else:
            messages.success(request, _("The plan is added. Now put the places on it."))
            return redirect("responsibilities:site-plan-points", unit_pk=unit.pk, pk=plan.pk)
    title = _("Add a site plan to %(unit)s") % {"unit": unit.name}
    return _page(request, form, unit, title=title, back=places_tab(unit), submit=_("Add"))


@requires(permissions.can_manage_units)
@require_http_methods(["GET", "HEAD", "POST"])
def site_plan_edit(request: HttpRequest, unit_pk: int, pk: int) -> HttpResponse:
    unit = managed_unit(request, unit_pk)
    plan = _plan(request, unit, pk)
    form = SitePlanChangeForm(**sent(request), plan=plan, user=request.user)
    status = None
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        pictures = given.pop("picture")
        try:
            change_site_plan(plan, **given, picture=pictures[0] if pictures else None, by=request.user)
        except ValidationError as fault:
            add_faults(form, fault)
        except StaleVersion as refusal:
            status = _note_stale(form, refusal, plan)
        else:
            messages.success(request, _("%(plan)s is saved.") % {"plan": given["name"]})
            return redirect(map_url(plan.pk) or places_tab(unit))
    title = _("Change %(plan)s") % {"plan": plan.name}
    template = "responsibilities/site_plan_form.html"
    return _page(request, form, unit, title=title, submit=_("Save"), status=status, template=template, plan=plan)


@requires(permissions.can_manage_units)
@require_http_methods(["GET", "HEAD", "POST"])
def site_plan_points(request: HttpRequest, unit_pk: int, pk: int) -> HttpResponse:
    """Places by two numbers each; on the picture by tap, drag and arrow keys."""
    unit = managed_unit(request, unit_pk)
    plan = _plan(request, unit, pk)
    text = request.GET.get("text", "").strip()[:TEXT_LENGTH]
    form = PointsForm(**sent(request), plan=plan, text=text)
    status = None
    if request.method == "POST" and form.is_valid():
        try:
            mark_places(plan, form.spots, revision=form.cleaned_data["revision"], by=request.user)
        except ValidationError as fault:
            add_faults(form, fault)
        except StaleVersion as refusal:
            status = _note_stale(form, refusal, plan)
        else:
            messages.success(request, _("The places are where you put them."))
            return redirect(map_url(plan.pk) or places_tab(unit))
    title = _("Places on %(plan)s") % {"plan": plan.name}
    template = "responsibilities/site_plan_points.html"
    page = {"title": title, "submit": _("Save"), "status": status, "template": template, "text": text}
    return _page(request, form, unit, plan=plan, rows=list(form.rows()), **page)


def places_tab(unit: Unit) -> str:
    return f"{reverse('responsibilities:unit-detail', args=[unit.pk])}?tab=places"


def _plan(request: HttpRequest, unit: Unit, pk: int) -> SitePlan:
    return get_object_or_404(SitePlan.objects.visible_to(request.user).filter(unit=unit).select_related("unit"), pk=pk)


def _note_stale(form: Any, refusal: StaleVersion, plan: SitePlan) -> int:
    """What was typed is kept; sent again it is a deliberate answer to the present state."""
    plan.refresh_from_db(fields=["revision"])
    note_stale(form, refusal, plan.revision)
    return CONFLICT


def _page(request: HttpRequest, form: Any, unit: Unit, **page: Any) -> HttpResponse:
    unit_url = reverse("responsibilities:unit-detail", args=[unit.pk])
    crumbs = [(_("Units"), reverse("responsibilities:unit-list")), (unit.name, unit_url)]
    plan = page.get("plan")
    back = (map_url(plan.pk) if plan else "") or places_tab(unit)
    return form_page(request, form, crumbs=crumbs, unit=unit, **{"back": back, **page})
