"""Refusals a workflow may raise; pages and API render each with its message and what to do next."""

from django.core.exceptions import PermissionDenied


class Refusal(Exception):
    """Carries a translated sentence for the person who asked."""

    status = 409

    def __init__(self, message: object = "") -> None:
        super().__init__(message)
        self.message = message


class WrongState(Refusal):
    """409: the record is no longer (or not yet) in the state this act needs."""


class StaleVersion(Refusal):
    """409: someone saved in between; nothing was overwritten."""


class NotAllowed(Refusal, PermissionDenied):
    """403: this person may not do this to this record. A `PermissionDenied`, so Django's own handling fits too."""

    status = 403
