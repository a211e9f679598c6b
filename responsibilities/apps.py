from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResponsibilitiesConfig(AppConfig):
    name = "responsibilities"
    verbose_name = _("Responsibilities")

    def ready(self) -> None:
        # After the models are loaded, which all of these need.
        from responsibilities import audit, evidence, import_targets, notifications, search
        from responsibilities.home import open_deadlines
        from responsibilities.permissions import can_manage_standards
        from responsibilities.probe import probe_sweep
        from responsibilities.roles import describe_person
        from safetyplant.documents.choices import DocumentKind
        from safetyplant.documents.keepers import register_keeper
        from safetyplant.documents.search import register_page
        from safetyplant.health import register_probe
        from safetyplant.shell import navigation

        for room in (audit, evidence, import_targets, notifications, search):
            room.register_all()
        register_keeper(DocumentKind.REGULATION, can_manage_standards)
        register_page(DocumentKind.REGULATION, "responsibilities:regulation-detail")
        register_probe("sweep", probe_sweep)
        navigation.register_counter("work", open_deadlines)
        navigation.register_describer(describe_person)
