"""Addresses of inspection plans and their visits; `/plans/` is that of emergency plans."""

from django.urls import path

from inspections.views import plans, visits

urlpatterns = [
    path("inspections/plans/", plans.plan_list, name="plan-list"),
    path("inspections/plans/new/", plans.plan_new, name="plan-new"),
    path("inspections/plans/<int:pk>/", plans.plan_detail, name="plan-detail"),
    path("inspections/plans/<int:pk>/edit/", plans.plan_edit, name="plan-edit"),
    path("inspections/plans/<int:pk>/end/", plans.plan_end, name="plan-end"),
    path("inspections/visits/", visits.visit_list, name="visit-list"),
    path("inspections/visits/<int:pk>/", visits.visit_detail, name="visit-detail"),
    path("inspections/visits/<int:pk>/begin/", visits.visit_begin, name="visit-begin"),
    path("inspections/visits/<int:pk>/excuse/", visits.visit_excuse, name="visit-excuse"),
    path("inspections/visits/<int:pk>/decide/", visits.visit_decide, name="visit-decide"),
]
