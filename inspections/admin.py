"""Read-only: everything here has a workflow or a page of its own."""

from django.contrib import admin

from inspections.models import (
    Hazard,
    HazardCategory,
    Inspection,
    InspectionPlan,
    MajorTreatment,
    PlaceCheck,
    PlannedVisit,
    RiskBand,
    Violation,
    ViolationType,
)
from safetyplant.shell.records import ReadOnlyAdmin


@admin.register(Hazard)
class HazardAdmin(ReadOnlyAdmin):
    list_display = ["number", "title", "unit", "level", "status", "found_at"]
    list_filter = ["status", "level"]
    search_fields = ["number"]
    list_select_related = ["unit", "level"]


@admin.register(Inspection)
class InspectionAdmin(ReadOnlyAdmin):
    list_display = ["number", "unit", "kind", "status", "started_at", "score"]
    list_filter = ["status", "kind"]
    search_fields = ["number"]
    list_select_related = ["unit"]


@admin.register(Violation)
class ViolationAdmin(ReadOnlyAdmin):
    """SECURITY: persons are not shown here; the violation's page shows them to those who may see them."""

    list_display = ["number", "unit", "violation_type", "status", "found_at"]
    list_filter = ["status"]
    search_fields = ["number"]
    list_select_related = ["unit", "violation_type"]
    exclude = ["person", "description"]


@admin.register(InspectionPlan)
class InspectionPlanAdmin(ReadOnlyAdmin):
    list_display = ["title", "unit", "kind", "starts_on", "ends_on", "ended_at"]
    list_filter = ["kind"]
    list_select_related = ["unit"]


@admin.register(PlannedVisit)
class PlannedVisitAdmin(ReadOnlyAdmin):
    list_display = ["on", "unit", "place", "owner", "status"]
    list_filter = ["status", "kind"]
    list_select_related = ["unit", "place", "owner"]


@admin.register(MajorTreatment)
class MajorTreatmentAdmin(ReadOnlyAdmin):
    list_display = ["number", "hazard", "status", "opened_at", "ended_at"]
    list_filter = ["status"]
    search_fields = ["number"]
    list_select_related = ["hazard"]


@admin.register(PlaceCheck)
class PlaceCheckAdmin(ReadOnlyAdmin):
    list_display = ["number", "title", "unit", "status", "sent_at", "due_at"]
    list_filter = ["status"]
    search_fields = ["number"]
    list_select_related = ["unit"]


@admin.register(HazardCategory)
class HazardCategoryAdmin(ReadOnlyAdmin):
    list_display = ["code", "name", "name_zh", "is_active"]


@admin.register(ViolationType)
class ViolationTypeAdmin(ReadOnlyAdmin):
    list_display = ["code", "violation_class", "name", "name_zh", "points", "valid_from"]
    list_filter = ["violation_class"]


@admin.register(RiskBand)
class RiskBandAdmin(ReadOnlyAdmin):
    list_display = ["method", "at_least", "level", "valid_from"]
