"""What the list of checks of similar places shows, in which orders, and its standard views."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from inspections.filters import checks_in_state, checks_of_kind, view
from inspections.models import PlaceCheck
from inspections.views.inspection_cells import moment
from safetyplant.reporting.lists import Column, Empty, Sort
from safetyplant.reporting.parts import Cell
from safetyplant.shell.templatetags.shell import due as due_text
from safetyplant.shell.templatetags.shell import ref
from safetyplant.shell.templatetags.shell import state as state_chip


def check_url(check: PlaceCheck) -> str:
    return reverse("inspections:check-detail", args=[check.pk])


def answered(check: PlaceCheck) -> str:
    total, waiting = check.total or 0, check.waiting or 0  # type: ignore[attr-defined]
    return _("%(answered)s of %(total)s") % {"answered": total - waiting, "total": total}


def title_cell(cell: Cell) -> SafeString:
    check = cell.row
    return format_html(
        '<a class="title" href="{}">{}</a><small class="num">{}, {}</small>',
        cell.link,
        cell.value,
        ref(check.number),
        check.unit.name,
    )


def state_cell(cell: Cell) -> SafeString:
    return state_chip(f"check_{cell.row.status}", cell.value)


def answered_cell(cell: Cell) -> SafeString:
    found = cell.row.found or 0
    more = format_html("<small>{}</small>", _("Found there too: %(count)s") % {"count": found}) if found else ""
    return format_html('<span class="num">{}</span>{}', cell.value, more)


def due_cell(cell: Cell) -> SafeString:
    return due_text(cell.row.due_at, stack=True) if cell.row.is_open else SafeString("")


CHECK_COLUMNS = (
    Column("number", pgettext_lazy("record", "Number"), "number", only_export=True),
    Column("title", gettext_lazy("What to look for"), "title", draw=title_cell, css="c-title", link=check_url),
    Column("unit", gettext_lazy("Unit"), "unit.name", only_export=True),
    Column("state", gettext_lazy("State"), "get_status_display", draw=state_cell, css="c-state"),
    Column("answered", gettext_lazy("Answered"), answered, draw=answered_cell, css="c-level"),
    Column("found", gettext_lazy("Found there too"), "found", only_export=True),
    Column("by", gettext_lazy("Sent by"), "sent_by.name", css="c-who"),
    Column("due", gettext_lazy("Due"), "due_at", draw=due_cell, sort="due", css="c-due"),
    Column("sent", gettext_lazy("Sent"), "sent_at", draw=moment, sort="sent", is_shown=False),
)
CHECK_SORTS = (
    Sort(
        "sent",
        gettext_lazy("Sent"),
        ("-sent_at",),
        order=gettext_lazy("newest first"),
        reverse_order=gettext_lazy("oldest first"),
        earlier=pgettext_lazy("pager", "Newer"),
        later=pgettext_lazy("pager", "Older"),
    ),
    Sort(
        "due",
        gettext_lazy("Due"),
        ("due_at",),
        order=gettext_lazy("earliest due first"),
        reverse_order=gettext_lazy("latest due first"),
        earlier=pgettext_lazy("pager", "Earlier due"),
        later=pgettext_lazy("pager", "Later due"),
    ),
)
CHECK_VIEWS = (
    view("open", pgettext_lazy("place check", "Open"), state=(checks_in_state, "open")),
    view("asked", gettext_lazy("Asked of me"), state=(checks_in_state, "open"), only=(checks_of_kind, "asked")),
    view("mine", gettext_lazy("Sent by me"), only=(checks_of_kind, "mine")),
    view("closed", pgettext_lazy("place check", "All answered"), state=(checks_in_state, "closed"), is_counted=False),
)
CHECK_EMPTY = Empty(
    gettext_lazy("No checks of similar places yet"),
    gettext_lazy("What was found at one place may be wrong at others too: open a hazard and send a check to the places like it."),
    icon="signpost-split",
)
