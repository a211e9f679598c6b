"""The process that owns the servers of one home: starts them, restarts one that died, stops them when no lease is left."""

import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import NoReturn

from safetyplant.embedded import locks
from safetyplant.embedded.engines import find_engines
from safetyplant.embedded.errors import EmbeddedError
from safetyplant.embedded.home import Home
from safetyplant.embedded.servers import Postgres, Valkey

POLL_SECONDS = 0.1


def keep(home: Home) -> int:
    """Run until nobody holds a lease. When a server cannot start: exit status 1, one sentence on the last line of output."""
    alive = locks.take(home.lock("keeper"), wait=False)
    if alive is None:
        return 0  # someone was faster
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    postgres = valkey = None
    try:
        ports = _ports_before(home)
        engines = find_engines()
        postgres, valkey = Postgres(home, engines, ports[0]), Valkey(home, engines, ports[1])
        postgres.start()
        valkey.start()
        _publish(home, postgres, valkey)
        _watch(home, postgres, valkey)
    except EmbeddedError as error:
        print(error, flush=True)
        return 1
    except OSError as error:
        traceback.print_exc()
        print(f"The embedded servers could not start: {error}.", flush=True)
        return 1
    finally:
        home.state.unlink(missing_ok=True)
        for server in (postgres, valkey):
            if server is not None:
                server.halt()
    return 0


def _watch(home: Home, postgres: Postgres, valkey: Valkey) -> None:
    while True:
        time.sleep(POLL_SECONDS)
        for server in (postgres, valkey):
            if not server.is_running:
                print(f"{type(server).__name__} ended by itself; starting it again", flush=True)
                server.start()
                _publish(home, postgres, valkey)
        if locks.is_held(home.lock("users")):
            continue
        # Under the mutex nobody can take a new lease while the servers go down.
        mutex = locks.take(home.lock("mutex"), wait=False)
        if mutex is None:
            continue
        if not locks.is_held(home.lock("users")):
            return  # the mutex is released when the process ends, after the servers have stopped
        os.close(mutex)


def _publish(home: Home, postgres: Postgres, valkey: Valkey) -> None:
    state = {
        "database_url": postgres.url,
        "redis_url": valkey.url,
        "ports": [postgres.port, valkey.port],
        "keeper": os.getpid(),
        "pids": [server.process.pid for server in (postgres, valkey) if server.process],
    }
    unfinished = home.state.with_suffix(".new")
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(state))
    unfinished.replace(home.state)
    _remember(home.root / "ports.json", state["ports"])


def _remember(path: Path, ports: object) -> None:
    path.write_text(json.dumps(ports))


def _ports_before(home: Home) -> tuple[int, int]:
    """The same ports as last time where they are free, so that an address written down stays right."""
    try:
        first, second = json.loads((home.root / "ports.json").read_text())
    except (OSError, ValueError):
        return 0, 0
    return int(first), int(second)


def _leave(signum: int, frame: object) -> NoReturn:
    sys.exit(0)
