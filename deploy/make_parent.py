"""`make run` is stopped through make as well: its signals and its end reach us.

Make passes on SIGTERM alone. On SIGINT or SIGHUP sent to it and not to the whole terminal it waits for us without a word,
having given up its handler for that signal; killed outright it just vanishes. Linux only; elsewhere the terminal's signals do.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

_PARENT = os.getppid()


def follow() -> None:
    """Be told with SIGTERM when make dies."""
    if _is_make() and sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM, 0, 0, 0)


def was_interrupted() -> bool:
    """Whether make no longer catches SIGINT or SIGHUP, which it gives up on receiving one."""
    if not _is_make():
        return False
    caught = _caught_signals()
    return caught is not None and not all(
        caught & (1 << (number - 1)) for number in (signal.SIGINT, signal.SIGHUP) if number in _at_start
    )


def _is_make() -> bool:
    try:
        return Path(f"/proc/{_PARENT}/comm").read_text().strip() in ("make", "gmake")
    except OSError:
        return False


def _caught_signals() -> int | None:
    try:
        status = Path(f"/proc/{_PARENT}/status").read_text()
    except OSError:
        return None
    return next((int(line.split()[1], 16) for line in status.splitlines() if line.startswith("SigCgt:")), None)


# Under nohup make ignores SIGHUP from the start: only what it caught then can be given up later.
_at_start = {number for number in (signal.SIGINT, signal.SIGHUP) if (_caught_signals() or 0) & (1 << (number - 1))}
