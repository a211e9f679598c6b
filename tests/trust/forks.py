"""Workers that can be killed at any moment: forks of this process, each with connections of its own."""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, connections


@dataclass
class Worker:
    """`ready` can be read from once the work itself has begun, connections apart."""

    pid: int
    ready: int

    def kill_after(self, seconds: float) -> bool:
        """SIGKILL so long after its work began; True if it struck a worker still at work."""
        os.read(self.ready, 1)
        time.sleep(seconds)
        os.kill(self.pid, signal.SIGKILL)
        return os.WIFSIGNALED(self._wait())

    def end(self) -> bool:
        """Wait for it; True if it ended well."""
        return os.waitstatus_to_exitcode(self._wait()) == 0

    def _wait(self) -> int:
        status = os.waitpid(self.pid, 0)[1]
        os.close(self.ready)
        return status


def start(work: Callable[[], object]) -> Worker:
    connections.close_all()
    sys.stdout.flush()
    ready, tell = os.pipe()
    pid = os.fork()
    if pid:
        os.close(tell)
        return Worker(pid, ready)
    status = 1
    try:
        connection.ensure_connection()
        os.write(tell, b"!")
        work()
        status = 0
    except BaseException:  # noqa: BLE001 - a child must never return into its parent's code
        traceback.print_exc()
    finally:
        os._exit(status)


def seconds_of(work: Callable[[], object]) -> float:
    """How long the work takes in a worker left in peace."""
    worker = start(work)
    os.read(worker.ready, 1)
    began = time.monotonic()
    worker.end()
    return time.monotonic() - began


def run_together(works: list[Callable[[], object]]) -> bool:
    """All at once, through one gate; True if every one ended well."""
    gate, latch = os.pipe()

    def behind_the_gate(work: Callable[[], object]) -> Callable[[], object]:
        def wait_and_work() -> None:
            os.close(latch)
            os.read(gate, 1)  # returns when the last holder of the latch lets go
            work()

        return wait_and_work

    workers = [start(behind_the_gate(work)) for work in works]
    os.close(latch)
    os.close(gate)
    ended = [worker.end() for worker in workers]
    return all(ended)
