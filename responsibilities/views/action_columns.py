"""What the list of corrective actions shows, in which orders, and its standard views."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from responsibilities.choices import ActionStatus, DeadlineStatus
from responsibilities.views import action_cells as cells
from responsibilities.workflows.actions import OPEN_STATES
from safetyplant.reporting.columns import Column
from safetyplant.reporting.keyset import Sort
from safetyplant.reporting.lists import View

LEVEL_READS = ("level__code", "level__short", "level__short_zh")
TITLE_READS = ("number", "title", "link", "unit__name")
DUE_READS = ("status", "submitted_at", "deadline__due_at", "deadline__first_due_at")

COLUMNS = (
    Column("level", _("Level"), "level.word", draw=cells.level, css="c-level", reads=LEVEL_READS),
    Column("title", _("What is wrong"), "title", draw=cells.title, css="c-title", link=lambda row: row.link, reads=TITLE_READS),
    Column("number", pgettext_lazy("record", "Number"), "number", only_export=True),
    Column("unit", _("Unit"), "unit.name", only_export=True),
    Column("owner", _("Fixed by"), "owner.name", draw=cells.owner, css="c-who", reads=("owner__name",)),
    Column("verifier", _("Checked by"), "verifier.name", is_shown=False, reads=("verifier__name",)),
    Column("state", _("State"), cells.state_words, draw=cells.state, css="c-state", reads=("status", "waiting_for")),
    Column("due", _("Due"), "deadline.due_at", draw=cells.fix_due, css="c-due", sort="due", reads=DUE_READS),
    Column("first_due", _("First due"), "deadline.first_due_at", only_export=True),
    Column("submitted", _("Submitted"), "submitted_at", only_export=True),
    Column("verified", _("Closed"), "verified_at", only_export=True),
)
SORTS = [
    Sort(
        "due",
        _("Due"),
        ("deadline__due_at",),
        order=_("earliest due first"),
        reverse_order=_("latest due first"),
        earlier=_("Earlier due"),
        later=_("Later due"),
    ),
    Sort("new", _("Newest"), ("-id",), order=_("newest first"), reverse_order=_("oldest first")),
]


# The views narrow exactly as their addresses do through the filters, without a form for each count.


def _open(rows: QuerySet, _request: HttpRequest) -> QuerySet:
    return rows.filter(status__in=OPEN_STATES)


def _late(rows: QuerySet, _request: HttpRequest) -> QuerySet:
    return rows.filter(Q(deadline__status=DeadlineStatus.OPEN, deadline__due_at__lt=timezone.now()))


def _mine(rows: QuerySet, request: HttpRequest) -> QuerySet:
    return rows.filter(status__in=OPEN_STATES).filter(owner_id=request.user.pk)


def _to_check(rows: QuerySet, request: HttpRequest) -> QuerySet:
    return rows.filter(status=ActionStatus.SUBMITTED).filter(verifier_id=request.user.pk)


VIEWS = (
    View("open", _("Open"), "state=open", rows=_open),
    View("late", _("Late"), "late=1", rows=_late),
    View("mine", _("With me"), "owner=me&state=open", rows=_mine),
    View("check", _("Waiting for my check"), "verifier=me&state=submitted", rows=_to_check),
    View("all", _("All"), is_counted=False),
)
