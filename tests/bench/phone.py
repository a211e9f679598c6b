"""The start of the app on a phone that has no signal: from the address to a page that takes a record, out of the service worker."""

import json
import os
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.bench.measures import timed
from tests.fixtures.chromium import find_chromium
from tests.scenarios.handset import Handset

STARTS = 10
READY = "html[data-field-ready]"
KEPT = """async () => {
  const [kit, cache] = [await (await fetch("/field/kit/")).json(), await caches.open("sp-field")];
  return (await Promise.all(kit.pages.map((page) => cache.match(page)))).every(Boolean);
}"""


def measure_start(port: int, rows: int) -> dict[str, object]:
    """Medians of as many starts, each in a browser just opened; the floor is the same browser showing nothing."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        executable = find_chromium()
        launch = {"executable_path": executable, "args": ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]}
        phone = Handset(playwright.chromium, launch, Path(folder) / "phone", f"http://127.0.0.1:{port}")
        _visit_with_signal(phone)
        starts = [_start(phone) for _turn in range(STARTS)]
    taken, floor = (statistics.median(values) * 1000 for values in zip(*starts, strict=True))
    line = {
        "name": "app-start-offline",
        "rows": rows,
        "p50_ms": round(taken, 2),
        "floor_ms": round(floor, 2),
        "ratio": round(taken / floor, 2),
        "queries": 0,
        "slowest_ms": round(max(start for start, _floor in starts) * 1000, 2),
    }
    print(json.dumps(line), flush=True)  # noqa: T201 - the contract of `make bench`
    return line


def _visit_with_signal(phone: Handset) -> None:
    page = phone.start("/login/")
    page.get_by_label("Employee number").fill("supervisor")
    page.get_by_label("Password", exact=True).fill(os.environ.get("DEMO_PASSWORD", "safety-month"))
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    page.evaluate("() => navigator.serviceWorker.ready")
    page.goto("/field/")
    page.wait_for_selector(READY)
    for _turn in range(100):
        if page.evaluate(KEPT):
            break
        page.wait_for_timeout(100)
    else:
        raise SystemExit("app-start-offline: the phone did not keep the app within ten seconds")
    phone.close()


def _start(phone: Handset) -> tuple[float, float]:
    page = phone.start("about:blank", offline=True)
    floor, _nothing = timed(lambda: page.goto("about:blank"))

    def open_app() -> Any:
        page.goto("/field/")
        return page.wait_for_selector(READY)

    taken, _ready = timed(open_app)
    phone.close()
    return taken, floor
