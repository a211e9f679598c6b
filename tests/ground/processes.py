"""Starting `make run` and `manage.py` in a place of their own, and looking what they leave behind."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PASSED_ON = ("PATH", "HOME", "LANG", "PIP_INDEX_URL", "PIP_CONFIG_FILE", "SSL_CERT_FILE")


class Place:
    """A `var` folder outside the checkout, with everything that runs on it recognisable by its path."""

    def __init__(self, folder: Path, outputs: Path) -> None:
        self.var, self.outputs = folder, outputs
        self.runs: list[Run] = []
        self.environ = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        self.environ |= {"SAFETYPLANT_VAR": str(folder), "DEMO_DATA": "no", "PYTHONWARNINGS": "ignore"}

    @property
    def data(self) -> Path:
        """Where the embedded servers keep their data: elsewhere than `var` as root."""
        link = self.var / "embedded"
        return link.resolve() if link.exists() else link

    def start(self, *command: str, **environ: str) -> "Run":
        run = Run(command, {**self.environ, **environ}, self.outputs / f"{len(self.runs)}.txt")
        self.runs.append(run)
        return run

    def output_of(self, *command: str, **environ: str) -> tuple[int, str]:
        run = self.start(*command, **environ)
        return run.process.wait(timeout=120), run.output

    def processes(self) -> list[str]:
        """Command lines of all that still runs here: by the folder in their environment or their arguments."""
        marks = (f"SAFETYPLANT_VAR={self.var}\0".encode(), str(self.data).encode())
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                arguments, environment = (entry / "cmdline").read_bytes(), (entry / "environ").read_bytes()
            except OSError:
                continue  # ended meanwhile
            if arguments and (marks[0] in environment + b"\0" or marks[1] in arguments):
                found.append(f"{entry.name} {arguments.replace(bytes(1), b' ').decode(errors='replace')}")
        return found

    def clear(self) -> None:
        """End what a failed test left running, and remove the data that lies outside the folder."""
        for run in self.runs:
            if run.process.poll() is None:
                run.process.kill()
                run.process.wait()
        wait_until(lambda: not self.processes())
        if self.data.parent.name == "safetyplant":
            shutil.rmtree(self.data, ignore_errors=True)


class Run:
    """A program in a session of its own, its output in a file."""

    def __init__(self, command: Sequence[str], environ: dict[str, str], path: Path) -> None:
        self.path = path
        with path.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=CHECKOUT,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self.path.read_text()

    def send(self, number: int) -> None:
        os.kill(self.process.pid, number)

    def end(self, seconds: float = 60) -> int:
        return self.process.wait(timeout=seconds)

    def read_until(self, text: str, seconds: float = 120) -> str:
        """Output once it has `text`; fails when the process ends before."""
        wait_until(lambda: text in self.output or self.process.poll() is not None, seconds)
        assert text in self.output, f"ended with {self.process.poll()} before saying {text!r}:\n{self.output}"
        return self.output


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return condition()
