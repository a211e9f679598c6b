"""What the one search finds of this room."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inspections.models import Hazard, Inspection, Violation
from safetyplant.search.sources import Source, register


def where(record: Any) -> str:
    return f"{record.place.name}, {record.unit.name}" if record.place else record.unit.name


def register_sources() -> None:
    register(
        Source(
            "hazard",
            _("Hazards"),
            "exclamation-triangle",
            queryset=lambda user: Hazard.objects.visible_to(user).select_related("unit", "place"),
            title=lambda hazard: hazard.title,
            link=lambda hazard: reverse("inspections:hazard-detail", args=[hazard.pk]),
            note=lambda hazard: f"{hazard.number}, {where(hazard)}, {hazard.get_status_display()}",
            list_url=lambda: reverse("inspections:hazard-list"),
            order=("-found_at", "-pk"),
        )
    )
    register(
        Source(
            "inspection",
            _("Inspections"),
            "clipboard-check",
            queryset=lambda user: Inspection.objects.visible_to(user).select_related("unit", "place"),
            title=lambda inspection: f"{inspection}: {where(inspection)}",
            link=lambda inspection: reverse("inspections:inspection-detail", args=[inspection.pk]),
            note=lambda inspection: inspection.get_kind_display(),
            list_url=lambda: reverse("inspections:inspection-list"),
            order=("-started_at", "-pk"),
        )
    )
    register(
        # SECURITY: the title names the breach, never the person.
        Source(
            "violation",
            _("Violations"),
            "person-exclamation",
            queryset=lambda user: Violation.objects.visible_to(user).select_related("unit", "place", "violation_type"),
            title=lambda violation: violation.violation_type.label if violation.violation_type else violation.description[:120],
            link=lambda violation: reverse("inspections:violation-detail", args=[violation.pk]),
            note=lambda violation: f"{violation.number}, {where(violation)}",
            list_url=lambda: reverse("inspections:violation-list"),
            order=("-found_at", "-pk"),
        )
    )
