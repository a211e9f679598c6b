from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "safetyplant.documents"
    label = "documents"

    def ready(self) -> None:
        # After the models are loaded, which both need.
        from safetyplant.documents import audit, search  # noqa: F401 - the first registers its sentences

        search.register_sources()
