"""What the list of inspections shows, in which orders, and its standard views."""

from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.filters import inspections_in_state, inspections_of_kind, view
from inspections.models import Inspection
from safetyplant.reporting.lists import Column, Empty, Sort

LIST_RELATED = ("unit", "place", "standard__document", "created_by")


def inspection_url(inspection: Inspection) -> str:
    return reverse("inspections:inspection-detail", args=[inspection.pk])


def where_of(inspection: Inspection) -> str:
    return inspection.place.name if inspection.place else inspection.unit.name


def standard_of(inspection: Inspection) -> str:
    return inspection.standard.document.label if inspection.standard else str(_("Free inspection"))


COLUMNS = (
    Column("number", _("Number"), "number", only_export=True),
    Column(
        "title", _("Inspection"), where_of, template="inspections/inspection_cell_title.html", css="c-title", link=inspection_url
    ),
    Column("unit", _("Unit"), "unit.name", only_export=True),
    Column("kind", _("Kind"), "get_kind_display", css="c-level"),
    Column("standard", _("Checklist"), standard_of, only_export=True),
    Column("by", _("By"), "created_by.name", template="inspections/inspection_cell_by.html", css="c-who"),
    Column("state", _("State"), "get_status_display", template="inspections/inspection_cell_state.html", css="c-state"),
    Column("failed", _("Failed"), "failed_count", css="r c-more"),
    Column("score", _("Score"), "score", template="inspections/inspection_cell_score.html", css="r c-more"),
    Column(
        "started", _("Started"), "started_at", template="inspections/inspection_cell_started.html", sort="started", css="c-due"
    ),
    Column("answered", _("Answered"), "answered_count", is_shown=False),
    Column("submitted", _("Submitted"), "submitted_at", is_shown=False),
    Column("field", _("Field"), "get_field_display", is_shown=False),
    Column("note", _("Note"), "note", is_shown=False),
)

SORTS = (
    Sort(
        "started",
        _("Started"),
        ("-started_at",),
        order=_("newest first"),
        reverse_order=_("oldest first"),
        earlier=pgettext_lazy("pager", "Newer"),
        later=pgettext_lazy("pager", "Older"),
    ),
)

DONE = (inspections_in_state, "done")
VIEWS = (
    view("done", _("Submitted"), state=DONE),
    view("open", _("Not acknowledged yet"), state=(inspections_in_state, "submitted")),
    view("failed", _("With failed items"), state=DONE, only=(inspections_of_kind, "failed")),
    view("leaders", _("Leaders' visits"), state=DONE, kind="leader"),
    view("external", _("Outside inspectors"), state=DONE, kind="external"),
    view("mine", _("Mine"), only=(inspections_of_kind, "mine")),
    view("drafts", _("My drafts"), state=(inspections_in_state, "draft")),
)

EMPTY = Empty(
    _("No inspection submitted yet"),
    _("Start one with a checklist, or free. A failed item becomes a hazard or a violation by itself."),
    action=_("Start an inspection"),
    url=reverse_lazy("inspections:inspection-new"),
    icon="clipboard-check",
)
