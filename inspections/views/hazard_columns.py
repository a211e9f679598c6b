"""What the list of hazards shows, in which orders, and its standard views."""

from functools import cache

from django.db.models import F
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.choices import HazardStatus
from inspections.filters import hazards_in_state, hazards_of_kind, view
from inspections.models import Hazard
from inspections.views import hazard_cells
from responsibilities.choices import WaitingFor
from safetyplant.reporting.lists import Column, Empty, Sort

#: For exports, which read whole records. The page reads what its columns name.
LIST_RELATED = ("unit", "place", "level", "holder", "category", "reported_by")
LEVEL_READS = ("level__code", "level__short", "level__short_zh")
TITLE_READS = ("number", "title", "place__name", "unit__name", "stopped_at", "released_at", "possibly_major", "accepted_until")
STATE_READS = ("status", "waiting_for", "fixed_on_spot")
DUE_READS = ("status", "due_at", "first_due_at", "done_at")


@cache
def _list_url() -> str:
    return reverse("inspections:hazard-list")


def hazard_url(hazard: Hazard) -> str:
    """What `reverse` says, which is slow for a page of rows."""
    return f"{_list_url()}{hazard.pk}/"


def state_words(hazard: Hazard) -> str:
    """The state as people say it: what it waits for, or that it was fixed on the spot."""
    if hazard.status == HazardStatus.WAITING and hazard.waiting_for:
        return str(WaitingFor(hazard.waiting_for).label)
    # Not `get_status_display`, which hashes all choices anew for each row.
    return str(_("Fixed on the spot")) if hazard.fixed_on_spot else str(HazardStatus(hazard.status).label)


#: Before the others for whoever may change many at once.
TICK = Column("tick", _("Choose"), "pk", draw=hazard_cells.tick, css="c-tick", reads=("number",))
COLUMNS = (
    Column("number", pgettext_lazy("record", "Number"), "number", only_export=True),
    Column(
        "level",
        _("Level"),
        lambda hazard: hazard.level.word if hazard.level else "",
        draw=hazard_cells.level,
        sort="level",
        css="c-level",
        reads=LEVEL_READS,
    ),
    Column("title", _("Hazard"), "title", draw=hazard_cells.title, css="c-title", link=hazard_url, reads=TITLE_READS),
    Column("unit", _("Unit"), "unit.name", only_export=True),
    Column("place", _("Place"), "place.name", only_export=True),
    Column("with", _("With"), "holder.name", draw=hazard_cells.holder, css="c-who", reads=("holder__name",)),
    Column("state", _("State"), state_words, draw=hazard_cells.state, css="c-state", reads=STATE_READS),
    Column("due", _("Due"), "due_at", draw=hazard_cells.due, sort="due", css="c-due", reads=DUE_READS),
    Column("found", _("Found"), "found_at", draw=hazard_cells.found, sort="found", is_shown=False, reads=("found_at",)),
    Column("category", _("Category"), "category.label", is_shown=False, reads=("category__name", "category__name_zh")),
    Column("field", pgettext_lazy("area of work", "Field"), "get_field_display", is_shown=False, reads=("field",)),
    Column("found_by", _("Found by"), "reported_by.name", is_shown=False, reads=("reported_by__name",)),
    Column("first_due", _("First due"), "first_due_at", is_shown=False, reads=("first_due_at",)),
    Column("accepted_until", _("Accepted until"), "accepted_until", is_shown=False, reads=("accepted_until",)),
    Column("closed", _("Closed"), "closed_at", is_shown=False, reads=("closed_at",)),
    Column("description", _("Description"), "description", is_shown=False, reads=("description",)),
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
# Only those within "open" are counted (`hazard_scope`): nobody needs to know how many were ever closed.
VIEWS = (
    view("open", _("Open"), state=OPEN),
    view("late", _("Late"), state=(hazards_in_state, "late")),
    view("check", _("Waiting for my check"), state=(hazards_in_state, "check")),
    view("grave", _("Serious and major"), state=OPEN, only=(hazards_of_kind, "grave")),
    view("undecided", _("Possibly major, undecided"), state=OPEN, only=(hazards_of_kind, "undecided")),
    view("contractors", _("Contractors"), state=OPEN, only=(hazards_of_kind, "contractors")),
    view("mine", _("Reported by me"), only=(hazards_of_kind, "mine"), also="sort=found", is_counted=False),
    view("closed", _("Closed"), state=(hazards_in_state, "closed"), also="sort=found", is_counted=False),
)

EMPTY = Empty(
    _("No hazard reported yet"),
    _("Whoever sees a danger reports it: three answers and a photo. It costs nobody a point."),
    action=_("Report a hazard"),
    url=reverse_lazy("inspections:hazard-new"),
    icon="exclamation-triangle",
)
