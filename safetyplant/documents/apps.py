from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "safetyplant.documents"
    label = "documents"

    def ready(self) -> None:
        from safetyplant.documents import audit  # noqa: F401 - registers sentences once models are loaded
