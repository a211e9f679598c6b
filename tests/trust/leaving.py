"""Case 11: whoever lost a role or their access is refused on the very next request, by whatever way they come."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.test import Client
from django.utils import timezone

from inspections.models import Hazard, Inspection
from inspections.services import InspectionData, start_inspection
from responsibilities.models import Appointment, Person
from responsibilities.services.people import suspend_person
from safetyplant.access.tokens import issue_token
from tests.factories.inspections import answers, reported, standard
from tests.trust.cast import Cast
from tests.trust.result import Result


@dataclass
class Ways:
    """How the supervisor comes in: a session, a token, a draft begun before, an inspection the phone still holds."""

    cast: Cast
    session: Client
    token: str
    draft: Inspection
    queued: dict[str, Any]

    def api(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        client = Client(raise_request_exception=False)
        return client.generic(method, f"/api/v1/{path}", body or "", content_type="application/json", headers=headers)


def open_ways(cast: Cast) -> Ways:
    supervisor = cast.supervisor
    session = Client(raise_request_exception=False)
    session.force_login(supervisor)
    _token, secret = issue_token(supervisor, name="phone", by=supervisor)
    draft, _new = start_inspection(InspectionData(unit=cast.station, standard=standard()), by=supervisor)
    rows = [{"item": answer.item, "result": answer.result} for answer in answers(standard())]
    queued = {"client_id": str(uuid4()), "unit": cast.station.pk, "standard": standard().pk, "answers": rows}
    return Ways(cast, session, secret, draft, queued)


def requests_of(ways: Ways) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Every way in, by name."""
    draft, session = ways.draft.pk, ways.session
    yield "page", lambda: session.get("/inspections/new/")
    yield "autosave", lambda: session.post(f"/inspections/{draft}/save/", {"note": "late"})
    yield "submit of the draft", lambda: session.post(f"/inspections/{draft}/submit/")
    yield "token reading a visit", lambda: ways.api("GET", f"inspections/{draft}/")
    yield "queued inspection", lambda: _send_queued(ways)


def _send_queued(ways: Ways) -> Any:
    client = Client(raise_request_exception=False)
    return client.post(
        "/api/v1/inspections/", ways.queued, content_type="application/json", headers={"Authorization": f"Bearer {ways.token}"}
    )


def demote(cast: Cast) -> None:
    """The appointment ended yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    Appointment.objects.filter(person=cast.supervisor).update(ends_on=yesterday)


def move_to_station_b(cast: Cast) -> None:
    """Demoted and moved: what they see is another unit's from now on."""
    demote(cast)
    Person.objects.filter(pk=cast.ids["supervisor"]).update(unit=cast.station2)


def deactivate(cast: Cast) -> None:
    suspend_person(cast.supervisor, by=cast.director, reason="Left")


LEAVING: dict[str, tuple[Callable[[Cast], None], frozenset[int]]] = {
    "demoted": (demote, frozenset({403, 404})),
    "moved": (move_to_station_b, frozenset({403, 404})),
    "deactivated": (deactivate, frozenset({302, 401})),
}
#: One's own draft may still be read by whoever has an account.
STILL_OWN = {("demoted", "token reading a visit"), ("moved", "token reading a visit")}


def run_leaving(cast: Cast, *, times: int) -> Result:
    """Before: let in. After: refused at once, nothing written, nothing thrown away."""
    result = Result(11, "leaving")
    with result.timed():
        for turn in range(times):
            for how, (leave, refusal) in LEAVING.items():
                for way in range(5):
                    with transaction.atomic():
                        _one(cast, how, leave, refusal, way, result)
                        transaction.set_rollback(True)
            result.times = turn + 1
    return result


def _one(cast: Cast, how: str, leave: Callable[[Cast], None], refusal: frozenset[int], way: int, result: Result) -> None:
    ways = open_ways(cast)
    reported(cast.station, cast.worker)
    name, ask = list(requests_of(ways))[way]
    with transaction.atomic():
        before = ask()
        result.require(before.status_code < 300 or before.status_code in (302, 409, 422), f"{name} before: {before.status_code}")
        result.require(not before.get("Location", "").startswith("/login/"), f"{name} was refused before")
        transaction.set_rollback(True)
    leave(cast)
    kept = list(Inspection.objects.order_by("pk").values_list("pk", "status", "note", "unit"))
    after = ask()
    if (how, name) not in STILL_OWN:
        result.require(after.status_code in refusal, f"{how}, {name}: {after.status_code}")
    if after.status_code == 302:
        result.require(after["Location"].startswith("/login/"), f"{how}, {name}: sent to {after['Location']}")
    now = list(Inspection.objects.order_by("pk").values_list("pk", "status", "note", "unit"))
    result.lost += len(set(kept) - set(now))
    result.extra += len(set(now) - set(kept))
    result.require(Hazard.objects.count() == 1, f"{how}, {name}: hazards appeared")
