"""One line per stage on the terminal, and faults as one clear sentence."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from safetyplant.embedded.servers import die_with_parent

SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
WIDTH = 30


class Fault(Exception):
    """The start cannot go on; the message is one sentence that says what to do."""


class Line:
    """A stage's line: rewritten while it works on a terminal, written once anywhere else."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.began = time.monotonic()
        self.is_terminal = sys.stdout.isatty()

    def tick(self) -> None:
        if self.is_terminal:
            seconds = time.monotonic() - self.began
            mark = SPINNER[int(seconds * 10) % len(SPINNER)]
            sys.stdout.write(f"\r  {mark} {self.title:<{WIDTH}} {seconds:4.0f} s")
            sys.stdout.flush()

    def end(self, mark: str, note: str = "") -> None:
        seconds = time.monotonic() - self.began
        start = "\r" if self.is_terminal else ""
        text = note or f"{seconds:.1f} s"
        print(f"{start}  {mark} {self.title:<{WIDTH}} {text:<20}".rstrip(), flush=True)


@contextmanager
def stage(title: str, note: str = "") -> Iterator[Line]:
    line = Line(title)
    line.tick()
    try:
        yield line
    except Exception:
        line.end("✗", "failed")
        raise
    except BaseException:
        line.end("–", "stopped")
        raise
    line.end("✓", note)


def run(line: Line, command: Sequence[str], *, log: Path, hint: str, cwd: Path, env: dict[str, str] | None = None) -> None:
    """Run a program of a stage with its output in `log`; when it fails, raise Fault with the end of that output and `hint`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        output.write(f"$ {' '.join(command)}\n".encode())
        output.flush()
        began = output.tell()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=env,
            preexec_fn=die_with_parent(),  # noqa: PLW1509 - one thread
        )
        try:
            while process.poll() is None:
                line.tick()
                time.sleep(0.1)
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if process.returncode != 0:
        said = log.read_bytes()[began:].decode(errors="replace").strip().splitlines()[-15:]
        raise Fault("\n".join([*(f"    {text}" for text in said), f"{hint} The whole output is in {log}."]))
