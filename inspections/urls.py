"""Addresses of hazards, inspections and violations; those of standards and of plans stand in their own modules."""

from django.urls import include, path

from inspections.views import (
    drafts,
    field,
    hazard_acts,
    hazard_pages,
    hazard_report,
    inspection_pages,
    lookups,
    papers,
    scan,
    violations,
)

app_name = "inspections"

urlpatterns = [
    path("", include("inspections.urls_standards")),
    path("", include("inspections.urls_plans")),
    path("hazards/", hazard_pages.hazard_list, name="hazard-list"),
    path("hazards/new/", hazard_report.hazard_new, name="hazard-new"),
    path("hazards/<int:pk>/", hazard_pages.hazard_detail, name="hazard-detail"),
    path("hazards/<int:pk>/sent/", hazard_report.hazard_sent, name="hazard-sent"),
    path("hazards/<int:pk>/assess/", hazard_acts.hazard_assess, name="hazard-assess"),
    path("hazards/<int:pk>/level/", hazard_acts.hazard_level, name="hazard-level"),
    path("hazards/<int:pk>/decide/", hazard_acts.hazard_decide, name="hazard-decide"),
    path("hazards/<int:pk>/cancel/", hazard_acts.hazard_cancel, name="hazard-cancel"),
    path("hazards/<int:pk>/stop/", hazard_acts.hazard_stop, name="hazard-stop"),
    path("hazards/<int:pk>/release/", hazard_acts.hazard_release, name="hazard-release"),
    path("inspections/", inspection_pages.inspection_list, name="inspection-list"),
    path("hazards/<int:pk>/notice/", papers.hazard_notice, name="hazard-notice"),
    path("inspections/new/", inspection_pages.inspection_new, name="inspection-new"),
    path("inspections/rounds/<int:pk>/", inspection_pages.inspection_round, name="inspection-round"),
    path("inspections/<int:pk>/", inspection_pages.inspection_detail, name="inspection-detail"),
    path("inspections/<int:pk>/save/", drafts.inspection_save, name="inspection-save"),
    path("inspections/<int:pk>/review/", drafts.inspection_review, name="inspection-review"),
    path("inspections/<int:pk>/submit/", drafts.inspection_submit, name="inspection-submit"),
    path("inspections/<int:pk>/discard/", drafts.inspection_discard, name="inspection-discard"),
    path("inspections/<int:pk>/acknowledge/", inspection_pages.inspection_acknowledge, name="inspection-acknowledge"),
    path("inspections/<int:pk>/report/", papers.inspection_report, name="inspection-report"),
    path("inspections/<int:pk>/notice/", papers.inspection_notice, name="inspection-notice"),
    path("violations/", violations.violation_list, name="violation-list"),
    path("violations/new/", violations.violation_new, name="violation-new"),
    path("violations/<int:pk>/", violations.violation_detail, name="violation-detail"),
    path("violations/<int:pk>/cancel/", violations.violation_cancel, name="violation-cancel"),
    path("q/<uuid:label>/", scan.scan, name="scan"),
    path("field/", field.field_home, name="field-home"),
    path("field/inspection/", field.field_inspection, name="field-inspection"),
    path("field/hazard/", field.field_hazard, name="field-hazard"),
    path("field/checklists/free/", field.field_free, name="field-free"),
    path("field/checklists/<int:pk>/", field.field_checklist, name="field-checklist"),
    path("field/kit/", field.field_kit, name="field-kit"),
    path("field/session/", field.field_session, name="field-session"),
    # What the search boxes of this room's forms ask for while one types.
    path("hazards/places/", lookups.places, name="place-lookup"),
    path("inspections/proposal/", lookups.proposal, name="standard-proposal"),
    path("inspections/people/", lookups.people, name="person-lookup"),
    path("violations/clauses/", lookups.clauses, name="clause-lookup"),
]
