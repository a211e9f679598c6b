from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "safetyplant.intake"
    label = "intake"
