"""What the lists of duties and of proposed penalties show."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from inspections.filters import bans_in_state
from inspections.models import Duty, Proposal, SiteBan
from safetyplant.formats.days import day_text
from safetyplant.reporting.lists import Column, Sort, View
from safetyplant.reporting.parts import Cell
from safetyplant.shell.templatetags.shell import state as state_chip


def newest(key: str, label: object) -> Sort:
    return Sort(
        key,
        label,  # type: ignore[arg-type]
        (f"-{key}",),
        order=_("newest first"),
        reverse_order=_("oldest first"),
        earlier=pgettext_lazy("pager", "Newer"),
        later=pgettext_lazy("pager", "Older"),
    )


def duty_title(duty: Duty) -> str:
    return str(duty.get_kind_display())


def proposal_source(proposal: Proposal) -> str:
    if proposal.violation is not None:
        return proposal.violation.number
    return proposal.action.number if proposal.action is not None else ""


def ban_state(ban: SiteBan) -> str:
    return str(ban.state_on(timezone.localdate()).label)


def state_cell(cell: Cell) -> SafeString:
    return state_chip(cell.row.status, cell.value)


def ban_state_cell(cell: Cell) -> SafeString:
    return state_chip(cell.row.state_on(timezone.localdate()), cell.value)


def last_day_cell(cell: Cell) -> SafeString:
    """On a phone no heading stands above the day."""
    return format_html('<span class="phone-only">{} </span>{}', pgettext("last day", "through"), day_text(cell.value))


def state_view(key: str, label: object) -> View:
    """Of a list whose filter of states narrows by the field."""

    def rows(queryset: object, _request: HttpRequest) -> object:
        return queryset.filter(status=key)  # type: ignore[attr-defined]

    return View(key, label, f"state={key}", rows=rows)  # type: ignore[arg-type]


def ban_view(key: str, label: object) -> View:
    return View(key, label, f"state={key}", rows=lambda rows, _request: bans_in_state(rows, key))  # type: ignore[arg-type]


DUTY_COLUMNS = (
    Column("number", pgettext_lazy("record", "Number"), "number", css="c-level num"),
    Column("title", _("Duty"), duty_title, css="c-title", link=lambda duty: reverse("inspections:duty-detail", args=[duty.pk])),
    Column("unit", _("Unit"), "unit.name", css="c-more"),
    Column("person", _("Who"), "person.name", css="c-who"),
    Column("threshold", _("From points"), "threshold", css="r c-more"),
    Column("state", _("State"), "get_status_display", draw=state_cell, css="c-state"),
    Column("due", _("Due"), "deadline.due_at", css="c-due"),
    Column("opened", _("Opened"), "created_at", is_shown=False),
)
DUTY_SORTS = (newest("created_at", _("Opened")),)

PROPOSAL_COLUMNS = (
    Column("source", pgettext_lazy("record", "Number"), proposal_source, css="c-level"),
    Column(
        "title",
        _("Proposed because of"),
        "get_kind_display",
        css="c-title",
        link=lambda proposal: reverse("inspections:proposal-detail", args=[proposal.pk]),
    ),
    Column("unit", _("Unit"), "unit.name", css="c-more"),
    Column("person", _("Who"), "person.name", css="c-who"),
    Column("points", _("Points proposed"), "points", css="r c-more"),
    Column("state", _("State"), "get_status_display", draw=state_cell, css="c-state"),
    Column("proposed", _("Proposed"), "proposed_at", css="c-due"),
)
PROPOSAL_SORTS = (newest("proposed_at", _("Proposed")),)

DUTY_VIEWS = (
    View("all", _("All"), ""),
    state_view("open", _("Open")),
    state_view("done", _("Waiting for check")),
    state_view("verified", _("Closed")),
)
PROPOSAL_VIEWS = (
    View("all", _("All"), ""),
    state_view("open", _("Open")),
    state_view("confirmed", _("Confirmed")),
    state_view("dismissed", _("Dismissed")),
)

BAN_COLUMNS = (
    Column("number", pgettext_lazy("record", "Number"), "number", css="c-level"),
    Column("person", _("Who"), "person.name", css="c-title", link=lambda ban: reverse("inspections:ban-detail", args=[ban.pk])),
    Column("unit", _("Contractor"), "unit.name", css="c-more"),
    Column("state", _("State"), ban_state, draw=ban_state_cell, css="c-state"),
    Column("from", _("From"), "starts_on", css="c-more"),
    Column("until", _("Through"), "ends_on", draw=last_day_cell, css="c-due"),
    Column("violation", _("Violation"), "violation.number", is_shown=False),
    Column("imposed", _("Imposed"), "imposed_at", is_shown=False),
)
BAN_SORTS = (newest("imposed_at", _("Imposed")),)
BAN_VIEWS = (
    View("all", _("All"), ""),
    ban_view("in_force", pgettext_lazy("ban", "In force")),
    ban_view("ahead", pgettext_lazy("ban", "Not begun")),
    ban_view("over", pgettext_lazy("ban", "Over")),
    ban_view("lifted", pgettext_lazy("ban", "Lifted")),
)
