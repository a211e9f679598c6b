"""The users' side: hold a lease, and the servers are there."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetyplant.embedded import locks
from safetyplant.embedded.errors import EmbeddedError
from safetyplant.embedded.home import Home, home_of

CHECKOUT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 150
STOP_SECONDS = 40


@dataclass
class Lease:
    """The right to use a home's servers until `release`, or until this process ends in whatever way."""

    home: Home
    database_url: str
    redis_url: str
    descriptor: int
    keeper: "subprocess.Popen[bytes] | None" = None

    def release(self) -> None:
        """Give the lease back; when it was the last one, wait until the servers have stopped."""
        if self.descriptor < 0:
            return
        os.close(self.descriptor)
        self.descriptor = -1
        end = time.monotonic() + STOP_SECONDS
        while time.monotonic() < end and locks.is_held(self.home.lock("keeper")):
            with locks.held(self.home.lock("mutex")):
                if locks.is_held(self.home.lock("users")):
                    self._leave_keeper()
                    return  # somebody else still works
            time.sleep(0.03)
        if self.keeper is not None:
            self.keeper.wait(STOP_SECONDS)

    def _leave_keeper(self) -> None:
        """It outlives whoever started it, for the others: not a child that was forgotten."""
        if self.keeper is not None:
            self.keeper.returncode = 0
            self.keeper = None


def acquire(home: Home) -> Lease:
    """Use the servers of `home`, starting them if nobody has; raises EmbeddedError with one clear sentence."""
    with locks.held(home.lock("mutex")):
        users = locks.take(home.lock("users"), shared=True)
        if users is None:
            raise EmbeddedError(f"The lock {home.lock('users')} could not be taken.")
        try:
            keeper = None
            state = _state(home)
            if state is None:
                keeper = _start_keeper(home)
                state = _wait_for(home, keeper)
        except BaseException:
            os.close(users)
            raise
    return Lease(home, state["database_url"], state["redis_url"], users, keeper)


def provide(checkout: Path = CHECKOUT) -> Lease | None:
    """Fill in DATABASE_URL and REDIS_URL where they are not set; None when both are."""
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]
    if not missing:
        return None
    lease = acquire(home_of(checkout))
    addresses = {"DATABASE_URL": lease.database_url, "REDIS_URL": lease.redis_url}
    os.environ.update({name: addresses[name] for name in missing})
    if "DATABASE_URL" in missing:
        # Photos live beside the database that knows them: losing one of the two would lose evidence.
        os.environ.setdefault("STORAGE_URL", f"file://{home_of(checkout).root}/files")
    return lease


def _state(home: Home) -> dict[str, Any] | None:
    """What the keeper published, if it lives; the file of a dead one means nothing."""
    if not locks.is_held(home.lock("keeper")):
        return None
    try:
        state: dict[str, Any] = json.loads(home.state.read_text())
    except (OSError, ValueError):
        return None
    return state


def _start_keeper(home: Home) -> "subprocess.Popen[bytes]":
    home.state.unlink(missing_ok=True)  # left by a keeper that was killed: the new one would seem ready at once
    with home.log.open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "safetyplant.embedded", str(home.root), "durable" if home.durable else "fast"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=CHECKOUT,
            start_new_session=True,  # Ctrl-C in one terminal must not take the servers from the others
        )


def _wait_for(home: Home, keeper: "subprocess.Popen[bytes]") -> dict[str, Any]:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        ended = keeper.poll() is not None
        state = _state(home)
        if state is not None:
            return state
        if ended:
            said = home.log.read_text().strip().splitlines() or ["no message"]
            raise EmbeddedError(said[-1])
        time.sleep(0.03)
    keeper.terminate()
    raise EmbeddedError(f"The embedded servers did not start within {START_SECONDS} seconds; see {home.log}.")
