"""The chain over the log: sealing what is committed, and checking what was sealed.

Each link hashes the link before it, its sequence and the event's canonical text. Sealing runs apart from the writers, in
short batches under an advisory lock, so that nobody who records an event waits for the chain.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC

from django.db import connection, models, transaction

from safetyplant.audit.models import Event, Pending, Seal
from safetyplant.audit.services import canonical, digest_personal

SEAL_LOCK = 0x5AFE_5EA1
GENESIS = "0" * 64
BATCH = 2000
SHOWN_PROBLEMS = 20
TAKE_PENDING = """
    DELETE FROM audit_pending WHERE event_id IN (SELECT event_id FROM audit_pending ORDER BY event_id LIMIT %s)
    RETURNING event_id
"""


def sealed_text(event: Event) -> bytes:
    """Everything of an event but its erasable part, which its salted digest stands for."""
    return canonical(
        {
            "id": event.pk,
            "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "action": event.action,
            "actor": event.actor_id,
            "subject": [event.subject_type, event.subject_id],
            "changes": event.changes,
            "detail": event.detail,
            "personal": event.personal_digest,
            "request": event.request_id,
            "channel": event.channel,
        }
    )


def link_hash(previous: str, seq: int, event: Event) -> str:
    return hashlib.sha256(f"{previous}\n{seq}\n".encode() + sealed_text(event)).hexdigest()


def seal_pending(*, batch: int = BATCH) -> int:
    """Seal every committed event, batch by batch; returns how many. Does nothing while another process is sealing."""
    sealed = 0
    while True:
        done = _seal_batch(batch)
        sealed += done
        if done < batch:
            return sealed


@transaction.atomic
def _seal_batch(batch: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEAL_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        # Only now, with the lock held, is the head of the chain surely the last one: each statement sees what is committed.
        cursor.execute(TAKE_PENDING, [batch])
        ids = sorted(row[0] for row in cursor.fetchall())
    head = Seal.objects.order_by("-seq").first()
    seq, previous = (head.seq, head.hash) if head else (0, GENESIS)
    events = Event.objects.in_bulk(ids)
    seals = []
    for event in (events[pk] for pk in ids if pk in events):
        seq += 1
        seals.append(Seal(seq=seq, event_id=event.pk, previous=previous, hash=link_hash(previous, seq, event)))
        previous = seals[-1].hash
    Seal.objects.bulk_create(seals, batch_size=1000)
    return len(ids)


def make_partitions() -> int:
    """Make the event table's next partitions long before they are needed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_make_partitions()")
        return int(cursor.fetchone()[0])


@dataclass
class Verdict:
    """What the check found. `head` is the anchor to keep outside the database: a cut tail can't be seen without one."""

    events: int = 0
    sealed: int = 0
    pending: int = 0
    head: str = ""
    faults: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.faults == 0

    def fault(self, text: str) -> None:
        """Counted always, told up to a limit: a forged log of a million rows must not fill the memory."""
        self.faults += 1
        if len(self.problems) < SHOWN_PROBLEMS:
            self.problems.append(text)


def verify_chain(*, anchor: tuple[int, str] | None = None, chunk: int = BATCH) -> Verdict:
    """Check the whole chain in constant memory, on one snapshot, so that writers and sealing may go on meanwhile."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        verdict = Verdict()
        _verify_links(verdict, anchor, chunk)
        _verify_rest(verdict)
    return verdict


def _verify_links(verdict: Verdict, anchor: tuple[int, str] | None, chunk: int) -> None:
    seq, previous, anchored = 0, GENESIS, anchor is None
    for seal, event in _sealed_events(chunk):
        verdict.sealed += 1
        if seal.seq != seq + 1:
            verdict.fault(f"Seals {seq + 1} to {seal.seq - 1} are missing.")
        if seal.previous != previous:
            verdict.fault(f"Seal {seal.seq} does not follow the one before it.")
        if event is None:
            verdict.fault(f"Event {seal.event_id} of seal {seal.seq} is missing.")
        elif link_hash(seal.previous, seal.seq, event) != seal.hash:
            verdict.fault(f"Event {event.pk} is not what seal {seal.seq} was made over.")
        elif not _is_personal_whole(event):
            verdict.fault(f"The personal part of event {event.pk} was changed.")
        if anchor and seal.seq == anchor[0]:
            anchored = True
            if seal.hash != anchor[1]:
                verdict.fault(f"Seal {seal.seq} is not the one of the anchor.")
        seq, previous = seal.seq, seal.hash
    verdict.head = f"{seq}:{previous}"
    if anchor and not anchored:
        verdict.fault(f"The chain ends at {seq}, before the anchor {anchor[0]}: its tail was cut.")


def _sealed_events(chunk: int) -> Iterator[tuple[Seal, Event | None]]:
    after = 0
    while seals := list(Seal.objects.filter(seq__gt=after).order_by("seq")[:chunk]):
        events = Event.objects.in_bulk([seal.event_id for seal in seals])
        for seal in seals:
            yield seal, events.get(seal.event_id)
        after = seals[-1].seq


def _is_personal_whole(event: Event) -> bool:
    """Either as it was written, or erased as a whole."""
    if event.salt is None:
        return event.personal is None and event.ip is None
    return digest_personal(bytes(event.salt), personal=event.personal, ip=event.ip) == event.personal_digest


def _verify_rest(verdict: Verdict) -> None:
    """Events without a seal must wait in the queue, and what waits there must exist."""
    verdict.events = Event.objects.count()
    is_event = models.Exists(Event.objects.filter(pk=models.OuterRef("event_id")))
    lost = list(Pending.objects.exclude(is_event).values_list("event_id", flat=True)[:SHOWN_PROBLEMS])
    for event_id in lost:
        verdict.fault(f"Event {event_id} vanished before it was sealed.")
    verdict.pending = Pending.objects.filter(is_event).count()
    unguarded = Event.objects.exclude(models.Exists(Seal.objects.filter(event_id=models.OuterRef("pk")))).exclude(
        models.Exists(Pending.objects.filter(event_id=models.OuterRef("pk")))
    )
    for event_id in unguarded.order_by("pk").values_list("pk", flat=True)[:SHOWN_PROBLEMS]:
        verdict.fault(f"Event {event_id} has no seal and does not wait for one.")
