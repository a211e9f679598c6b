"""What a running `make run` tells the commands beside it."""

import json
from pathlib import Path
from typing import Any

from safetyplant.embedded import locks
from safetyplant.embedded.home import var_of


def announce(checkout: Path, facts: dict[str, str]) -> None:
    (var_of(checkout) / "run.json").write_text(json.dumps(facts))


def forget(checkout: Path) -> None:
    (var_of(checkout) / "run.json").unlink(missing_ok=True)


def facts_of(checkout: Path) -> dict[str, Any]:
    """Empty unless one runs: what a killed one wrote means nothing."""
    lock, path = var_of(checkout) / "run.lock", var_of(checkout) / "run.json"
    if not lock.exists() or not locks.is_held(lock):
        return {}
    try:
        facts: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return facts
