"""Channels a message can leave by, and what became of it there."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    EMAIL = "email", _("E-mail")
    DIGEST = "digest", _("Daily mail")


class DeliveryState(TextChoices):
    QUEUED = "queued", _("Queued")
    HELD = "held", _("Held for quiet hours")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")
    UNDELIVERABLE = "undeliverable", _("Undeliverable")
    WITHDRAWN = "withdrawn", _("Withdrawn")


#: States from which a worker may still take a delivery; `sending` too, once its lease has ended.
UNFINISHED = (DeliveryState.QUEUED, DeliveryState.HELD, DeliveryState.SENDING)


class AttemptOutcome(TextChoices):
    SENT = "sent", _("Sent")
    TEMPORARY = "temporary", _("Will be tried again")
    REFUSED = "refused", _("Refused for good")
