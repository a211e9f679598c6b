"""Writing down what happened. Called inside the transaction that does it, so that there is never one without the other."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone

from safetyplant.audit import context
from safetyplant.audit.models import Event

Changes = Mapping[str, Sequence[Any]]
#: Parts of `detail` that a person has typed. They are told like the rest, and stay outside the hashed text.
FREE_TEXT = frozenset({"quote"})


@dataclass(frozen=True)
class Row:
    """One event for `record_many`, with the arguments of `record`."""

    action: str
    subject: models.Model | None
    by: models.Model | None
    changes: Changes = field(default_factory=dict)
    detail: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, Any] | None = None
    at: datetime | None = None


def record(
    action: str,
    subject: models.Model | None,
    *,
    by: models.Model | None,
    changes: Changes | None = None,
    detail: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Event:
    """Add one event. `action` is in the past tense with the room's noun ("hazard.closed"); `by` None is the system itself.

    `changes` is {field: [before, after]} in words people read (names and labels, not ids); `detail` carries what the
    sentence needs and stays forever; names of people and anything else that may have to be erased go into `personal`. So
    does what someone wrote in their own words, wherever it is given (`FREE_TEXT`).
    """
    event = build(Row(action, subject, by, changes or {}, detail or {}, personal, at))
    event.save(force_insert=True)
    return event


def record_many(rows: Iterable[Row], *, batch_size: int = 1000) -> int:
    """The same for many rows at once; returns how many were written."""
    events = [build(row) for row in rows]
    Event.objects.bulk_create(events, batch_size=batch_size)
    return len(events)


def build(row: Row) -> Event:
    """An unsaved event with its context and the digest of what may be erased later."""
    now = context.current()
    detail, told = _parted(row)
    personal = as_stored(told) if told else None
    salt = os.urandom(16)
    return Event(
        at=row.at or timezone.now(),
        action=row.action,
        actor=cast("Any", row.by),
        subject_type=row.subject._meta.label_lower if row.subject is not None else "",
        subject_id=row.subject.pk if row.subject is not None else None,
        changes=as_stored({name: list(pair) for name, pair in row.changes.items()}),
        detail=as_stored(detail),
        personal=personal,
        ip=now.ip,
        salt=salt,
        personal_digest=digest_personal(salt, personal=personal, ip=now.ip),
        request_id=now.request_id,
        channel=now.channel,
    )


def _parted(row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is sealed, and what may be erased: a name typed into a reason must not stay for good."""
    own_words = {name: row.detail[name] for name in FREE_TEXT if row.detail.get(name)}
    return {name: value for name, value in row.detail.items() if name not in FREE_TEXT}, own_words | (row.personal or {})


def as_stored(value: dict[str, Any]) -> dict[str, Any]:
    """The value as the database will give it back: dates and lazy texts as strings, no NUL, which PostgreSQL refuses."""
    text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=True)
    return json.loads(text.replace("\\u0000", "\\ufffd"))


def canonical(value: Any) -> bytes:
    """One text for one value, whatever the order of its keys."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def digest_personal(salt: bytes, *, personal: dict[str, Any] | None, ip: str | None) -> str:
    return hashlib.sha256(bytes(salt) + canonical({"ip": ip, "personal": personal})).hexdigest()


@transaction.atomic
def erase_personal(events: Iterable[Event], *, by: models.Model | None, reason: str) -> int:
    """Erase the personal part of these events for good; the chain stays whole and the erasure is an event itself."""
    ids = [event.pk for event in events]
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_erase_personal(%s)", [ids])
        erased = cursor.fetchone()[0]
    if erased:
        record(
            "audit.personal_erased",
            None,
            by=by,
            detail={"count": erased, "reason": reason, "events": ids},
        )
    return erased
