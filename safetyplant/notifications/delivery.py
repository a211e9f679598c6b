"""Sending what is due: claim in one short transaction, talk to the mail server outside of any, record the answer in another.

At least once: a worker killed between the server's "250" and our record sends again after its lease, under the same Message-ID.
"""

import logging
import time
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from safetyplant.notifications import claims
from safetyplant.notifications.choices import AttemptOutcome, DeliveryState
from safetyplant.notifications.mail import MailRoute, Outcome, message_mail
from safetyplant.notifications.models import Delivery, DeliveryAttempt, Message
from safetyplant.notifications.quiet import quiet_until
from safetyplant.notifications.types import is_still_true

logger = logging.getLogger(__name__)

#: A run stops taking mails after this; well inside the lease, with room for one that hangs at every step.
BUDGET_SECONDS = 120.0


@dataclass(slots=True)
class DeliveryResult:
    sent: int = 0
    retried: int = 0
    refused: int = 0
    withdrawn: int = 0

    def count(self, outcome: AttemptOutcome | None) -> None:
        match outcome:
            case AttemptOutcome.SENT:
                self.sent += 1
            case AttemptOutcome.TEMPORARY:
                self.retried += 1
            case AttemptOutcome.REFUSED:
                self.refused += 1
            case None:
                self.withdrawn += 1


def deliver_due(now: datetime | None = None, *, budget_seconds: float = BUDGET_SECONDS) -> DeliveryResult:
    """Send all mails that may leave now. Safe to run any number of times at once."""
    result, route, stop_at = DeliveryResult(), MailRoute(), time.monotonic() + budget_seconds
    try:
        while time.monotonic() < stop_at and not route.is_down:
            token, ids = claims.claim(Delivery.objects.due_mails(now or timezone.now()), now or timezone.now())
            if not ids:
                break
            _deliver_batch(token, ids, route, result, stop_at, now)
    finally:
        route.close()
    return result


def _deliver_batch(
    token: uuid.UUID, ids: list[int], route: MailRoute, result: DeliveryResult, stop_at: float, now: datetime | None
) -> None:
    for position, pk in enumerate(ids):
        if route.is_down or time.monotonic() > stop_at:
            claims.release(Delivery, token, ids[position:], now or timezone.now())
            return
        # Read anew right before sending: it may have been settled since the batch was taken.
        delivery = Delivery.objects.filter(pk=pk, claim=token).select_related("message__recipient").first()
        if delivery is not None:
            result.count(_deliver_one(delivery, route, now or timezone.now()))


def _deliver_one(delivery: Delivery, route: MailRoute, now: datetime) -> AttemptOutcome | None:
    """The outcome, or None if the mail must not leave any more."""
    started = time.monotonic()
    try:
        if not may_leave(delivery.message):
            withdraw(delivery, now)
            return None
        outcome = route.send(message_mail(delivery.message, mail_id=delivery.mail_id, now=now))
    except Exception as fault:
        logger.exception("Delivery %s could not be prepared", delivery.pk)
        outcome = Outcome(AttemptOutcome.TEMPORARY, f"{type(fault).__name__}: {fault}"[:500])
    record(delivery, outcome, now, milliseconds=int((time.monotonic() - started) * 1000))
    return outcome.kind


def may_leave(message: Message) -> bool:
    """SECURITY: asked right before sending, so that a person who has left, or a thing that is settled, gets no mail."""
    person = message.recipient
    if message.withdrawn_at is not None or not person.is_active or not person.email or person.mail_mode == "none":
        return False
    return is_still_true(message.code, message.params)


def withdraw(delivery: Delivery, now: datetime) -> None:
    """Take back a mail; a message found to be no longer true is marked so in the inbox as well."""
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim).update(state=DeliveryState.WITHDRAWN, finished_at=now)
        message = delivery.message
        if message.withdrawn_at is None and not is_still_true(message.code, message.params):
            Message.objects.filter(pk=message.pk, withdrawn_at=None).update(withdrawn_at=now)


def record(delivery: Delivery, outcome: Outcome, now: datetime, *, milliseconds: int) -> None:
    """Write down the try and what follows from it. Only the holder of the lease decides, except that sent is sent."""
    mine = Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim, state=DeliveryState.SENDING)
    if outcome.kind == AttemptOutcome.SENT:
        mine = Delivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.SENT)
    with transaction.atomic():
        mine.update(**_consequence(delivery, outcome, now), address=delivery.message.recipient.email, last_error=outcome.reply)
        DeliveryAttempt.objects.create(
            delivery_id=delivery.pk, at=now, outcome=outcome.kind, reply=outcome.reply, milliseconds=milliseconds
        )


def _consequence(delivery: Delivery, outcome: Outcome, now: datetime) -> dict[str, Any]:
    if outcome.kind == AttemptOutcome.SENT:
        return {"state": DeliveryState.SENT, "finished_at": now}
    if outcome.kind == AttemptOutcome.REFUSED:
        return {"state": DeliveryState.UNDELIVERABLE, "finished_at": now}
    again = claims.next_try(delivery.attempts, now)
    if again is None:
        return {"state": DeliveryState.FAILED, "finished_at": now}
    allowed = again if delivery.urgent else quiet_until(again)
    return {"state": DeliveryState.HELD if allowed > again else DeliveryState.QUEUED, "not_before": allowed, "claim": None}
