"""Places, rounds and posts of a unit."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from responsibilities import permissions
from responsibilities.choices import PlaceKind
from responsibilities.filters import PlaceFilter
from responsibilities.forms.units import PlaceForm, PostForm, StopsForm
from responsibilities.labels import SIZES, label_of, size_of
from responsibilities.models import Place, Post, Unit
from responsibilities.services.places import save_place, save_post
from responsibilities.views.form_page import add_faults, form_page, posted
from responsibilities.views.units import managed_unit
from safetyplant.access.rules import requires, signed_in
from safetyplant.audit.history import history
from safetyplant.reporting.columns import Column
from safetyplant.reporting.keyset import Sort
from safetyplant.reporting.lists import Empty, ListPage

COLUMNS = [
    Column(
        "name",
        gettext_lazy("Place"),
        "name",
        css="c-title",
        link=lambda row: reverse("responsibilities:place-detail", args=[row.unit_id, row.pk]),
    ),
    Column("code", gettext_lazy("Code"), "code", sort="code", css="c-state"),
    Column("kind", gettext_lazy("Kind"), "get_kind_display", css="c-who"),
    Column("active", gettext_lazy("In use"), "is_active", css="c-rest"),
]
SORTS = [Sort("code", gettext_lazy("Code"), ("code",), order=gettext_lazy("by code"))]


@signed_in
@require_safe
def place_list(request: HttpRequest, unit_pk: int) -> HttpResponseBase:
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=unit_pk)
    can_manage = unit.is_active and permissions.can_manage_unit(request.user, unit)
    page = ListPage(
        request,
        Place.objects.visible_to(request.user).filter(unit=unit),
        title=_("Places of %(unit)s") % {"unit": unit.name},
        columns=COLUMNS,
        sorts=SORTS,
        filterset_class=PlaceFilter,
        empty=Empty(
            _("No places yet"),
            _("Wells, tanks, vessels, vehicles and rounds: what inspections go to."),
            action=_("Add a place") if can_manage else "",
            url=reverse("responsibilities:place-new", args=[unit.pk]) if can_manage else "",
        ),
        filename="places",
    )
    return page.response("responsibilities/place_list.html", {"unit": unit, "can_manage": can_manage})


@signed_in
@require_safe
def place_detail(request: HttpRequest, unit_pk: int, pk: int) -> HttpResponse:
    rows = Place.objects.visible_to(request.user).select_related("unit")
    place = get_object_or_404(rows, pk=pk, unit_id=unit_pk)
    context = {
        "place": place,
        "stops": [stop.place for stop in place.stops.select_related("place__unit")] if place.kind == PlaceKind.ROUTE else [],
        "can_manage": place.unit.is_active and permissions.can_manage_unit(request.user, place.unit),
        "entries": history(place),
    }
    return render(request, "responsibilities/place_detail.html", context)


#: A sheet with more would not be printed at once; the rest is on the next page.
LABELS_A_PAGE = 120


@signed_in
@require_safe
def place_labels(request: HttpRequest, unit_pk: int) -> HttpResponse:
    """QR labels to print, of the places in use of a unit and of all below it; `?after=` goes on with the next ones."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=unit_pk)
    places = Place.objects.visible_to(request.user).active().filter(unit__path__startswith=unit.path).select_related("unit")
    after = request.GET.get("after", "")
    if after.isascii() and after.isdigit() and len(after) < 19:
        places = places.filter(pk__gt=int(after))
    found = list(places.order_by("pk")[: LABELS_A_PAGE + 1])
    shown = found[:LABELS_A_PAGE]
    context = {
        "unit": unit,
        "labels": [label_of(place, request.build_absolute_uri(f"/q/{place.label}/")) for place in shown],
        "size": size_of(request.GET.get("size", "")),
        "sizes": SIZES,
        "next": shown[-1].pk if len(found) > LABELS_A_PAGE else None,
    }
    return render(request, "responsibilities/place_labels.html", context)


