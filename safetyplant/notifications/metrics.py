"""Figures of inbox and outbox: the reminder engine's own health is a safety signal."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Case, Count, F, Min, Q, QuerySet, When
from django.utils import timezone

from safetyplant.notifications.choices import DeliveryState
from safetyplant.notifications.models import Delivery, Message

#: Nobody reads a higher number than this off a badge, so nothing more is counted.
UNREAD_CAP = 100


@dataclass(frozen=True, slots=True)
class DeliveryHealth:
    """Mails of the last 24 hours by outcome, those held for quiet hours, and how long the oldest due one has waited."""

    sent: int
    failed: int
    undeliverable: int
    held: int
    queued: int
    oldest_queued_seconds: int


def unread_messages(user: Any) -> QuerySet[Message]:
    """Unread messages of a person, at most `UNREAD_CAP`."""
    if not getattr(user, "is_authenticated", False):
        return Message.objects.none()
    return Message.objects.visible_to(user).unread()[:UNREAD_CAP]


def unread_count(user: Any) -> int:
    return unread_messages(user).count()


def delivery_health(now: datetime | None = None) -> DeliveryHealth:
    """Two queries over partial indexes: cost follows what is waiting and the last day, not the table."""
    now = now or timezone.now()
    finished = Delivery.objects.filter(finished_at__gte=now - timedelta(days=1), finished_at__lte=now).aggregate(
        sent=Count("pk", filter=Q(state=DeliveryState.SENT)),
        failed=Count("pk", filter=Q(state=DeliveryState.FAILED)),
        undeliverable=Count("pk", filter=Q(state=DeliveryState.UNDELIVERABLE)),
    )
    is_held = Q(state=DeliveryState.HELD, not_before__gt=now)
    # A mail being retried waits since it was made; one never tried, since it was first allowed to leave.
    since = Case(When(attempts__gt=0, then=F("created_at")), default=F("not_before"))
    waiting = Delivery.objects.unfinished_mails().aggregate(
        held=Count("pk", filter=is_held), queued=Count("pk", filter=~is_held), oldest=Min(since, filter=~is_held)
    )
    oldest = waiting["oldest"]
    return DeliveryHealth(
        **finished,
        held=waiting["held"],
        queued=waiting["queued"],
        oldest_queued_seconds=max(0, int((now - oldest).total_seconds())) if oldest else 0,
    )


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """Mails sent and not delivered within the last 24 hours, waiting to be sent, and held for quiet hours."""

    sent: int
    undelivered: int
    queued: int
    held: int


#: By the partial indexes `delivery_finished` and `delivery_due`.
COUNTS = """
    SELECT (SELECT count(*) FROM notifications_delivery WHERE finished_at >= %(since)s AND finished_at <= %(now)s
               AND state = 'sent'),
           (SELECT count(*) FROM notifications_delivery WHERE finished_at >= %(since)s AND finished_at <= %(now)s
               AND state IN ('failed', 'undeliverable')),
           count(*) FILTER (WHERE NOT (state = 'held' AND not_before > %(now)s)),
           count(*) FILTER (WHERE state = 'held' AND not_before > %(now)s)
    FROM notifications_delivery WHERE channel = 'email' AND state IN ('queued', 'held', 'sending')
"""


def delivery_counts(now: datetime) -> DeliveryCounts:
    """One plain statement: cost follows what waits and what was sent within the day, and the dashboard asks it often."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"now": now, "since": now - timedelta(days=1)})
        return DeliveryCounts(*cursor.fetchone())
