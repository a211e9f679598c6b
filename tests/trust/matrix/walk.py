"""Asking every address as everyone, and judging the answers."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client

from responsibilities.choices import RoleCode
from responsibilities.models import Person
from tests.factories.responsibilities import PASSWORD, PersonFactory, appoint
from tests.trust import invariants
from tests.trust.cast import NAMES, Cast
from tests.trust.matrix.records import Records
from tests.trust.matrix.table import NOBODY_SIGNED_IN, ROLES, SEES, TABLE, Row, there

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
CALLERS = (*NOBODY_SIGNED_IN, *ROLES)
READING = ("GET", "HEAD")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
#: What may come back for a page one may open, and for a form one may send (empty ones are refused as invalid).
OPENED = frozenset({200, 302, 409})
TAKEN = frozenset({200, 201, 204, 302, 400, 409, 422})
SHA = "0" * 64


@dataclass(frozen=True)
class Visit:
    row: Row
    side: int
    caller: str
    method: str

    def __str__(self) -> str:
        which = f" of station {'AB'[self.side]}" if self.row.kind else ""
        verb = f" ({self.row.given['verb']})" if "verb" in self.row.given else ""
        return f"{self.method} {self.row.route or '/'}{verb}{which} as {self.caller}"


class Callers:
    """A session for each caller. The suspended one had signed in before access was taken away."""

    def __init__(self, cast: Cast) -> None:
        gone = PersonFactory(username="gone", name="Gone", unit=cast.station)
        keeper = PersonFactory(username="keeper", name="The keeper", unit=cast.contractor)
        appoint(keeper, RoleCode.OFFICER, cast.contractor)
        # With a password of their own, as everyone who signs in; one hash will do for all.
        Person.objects.filter(is_active=True).update(password=make_password(PASSWORD))
        for person in (gone, keeper):
            person.refresh_from_db()
        people = {name: getattr(cast, name) for name in NAMES} | {"keeper": keeper, "suspended": gone}
        self.sessions = {name: self._session(person) for name, person in people.items()}
        Person.objects.filter(pk=gone.pk).update(is_active=False)

    def _session(self, person: Person) -> str:
        client = Client()
        client.force_login(person)
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def client(self, caller: str) -> Client:
        client = Client(raise_request_exception=False)
        if caller in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[caller]
        return client


def all_visits(rows: Iterable[Row] = TABLE) -> Iterator[Visit]:
    for row in rows:
        for side in (0, 1) if row.kind else (0,):
            for caller in CALLERS:
                for method in METHODS:
                    yield Visit(row, side, caller, method)


def covering_visits() -> Iterator[Visit]:
    """Every row with every caller once, method and side going round, so that each meets each somewhere.

    The admin's many rows are alike, so they take two callers each.
    """
    for number, row in enumerate(TABLE):
        own = [method for method in METHODS if method in row.allows]
        callers = list(enumerate(CALLERS))
        if row.route.startswith("admin/"):
            callers = [callers[(2 * number) % len(callers)], callers[(2 * number + 1) % len(callers)]]
        for place, caller in callers:
            turn = number + place
            method = own[turn // 2 % len(own)] if turn % 4 else METHODS[turn // 4 % len(METHODS)]
            yield Visit(row, (turn // 3) % 2 if row.kind else 0, caller, method)


def path_of(row: Row, records: Records, side: int) -> str:
    if row.route.startswith("admin/"):
        return _admin_path(row.route)
    ids = records.ids[row.kind][side] if row.kind else {}
    given = {"sent_sha256": SHA, **ids, **row.given}
    return "/" + PARAMETER.sub(lambda found: str(given[found[1]]), row.route)


def _admin_path(route: str) -> str:
    fixed = {"admin/^(?P<app_label>responsibilities|inspections)/$": "admin/inspections/"}
    fixed["admin/(?P<url>.*)$"] = "admin/nowhere/"
    return "/" + PARAMETER.sub("1", fixed.get(route, route))


def body_of(row: Row, records: Records, side: int) -> Any:
    named = {
        "$worker": records.ids["person"][side]["pk"],
        "$hazard": records.ids["hazard"][side]["pk"],
        "$place": records.values["place"][side],
    }
    return {key: named.get(value, value) if isinstance(value, str) else value for key, value in row.body.items()}


def send(visit: Visit, records: Records, callers: Callers) -> Any:
    """The answer, read to its end; whatever it changed is taken back."""
    row, client = visit.row, callers.client(visit.caller)
    path, body = path_of(row, records, visit.side), body_of(row, records, visit.side)
    with transaction.atomic():
        before = invariants.fingerprint() if visit.method not in READING and _is_refused_to(visit) else None
        response = _request(client, visit.method, path, body, as_json=row.is_api)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        unchanged = before is None or invariants.fingerprint() == before
        transaction.set_rollback(True)
    return response, content, unchanged


def _request(client: Client, method: str, path: str, body: Any, *, as_json: bool) -> Any:
    if method in READING:
        return client.generic(method, path)
    if method == "POST" and not as_json:
        return client.post(path, body)
    return client.generic(method, path, json.dumps(body), content_type="application/json")


def faults_of(visit: Visit, response: Any, unchanged: bool) -> Iterator[str]:
    status = response.status_code
    if status >= 500:
        yield f"{visit}: {status}"
    elif status not in (wanted := expected(visit)):
        yield f"{visit}: {status} instead of {sorted(wanted)}"
    if status == 302 and not _is_signed_in(visit) and not visit.row.is_public and not response["Location"].startswith("/login/"):
        yield f"{visit}: sent to {response['Location']}"
    if not unchanged:
        yield f"{visit}: refused and changed something all the same"


def expected(visit: Visit) -> frozenset[int]:
    row = visit.row
    if row.is_public:
        # Pages without sign-in ask whoever knocks too often to wait.
        return OPENED | TAKEN | {404, 405, 429}
    if not _is_signed_in(visit):
        return frozenset({401}) if row.is_api else frozenset({302, 401})
    if visit.caller not in row.enter:
        return frozenset({403})
    return _inside(visit)


def _inside(visit: Visit) -> frozenset[int]:
    """For those who pass the address's own rule: other methods, records out of sight, steps for others, and the rest."""
    if visit.row.is_own_matter or visit.row.only_shows:
        return OPENED | TAKEN | {403, 404, 405, 429}
    row, read = visit.row, {"HEAD": {405}}.get(visit.method, set())
    if visit.method not in row.allows and not (visit.method == "HEAD" and "GET" in row.allows):
        return frozenset({403, 404, 405} | ({200} if visit.method == "OPTIONS" else set()))
    if not _sees(visit):
        return frozenset({404} | read)
    if not _may(visit):
        return frozenset({403, 404, 405})
    if "sent_sha256" in row.route:
        return frozenset({400, 404, 409, 411, 422})
    return OPENED | read if visit.method in READING else TAKEN


def _is_signed_in(visit: Visit) -> bool:
    return visit.caller not in NOBODY_SIGNED_IN


def _sees(visit: Visit) -> bool:
    return not visit.row.kind or visit.caller in there(SEES[visit.row.kind][visit.side], visit.side)


def _may(visit: Visit) -> bool:
    return visit.row.may is None or visit.caller in there(visit.row.may, visit.side)


def _is_refused_to(visit: Visit) -> bool:
    if visit.row.is_public:
        return False
    if visit.row.only_shows:
        return True
    return not (_is_signed_in(visit) and visit.caller in visit.row.enter and _sees(visit) and _may(visit))
