"""Units: their list, their page, and how the tree changes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from responsibilities import permissions, services
from responsibilities.choices import RoleCode
from responsibilities.filters import UnitListFilter
from responsibilities.forms.units import CloseForm, MoveForm, RenameForm, UnitForm
from responsibilities.models import Appointment, Person, Place, Unit
from responsibilities.views import organisation_cells as cells
from responsibilities.views.form_page import add_faults, form_page, posted
from responsibilities.views.unit_page import unit_page
from safetyplant.access.exceptions import WrongState
from safetyplant.access.rules import requires, signed_in
from safetyplant.access.transitions import require
from safetyplant.reporting.columns import Column
from safetyplant.reporting.keyset import Sort
from safetyplant.reporting.lists import Empty, ListPage, View

#: Figures come with each row (`with_figures`), whatever fields are read.
COUNTED = ("id",)
COLUMNS = [
    Column(
        "name",
        gettext_lazy("Unit"),
        "name",
        draw=cells.unit,
        css="c-title",
        sort="tree",
        link=lambda row: reverse("responsibilities:unit-detail", args=[row.pk]),
        reads=("name", "path", "kind", "is_active"),
    ),
    Column("code", gettext_lazy("Code"), "code", css="c-rest", reads=("code",)),
    Column("kind", gettext_lazy("Kind"), cells.kind_words, css="c-rest", reads=("kind",)),
    Column("parent", gettext_lazy("Under"), "parent.name", only_export=True),
    Column("head", gettext_lazy("Head"), "head_name", draw=cells.head, css="c-who", reads=("parent", "is_active")),
    Column("people", gettext_lazy("People"), "people_count", css="r c-rest", reads=COUNTED),
    Column("places", gettext_lazy("Places"), "place_count", css="r c-rest", reads=COUNTED),
    Column("active", gettext_lazy("Active"), "is_active", only_export=True),
]
SORTS = [
    Sort("tree", gettext_lazy("Tree"), ("path",), order=gettext_lazy("in the order of the tree")),
    Sort("name", gettext_lazy("Name"), ("name",), order=gettext_lazy("by name")),
]
VIEWS = [
    View("active", gettext_lazy("Active"), "active=1"),
    View("contractors", gettext_lazy("Contractors"), "kind=contractor&active=1"),
    View("closed", gettext_lazy("Closed units"), "active=0"),
]


def with_figures(units: Any) -> Any:
    """Each unit with its head of today and how many people and places it has: subqueries, run for the rows shown alone."""
    head = Appointment.objects.covering().filter(unit=OuterRef("pk"), role=RoleCode.UNIT_HEAD)
    return units.annotate(
        head_name=Subquery(head.values("person__name")[:1]),
        people_count=_count(Person.objects.active()),
        place_count=_count(Place.objects.active()),
    )


def _count(rows: Any) -> Any:
    counted = rows.filter(unit=OuterRef("pk")).order_by().values("unit").annotate(found=Count("pk")).values("found")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@signed_in
@require_safe
def unit_list(request: HttpRequest) -> HttpResponseBase:
    can_manage = permissions.can_manage_units(request.user)
    page = ListPage(
        request,
        with_figures(Unit.objects.visible_to(request.user).select_related("parent")),
        title=gettext_lazy("Units"),
        columns=COLUMNS,
        sorts=SORTS,
        filterset_class=UnitListFilter,
        views=VIEWS,
        default_view="active",
        empty=Empty(
            gettext_lazy("No units yet"),
            gettext_lazy("Begin with the branch factory, then add workshops, stations and teams below it."),
            action=gettext_lazy("Add a unit") if can_manage else "",
            url=reverse("responsibilities:unit-new") if can_manage else "",
        ),
        filename="units",
    )
    return page.response("responsibilities/unit_list.html", {"can_manage": can_manage})


@signed_in
@require_safe
def unit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.visible_to(request.user).select_related("parent"), pk=pk)
    return unit_page(request, unit)


@requires(permissions.can_manage_units)
@require_http_methods(["GET", "HEAD", "POST"])
def unit_new(request: HttpRequest) -> HttpResponse:
    form = UnitForm(posted(request), user=request.user, initial={"parent": request.GET.get("under", "")})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            unit = services.create_unit(data.pop("name"), **data, by=request.user)
        except ValidationError as fault:
            add_faults(form, fault)
        else:
            messages.success(request, _("%(unit)s is added. Appoint its head next.") % {"unit": unit.name})
            return redirect("responsibilities:unit-detail", pk=unit.pk)
    return form_page(
        request,
        form,
        title=_("Add a unit"),
        submit=_("Add"),
        back=reverse("responsibilities:unit-list"),
        crumbs=[(_("Units"), reverse("responsibilities:unit-list"))],
    )


@requires(permissions.can_manage_units)
@require_http_methods(["GET", "HEAD", "POST"])
def unit_rename(request: HttpRequest, pk: int) -> HttpResponse:
    unit = managed_unit(request, pk)
    form = RenameForm(posted(request), initial={"name": unit.name})
    if request.method == "POST" and form.is_valid():
        services.rename_unit(unit, name=form.cleaned_data["name"], by=request.user)
        messages.success(request, _("The unit has its new name. Old records show it too."))
        return redirect("responsibilities:unit-detail", pk=unit.pk)
    return _unit_form(request, unit, form, title=_("Rename %(unit)s"), submit=_("Rename"))


@requires(permissions.can_manage_units)
@require_http_methods(["GET", "HEAD", "POST"])
def unit_move(request: HttpRequest, pk: int) -> HttpResponse:
    unit = managed_unit(request, pk)
    form = MoveForm(posted(request), user=request.user, unit=unit, initial={"parent": unit.parent_id})
    if request.method == "POST" and form.is_valid():
        try:
            services.move_unit(unit, parent=form.cleaned_data["parent"], on=form.cleaned_data["on"], by=request.user)
        except ValidationError as fault:
            add_faults(form, fault)
        else:
            messages.success(request, _("The unit stands in its new place. Chains of earlier days stay as they were."))
            return redirect("responsibilities:unit-detail", pk=unit.pk)
    lead = _("All units below it move with it. From that day on its chain goes over the new unit.")
    return _unit_form(request, unit, form, title=_("Move %(unit)s"), submit=_("Move"), lead=lead)


@requires(permissions.can_manage_units)
@require_http_methods(["GET", "HEAD", "POST"])
def unit_close(request: HttpRequest, pk: int) -> HttpResponse:
    unit = managed_unit(request, pk)
    form = CloseForm(posted(request), user=request.user, unit=unit)
    if request.method == "POST" and form.is_valid():
        try:
            services.close_unit(unit, successor=form.cleaned_data["successor"], by=request.user)
        except ValidationError as fault:
            add_faults(form, fault)
        else:
            messages.success(request, _("%(unit)s is closed; its people and open work have moved.") % {"unit": unit.name})
            return redirect("responsibilities:unit-detail", pk=form.cleaned_data["successor"].pk)
    return _unit_form(
        request,
        unit,
        form,
        title=_("Close %(unit)s"),
        submit=_("Close the unit"),
        tone="late",
        template="responsibilities/unit_close.html",
        moves=what_moves(unit),
    )


def what_moves(unit: Unit) -> dict[str, int]:
    """What closing the unit would move to its successor, and what stands in the way."""
    return {
        "people": unit.people.active().count(),
        "places": unit.places.count(),
        "actions": unit.actions.exclude(status__in=["verified", "cancelled"]).count(),
        "deadlines": unit.deadlines.filter(status__in=["open", "paused"]).count(),
        "appointments": unit.appointments.covering().count(),
        "children": unit.children.active().count(),
    }


def managed_unit(request: HttpRequest, pk: int) -> Unit:
    """A unit the reader keeps and that is still active: 404, 403 or 409 otherwise."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user).select_related("parent"), pk=pk)
    require(permissions.can_manage_unit(request.user, unit), _("This unit is for someone else to manage."))
    if not unit.is_active:
        raise WrongState(_("%(unit)s is closed.") % {"unit": unit.name})
    return unit


def _unit_form(request: HttpRequest, unit: Unit, form: Any, *, title: str, **page: Any) -> HttpResponse:
    back = reverse("responsibilities:unit-detail", args=[unit.pk])
    crumbs = [(_("Units"), reverse("responsibilities:unit-list")), (unit.name, back)]
    return form_page(request, form, title=title % {"unit": unit.name}, back=back, crumbs=crumbs, unit=unit, **page)
