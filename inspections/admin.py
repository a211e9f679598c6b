"""Read-only: everything here has a workflow or a page of its own."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from inspections.models import Hazard, HazardCategory, Inspection, RiskBand, Violation, ViolationType
from safetyplant.search.fields import SearchVector


class ReadOnlyAdmin(admin.ModelAdmin):
    """To look something up; nothing is added, changed or removed past the workflows."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.model._meta.get_fields() if isinstance(field, SearchVector)]


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

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_exclude(request, obj), "person", "description"]


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
