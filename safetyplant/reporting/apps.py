from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "safetyplant.reporting"
    label = "reporting"

    def ready(self) -> None:
        # Models must be loaded before the audit room's registry can be.
        from safetyplant.reporting.audit import register_sentences

        register_sentences()
