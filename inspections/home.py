"""What this room adds to "My work"."""

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from inspections.choices import InspectionStatus
from inspections.models import Inspection
from responsibilities.home import HomeRow, HomeSection, register_home_section
from safetyplant.shell.moments import moment_text

if TYPE_CHECKING:
    from responsibilities.models import Person

SHOWN = 5


def draft_inspections(user: "Person") -> HomeSection | None:
    """Inspections begun and not submitted: they would be forgotten first."""
    drafts = Inspection.objects.filter(created_by=user, status=InspectionStatus.DRAFT).select_related("unit", "place")
    rows = [
        HomeRow(
            title=_("Go on: %(where)s") % {"where": draft.place.name if draft.place else draft.unit.name},
            url=reverse("inspections:inspection-detail", args=[draft.pk]),
            icon="pencil",
            note=_("Begun: %(moment)s") % {"moment": moment_text(draft.started_at)},
        )
        for draft in drafts.order_by("-started_at", "-pk")[:SHOWN]
    ]
    if not rows:
        return None
    more = f"{reverse('inspections:inspection-list')}?state=draft"
    return HomeSection(title=_("Inspections to go on with"), rows=rows, more_url=more if len(rows) == SHOWN else "", order=20)


def register_sections() -> None:
    register_home_section(draft_inspections)