@requires(permissions.can_manage_units)
@require_http_methods(["GET", "HEAD", "POST"])
def place_new(request: HttpRequest, unit_pk: int) -> HttpResponse:
    unit = managed_unit(request, unit_pk)
    kind = request.GET.get("kind", "")
    place = Place(unit=unit, kind=kind if kind in PlaceKind.values else PlaceKind.WELL)
    return _place_form(request, place, title=_("Add a place to %(unit)s") % {"unit": unit.name})


@requires(permissions.can_manage_units)
@require_http_methods(["GET", "HEAD", "POST"])
def place_edit(request: HttpRequest, unit_pk: int, pk: int) -> HttpResponse:
    unit = managed_unit(request, unit_pk)
    place = get_object_or_404(unit.places.visible_to(request.user), pk=pk)
    return _place_form(request, place, title=_("Change %(place)s") % {"place": place.name})


def _place_form(request: HttpRequest, place: Place, *, title: str) -> HttpResponse:
    """A round is made in two steps: first its name, then, on its own form, its stops."""
    form = PlaceForm(posted(request), instance=place, unit=place.unit)
    is_route = place.pk is not None and place.kind == PlaceKind.ROUTE
    stops = StopsForm(posted(request), route=place) if is_route else None
    if request.method == "POST" and form.is_valid() and (stops is None or stops.is_valid()):
        return _save_place(request, form, stops)
    status = 422 if request.method == "POST" else None
    unit_url = reverse("responsibilities:unit-detail", args=[place.unit.pk])
    return form_page(
        request,
        form,
        title=title,
        submit=_("Save"),
        back=unit_url,
        crumbs=[(_("Units"), reverse("responsibilities:unit-list")), (place.unit.name, unit_url)],
        template="responsibilities/place_form.html",
        status=status,
        stops=stops,
    )


def _save_place(request: HttpRequest, form: PlaceForm, stops: StopsForm | None) -> HttpResponse:
    is_new = form.instance.pk is None
    place = save_place(form.instance, by=request.user, stops=stops.stops if stops else ())
    if is_new and place.kind == PlaceKind.ROUTE:
        messages.success(request, _("The round is added. Now put its stops in order."))
        return redirect("responsibilities:place-edit", unit_pk=place.unit_id, pk=place.pk)
    messages.success(request, _("%(place)s is saved.") % {"place": place.name})
    return redirect("responsibilities:place-detail", unit_pk=place.unit_id, pk=place.pk)


@requires(permissions.can_manage_units)
@require_http_methods(["GET", "HEAD", "POST"])
def post_new(request: HttpRequest, unit_pk: int) -> HttpResponse:
    unit = managed_unit(request, unit_pk)
    return _post_form(request, Post(unit=unit), title=_("Add a post to %(unit)s") % {"unit": unit.name})


@requires(permissions.can_manage_units)
@require_http_methods(["GET", "HEAD", "POST"])
def post_edit(request: HttpRequest, unit_pk: int, pk: int) -> HttpResponse:
    unit = managed_unit(request, unit_pk)
    post = get_object_or_404(unit.posts.visible_to(request.user), pk=pk)
    return _post_form(request, post, title=_("Change %(post)s") % {"post": post.name})


def _post_form(request: HttpRequest, post: Post, *, title: str) -> HttpResponse:
    form: Any = PostForm(posted(request), instance=post, unit=post.unit)
    unit_url = reverse("responsibilities:unit-detail", args=[post.unit.pk])
    if request.method == "POST" and form.is_valid():
        try:
            save_post(form.instance, by=request.user)
        except ValidationError as fault:
            add_faults(form, fault)
        else:
            messages.success(request, _("%(post)s is saved.") % {"post": post.name})
            return redirect(unit_url)
    crumbs = [(_("Units"), reverse("responsibilities:unit-list")), (post.unit.name, unit_url)]
    return form_page(request, form, title=title, submit=_("Save"), back=unit_url, crumbs=crumbs)
