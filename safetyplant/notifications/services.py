"""Telling people: inbox and outbox rows in the caller's transaction. Nothing is sent from here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from safetyplant.notifications.models import Message
from safetyplant.notifications.quiet import quiet_until
from safetyplant.notifications.sql import NOTIFY_MANY, WITHDRAW

#: Rows per statement: large enough that the round trip doesn't count, small enough to keep memory flat.
BATCH = 5000


@dataclass(slots=True)
class Notice:
    """One thing to tell one person. `dedupe_key` (unique per recipient) makes telling it again a no-op.

    `mail_mode` (each, digest, none) overrides the recipient's own choice, except that who wants no mail gets none; `withdraw_key`
    names what it is about, for `cancel`.
    """

    recipient_id: int
    code: str
    params: dict[str, Any] = field(default_factory=dict)
    link: str = ""
    urgent: bool = False
    dedupe_key: str | None = None
    mail_mode: str | None = None
    withdraw_key: str = ""


def notify(
    code: str,
    recipients: Iterable[Any],
    *,
    params: dict[str, Any] | None = None,
    link: str = "",
    urgent: bool = False,
    dedupe_key: str | None = None,
    mail_mode: str | None = None,
    withdraw_key: str = "",
    now: datetime | None = None,
) -> int:
    """Tell each of `recipients` (people or their ids; None and repeats are skipped). Returns how many were told."""
    ids = dict.fromkeys(getattr(person, "pk", person) for person in recipients if person is not None)
    notices = [Notice(pk, code, params or {}, link, urgent, dedupe_key, mail_mode, withdraw_key) for pk in ids]
    return notify_many(notices, now=now)


def notify_many(notices: Iterable[Notice], *, now: datetime | None = None) -> int:
    """Inbox and outbox rows for all notices, one statement per batch, in the caller's transaction.

    Returns the number newly created: a notice whose `dedupe_key` its recipient already has is skipped silently.
    """
    now = now or timezone.now()
    rows = notices if isinstance(notices, list) else list(notices)
    if not rows:
        return 0
    until = quiet_until(now)
    with transaction.atomic(), connection.cursor() as cursor:
        return sum(_insert(cursor, rows[start : start + BATCH], now, until) for start in range(0, len(rows), BATCH))


def _insert(cursor: Any, rows: Sequence[Notice], now: datetime, until: datetime) -> int:
    encode = _ENCODER.encode
    cursor.execute(
        NOTIFY_MANY.format(person=_person_table()),
        {
            "recipients": [row.recipient_id for row in rows],
            "codes": [row.code for row in rows],
            "params": [encode(row.params) for row in rows],
            "links": [row.link for row in rows],
            "urgent": [row.urgent for row in rows],
            "dedupe": [row.dedupe_key for row in rows],
            "modes": [row.mail_mode for row in rows],
            "withdraw": [row.withdraw_key for row in rows],
            "now": now,
            "quiet_until": until,
        },
    )
    return cursor.fetchone()[0]


def cancel(*withdraw_keys: str, recipient: Any = None, now: datetime | None = None) -> int:
    """Withdraw what is no longer true: unsent mails never leave, the inbox shows it as settled. Returns withdrawn deliveries.

    With a `recipient` (a person or their id) it is settled for them alone.
    """
    keys = [key for key in withdraw_keys if key]
    if not keys:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WITHDRAW, {"keys": keys, "recipient": getattr(recipient, "pk", recipient), "now": now or timezone.now()})
        return cursor.rowcount


def mark_read(message: Message, *, by: Any, now: datetime | None = None) -> None:
    """Opening a message reads it, once; the first moment is kept."""
    Message.objects.visible_to(by).filter(pk=message.pk, read_at=None).update(read_at=now or timezone.now())


def mark_all_read(*, by: Any, now: datetime | None = None) -> int:
    return Message.objects.visible_to(by).filter(read_at=None).update(read_at=now or timezone.now())


def _person_table() -> str:
    return connection.ops.quote_name(get_user_model()._meta.db_table)


_ENCODER = DjangoJSONEncoder(ensure_ascii=False, separators=(",", ":"))
