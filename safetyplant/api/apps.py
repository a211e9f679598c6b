from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "safetyplant.api"
    label = "api"
