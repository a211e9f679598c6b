"""What the lists of plans and of visits show, in which orders, and their standard views."""

from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from inspections.filters import plans_in_state, view, visits_in_state
from inspections.models import InspectionPlan, PlannedVisit
from inspections.views.inspection_cells import moment
from inspections.views.plan_words import rhythm_text
from safetyplant.reporting.lists import Column, Empty, Sort
from safetyplant.reporting.parts import Cell
from safetyplant.shell.templatetags.shell import ava
from safetyplant.shell.templatetags.shell import state as state_chip

PLAN_RELATED = ("unit", "standard", "created_by", "ended_by")
VISIT_RELATED = ("unit", "place", "owner", "standard")


def plan_url(plan: InspectionPlan) -> str:
    return reverse("inspections:plan-detail", args=[plan.pk])


def visit_url(visit: PlannedVisit) -> str:
    return reverse("inspections:visit-detail", args=[visit.pk])


def plan_title(cell: Cell) -> SafeString:
    small = f"{cell.row.unit.name}, {rhythm_text(cell.row)}"
    return format_html('<a class="title" href="{}">{}</a><small>{}</small>', cell.link, cell.value, small)


def visit_title(cell: Cell) -> SafeString:
    visit = cell.row
    small = visit.unit.name if visit.standard is None else f"{visit.unit.name}, {visit.standard.label}"
    return format_html('<a class="title" href="{}">{}</a><small>{}</small>', cell.link, cell.value, small)


def visit_state(cell: Cell) -> SafeString:
    return state_chip(cell.row.status, cell.value)


def visit_owner(cell: Cell) -> SafeString:
    who = cell.row.owner
    return format_html('<span class="sp-person tight">{}<span>{}</span></span>', ava(who, small=True, you=cell.reader), who)


PLAN_COLUMNS = (
    Column("title", _("Plan"), "title", draw=plan_title, css="c-title", link=plan_url),
    Column("unit", _("Unit"), "unit.name", only_export=True),
    Column("kind", _("Kind"), "get_kind_display", css="c-level"),
    Column("rhythm", _("How often"), rhythm_text, only_export=True),
    Column("by_whom", _("Who of them"), "get_by_whom_display", css="c-who"),
    Column("from", _("From"), "starts_on", css="c-more", draw=moment),
    Column("through", _("Through"), "ends_on", css="c-more", draw=moment),
    Column("by", _("Written by"), "created_by.name", only_export=True),
)
PLAN_SORTS = (
    Sort(
        "title",
        _("Name"),
        ("title",),
        order=_("A to Z"),
        reverse_order=_("Z to A"),
        earlier=_("Earlier names"),
        later=_("Later names"),
    ),
)
PLAN_VIEWS = (
    view("current", _("In force"), state=(plans_in_state, "current")),
    view("ended", _("Ended"), state=(plans_in_state, "ended")),
)
PLAN_EMPTY = Empty(
    _("No inspection plans yet"),
    _("The safety officer or the leader in charge writes who inspects what, how often."),
    icon="calendar3",
)
PLAN_EMPTY_FOR_PLANNERS = Empty(
    PLAN_EMPTY.title,
    _("Say who inspects what, how often. Each visit then has its date, and whoever forgets it is reminded."),
    action=_("Write a plan"),
    url=reverse_lazy("inspections:plan-new"),
    icon="calendar3",
)

VISIT_COLUMNS = (
    Column("where", _("Visit"), "where", draw=visit_title, css="c-title", link=visit_url),
    Column("unit", _("Unit"), "unit.name", only_export=True),
    Column("kind", _("Kind"), "get_kind_display", css="c-level"),
    Column("owner", _("With"), "owner.name", draw=visit_owner, css="c-who"),
    Column("state", _("State"), "get_status_display", draw=visit_state, css="c-state"),
    Column("due", _("Due"), "due_at", draw=moment, sort="due", css="c-due"),
    Column("done", _("Done"), "done_at", draw=moment, css="c-more"),
    Column("excuse", _("Excuse"), "get_excuse_display", is_shown=False),
    Column("excused_by", _("Excused by"), "excused_by.name", only_export=True),
)
VISIT_SORTS = (
    Sort(
        "due",
        _("Due"),
        ("due_at",),
        order=_("earliest due first"),
        reverse_order=_("latest due first"),
        earlier=_("Earlier due"),
        later=_("Later due"),
    ),
)
VISIT_VIEWS = (
    view("coming", _("To come"), state=(visits_in_state, "planned")),
    view("missed", _("Missed"), state=(visits_in_state, "missed")),
    view("mine", _("Mine"), state=(visits_in_state, "mine")),
    view("done", _("Done"), state=(visits_in_state, "done")),
    view("excused", _("Excused"), state=(visits_in_state, "excused")),
)
VISIT_EMPTY = Empty(
    _("No visits here"), _("Visits come from the plans of inspections. See the calendar for the coming weeks."), icon="calendar3"
)
