from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "safetyplant.dashboards"
    label = "dashboards"
