"""What three months of messages leave behind: read, mailed, and a handful still unread for each account."""

from datetime import timedelta

from django.db.models import F

from responsibilities.models import Person
from safetyplant.demo.story import Story
from safetyplant.notifications.choices import DeliveryState
from safetyplant.notifications.models import Delivery, Message

UNREAD = 5


def settle_messages(story: Story) -> None:
    """No mail of the past may leave when the workers start: all count as sent on their day, to nobody."""
    Delivery.objects.filter(state__in=[DeliveryState.QUEUED, DeliveryState.HELD]).update(
        state=DeliveryState.SENT, attempts=1, finished_at=F("not_before")
    )
    Message.objects.filter(read_at=None, created_at__lt=story.now - timedelta(days=1)).update(
        read_at=F("created_at") + timedelta(hours=3)
    )
    accounts = Person.objects.filter(is_demo=True)
    Message.objects.filter(read_at=None).exclude(recipient__in=accounts).filter(
        created_at__lt=story.now - timedelta(hours=8)
    ).update(read_at=F("created_at") + timedelta(hours=1))
    for person in accounts:
        own = Message.objects.filter(recipient=person, withdrawn_at=None).order_by("-created_at", "-pk")
        kept = list(own.values_list("pk", flat=True)[:UNREAD])
        own.filter(pk__in=kept).update(read_at=None)
        own.filter(read_at=None).exclude(pk__in=kept).update(read_at=F("created_at") + timedelta(hours=1))
