from django.apps import AppConfig


class NumberingConfig(AppConfig):
    name = "safetyplant.numbering"
    label = "numbering"
