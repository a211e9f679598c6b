"""Addresses of the import page."""

from django.urls import path

from safetyplant.reporting import views

app_name = "reporting"
urlpatterns = [
    path("imports/", views.import_list, name="import-list"),
    path("imports/new/", views.import_new, name="import-new"),
    path("imports/<int:pk>/", views.import_detail, name="import-detail"),
    path("imports/<int:pk>/read/", views.import_read, name="import-read"),
    path("imports/<int:pk>/check/", views.import_check, name="import-check"),
    path("imports/<int:pk>/commit/", views.import_commit, name="import-commit"),
    path("imports/<int:pk>/restart/", views.import_restart, name="import-restart"),
    path("imports/<int:pk>/discard/", views.import_discard, name="import-discard"),
    path("imports/<int:pk>/report/", views.import_report, name="import-report"),
    path("imports/<int:pk>/mapping/", views.import_mapping, name="import-mapping"),
]
