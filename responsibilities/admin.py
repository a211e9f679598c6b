"""The admin reads, the pages write: every change needs its workflow, its right and its event."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from responsibilities import models


class ReadOnlyAdmin(admin.ModelAdmin):
    """Whoever may read the admin pages sees the rows as they are; nobody changes them there."""

    list_per_page = 50
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.model._meta.fields]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Unit)
class UnitAdmin(ReadOnlyAdmin):
    list_display = ["name", "code", "kind", "parent", "is_active"]
    list_select_related = ["parent"]
    search_fields = ["name", "code"]


@admin.register(models.Person)
class PersonAdmin(ReadOnlyAdmin):
    list_display = ["username", "name", "unit", "grade", "is_active"]
    list_select_related = ["unit"]
    search_fields = ["username", "name"]
    exclude = ["password"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for name in super().get_readonly_fields(request, obj) if name != "password"]


@admin.register(models.Appointment)
class AppointmentAdmin(ReadOnlyAdmin):
    list_display = ["person", "role", "unit", "starts_on", "ends_on"]
    list_select_related = ["person", "unit"]


@admin.register(models.Place)
class PlaceAdmin(ReadOnlyAdmin):
    list_display = ["name", "code", "kind", "unit", "is_active"]
    list_select_related = ["unit"]
    search_fields = ["name", "code"]


@admin.register(models.CorrectiveAction)
class CorrectiveActionAdmin(ReadOnlyAdmin):
    list_display = ["number", "title", "status", "owner", "verifier"]
    list_select_related = ["owner", "verifier"]
    search_fields = ["number"]


@admin.register(models.Deadline)
class DeadlineAdmin(ReadOnlyAdmin):
    list_display = ["number", "kind", "status", "owner", "due_at", "next_step_at", "sweep_failures"]
    list_select_related = ["owner"]
    search_fields = ["number"]


@admin.register(models.Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    list_display = ["deadline_id", "version", "position", "occurrence", "recipient", "moment", "created_at"]
    list_select_related = ["recipient"]


@admin.register(models.Escalation)
class EscalationAdmin(ReadOnlyAdmin):
    list_display = ["deadline_id", "addressee", "asked_at", "answer", "settled_at"]
    list_select_related = ["addressee"]


admin.site.register(
    [
        models.Heartbeat,
        models.Level,
        models.LevelTerm,
        models.Post,
        models.Schedule,
        models.ScheduleStep,
        models.StageTerm,
        models.UnitPlacement,
    ],
    ReadOnlyAdmin,
)
