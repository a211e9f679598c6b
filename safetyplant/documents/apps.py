from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "safetyplant.documents"
    label = "documents"
