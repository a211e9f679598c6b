"""`make check`: every check runs, each on one line; the output of those that fail follows, and then the status is 1."""

import os
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
ROOMS = ("safetyplant", "responsibilities", "inspections", "accidents", "drills", "campaigns")
PYTHON = sys.executable

CHECKS: dict[str, list[str]] = {
    "lint": [PYTHON, "-m", "ruff", "check", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "types": [PYTHON, "-m", "mypy", *ROOMS, "deploy", "manage.py"],
    "templates": [PYTHON, "-m", "djlint", "templates", "--lint", "--quiet"],
    "system": [PYTHON, "manage.py", "check", "--fail-level", "WARNING"],
    "migrations made": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "migrations safe": [PYTHON, "-m", "deploy.check_migrations"],
    "layering": [str(Path(PYTHON).parent / "lint-imports"), "--no-cache"],
    "translations": [PYTHON, "-m", "deploy.check_translations"],
    "security": [PYTHON, "-m", "bandit", "-q", "-r", *ROOMS, "deploy", "-c", "pyproject.toml"],
}


def main(wanted: list[str]) -> int:
    environ = {**os.environ, "SAFETYPLANT_ENV": "local"}  # the type checker loads the settings
    failed: list[tuple[str, str]] = []
    for name, command in CHECKS.items():
        if wanted and name not in wanted:
            continue
        began = time.monotonic()
        done = subprocess.run(
            command, cwd=CHECKOUT, env=environ, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
        )
        is_good = done.returncode == 0
        print(f"  {'✓' if is_good else '✗'} {name:<18} {time.monotonic() - began:5.1f} s", flush=True)
        if not is_good:
            failed.append((name, done.stdout + done.stderr))
    for name, output in failed:
        print(f"\n── {name} ──\n{output.strip()}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
