"""Taking due rows for a while: a lease, so that a killed worker's rows are taken again and two workers never share one."""

import random
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F

from safetyplant.notifications.choices import DeliveryState

#: Longer than the time a worker gives a batch (`delivery.BUDGET_SECONDS`) and the last mail in it.
LEASE = timedelta(minutes=5)
BATCH = 20
#: After the n-th failed try. A mail server under repair is back within days; then a person has to look.
BACK_OFF_MINUTES = (1, 5, 30, 120, 360, 720, 1440, 1440, 1440)
MAX_TRIES = len(BACK_OFF_MINUTES) + 1


def claim(due: models.QuerySet, now: datetime) -> tuple[uuid.UUID, list[int]]:
    """Take up to `BATCH` rows of `due` in their order. The try counts from here, so that a row that kills its worker ends too."""
    token = uuid.uuid4()
    with transaction.atomic():
        ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
        _rows(due.model, ids).update(state=DeliveryState.SENDING, claim=token, not_before=now + LEASE, attempts=F("attempts") + 1)
    return token, ids


def release(model: type[models.Model], token: uuid.UUID, ids: list[int], now: datetime) -> None:
    """Give back rows that were taken but not tried: the next worker may have them in a minute, and no try is counted."""
    _rows(model, ids).filter(claim=token, state=DeliveryState.SENDING).update(
        state=DeliveryState.QUEUED, claim=None, not_before=now + timedelta(minutes=1), attempts=F("attempts") - 1
    )


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When to try again after `attempts` failed tries; None to give up. Jitter keeps a crowd from returning at once."""
    if attempts >= MAX_TRIES:
        return None
    minutes = BACK_OFF_MINUTES[max(attempts, 1) - 1]
    return now + timedelta(minutes=minutes * random.uniform(0.9, 1.2))  # noqa: S311 - spreading load, not a secret


def _rows(model: type[models.Model], ids: list[int]) -> Any:
    return model._default_manager.filter(pk__in=ids)
