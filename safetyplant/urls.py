"""All addresses of the house; each room keeps its own below its nouns."""

from django.contrib import admin
from django.urls import include, path

from safetyplant.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("safetyplant.attachments.urls")),
    path("", include("safetyplant.notifications.urls")),
    path("", include("safetyplant.reporting.urls")),
    path("", include("safetyplant.search.urls")),
    path("", include("inspections.urls")),
    path("", include("responsibilities.urls")),
    path("", include("safetyplant.dashboards.urls")),
    path("", include("safetyplant.api.urls")),
    path("admin/", admin.site.urls),
    path("", include("safetyplant.shell.urls")),
]

handler400 = "safetyplant.shell.errors.bad_request"
handler403 = "safetyplant.shell.errors.forbidden"
handler404 = "safetyplant.shell.errors.not_found"
handler500 = "safetyplant.shell.errors.server_error"
