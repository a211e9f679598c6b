"""What the list of inspections shows, in which orders, and its standard views."""

from functools import cache

from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.filters import inspections_in_state, inspections_of_kind, view
from inspections.models import Inspection
from inspections.views import inspection_cells as cells
from safetyplant.reporting.lists import Column, Empty, Sort

LIST_RELATED = ("unit", "place", "standard__document", "created_by")


#: For exports, which read whole records. The page reads what its columns name.
STANDARD_READS = ("standard__document__title", "standard__document__title_zh")
TITLE_READS = ("number", "place__name", "unit__name", *STANDARD_READS)


@cache
def _list_url() -> str:
    return reverse("inspections:inspection-list")


def inspection_url(inspection: Inspection) -> str:
    """What `reverse` says, which is slow for a page of rows."""
    return f"{_list_url()}{inspection.pk}/"


def where_of(inspection: Inspection) -> str:
    return inspection.place.name if inspection.place else inspection.unit.name


def standard_of(inspection: Inspection) -> str:
    return inspection.standard.document.label if inspection.standard else str(_("Free inspection"))


COLUMNS = (
    Column("number", pgettext_lazy("record", "Number"), "number", only_export=True),
    Column(
        "title", _("Inspection"), where_of, draw=cells.inspection_title, css="c-title", link=inspection_url, reads=TITLE_READS
    ),
    Column("unit", _("Unit"), "unit.name", only_export=True),
    Column("kind", _("Kind"), "get_kind_display", css="c-level", reads=("kind",)),
    Column("standard", _("Checklist"), standard_of, only_export=True),
    Column("by", _("By"), "created_by.name", draw=cells.created_by, css="c-who", reads=("created_by__name",)),
    Column(
        "state", _("State"), "get_status_display", draw=cells.inspection_state, css="c-state", reads=("status", "failed_count")
    ),
    Column("failed", _("Failed"), "failed_count", css="r c-more", reads=("failed_count",)),
    Column("score", _("Score"), "score", draw=cells.score, css="r c-more", reads=("score", *STANDARD_READS)),
    Column("started", _("Started"), "started_at", draw=cells.moment, sort="started", css="c-due", reads=("started_at",)),
    Column("answered", _("Answered"), "answered_count", is_shown=False, reads=("answered_count",)),
    Column("submitted", _("Submitted"), "submitted_at", is_shown=False, reads=("submitted_at",)),
    Column("field", pgettext_lazy("area of work", "Field"), "get_field_display", is_shown=False, reads=("field",)),
    Column("note", _("Note"), "note", is_shown=False, reads=("note",)),
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
