from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    """Standards, inspections, hazards and violations."""

    name = "inspections"
    verbose_name = _("Inspections")

    def ready(self) -> None:
        # Models exist only now, and what is offered is made of them.
        from inspections import offers

        offers.register_all()
