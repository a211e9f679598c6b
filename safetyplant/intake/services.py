"""Written once, however often sent: a record carries the id its sender gave it and the hash of its body as first sent.

First time: made. The same canonical body again: the same record. Another body under the same id: refused, and kept aside.
The unique key (creator, client_id) decides races, never a look before the insert.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from safetyplant.access.exceptions import Refusal, WrongState
from safetyplant.intake.models import SetAside

M = TypeVar("M", bound=models.Model)
P = TypeVar("P")
#: What is said of one record and leaves the others alone; anything else is a fault of ours and stops them all.
REFUSALS = (Refusal, ValidationError, Http404)


class DifferentBody(WrongState):
    """409: this id was used for another body; the new one has been set aside."""


@dataclass(frozen=True)
class Sent:
    """A record as it came in: the id its sender gave it, its canonical body, and whatever it is made from."""

    client_id: UUID
    body: Any
    data: Any = None


@dataclass(frozen=True)
class Written(Generic[M]):
    """What became of one record: it and whether it is new, or why it was refused."""

    record: M | None = None
    is_new: bool = False
    refusal: Exception | None = None

    def or_raise(self) -> tuple[M, bool]:
        if self.record is None:
            raise self.refusal or LookupError("neither a record nor a refusal")
        return self.record, self.is_new


def body_hash(body: Any) -> str:
    """SHA-256 of the canonical JSON of a body: keys sorted, no blanks, so that the order of sending does not matter."""
    text = json.dumps(body, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def write_once(
    queryset: "models.QuerySet[M] | models.Manager[M]",
    *,
    creator_field: str,
    by: Any,
    client_id: UUID,
    body: Any,
    make: Callable[[str], M],
) -> tuple[M, bool]:
    """One record, made by `make(body_hash)` unless it exists. Returns it and whether it is new; raises what refuses it."""
    wanted = Wanted(queryset, creator_field, by, prepare=lambda _sent, digest: digest, make=lambda digests: [make(digests[0])])
    return wanted.write([Sent(client_id, body)])[0].or_raise()


@dataclass(frozen=True)
class Wanted(Generic[M, P]):
    """How records of one kind and creator are found again, and made where there are none yet.

    `prepare(sent, body_hash)` looks whether a new one can be made, and writes nothing; it may refuse. `make(prepared)` makes them
    all, each with its client_id and hash, in one transaction (a savepoint when nested). When that fails, each is prepared
    and made again by itself, so that one of them never stands in the way of the rest.
    """

    queryset: "models.QuerySet[M] | models.Manager[M]"
    creator_field: str
    by: Any
    prepare: Callable[[Sent, str], P]
    make: Callable[[list[P]], Sequence[M]]

    def write(self, sent: Sequence[Sent]) -> list[Written[M]]:
        """What became of each, in the order given. Call it outside a transaction: a body set aside must survive the refusal."""
        digests = [body_hash(each.body) for each in sent]
        found = self._find([each.client_id for each in sent])
        results: dict[int, Written[M]] = {}
        new: dict[int, P] = {}
        for at in _firsts(sent):
            if sent[at].client_id not in found:
                try:
                    new[at] = self.prepare(sent[at], digests[at])
                except REFUSALS as refusal:
                    results[at] = Written(refusal=refusal)
        results |= self._make_all(new, sent, digests)
        found |= {sent[at].client_id: done.record for at, done in results.items() if done.record is not None}
        return [
            results[at] if at in results else self._known(found.get(each.client_id), each, digests[at])
            for at, each in enumerate(sent)
        ]

    def _find(self, client_ids: Sequence[UUID]) -> dict[UUID, M]:
        rows = self.queryset.filter(**{f"{self.creator_field}_id": self.by.pk, "client_id__in": client_ids})
        return {row.client_id: row for row in rows}  # type: ignore[attr-defined]

    def _make_all(self, new: dict[int, P], sent: Sequence[Sent], digests: Sequence[str]) -> dict[int, Written[M]]:
        if not new:
            return {}
        try:
            with transaction.atomic():
                made = self.make(list(new.values()))
            return {at: Written(record, True) for at, record in zip(new, made, strict=True)}
        except (IntegrityError, *REFUSALS) as failure:
            if len(new) == 1:
                (at,) = new
                return {at: self._not_made(failure, sent[at], digests[at])}
        return {at: self._make_alone(sent[at], digests[at]) for at in new}

    def _make_alone(self, each: Sent, digest: str) -> Written[M]:
        """Prepared anew: what was prepared before carries traces of rows that were never kept."""
        try:
            return self._make_all({0: self.prepare(each, digest)}, [each], [digest])[0]
        except REFUSALS as refusal:
            return Written(refusal=refusal)

    def _not_made(self, failure: Exception, each: Sent, digest: str) -> Written[M]:
        if not isinstance(failure, IntegrityError):
            return Written(refusal=failure)
        # Ten at once: one inserted, the others find it here. Any other broken rule is not ours to hide.
        found = self._find([each.client_id])
        if not found:
            raise failure
        return self._known(found[each.client_id], each, digest)

    def _known(self, found: M | None, each: Sent, digest: str) -> Written[M]:
        if found is None:
            # Twice in one sending, and the first of the two was refused.
            return self._make_alone(each, digest)
        if found.body_hash != digest:  # type: ignore[attr-defined]
            _set_aside(self.queryset.model, self.by, each.client_id, digest, each.body)
            words = _("This was sent before with other content. Both are kept; open the first one to change it.")
            return Written(refusal=DifferentBody(words))
        return Written(found, False)


def _firsts(sent: Sequence[Sent]) -> list[int]:
    """Where each id stands first."""
    places: dict[UUID, int] = {}
    for at, each in enumerate(sent):
        places.setdefault(each.client_id, at)
    return list(places.values())


def _set_aside(model: type[models.Model], by: Any, client_id: UUID, digest: str, body: Any) -> None:
    plain = json.loads(json.dumps(body, cls=DjangoJSONEncoder))
    SetAside.objects.get_or_create(
        creator_id=by.pk,
        client_id=client_id,
        body_hash=digest,
        defaults={"kind": model._meta.label_lower, "body": plain},
    )
