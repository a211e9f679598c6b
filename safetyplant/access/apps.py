from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "safetyplant.access"
    label = "access"
