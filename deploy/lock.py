"""`make lock`: compile requirements*.in to lock files with hashes. They name no package index, so any mirror serves them."""

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
NAMES = ("requirements", "requirements-demo", "requirements-dev")


def compile_lock(name: str, constraint: str | None) -> None:
    command = [sys.executable, "-m", "uv", "pip", "compile", f"{name}.in", "--output-file", f"{name}.txt", "--universal"]
    command += [
        "--python-version",
        "3.11",
        "--generate-hashes",
        "--no-emit-index-url",
        "--no-annotate",
        "--custom-compile-command",
        "make lock",
    ]
    if constraint:
        # A package has one version in all of them, or installing for the tests would change what the demo runs.
        command += ["--constraint", constraint]
    if "--upgrade" in sys.argv:
        command.append("--upgrade")
    subprocess.run(command, cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL)
    print(f"{name}.txt compiled")


if __name__ == "__main__":
    for position, name in enumerate(NAMES):
        compile_lock(name, f"{NAMES[position - 1]}.txt" if position else None)
