from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResponsibilitiesConfig(AppConfig):
    name = "responsibilities"
    verbose_name = _("Responsibilities")

    def ready(self) -> None:
        # After the models are loaded, which all of these need.
        from responsibilities.home import open_count  # noqa: PLC0415
        from responsibilities.roles import describe_person  # noqa: PLC0415
        from safetyplant.shell import navigation  # noqa: PLC0415

        navigation.register_counter("work", open_count)
        navigation.register_describer(describe_person)
