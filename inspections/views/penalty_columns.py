"""What the lists of duties and of proposed penalties show."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.models import Duty, Proposal
from safetyplant.reporting.lists import Column, Sort


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


DUTY_COLUMNS = (
    Column("number", pgettext_lazy("record", "Number"), "number", only_export=True),
    Column("title", _("Duty"), duty_title, css="c-title", link=lambda duty: reverse("inspections:duty-detail", args=[duty.pk])),
    Column("unit", _("Unit"), "unit.name", css="c-more"),
    Column("person", _("Who"), "person.name", css="c-who"),
    Column("threshold", _("From points"), "threshold", css="r c-more"),
    Column("state", _("State"), "get_status_display", css="c-state"),
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
    Column("state", _("State"), "get_status_display", css="c-state"),
    Column("proposed", _("Proposed"), "proposed_at", css="c-due"),
)
PROPOSAL_SORTS = (newest("proposed_at", _("Proposed")),)
