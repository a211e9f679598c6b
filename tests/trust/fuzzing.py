"""Case 12: whatever is sent to the API is answered in words, never by a 5xx."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core import NotSet

from safetyplant.access.tokens import issue_token
from tests.trust.cast import Cast
from tests.trust.matrix.records import make_records
from tests.trust.result import Result

CALLERS = ("director", "officer", "head", "worker", "outsider")
MB = 1024 * 1024
#: Bodies that no client of ours would send.
NASTY: tuple[bytes, ...] = (
    b"",
    b"\x00",
    b"null",
    b"[]",
    b'"text"',
    b"{",
    b"\xff\xfe{}",
    b'{"title": "\\u0000", "unit": 1}',
    b'{"title": "\\ud800", "unit": 1}',
    b'{"title": NaN, "unit": Infinity}',
    b'{"title": "x", "unit": 1e400, "found_at": "0000-00-00T00:00:00Z"}',
    b'{"title": "x", "unit": 99999999999999999999999999, "due_at": "+292277026596-12-04T15:30:08Z"}',
    b'{"client_id": "not-a-uuid", "revision": -1, "photos": [[]], "answers": [{"item": {}}]}',
    b"[" * 100_000 + b"]" * 100_000,
    b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    b'{"title": "' + b"a" * (10 * MB) + b'"}',
)
QUERIES: tuple[dict[str, Any], ...] = (
    {"limit": "-1"},
    {"limit": "0"},
    {"limit": "1e9"},
    {"limit": "9" * 40},
    {"cursor": "\x00"},
    {"cursor": "e30="},
    {"cursor": "x" * 5000},
    {"search": b"\xed\xa0\x80"},
    {"search": "\x00"},
    {"since": "9999-99-99"},
    {"state": "'; drop table"},
)


def run_fuzzing(cast: Cast, *, examples: int, callers: tuple[str, ...] = CALLERS) -> Result:
    """`examples` bodies and queries for each operation, as each caller."""
    result = Result(12, "fuzzing")
    with result.timed():
        make_records(cast)
        described = Client().get("/api/v1/openapi.json", headers=_bearer(cast, "officer")).json()
        for caller in callers:
            api = Api(_bearer(cast, caller), caller, result)
            for operation in _operations(described):
                _by_description(operation, api, examples)
                _by_hand(operation, api)
    return result


class Api:
    def __init__(self, headers: dict[str, str], caller: str, result: Result) -> None:
        self.client, self.headers = Client(raise_request_exception=False), headers
        self.caller, self.result = caller, result

    def send(self, method: str, path: str, body: bytes, content_type: str = "application/json") -> None:
        """Whatever it changed is taken back."""
        with transaction.atomic():
            response = self.client.generic(method, path, body, content_type=content_type, headers=self.headers)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            transaction.set_rollback(True)
        self.result.times += 1
        answers = self.result.figures.setdefault("answers", {})
        answers[str(response.status_code)] = answers.get(str(response.status_code), 0) + 1
        said = f"{method} {path[:120]} as {self.caller} with {body[:80]!r}: {response.status_code}"
        self.result.require(response.status_code < 500, said)
        if response.status_code >= 400 and method != "HEAD":
            self.result.require(b"detail" in content or b"title" in content, f"{said} without a word")


def _bearer(cast: Cast, caller: str) -> dict[str, str]:
    person = getattr(cast, caller)
    _token, secret = issue_token(person, name="fuzzing", by=person)
    return {"Authorization": f"Bearer {secret}"}


def _operations(described: dict[str, Any]) -> Iterator[Any]:
    for found in schemathesis.openapi.from_dict(described).get_all_operations():
        yield found.ok()


def _by_description(operation: Any, api: Api, examples: int) -> None:
    quiet = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    @quiet
    @given(case=operation.as_strategy())
    def call(case: Any) -> None:
        body = b"" if isinstance(case.body, NotSet) else json.dumps(case.body).encode("utf-8", "surrogatepass")
        query = f"?{urlencode(case.query, doseq=True, errors='surrogatepass')}" if case.query else ""
        api.send(operation.method.upper(), f"{case.formatted_path}{query}", body)

    call()


def _by_hand(operation: Any, api: Api) -> None:
    path = operation.path
    for name in ("{pk}", "{id}"):
        path = path.replace(name, str(2**63))
    path = quote(path.replace("{", "").replace("}", ""))
    method = operation.method.upper()
    if method in ("POST", "PUT", "PATCH"):
        for body in NASTY:
            api.send(method, path, body)
        api.send(method, path, b"<a/>", "application/xml")
    else:
        for query in QUERIES:
            api.send(method, f"{path}?{urlencode(query, errors='surrogatepass')}", b"")
