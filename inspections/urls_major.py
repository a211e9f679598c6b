"""Addresses of major hazards: the board of what is listed, and the treatment of each."""

from django.urls import path

from inspections.views import major

urlpatterns = [
    path("hazards/listed/", major.listed_board, name="hazard-listed"),
    path("hazards/<int:pk>/treatment/", major.hazard_treatment, name="hazard-treatment"),
    path("hazards/<int:pk>/treatment/plan/", major.treatment_plan, name="hazard-treatment-plan"),
    path("hazards/<int:pk>/treatment/decide/", major.treatment_decide, name="hazard-treatment-decide"),
    path("hazards/<int:pk>/treatment/verifiers/", major.treatment_verifiers, name="hazard-treatment-verifiers"),
    path("hazards/<int:pk>/treatment/sign/", major.treatment_sign, name="hazard-treatment-sign"),
    path("hazards/<int:pk>/treatment/progress/", major.treatment_progress, name="hazard-treatment-progress"),
    path("hazards/<int:pk>/treatment/outside/<slug:addressee>/", major.treatment_outside, name="hazard-treatment-outside"),
    path("hazards/<int:pk>/treatment/notice/", major.treatment_notice, name="hazard-treatment-notice"),
    path("hazards/<int:pk>/treatment/lifting/", major.treatment_lifting, name="hazard-treatment-lifting"),
]
