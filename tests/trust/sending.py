"""Case 6: what a phone sends over a bad line arrives once, whole, and never stands in the way of the rest."""

import hashlib
import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from inspections.models import Hazard, Inspection
from safetyplant.attachments.models import Attachment
from safetyplant.demo.pictures import picture
from tests.factories.inspections import standard
from tests.trust.cast import Cast
from tests.trust.result import Result
from tests.trust.wire import WAIT, Caller, serving

AT_ONCE = 10
QUEUE = 100
CUTS = (0, 50, 99)


def run_sending(cast: Cast, *, times: int) -> Result:
    """One inspection `times` times, ten at once; answers lost after commit; photos cut; one poison record among a hundred."""
    result = Result(6, "sending")
    with result.timed(), serving() as port:
        phone = Caller(port, cast.supervisor)
        _flood(cast, phone, result, times=times)
        for turn in range(max(times // 50, 2)):
            _answer_lost(cast, phone, result)
            _photo_cut(phone, result, number=turn)
        _poison(cast, phone, result)
    return result


def inspection_body(cast: Cast) -> dict[str, Any]:
    items = standard().clauses.order_by("position").values_list("pk", flat=True)
    answers = [{"item": item, "result": "pass"} for item in items]
    own = {"client_id": str(uuid4()), "unit": cast.station.pk, "standard": standard().pk, "answers": answers}
    return {**own, "submit": True}


def _flood(cast: Cast, phone: Caller, result: Result, *, times: int) -> None:
    body = inspection_body(cast)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = Counter(pool.map(lambda _n: phone.post("/api/v1/inspections/", body)[0], range(times)))
    found = Inspection.objects.filter(client_id=body["client_id"]).count()
    result.times += times
    result.lost += found == 0
    result.extra += max(found - 1, 0)
    result.require(statuses == Counter({201: 1, 200: times - 1}), f"one inspection {times} times: {dict(statuses)}")
    result.figures["answers"] = {str(status): count for status, count in statuses.items()}


def _answer_lost(cast: Cast, phone: Caller, result: Result) -> None:
    """The phone hangs up before the answer; it has to find the record by its own id, and may then clear its copy."""
    body = {"client_id": str(uuid4()), "title": "Oil on the stairs", "unit": cast.station.pk}
    phone.cut("POST", "/api/v1/hazards/", json.dumps(body).encode(), **{"Content-Type": "application/json"})
    status, _headers, made = phone.post("/api/v1/hazards/", body)
    rows = Hazard.objects.filter(client_id=body["client_id"])
    _wait_for(rows.exists)
    result.times += 1
    result.lost += not rows.exists()
    result.extra += max(rows.count() - 1, 0)
    result.require(status in (200, 201), f"after a lost answer: {status}")
    receipt = phone.send("GET", f"/api/v1/hazards/{made['id']}/receipt/")[2] if made else {}
    result.require(receipt.get("client_id") == body["client_id"] and receipt.get("complete") is True, f"receipt: {receipt}")


def _photo_cut(phone: Caller, result: Result, *, number: int) -> None:
    for percent in CUTS:
        data = picture("guard", broken=True) + number.to_bytes(2) + bytes([percent])
        sha = hashlib.sha256(data).hexdigest()
        phone.cut("PUT", f"/files/{sha}/", data, sent=len(data) * percent // 100)
        time.sleep(0.05)
        _status, headers, _body = phone.send("HEAD", f"/files/{sha}/")
        result.require(headers.get("Upload-Complete") != "?1", f"cut at {percent} %: shown as complete")
        result.require(not Attachment.objects.filter(sent_sha256=sha).exists(), f"cut at {percent} %: a photo was made of a part")
        come = int(headers.get("Upload-Offset", "0"))
        rest = {"Content-Range": f"bytes {come}-{len(data) - 1}/{len(data)}"} if come else {}
        status, _headers, made = phone.send("PUT", f"/files/{sha}/", data[come:], **rest)
        result.require(status in (200, 201) and made["sent_sha256"] == sha, f"cut at {percent} %, sent on: {status}")
        result.lost += Attachment.objects.filter(sent_sha256=sha).count() == 0
        result.extra += Attachment.objects.filter(sent_sha256=sha).count() > 1
        result.times += 1


def _poison(cast: Cast, phone: Caller, result: Result) -> None:
    bodies = [{"client_id": str(uuid4()), "title": f"Record {n}", "unit": cast.station.pk} for n in range(QUEUE)]
    bodies[QUEUE // 2]["unit"] = 2**40
    answers = [phone.post("/api/v1/hazards/", body) for body in bodies]
    refused = [(status, problem) for status, _headers, problem in answers if status not in (200, 201)]
    stored = Hazard.objects.filter(client_id__in=[body["client_id"] for body in bodies]).count()
    result.times += QUEUE
    result.lost += QUEUE - 1 - stored
    result.require(len(refused) == 1, f"{len(refused)} of {QUEUE} refused")
    for status, problem in refused:
        result.require(400 <= status < 500 and bool(problem and problem.get("detail")), f"poison: {status} {problem}")


def _wait_for(holds: Any) -> None:
    deadline = time.monotonic() + WAIT
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
