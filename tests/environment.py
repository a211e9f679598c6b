"""Loaded before Django's settings (`-p tests.environment`): real servers for this test run, and no network beyond the loopback.

A run takes a *slot* of the embedded test servers, so that runs beside each other have databases of their own. A PostgreSQL
or Redis of yours is used instead when DATABASE_URL or REDIS_URL says so; it must allow creating databases.
"""

import os
import socket
from pathlib import Path
from typing import Any

from safetyplant.embedded import Home, Lease, acquire, home_of, locks

CHECKOUT = Path(__file__).resolve().parent.parent
SLOTS = 30
REDIS_PER_SLOT = 8
_held: list[Lease | int] = []  # kept open for the life of the process: closing a descriptor gives the lock back


def prepare() -> None:
    os.environ["SAFETYPLANT_ENV"] = "test"
    os.environ["DJANGO_SETTINGS_MODULE"] = "safetyplant.settings"
    # Playwright runs an event loop in the test's thread; Django would refuse its queries there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    for name in ("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "EMAIL_URL", "TIME_ZONE", "SITE_URL"):
        os.environ.pop(name, None)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _take_servers()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    slot = int(os.environ["SAFETYPLANT_TEST_SLOT"])
    os.environ["SAFETYPLANT_TEST_DATABASE"] = f"test_safetyplant_{slot}_{worker}"
    if os.environ.get("SAFETYPLANT_TEST_REDIS") == "embedded":
        number = slot * REDIS_PER_SLOT + int(worker.removeprefix("gw")) % REDIS_PER_SLOT
        os.environ["REDIS_URL"] = os.environ["REDIS_URL"].rsplit("/", 1)[0] + f"/{number}"
    os.environ["STORAGE_URL"] = f"file://{CHECKOUT}/var/test-files/{slot}-{worker}"


def _take_servers() -> None:
    home = home_of(CHECKOUT, "test", durable=False)
    slot, descriptor = _take_slot(home)
    os.environ["SAFETYPLANT_TEST_SLOT"] = str(slot)
    _held.append(descriptor)
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return
    lease = acquire(home)
    _held.append(lease)
    os.environ.setdefault("DATABASE_URL", lease.database_url)
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = lease.redis_url
        os.environ["SAFETYPLANT_TEST_REDIS"] = "embedded"


def _take_slot(home: Home) -> tuple[int, int]:
    for slot in range(SLOTS):
        descriptor = locks.take(home.lock(f"slot{slot}"), wait=False)
        if descriptor is not None:
            return slot, descriptor
    raise SystemExit(f"All {SLOTS} slots of the test servers are taken; wait for another test run to end.")


def pytest_unconfigure(config: Any) -> None:
    for item in reversed(_held):
        if isinstance(item, Lease):
            item.release()
    _held.clear()


def refuse_the_network() -> None:
    """A test that reaches for the internet fails, rather than passing on machines that have one."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise PermissionError(f"tests do not use the network: {address}")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign]


prepare()
refuse_the_network()
