"""Which messages exist for whom, and the states the outbox is asked about."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from safetyplant.notifications.choices import UNFINISHED, Channel


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """SECURITY: an inbox is its owner's alone, whatever rank the reader has."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(recipient_id=user.pk)

    def unread(self) -> Self:
        """Not yet opened and still true: what the counter counts."""
        return self.filter(read_at=None, withdrawn_at=None)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")

    def before(self, created_at: Any, pk: int) -> Self:
        """Keyset: what comes after the row (created_at, id) in `newest_first`."""
        return self.filter(Q(created_at__lt=created_at) | Q(created_at=created_at, pk__lt=pk), created_at__lte=created_at)


class DeliveryQuerySet(models.QuerySet):
    def due_mails(self, now: Any) -> Self:
        """Mails a worker may take now, urgent ones first, those whose lease has ended among them."""
        due = self.filter(channel=Channel.EMAIL, state__in=UNFINISHED, not_before__lte=now)
        return due.order_by(F("urgent").desc(), "not_before")

    def unfinished_mails(self) -> Self:
        return self.filter(channel=Channel.EMAIL, state__in=UNFINISHED)
