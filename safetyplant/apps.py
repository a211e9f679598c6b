from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SafetyPlantConfig(AppConfig):
    """The house itself: holds the management commands that concern no single room."""

    name = "safetyplant"
    verbose_name = _("SafetyPlant")
