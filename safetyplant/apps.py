from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _

# The Celery application is loaded with the first app, so that every process sends its tasks to the right broker. It is not
# imported by the package itself: what runs before Django (embedded servers, supervisor) must stay light.
from safetyplant.celery import app as celery_app

__all__ = ["RecordsConfig", "SafetyPlantConfig", "celery_app"]


class SafetyPlantConfig(AppConfig):
    """The house itself: holds the management commands that concern no single room."""

    name = "safetyplant"
    verbose_name = _("SafetyPlant")


class RecordsConfig(AdminConfig):
    """Django's admin, with a site that asks for today's standing."""

    default_site = "safetyplant.shell.records.RecordsSite"
