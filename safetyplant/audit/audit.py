"""The log's own sentences."""

from django.utils.translation import gettext_lazy as _

from safetyplant.audit.history import register

register(
    "audit.personal_erased",
    sentence=_("%(actor)s erased personal data from %(count)s events: %(reason)s"),
    icon="eraser",
)
