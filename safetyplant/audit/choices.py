"""How a change came in."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    WEB = "web", _("Page")
    API = "api", _("API")
    TASK = "task", _("Background work")
    COMMAND = "command", _("Command line")
