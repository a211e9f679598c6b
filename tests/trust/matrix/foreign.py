"""Case 10: ids in what is sent must be of things the sender may see; pointing at others is refused, and nothing is made of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import transaction

from tests.trust import invariants
from tests.trust.cast import Cast
from tests.trust.matrix.records import Records, make_records
from tests.trust.matrix.walk import Callers
from tests.trust.result import Result

REFUSED = frozenset({400, 403, 404, 409, 422})


@dataclass(frozen=True)
class Pointing:
    """`caller` sends `body` to `path`, in which `what` is not theirs to name."""

    caller: str
    path: str
    body: dict[str, Any]
    what: str
    as_json: bool = True


def pointings(records: Records) -> Iterator[Pointing]:
    yield from _by_api(records)
    yield from _by_form(records)


def _by_api(records: Records) -> Iterator[Pointing]:
    cast, ids = records.cast, {kind: [one.get("pk") for one in both] for kind, both in records.ids.items()}
    a, b = cast.station.pk, cast.station2.pk
    report = {"title": "Leak", "unit": cast.contractor.pk}
    yield Pointing("outsider", "hazards/", {**report, "unit": b}, "unit")
    yield Pointing("outsider", "hazards/", {**report, "place": ids["place"][1]}, "place")
    yield Pointing("worker", "hazards/", {"title": "Leak", "unit": a, "place": ids["place"][1]}, "place of another unit")
    yield Pointing("worker", "hazards/", {"title": "Leak", "unit": a, "photos": ["0" * 64]}, "photo never sent")
    yield Pointing("head", "inspections/", {"unit": b}, "unit to inspect")
    yield Pointing("worker", "inspections/", {"unit": a}, "unit to inspect")
    yield Pointing("head", "inspections/", {"unit": a, "place": ids["place"][1]}, "place of another unit")
    yield Pointing("head", "inspections/", {"unit": a, "standard": ids["hazard"][0] + 10**6}, "standard")
    breach = {"description": "No helmet"}
    yield Pointing("head", "violations/", {**breach, "unit": b}, "unit")
    yield Pointing("worker", "violations/", {**breach, "unit": a}, "right to record")
    external = records.values["external"][1]
    yield Pointing("head", "violations/", {**breach, "unit": a, "person": external}, "person known by name elsewhere")
    yield Pointing("head", "violations/", {**breach, "unit": a, "place": ids["place"][1]}, "place of another unit")
    assess = {"level": "G2", "category": "MECH"}
    at = f"hazards/{ids['reported'][0]}/assess/"
    gone = ids["suspended person"][0]
    yield Pointing("officer", at, {**assess, "owner": gone}, "owner without access")
    yield Pointing("officer", at, {**assess, "unit": 10**9}, "unit that is not there")
    yield Pointing("officer", at, {**assess, "category": "NONE"}, "category that is not there")
    again = f"actions/{ids['action'][0]}/assign/"
    yield Pointing("head", again, {"owner": gone, "reason": "x"}, "owner without access")
    yield Pointing("head", again, {"owner": external, "reason": "x"}, "owner known by name")
    yield Pointing("head2", again, {"owner": ids["person"][1], "reason": "x"}, "action of another unit")
    answer = f"escalations/{ids['escalation'][0]}/answer/"
    yield Pointing("leader", answer, {"answer": "reassign", "owner": gone, "text": "x"}, "owner without access")
    yield Pointing("head2", answer, {"answer": "visit"}, "question of another unit")
    yield Pointing("head2", f"extensions/{ids['extension'][0]}/decide/", {"grant": True}, "extension of another unit")


def _by_form(records: Records) -> Iterator[Pointing]:
    cast, ids = records.cast, {kind: [one.get("pk") for one in both] for kind, both in records.ids.items()}
    outsider_report = {"title": "Leak", "where": f"u{cast.station2.pk}"}
    yield Pointing("outsider", "/hazards/new/", outsider_report, "unit", as_json=False)
    yield Pointing("head", "/inspections/new/", {"where": f"u{cast.station2.pk}"}, "unit to inspect", as_json=False)
    elsewhere = {"where": f"u{cast.station2.pk}", "description": "No helmet"}
    yield Pointing("head", "/violations/new/", elsewhere, "unit", as_json=False)
    named = {"where": f"u{cast.station.pk}", "description": "No helmet", "person": records.values["external"][1]}
    yield Pointing("head", "/violations/new/", named, "person known by name elsewhere", as_json=False)
    reassign = {"owner": ids["suspended person"][0], "reason": "x", "revision": 1}
    yield Pointing("head", f"/actions/{ids['action'][0]}/reassign/", reassign, "owner without access", as_json=False)
    for path in (f"/actions/{ids['action'][0]}/start/", f"/hazards/{ids['hazard'][0]}/stop/"):
        yield Pointing("head2", path, {}, "record of another unit", as_json=False)


def run_foreign(cast: Cast) -> Result:
    result = Result(10, "foreign-keys")
    with result.timed():
        records = make_records(cast)
        callers = Callers(cast)
        for pointing in pointings(records):
            result.times += 1
            _point(pointing, callers, result)
    return result


def _point(pointing: Pointing, callers: Callers, result: Result) -> None:
    client = callers.client(pointing.caller)
    story = f"{pointing.caller} names {pointing.what} at {pointing.path}"
    with transaction.atomic():
        before = invariants.fingerprint()
        if pointing.as_json:
            body = {"client_id": str(uuid4()), **pointing.body} if pointing.path.count("/") == 1 else pointing.body
            response = client.post(f"/api/v1/{pointing.path}", body, content_type="application/json")
        else:
            response = client.post(pointing.path, pointing.body)
        result.require(response.status_code in REFUSED, f"{story}: {response.status_code}")
        if invariants.fingerprint() != before:
            result.extra += 1
            result.fault(f"{story}: something was written")
        transaction.set_rollback(True)
