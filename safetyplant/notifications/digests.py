"""One mail a day for those who asked for it: what they owe, and what they haven't read."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as clock
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone, translation

from safetyplant.notifications import claims
from safetyplant.notifications.choices import UNFINISHED, AttemptOutcome, Channel, DeliveryState
from safetyplant.notifications.delivery import BUDGET_SECONDS, DeliveryResult, may_leave
from safetyplant.notifications.mail import MailRoute, Outcome, digest_mail, language_of
from safetyplant.notifications.models import Delivery, DeliveryAttempt, DigestRun
from safetyplant.notifications.sql import OPEN_DIGESTS

logger = logging.getLogger(__name__)

#: Plant time.
DIGEST_AT = clock(7)
#: A digest names so many messages; the rest are in the inbox, which it links.
MOST_MESSAGES = 100


@dataclass(frozen=True, slots=True)
class DigestLine:
    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class DigestSection:
    """What a room adds to the daily mail, in the reader's language: a heading and lines with links."""

    title: str
    lines: list[DigestLine] = field(default_factory=list)


_sections: list[Callable[[Any, datetime], DigestSection | None]] = []


def register_digest_section(section: Callable[[Any, datetime], DigestSection | None]) -> None:
    """`section(person, now)` is called with the person's language active; None or no lines adds nothing."""
    if section not in _sections:
        _sections.append(section)


def send_digests(now: datetime | None = None, *, budget_seconds: float = BUDGET_SECONDS) -> DeliveryResult:
    """Open today's daily mails from 07:00 plant time on, once per person and day, and send those due."""
    moment = now or timezone.now()
    result, local = DeliveryResult(), timezone.localtime(moment)
    if local.time() < DIGEST_AT:
        return result
    open_runs(local.date(), moment)
    route, stop_at = MailRoute(), time.monotonic() + budget_seconds
    try:
        while time.monotonic() < stop_at and not route.is_down:
            due = DigestRun.objects.filter(state__in=UNFINISHED, not_before__lte=moment).order_by("not_before")
            token, ids = claims.claim(due, moment)
            if not ids:
                break
            for position, pk in enumerate(ids):
                if route.is_down or time.monotonic() > stop_at:
                    claims.release(DigestRun, token, ids[position:], moment)
                    break
                run = DigestRun.objects.filter(pk=pk, claim=token).select_related("person").first()
                if run is not None:
                    result.count(_send_one(run, route, moment))
    finally:
        route.close()
    return result


def open_runs(day: date, now: datetime) -> None:
    """Today's runs; yesterday's unsent ones end, and what they would have told goes into today's."""
    with transaction.atomic():
        stale = DigestRun.objects.filter(day__lt=day, state__in=UNFINISHED).exclude(
            state=DeliveryState.SENDING, not_before__gt=now
        )
        ended = list(stale.select_for_update(skip_locked=True).values_list("pk", flat=True))
        DigestRun.objects.filter(pk__in=ended).update(state=DeliveryState.FAILED)
        Delivery.objects.filter(digest_id__in=ended, state=DeliveryState.SENDING).update(digest=None, state=DeliveryState.QUEUED)
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(get_user_model()._meta.db_table)
            cursor.execute(OPEN_DIGESTS.format(person=table), {"day": day, "now": now})


def _send_one(run: DigestRun, route: MailRoute, now: datetime) -> AttemptOutcome | None:
    started = time.monotonic()
    try:
        with translation.override(language_of(run.person)):
            deliveries = _collect(run, now) if run.person.is_active and run.person.email else []
            sections = _owed(run.person, now) if run.person.is_active and run.person.email else []
            if not deliveries and not sections:
                _finish(run, DeliveryState.WITHDRAWN, now)
                return None
            mail = digest_mail(
                run.person,
                messages=[delivery.message for delivery in deliveries[:MOST_MESSAGES]],
                sections=sections,
                day=run.day,
                mail_id=run.mail_id,
                now=now,
            )
        outcome = route.send(mail)
    except Exception as fault:
        logger.exception("Daily mail %s could not be prepared", run.pk)
        outcome = Outcome(AttemptOutcome.TEMPORARY, f"{type(fault).__name__}: {fault}"[:500])
    _record(run, outcome, now, milliseconds=int((time.monotonic() - started) * 1000))
    return outcome.kind


def _collect(run: DigestRun, now: datetime) -> list[Delivery]:
    """Unread, still true messages waiting for this person's daily mail, newest first; bound to the run until it is sent."""
    waiting = Delivery.objects.filter(
        Q(digest=run, state=DeliveryState.SENDING) | Q(state=DeliveryState.QUEUED),
        channel=Channel.DIGEST,
        message__recipient=run.person,
    ).select_related("message")
    keep: list[Delivery] = []
    drop: list[Delivery] = []
    for delivery in waiting.order_by("-message__created_at", "-message_id"):
        delivery.message.recipient = run.person
        told = delivery.message.read_at is None and may_leave(delivery.message)
        (keep if told else drop).append(delivery)
    with transaction.atomic():
        Delivery.objects.filter(pk__in=[row.pk for row in drop]).update(state=DeliveryState.WITHDRAWN, finished_at=now)
        Delivery.objects.filter(pk__in=[row.pk for row in keep]).update(state=DeliveryState.SENDING, digest=run)
    return keep


def _owed(person: Any, now: datetime) -> list[DigestSection]:
    sections = [section(person, now) for section in _sections]
    return [section for section in sections if section is not None and section.lines]


def _record(run: DigestRun, outcome: Outcome, now: datetime, *, milliseconds: int) -> None:
    with transaction.atomic():
        DeliveryAttempt.objects.create(
            digest_id=run.pk, at=now, outcome=outcome.kind, reply=outcome.reply, milliseconds=milliseconds
        )
        if outcome.kind == AttemptOutcome.SENT:
            _finish(run, DeliveryState.SENT, now)
        elif outcome.kind == AttemptOutcome.REFUSED:
            _finish(run, DeliveryState.UNDELIVERABLE, now, error=outcome.reply)
        else:
            again = claims.next_try(run.attempts, now)
            if again is None:
                _finish(run, DeliveryState.FAILED, now, error=outcome.reply)
            else:
                DigestRun.objects.filter(pk=run.pk, claim=run.claim, state=DeliveryState.SENDING).update(
                    state=DeliveryState.QUEUED, not_before=again, claim=None, last_error=outcome.reply
                )


def _finish(run: DigestRun, state: DeliveryState, now: datetime, *, error: str = "") -> None:
    sent = {"sent_at": now} if state == DeliveryState.SENT else {}
    DigestRun.objects.filter(pk=run.pk).exclude(state=DeliveryState.SENT).update(state=state, last_error=error, **sent)
    Delivery.objects.filter(digest=run, state=DeliveryState.SENDING).update(
        state=state, finished_at=now, address=run.person.email, last_error=error
    )
