"""Case 2, second half: Redis is killed or emptied under a real worker and two real beats; PostgreSQL still knows what is due."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import redis
from django.db import connection
from django.utils import timezone

from responsibilities.choices import DeadlineKind
from responsibilities.models import Deadline, Reminder
from safetyplant.embedded.engines import find_engines
from safetyplant.embedded.home import Home
from safetyplant.embedded.servers import Valkey
from tests.trust import ledger
from tests.trust.cast import Cast, make_cast
from tests.trust.result import Result

CHECKOUT = Path(__file__).resolve().parent.parent.parent
DUE = 5
#: A worker waits some seconds between two tries to reach its broker; a minute is the beat of the product.
PATIENCE = 60.0


def run_broker(*, times: int, seed: int = 1) -> Result:
    """Break Redis `times` times, each time with new things due; all of them are told within `PATIENCE`, once."""
    result, chance = Result(2, "broker"), random.Random(seed)  # noqa: S311 - chance of a test, not a secret
    cast, slowest = make_cast(), 0.0
    with result.timed(), tempfile.TemporaryDirectory(dir="/tmp", prefix="trust-") as folder, ExitStack() as stack:
        valkey = _valkey(Path(folder))
        valkey.start()
        stack.callback(valkey.halt)
        running = {
            name: stack.enter_context(_celery(name, arguments, valkey.url, Path(folder)))
            for name, arguments in _processes(folder)
        }
        _wait_for(_make_due(cast), PATIENCE)  # all have started
        while result.times < times and not result.lost:
            how = _break(valkey, chance, empty=result.times % 2 == 0)
            wait = _wait_for(_make_due(cast), PATIENCE)
            result.times += 1
            slowest = max(slowest, wait or PATIENCE)
            if wait is None:
                result.lost += 1
                words = f"{_ended(running)} {_last_words(Path(folder))}"
                result.fault(f"{result.times}: not told within {PATIENCE:.0f} s after Redis was {how}; {words}")
    result.extra += ledger.unlike_their_ledger()
    result.extra += sum((ledger.reminders() - _once_each()).values())
    result.figures |= {"slowest_seconds": round(slowest, 1), "reminders": Reminder.objects.count()}
    return result


def _ended(running: "dict[str, subprocess.Popen[bytes]]") -> str:
    return ", ".join(f"{name} ended with {process.poll()}" for name, process in running.items() if process.poll() is not None)


def _last_words(folder: Path) -> str:
    """The end of what worker and beats said, to see which of them did not come back."""
    return "; ".join(f"{log.stem}: {log.read_text(errors='replace').strip()[-1500:]}" for log in sorted(folder.glob("*.log")))


def _valkey(folder: Path) -> Valkey:
    """As root it runs under another account, which must reach its folder."""
    (folder / "home").mkdir()
    for path in (folder, folder / "home"):
        path.chmod(0o755)
    return Valkey(Home(folder / "home", durable=False), find_engines())


def _processes(folder: str) -> Iterator[tuple[str, list[str]]]:
    yield "worker", ["worker", "-c", "2", "-l", "WARNING", "--without-gossip", "--without-mingle", "-n", "trust@localhost"]
    for number in (1, 2):
        yield f"beat{number}", ["beat", "-l", "WARNING", "-s", f"{folder}/beat{number}", "--pidfile="]


@contextmanager
def _celery(name: str, arguments: list[str], redis_url: str, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A real process of the product's own application, on this run's database."""
    address = urlsplit(os.environ["DATABASE_URL"])
    database = urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}"))
    environment = {**os.environ, "DATABASE_URL": database, "REDIS_URL": redis_url, "LOG_LEVEL": "WARNING"}
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "tests.trust.celery_app", *arguments],
            cwd=CHECKOUT,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _break(valkey: Valkey, chance: random.Random, *, empty: bool) -> str:
    """Everything in it is lost: emptied while it runs, or killed and started anew on the same port. Returns which."""
    time.sleep(chance.uniform(0, 1.2))
    if empty:
        with redis.Redis.from_url(valkey.url) as client:
            client.flushall()
        return "emptied"
    assert valkey.process is not None
    valkey.process.kill()
    valkey.process.wait()
    time.sleep(chance.uniform(0, 0.5))
    valkey.start()
    return "killed"


def _make_due(cast: Cast) -> list[int]:
    """Deadlines whose first step was due a moment ago."""
    last = Deadline.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    ledger.make_deadlines(cast, DUE, start=timezone.now() - timedelta(hours=200))
    made = Deadline.objects.filter(pk__gt=last).exclude(kind=DeadlineKind.ANSWER)  # a sweep may have asked answers already
    return list(made.values_list("pk", flat=True))


def _wait_for(deadlines: list[int], patience: float) -> float | None:
    """Seconds until each has been told, None if that did not come to pass."""
    began = time.monotonic()
    while time.monotonic() - began < patience:
        told = Reminder.objects.filter(deadline__in=deadlines).values("deadline").distinct().count()
        if told == len(deadlines):
            return time.monotonic() - began
        time.sleep(0.1)
    return None


def _once_each() -> "ledger.Counter[ledger.Row]":
    return ledger.Counter(dict.fromkeys(ledger.reminders(), 1))
