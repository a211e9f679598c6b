"""The list of everything that falls due."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from responsibilities import permissions
from responsibilities.filters import DeadlineFilter
from responsibilities.home import task_title
from responsibilities.models import Deadline, Person
from responsibilities.roles import Right
from responsibilities.views import action_cells as cells
from responsibilities.views.action_columns import LEVEL_READS
from safetyplant.access.rules import signed_in
from safetyplant.reporting.columns import Column
from safetyplant.reporting.keyset import Sort
from safetyplant.reporting.lists import Empty, ListPage, View
from safetyplant.reporting.scopes import Scope

TASK_READS = ("kind", "number", "title", "link", "unit__name")
DUE_READS = ("status", "due_at", "first_due_at", "closed_at")

COLUMNS = [
    Column("level", _("Level"), "level.word", draw=cells.level, css="c-level", reads=LEVEL_READS),
    Column(
        "task",
        _("What is owed"),
        lambda row: task_title(row.kind, row.title),
        draw=cells.title,
        css="c-title",
        link=lambda row: row.link,
        reads=TASK_READS,
    ),
    Column("number", pgettext_lazy("record", "Number"), "number", only_export=True),
    Column("kind", _("Kind"), "get_kind_display", only_export=True),
    Column("unit", _("Unit"), "unit.name", only_export=True),
    Column("owner", _("With"), "owner.name", draw=cells.owner, css="c-who", reads=("owner__name",)),
    Column("state", _("State"), cells.deadline_words, draw=cells.deadline_state, css="c-state", reads=("status",)),
    Column("due", _("Due"), "due_at", draw=cells.deadline_due, css="c-due", sort="due", reads=DUE_READS),
    Column("first_due", _("First due"), "first_due_at", only_export=True),
    Column("done", _("Done"), "done_at", only_export=True),
    Column("closed", _("Ended"), "closed_at", only_export=True),
]
SORTS = [
    Sort(
        "due",
        _("Due"),
        ("due_at",),
        order=_("earliest due first"),
        reverse_order=_("latest due first"),
        earlier=_("Earlier due"),
        later=_("Later due"),
    )
]
VIEWS = [
    View("open", _("Open"), "state=open"),
    View("late", _("Late"), "state=late"),
    View("mine", _("With me"), "owner=me&state=open"),
    View("all", _("All"), is_counted=False),
]


@signed_in
@require_safe
def deadline_list(request: HttpRequest) -> HttpResponseBase:
    rows = Deadline.objects.visible_to(request.user).select_related("owner", "unit", "level")
    page = ListPage(
        request,
        rows,
        title=_("Deadlines"),
        columns=COLUMNS,
        sorts=SORTS,
        filterset_class=DeadlineFilter,
        views=VIEWS,
        default_view="open",
        scope=scope_of(request.user),
        empty=Empty(_("Nothing falls due"), _("What is to be fixed, checked, assessed or answered appears here with its date.")),
        filename="deadlines",
    )
    context = {"can_view_engine": permissions.can_view_engine(request.user)}
    return page.response("responsibilities/deadline_list.html", context)


@signed_in
@require_safe
def deadline_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A deadline has no page of its own: the record that owes it tells the story."""
    deadline = get_object_or_404(Deadline.objects.visible_to(request.user), pk=pk)
    return redirect(deadline.link)


def scope_of(user: Person) -> Scope | None:
    """The units whose records the reader sees, for lists that have one index per unit; None for whoever sees everything."""
    if user.standing.everywhere(Right.VIEW_RECORDS):
        return None
    return Scope(user.standing.unit_ids(Right.VIEW_RECORDS), also=(Q(owner=user),))
