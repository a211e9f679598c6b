"""`make run` once everything is installed: starts all parts, prints where to go, and leaves no process behind.

Parts run in process groups of their own and are told by the kernel when this process dies, whatever killed it. PostgreSQL and
Redis belong to their keeper (`safetyplant.embedded`), which stops them when the lease held here is gone.
"""

import os
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from deploy import make_parent
from deploy.addresses import check_database, check_redis
from deploy.parts import Part, start_parts, stop_parts
from deploy.say import Fault, Line, run, stage
from deploy.start import port_wanted, refuse_taken_port
from safetyplant.embedded import EmbeddedError, Lease, locks, provide, running
from safetyplant.embedded.home import var_of
from safetyplant.embedded.servers import free_port

CHECKOUT = Path(__file__).resolve().parent.parent
READY_SECONDS = 90
DEMO_PEOPLE = ("director", "leader", "officer", "supervisor", "head", "head2", "worker", "worker2")


class Stopped(BaseException):
    """Somebody asked us to end: Ctrl-C, a signal, or the end of our parent."""


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    make_parent.follow()
    parts: list[Part] = []
    lease: Lease | None = None
    status = 0
    lock = locks.take(var_of(CHECKOUT) / "run.lock", wait=False)
    try:
        if lock is None:
            raise Fault(f"SafetyPlant already runs from {CHECKOUT}; stop that one first (Ctrl-C in its terminal).")
        port = port_wanted()
        refuse_taken_port(port)
        lease = prepare_servers()
        prepare_environment(port)
        with stage("Database and demo data") as line:
            fill_database(line)
        with stage("Web, worker and clock") as line:
            parts.extend(start_parts(CHECKOUT, port))
            wait_until_ready(port, parts, line)
        running.announce(CHECKOUT, {"url": f"http://127.0.0.1:{port}/", "email_url": os.environ["EMAIL_URL"]})
        welcome(port)
        watch(parts)
    except (Fault, EmbeddedError) as fault:
        print(fault, file=sys.stderr)
        status = 1
    except Stopped:
        print("\nStopping …", flush=True)
    finally:
        _ignore_signals()
        stop_parts(parts)
        if lock is not None:
            running.forget(CHECKOUT)
        if lease is not None:
            lease.release()
    return status


def prepare_servers() -> Lease | None:
    """Addresses given are tried at once, with what was wrong in one sentence; the others are filled in by embedded servers."""
    if os.environ.get("DATABASE_URL"):
        check_database(os.environ["DATABASE_URL"])
    if os.environ.get("REDIS_URL"):
        check_redis(os.environ["REDIS_URL"])
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return None
    with stage("PostgreSQL and Redis"):
        return provide(CHECKOUT)


def prepare_environment(port: int) -> None:
    os.environ.setdefault("SAFETYPLANT_ENV", "local")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safetyplant.settings")
    os.environ["PORT"] = str(port)
    os.environ["PYTHONUNBUFFERED"] = "1"
    os.environ.setdefault("CELERY_BEAT_FILE", str(var_of(CHECKOUT) / "celerybeat-schedule"))
    if not os.environ.get("EMAIL_URL"):
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{free_port(1025)}"
        os.environ["SAFETYPLANT_MAIL_SINK"] = str(var_of(CHECKOUT) / "mail")


def fill_database(line: Line) -> None:
    command = [sys.executable, "manage.py", "prepare_demo"]
    run(line, command, log=log_of("prepare"), hint="The database could not be prepared.", cwd=CHECKOUT)


def wait_until_ready(port: int, parts: list[Part], line: Line) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        for part in parts:
            if part.has_ended:
                raise Fault(f"{part.title} ended at once; its output is in {part.log}.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except urllib.error.HTTPError as error:
            raise Fault(f"The web server answers with an error ({error.code}); its output is in {parts[0].log}.") from error
        except OSError:
            time.sleep(0.1)
        line.tick()
    raise Fault(f"The web server did not answer within {READY_SECONDS} seconds; its output is in {parts[0].log}.")


def welcome(port: int) -> None:
    password = os.environ.get("DEMO_PASSWORD") or "safety-month"
    print(f"\n  SafetyPlant   http://127.0.0.1:{port}/\n")
    print(f"  Sign in as    {', '.join(DEMO_PEOPLE)}")
    print(f"  Password      {password}")
    if os.environ.get("SAFETYPLANT_MAIL_SINK"):
        print(f"  Mail goes to  {os.environ['SAFETYPLANT_MAIL_SINK']}")
    print(f"  Logs          {var_of(CHECKOUT) / 'log'}\n\n  Ctrl-C stops it all.", flush=True)


def watch(parts: list[Part]) -> None:
    """A part that ended by itself is started again; one that keeps ending stops the whole with its name."""
    while True:
        time.sleep(0.3)
        if make_parent.was_interrupted():
            raise Stopped
        for part in parts:
            if part.has_ended:
                if part.has_failed_too_often():
                    raise Fault(f"{part.title} keeps ending; its output is in {part.log}.")
                print(f"  {part.title} ended by itself ({part.log}); starting it again.", flush=True)
                part.start()


def log_of(name: str) -> Path:
    return var_of(CHECKOUT) / "log" / f"{name}.log"


def _stop(signum: int, frame: object) -> None:
    raise Stopped


def _ignore_signals() -> None:
    """Stopping is not interrupted: a second Ctrl-C must not leave half of the parts running. They are killed soon enough."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
