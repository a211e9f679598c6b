"""Addresses of inspection plans and their visits; `/plans/` is that of emergency plans."""

from django.urls import path

from inspections.views import coverage, letters, papers, plan_calendar, plans, visits

urlpatterns = [
    path("inspections/plans/", plan_calendar.calendar, name="calendar"),
    path("inspections/plans/feed/", plan_calendar.calendar_feed, name="calendar-feed"),
    path("calendar/<str:secret>.ics", plan_calendar.calendar_file, name="calendar-file"),
    path("inspections/plans/all/", plans.plan_list, name="plan-list"),
    path("inspections/plans/new/", plans.plan_new, name="plan-new"),
    path("inspections/plans/<int:pk>/", plans.plan_detail, name="plan-detail"),
    path("inspections/plans/<int:pk>/edit/", plans.plan_edit, name="plan-edit"),
    path("inspections/plans/<int:pk>/end/", plans.plan_end, name="plan-end"),
    path("inspections/plans/coverage/", coverage.coverage, name="coverage"),
    path("inspections/plans/visits/new/", coverage.visit_new, name="visit-new"),
    path("inspections/<int:pk>/letter/", letters.letter, name="inspection-letter"),
    path("inspections/blank/<int:pk>/", papers.blank, name="blank-checklist"),
    path("inspections/plans/visits/", visits.visit_list, name="visit-list"),
    path("inspections/plans/visits/<int:pk>/", visits.visit_detail, name="visit-detail"),
    path("inspections/plans/visits/<int:pk>/begin/", visits.visit_begin, name="visit-begin"),
    path("inspections/plans/visits/<int:pk>/excuse/", visits.visit_excuse, name="visit-excuse"),
    path("inspections/plans/visits/<int:pk>/decide/", visits.visit_decide, name="visit-decide"),
]
