"""All addresses of the house; each room keeps its own below its nouns."""

from django.contrib import admin
from django.urls import path

from safetyplant.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
]
