"""People: their list, what each answers for and owes, and their access."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from responsibilities import permissions
from responsibilities.filters import PersonFilter
from responsibilities.forms.people import PersonForm, SuspendForm
from responsibilities.models import Person
from responsibilities.services import people
from responsibilities.views import organisation_cells as cells
from responsibilities.views.form_page import add_faults, form_page, posted
from responsibilities.views.person_page import person_page
from safetyplant.access.rules import requires, signed_in
from safetyplant.access.transitions import require
from safetyplant.reporting.columns import Column
from safetyplant.reporting.keyset import Sort
from safetyplant.reporting.lists import Empty, ListPage, View

COLUMNS = [
    Column(
        "name",
        gettext_lazy("Name"),
        "name",
        draw=cells.person,
        css="c-title",
        sort="name",
        link=people.person_link,
        reads=("name", "username", "unit__name", "post__name"),
    ),
    Column("username", gettext_lazy("Employee number"), "username", css="num c-rest", reads=("username",)),
    Column("unit", gettext_lazy("Unit"), "unit.name", css="c-rest", reads=("unit__name",)),
    Column("post", gettext_lazy("Post"), "post.name", css="c-rest", reads=("post__name",)),
    Column("grade", gettext_lazy("Grade"), cells.grade_words, css="c-rest", reads=("grade",)),
    Column("middle", gettext_lazy("Middle level or above"), "is_middle_level", only_export=True),
    Column("shift", gettext_lazy("Shift"), cells.shift_words, css="c-rest", reads=("shift",)),
    Column(
        "active",
        gettext_lazy("Has access"),
        "is_active",
        draw=cells.access,
        css="c-state",
        reads=("is_active", "is_external"),
    ),
]
SORTS = [
    Sort(
        "name", gettext_lazy("Name"), ("name",), order=gettext_lazy("by name"), reverse_order=gettext_lazy("by name, backwards")
    ),
    Sort("username", gettext_lazy("Employee number"), ("username",), order=gettext_lazy("by employee number")),
]
VIEWS = [
    View("active", gettext_lazy("With access"), "active=1"),
    View("managers", gettext_lazy("Managers"), "grade=manager&active=1"),
    View("heads", gettext_lazy("Unit heads"), "role=unit_head&active=1"),
    View("suspended", gettext_lazy("Without access"), "active=0"),
]


@signed_in
@require_safe
def person_list(request: HttpRequest) -> HttpResponseBase:
    can_manage = permissions.can_manage_people(request.user)
    page = ListPage(
        request,
        Person.objects.visible_to(request.user).select_related("unit", "post"),
        title=gettext_lazy("People"),
        columns=COLUMNS,
        sorts=SORTS,
        filterset_class=PersonFilter,
        views=VIEWS,
        default_view="active",
        empty=Empty(gettext_lazy("No people yet"), gettext_lazy("Add them one by one, or import a list.")),
        filename="people",
    )
    return page.response("responsibilities/person_list.html", {"can_manage": can_manage})


@signed_in
@require_safe
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return person_page(request, visible_person(request, pk))


@requires(permissions.can_manage_people)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def person_new(request: HttpRequest) -> HttpResponse:
    form = PersonForm(posted(request), user=request.user, initial={"unit": request.GET.get("unit", "")})
    if request.method == "POST" and form.is_valid():
        try:
            person, password = people.create_person(by=request.user, **form.cleaned_data)
        except ValidationError as fault:
            add_faults(form, fault)
        else:
            return _show_password(request, person, password, title=_("%(name)s is added") % {"name": person.name}, status=201)
    return _person_form(request, form, title=_("Add a person"), submit=_("Add"), back=reverse("responsibilities:person-list"))


@requires(permissions.can_manage_people)
@require_http_methods(["GET", "HEAD", "POST"])
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    person = visible_person(request, pk)
    require(permissions.can_manage_person(request.user, person), _("People of this unit are for someone else to manage."))
    title = _("Change %(name)s") % {"name": person.name}
    form = PersonForm(posted(request), user=request.user, instance=person)
    if request.method == "POST" and form.is_valid():
        try:
            people.update_person(person, by=request.user, **form.cleaned_data)
        except ValidationError as fault:
            add_faults(form, fault)
        else:
            messages.success(request, _("Saved"))
            return redirect(people.person_link(person))
    return _person_form(request, form, title=title, submit=_("Save"), back=people.person_link(person))


def _person_form(request: HttpRequest, form: Any, **page: Any) -> HttpResponse:
    return form_page(request, form, crumbs=[(_("People"), reverse("responsibilities:person-list"))], **page)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def person_suspend(request: HttpRequest, pk: int) -> HttpResponse:
    person = visible_person(request, pk)
    require(permissions.can_suspend_person(request.user, person), _("Access of this person is for someone else to suspend."))
    form = SuspendForm(posted(request))
    if request.method == "POST" and form.is_valid():
        people.suspend_person(person, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("%(name)s has no access any more; open work went up the chain.") % {"name": person.name})
        return redirect(people.person_link(person))
    return form_page(
        request,
        form,
        title=_("Suspend access of %(name)s") % {"name": person.name},
        lead=_("Takes effect with the next page they open. What they owe goes to the next above at once, by the same dates."),
        submit=_("Suspend access now"),
        back=people.person_link(person),
        tone="late",
        crumbs=[(_("People"), reverse("responsibilities:person-list")), (person.name, people.person_link(person))],
    )


@signed_in
@require_POST
def person_restore(request: HttpRequest, pk: int) -> HttpResponse:
    person = visible_person(request, pk)
    people.restore_person(person, by=request.user)
    messages.success(
        request, _("%(name)s has access again. Work that was handed over stays where it went.") % {"name": person.name}
    )
    return redirect(people.person_link(person))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def person_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then show the new password in this one response and never again."""
    person = visible_person(request, pk)
    require(permissions.can_reset_password(request.user, person), _("The password of this person is for someone else to reset."))
    if request.method == "POST":
        password = people.reset_password(person, by=request.user)
        return _show_password(request, person, password, title=_("New password of %(name)s") % {"name": person.name})
    return form_page(
        request,
        None,
        title=_("Reset the password of %(name)s") % {"name": person.name},
        lead=_("They get a new temporary password from you, are signed out everywhere and told that you did it."),
        submit=_("Reset the password"),
        back=people.person_link(person),
        crumbs=[(_("People"), reverse("responsibilities:person-list")), (person.name, people.person_link(person))],
    )


def _show_password(request: HttpRequest, person: Person, password: str, *, title: str, status: int = 200) -> HttpResponse:
    context = {"person": person, "password": password, "title": title}
    return render(request, "responsibilities/password_shown.html", context, status=status)


def visible_person(request: HttpRequest, pk: int) -> Person:
    return get_object_or_404(Person.objects.visible_to(request.user).select_related("unit", "post"), pk=pk)
