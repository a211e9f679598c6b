"""The admin reads, the pages write: every change needs its workflow, its right and its event."""

from django.contrib import admin

from responsibilities import models
from safetyplant.shell.records import ReadOnlyAdmin


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
