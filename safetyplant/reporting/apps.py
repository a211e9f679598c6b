from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "safetyplant.reporting"
    label = "reporting"
