"""What a case found: one JSON line each."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Result:
    """`lost`: what should be there and is not; `extra`: what is there and should not be. Both must be nought."""

    case: int
    name: str
    times: int = 0
    lost: int = 0
    extra: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.times > 0 and not (self.lost or self.extra or self.faults)

    def fault(self, what: str) -> None:
        """Something went otherwise than promised; the first ones are told in the line."""
        self.faults.append(what)

    def require(self, holds: bool, what: str) -> None:
        if not holds:
            self.fault(what)

    def line(self) -> str:
        told: dict[str, Any] = {"case": self.case, "name": self.name, "times": self.times, "lost": self.lost, "extra": self.extra}
        told |= {"ok": self.ok, "seconds": round(self.seconds, 1), **self.figures}
        if self.faults:
            told |= {"faults": len(self.faults), "first": self.faults[:5]}
        return json.dumps(told, ensure_ascii=False)

    @contextmanager
    def timed(self) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds = time.monotonic() - began
