"""Written once, however often sent: a record carries the id its sender gave it and the hash of its body as first sent.

First time: made. The same canonical body again: the same record. Another body under the same id: refused, and kept aside.
The unique key (creator, client_id) decides races, never a look before the insert.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from safetyplant.access.exceptions import WrongState
from safetyplant.intake.models import SetAside

M = TypeVar("M", bound=models.Model)


class DifferentBody(WrongState):
    """409: this id was used for another body; the new one has been set aside."""


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
    """The record of (by, client_id), made by `make(body_hash)` unless it exists. Returns it and whether it is new.

    `make` runs in a transaction of its own (a savepoint when nested) and must insert with this client_id and hash. Call it
    outside a transaction: the body set aside must survive the refusal.
    """
    digest = body_hash(body)
    key = {f"{creator_field}_id": by.pk, "client_id": client_id}
    found = queryset.filter(**key).first()
    if found is None:
        try:
            with transaction.atomic():
                return make(digest), True
        except IntegrityError:
            # Ten at once: one inserted, the others find it here. Any other broken rule is not ours to hide.
            found = queryset.filter(**key).first()
            if found is None:
                raise
    if found.body_hash != digest:  # type: ignore[attr-defined]
        _set_aside(queryset.model, by, client_id, digest, body)
        raise DifferentBody(_("This was sent before with other content. Both are kept; open the first one to change it."))
    return found, False


def _set_aside(model: type[models.Model], by: Any, client_id: UUID, digest: str, body: Any) -> None:
    plain = json.loads(json.dumps(body, cls=DjangoJSONEncoder))
    SetAside.objects.get_or_create(
        creator_id=by.pk,
        client_id=client_id,
        body_hash=digest,
        defaults={"kind": model._meta.label_lower, "body": plain},
    )
