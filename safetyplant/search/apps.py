from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "safetyplant.search"
    label = "search"
