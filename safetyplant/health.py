"""Is the process alive, may it be sent requests, and does the engine of reminders run?

`/healthz` answers while the process lives. `/readyz` is 503 only without database or with unapplied migrations, for then
no page works. A lost broker or a late sweep leaves pages working: `degraded` in its JSON with 200, or 503 with
`?engine=1`, which is what an alarm watches.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from safetyplant.access.rules import public

logger = logging.getLogger(__name__)
BROKER_SECONDS = 1.0


@dataclass(frozen=True)
class Health:
    """What one probe found. `detail` is a short fact for an operator, without personal data: anyone may read it."""

    ok: bool
    detail: str = ""


Probe = Callable[[], Health]
_probes: dict[str, Probe] = {}


def register_probe(name: str, probe: Probe) -> None:
    """A room's part of the engine (the sweep, the deliveries), from its AppConfig.ready(). A probe is one cheap query."""
    _probes[name] = probe


def probe_broker() -> Health:
    """Whether the broker answers; tasks wait without it, and the sweep catches up once it is back."""
    try:
        with redis.Redis.from_url(
            settings.CELERY_BROKER_URL, socket_connect_timeout=BROKER_SECONDS, socket_timeout=BROKER_SECONDS
        ) as client:
            client.ping()
    except redis.RedisError:
        return Health(False, "the broker does not answer")
    return Health(True)


register_probe("broker", probe_broker)


@public
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Public: a load balancer has no account. Touches nothing, so that a slow database does not restart the web."""
    return JsonResponse({"status": "ok"})


@public
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Public for the same reason; says which part is at fault, never why in detail."""
    checks = {"database": probe_database()}
    if checks["database"].ok:
        checks |= {name: _run(name, probe) for name, probe in _probes.items()}
    faults = [name for name, health in checks.items() if not health.ok]
    refuse = "database" in faults or (faults and request.GET.get("engine") == "1")
    status = "unavailable" if "database" in faults else "degraded" if faults else "ok"
    body = {"status": status, "checks": {name: {"ok": h.ok, "detail": h.detail} for name, h in checks.items()}}
    return JsonResponse(body, status=503 if refuse else 200)


def probe_database() -> Health:
    try:
        pending = _has_pending_migrations()
    except (DatabaseError, InterfaceError):
        return Health(False, "the database does not answer")
    return Health(not pending, "migrations are not applied" if pending else "")


def _has_pending_migrations() -> bool:
    """Reads the migration table each time, the migration files once: they do not change under a running process."""
    applied = set(MigrationRecorder(connection).applied_migrations())
    return bool(_migrations_on_disk() - applied)


@cache
def _migrations_on_disk() -> frozenset[tuple[str, str]]:
    # A migration that replaces others counts as they do: when squashed ones are applied, Django records the new one as well.
    return frozenset(MigrationLoader(None).graph.nodes)


def _run(name: str, probe: Probe) -> Health:
    try:
        return probe()
    except (DatabaseError, InterfaceError):
        logger.exception("health probe %s failed", name)
        return Health(False, "could not be read")
