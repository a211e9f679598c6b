"""The long-running parts of a start on one machine."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from safetyplant.embedded.home import var_of
from safetyplant.embedded.servers import die_with_parent

PATIENCE_SECONDS = 10
FAILURES, WITHIN_SECONDS = 5, 60


@dataclass
class Part:
    title: str
    command: Sequence[str]
    log: Path
    cwd: Path
    process: "subprocess.Popen[bytes] | None" = None
    starts: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.starts.append(time.monotonic())
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab" if len(self.starts) > 1 else "wb") as output:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.cwd,
                start_new_session=True,  # the terminal's Ctrl-C reaches the supervisor alone, which stops them in order
                preexec_fn=die_with_parent(),  # noqa: PLW1509 - the supervisor has one thread
            )

    @property
    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def has_failed_too_often(self) -> bool:
        recent = [moment for moment in self.starts if time.monotonic() - moment < WITHIN_SECONDS]
        return len(recent) >= FAILURES

    def signal_group(self, number: int) -> None:
        """To the part and whatever it started; its group carries its process id."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):  # nobody of it is left
                os.killpg(self.process.pid, number)


def start_parts(checkout: Path, port: int) -> list[Part]:
    logs = var_of(checkout) / "log"
    python = sys.executable
    celery = [python, "-m", "celery", "-A", "safetyplant"]
    beat_file = os.environ["CELERY_BEAT_FILE"]
    parts = [
        Part("Web", [python, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "safetyplant.wsgi"], logs / "web.log", checkout),
        Part(
            "Worker",
            [*celery, "worker", "--loglevel=INFO", "--concurrency=2", "--without-gossip", "--without-mingle"],
            logs / "worker.log",
            checkout,
        ),
        Part("Clock", [*celery, "beat", "--loglevel=INFO", "--pidfile=", f"--schedule={beat_file}"], logs / "beat.log", checkout),
    ]
    sink = os.environ.get("SAFETYPLANT_MAIL_SINK")
    if sink:
        mail_port = os.environ["EMAIL_URL"].rsplit(":", 1)[1]
        parts.append(Part("Mail sink", [python, "-m", "deploy.mail_sink", sink, mail_port], logs / "mail.log", checkout))
    for part in parts:
        part.start()
    return parts


def stop_parts(parts: list[Part]) -> None:
    """Ask first, so that requests and tasks in hand are finished; then make sure that nobody of any group is left."""
    for part in parts:
        if part.process is not None and part.process.poll() is None:
            part.process.terminate()
    end = time.monotonic() + PATIENCE_SECONDS
    for part in parts:
        if part.process is not None:
            with suppress(subprocess.TimeoutExpired):  # killed below
                part.process.wait(max(0.1, end - time.monotonic()))
    for part in parts:
        part.signal_group(signal.SIGKILL)
        if part.process is not None:
            part.process.wait()
