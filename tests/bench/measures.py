"""What is measured: each page in turn with the floor, so that a noisy machine hits both."""

import json
import statistics
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.server import Client

ROUNDS = 40
WARM_UP = 5


@dataclass
class Measure:
    """`act` makes one request and returns (status, headers); `expected` is the status of success."""

    name: str
    act: Callable[[], tuple[int, dict[str, str]]]
    expected: int = 200


def run(measure: Measure, floor: Callable[[], object], rows: int) -> dict[str, object]:
    """One JSON line: medians of the page and of the floor in milliseconds, and the median of their pairwise ratios."""
    pages, floors, ratios, queries = [], [], [], 0
    for turn in range(WARM_UP + ROUNDS):
        base, _ = timed(floor)
        page, (status, headers) = timed(measure.act)
        if status != measure.expected:
            raise SystemExit(f"{measure.name}: status {status} instead of {measure.expected}")
        if turn < WARM_UP:
            continue
        pages.append(page)
        floors.append(base)
        ratios.append(page / base)
        queries = int(headers.get("X-Queries", 0))
    line = {
        "name": measure.name,
        "rows": rows,
        "p50_ms": round(statistics.median(pages) * 1000, 2),
        "floor_ms": round(statistics.median(floors) * 1000, 2),
        "ratio": round(statistics.median(ratios), 2),
        "queries": queries,
    }
    print(json.dumps(line), flush=True)  # noqa: T201 - the contract of `make bench`
    return line


def timed(act: Callable[[], object]) -> tuple[float, object]:
    start = time.perf_counter()
    result = act()
    return time.perf_counter() - start, result


def page(client: Client, path: str) -> Callable[[], tuple[int, dict[str, str]]]:
    def act() -> tuple[int, dict[str, str]]:
        status, _content, headers = client.get(path)
        return status, headers

    return act


def report(client: Client, where: str) -> Callable[[], tuple[int, dict[str, str]]]:
    """A hazard reported through the page's own form."""

    def act() -> tuple[int, dict[str, str]]:
        fields = {
            "client_id": str(uuid.uuid4()),
            "text": "Flange leaks at the inlet",
            "where": where,
            "danger": "no",
            "field": "production",
        }
        status, _content, headers = client.post("/hazards/new/", fields)
        return status, headers

    return act


def submit(
    client: Client, unit: int, standard: int, items: list[int], failing: list[int]
) -> Callable[[], tuple[int, dict[str, str]]]:
    """A whole inspection of 20 items, two of them failed, as a phone sends it."""

    def act() -> tuple[int, dict[str, str]]:
        status, _content, received = post_json(client, "/api/v1/inspections/", inspection_body(unit, standard, items, failing))
        return status, received

    return act


def inspection_body(unit: int, standard: int, items: list[int], failing: list[int]) -> dict[str, object]:
    answers: list[dict[str, object]] = [{"item": item, "result": "pass"} for item in items]
    for answer in answers:
        if answer["item"] in failing:
            answer |= {"result": "fail", "finding": {"text": "Guard is loose"}}
    return {"client_id": str(uuid.uuid4()), "unit": unit, "standard": standard, "answers": answers}


def post_json(client: Client, path: str, body: object) -> tuple[int, bytes, dict[str, str]]:
    headers = {"Content-Type": "application/json", "X-CSRFToken": client.token, "Accept": "application/json"}
    return client.request("POST", path, json.dumps(body).encode(), **headers)
