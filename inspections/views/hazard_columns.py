"""What the list of hazards shows, in which orders, and its standard views."""

from django.db.models import F
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.choices import HazardStatus
from inspections.filters import hazards_in_state, hazards_of_kind, view
from inspections.models import Hazard
from inspections.views import hazard_cells
from safetyplant.reporting.lists import Column, Empty, Sort

LIST_RELATED = ("unit", "place", "level", "holder", "category", "reported_by")


def hazard_url(hazard: Hazard) -> str:
    return reverse("inspections:hazard-detail", args=[hazard.pk])


def state_words(hazard: Hazard) -> str:
    """The state as people say it: what it waits for, or that it was fixed on the spot."""
    if hazard.status == HazardStatus.WAITING and hazard.waiting_for:
        return hazard.get_waiting_for_display()
    return str(_("Fixed on the spot")) if hazard.fixed_on_spot else hazard.get_status_display()


COLUMNS = (
    Column("number", _("Number"), "number", only_export=True),
    Column(
        "level",
        _("Level"),
        lambda hazard: hazard.level.word if hazard.level else "",
        draw=hazard_cells.level,
        sort="level",
        css="c-level",
    ),
    Column("title", _("Hazard"), "title", draw=hazard_cells.title, css="c-title", link=hazard_url),
    Column("unit", _("Unit"), "unit.name", only_export=True),
    Column("place", _("Place"), "place.name", only_export=True),
    Column("with", _("With"), "holder.name", draw=hazard_cells.holder, css="c-who"),
    Column("state", _("State"), state_words, draw=hazard_cells.state, css="c-state"),
    Column("due", _("Due"), "due_at", draw=hazard_cells.due, sort="due", css="c-due"),
    Column("found", _("Found"), "found_at", draw=hazard_cells.found, sort="found", is_shown=False),
    Column("category", _("Category"), "category.label", is_shown=False),
    Column("field", _("Field"), "get_field_display", is_shown=False),
    Column("found_by", _("Found by"), "reported_by.name", is_shown=False),
    Column("first_due", _("First due"), "first_due_at", is_shown=False),
    Column("closed", _("Closed"), "closed_at", is_shown=False),
    Column("description", _("Description"), "description", is_shown=False),
)

SORTS = (
    Sort(
        "due",
        _("Due"),
        ("due_at",),
        order=_("earliest due first"),
        reverse_order=_("latest due first"),
        earlier=pgettext_lazy("pager", "Earlier due"),
        later=pgettext_lazy("pager", "Later due"),
    ),
    Sort(
        "found",
        _("Found"),
        ("-found_at",),
        order=_("newest first"),
        reverse_order=_("oldest first"),
        earlier=pgettext_lazy("pager", "Newer"),
        later=pgettext_lazy("pager", "Older"),
    ),
    Sort(
        "level",
        _("Level"),
        (F("level__rank").desc(nulls_last=True),),
        order=_("gravest first"),
        reverse_order=_("least grave first"),
    ),
)

OPEN = (hazards_in_state, "open")
VIEWS = (
    view("open", _("Open"), state=OPEN),
    view("late", _("Late"), state=(hazards_in_state, "late")),
    view("check", _("Waiting for my check"), state=(hazards_in_state, "check")),
    view("grave", _("Serious and major"), state=OPEN, only=(hazards_of_kind, "grave")),
    view("undecided", _("Possibly major, undecided"), state=OPEN, only=(hazards_of_kind, "undecided")),
    view("contractors", _("Contractors"), state=OPEN, only=(hazards_of_kind, "contractors")),
    view("mine", _("Reported by me"), only=(hazards_of_kind, "mine"), also="sort=found"),
    view("closed", _("Closed"), state=(hazards_in_state, "closed"), also="sort=found"),
)

EMPTY = Empty(
    _("No hazard reported yet"),
    _("Whoever sees a danger reports it: three answers and a photo. It costs nobody a point."),
    action=_("Report a hazard"),
    url=reverse_lazy("inspections:hazard-new"),
    icon="exclamation-triangle",
)
