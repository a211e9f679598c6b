"""What the list of violations shows. SECURITY: page, CSV and XLSX take the person from one function that asks the permission."""

from functools import cache

from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.filters import view, violations_of_kind
from inspections.models import Violation
from inspections.permissions import can_view_violation_person, can_view_violation_points
from inspections.views import inspection_cells as cells
from inspections.views.hazard_columns import LEVEL_READS
from responsibilities.models import Person
from safetyplant.reporting.lists import Column, Empty, Sort, View

LIST_RELATED = ("unit", "place", "person", "violation_type", "level", "recorded_by")


#: What says whether the reader may know the person, and who it is.
PERSON_READS = ("person__name", "recorded_by__name", "unit__path", "unit__name")
TITLE_READS = ("number", "description", "place__name", "unit__name", "violation_type__name", "violation_type__name_zh")


@cache
def _list_url() -> str:
    return reverse("inspections:violation-list")


def violation_url(violation: Violation) -> str:
    """What `reverse` says, which is slow for a page of rows."""
    return f"{_list_url()}{violation.pk}/"


def title_of(violation: Violation) -> str:
    return violation.violation_type.label if violation.violation_type else violation.description[:120]


def columns_for(reader: Person) -> tuple[Column, ...]:
    def person_of(violation: Violation) -> str:
        if not can_view_violation_person(reader, violation):
            return str(_("Not for you"))
        return violation.person.name if violation.person else str(_("The unit as a whole"))

    def points_of(violation: Violation) -> int | None:
        return violation.proposed_points if can_view_violation_points(reader, violation) else None

    return (
        Column("number", pgettext_lazy("record", "Number"), "number", only_export=True),
        Column("level", _("Level"), "level.word", draw=cells.violation_level, css="c-level", reads=LEVEL_READS),
        Column(
            "title", _("Violation"), title_of, draw=cells.violation_title, css="c-title", link=violation_url, reads=TITLE_READS
        ),
        Column("unit", _("Unit"), "unit.name", only_export=True),
        Column("place", _("Place"), "place.name", only_export=True),
        Column("person", _("Who"), person_of, css="c-who", reads=PERSON_READS),
        Column("state", _("State"), "get_status_display", draw=cells.violation_state, css="c-state", reads=("status",)),
        Column("points", _("Points proposed"), points_of, css="r c-more", reads=("proposed_points", "person__unit")),
        Column("found", _("Found"), "found_at", draw=cells.moment, sort="found", css="c-due", reads=("found_at",)),
        Column("description", _("What happened"), "description", is_shown=False, reads=("description",)),
        Column("correction", _("Put right on the spot"), "correction", is_shown=False, reads=("correction",)),
        Column("recorded_by", _("Recorded by"), "recorded_by.name", is_shown=False, reads=("recorded_by__name",)),
    )


SORTS = (
    Sort(
        "found",
        _("Found"),
        ("-found_at",),
        order=_("newest first"),
        reverse_order=_("oldest first"),
        earlier=pgettext_lazy("pager", "Newer"),
        later=pgettext_lazy("pager", "Older"),
    ),
)

VIEWS = (
    View("all", _("All"), ""),
    View("open", _("Recorded"), "state=recorded", rows=lambda rows, _request: rows.filter(status="recorded")),
    View("noticed", _("Notice served"), "state=noticed", rows=lambda rows, _request: rows.filter(status="noticed")),
    View("appealed", _("Appealed"), "state=appealed", rows=lambda rows, _request: rows.filter(status="appealed")),
    View("final", _("Final"), "state=final", rows=lambda rows, _request: rows.filter(status="final")),
    view("contractors", _("Contractors"), only=(violations_of_kind, "contractors")),
    view("mine", _("Recorded by me"), only=(violations_of_kind, "mine")),
    view("own", _("My own"), only=(violations_of_kind, "own")),
)

EMPTY = Empty(
    _("No violation recorded"),
    _("A breach is recorded with what was put right at once. You see those of your units, those you recorded, and your own."),
    icon="person-exclamation",
)
EMPTY_FOR_RECORDERS = Empty(
    EMPTY.title,
    EMPTY.text,
    action=_("Record a violation"),
    url=reverse_lazy("inspections:violation-new"),
    icon="person-exclamation",
)
