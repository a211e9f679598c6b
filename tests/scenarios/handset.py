"""A phone of its own for a test: a browser with its own folder, which can be killed at any moment and started again."""

import os
import signal
import time
from pathlib import Path
from typing import Any

from tests.fixtures.browser import PHONE

NOWHERE = ["--proxy-server=127.0.0.1:9", "--proxy-bypass-list=<-loopback>"]


class Handset:
    def __init__(self, browser_type: Any, launch: dict[str, Any], folder: Path, base_url: str) -> None:
        self.browser_type, self.launch, self.folder, self.base_url = browser_type, launch, folder, base_url
        self.context: Any = None

    def start(self, path: str, *, offline: bool = False) -> Any:
        """A page on `path`; what the folder holds of an earlier start is there again.

        `offline` from the first moment on and for the worker too: everything goes to a proxy that is not there.
        """
        launch = {**self.launch, "args": [*self.launch["args"], *(NOWHERE if offline else [])]}
        options = {"base_url": self.base_url, "viewport": PHONE, "has_touch": True, "is_mobile": True, "locale": "en-GB"}
        self.context = self.browser_type.launch_persistent_context(self.folder, **launch, **options)
        page = self.context.pages[0]
        page.goto(path)
        return page

    def kill(self) -> None:
        """As when the battery falls out: no page is told."""
        for pid in self._processes():
            with_signal(pid)
        deadline = time.monotonic() + 10
        while self._processes() and time.monotonic() < deadline:
            time.sleep(0.05)
        for name in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
            (self.folder / name).unlink(missing_ok=True)

    def close(self) -> None:
        if self._processes():
            self.context.close()

    def _processes(self) -> list[int]:
        entries = [entry for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        return [int(entry.name) for entry in entries if str(self.folder) in _command(entry)]


def _command(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def with_signal(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
