from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResponsibilitiesConfig(AppConfig):
    name = "responsibilities"
    verbose_name = _("Responsibilities")

    def ready(self) -> None:
        # After the models are loaded, which all of these need.
        from responsibilities import audit, evidence, imports, notifications  # noqa: PLC0415
        from responsibilities.home import open_deadlines  # noqa: PLC0415
        from responsibilities.probe import probe_sweep  # noqa: PLC0415
        from responsibilities.roles import describe_person  # noqa: PLC0415
        from safetyplant.health import register_probe  # noqa: PLC0415
        from safetyplant.shell import navigation  # noqa: PLC0415

        for room in (audit, evidence, imports, notifications):
            room.register_all()
        register_probe("sweep", probe_sweep)
        navigation.register_counter("work", open_deadlines)
        navigation.register_describer(describe_person)
