"""Case 10 as a whole."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator

from django.test import Client

from tests.trust.cast import Cast
from tests.trust.matrix.records import Mark, Records, make_records
from tests.trust.matrix.table import ROLES
from tests.trust.matrix.walk import Callers, Visit, all_visits, covering_visits, faults_of, send
from tests.trust.result import Result


def run_matrix(cast: Cast, *, full: bool) -> Result:
    """Every answer as the table says; nothing private in any of them."""
    result = Result(10, "access-matrix")
    with result.timed():
        records = make_records(cast)
        callers = Callers(cast)
        for visit in all_visits() if full else covering_visits():
            _visit(visit, records, callers, result)
    return result


def _visit(visit: Visit, records: Records, callers: Callers, result: Result) -> None:
    result.times += 1
    response, content, unchanged = send(visit, records, callers)
    for fault in faults_of(visit, response, unchanged):
        result.fault(fault)
    for leak in leaks_in(content, records, visit.caller):
        result.extra += 1
        result.fault(f"{visit}: {leak}")


def leaks_in(content: bytes, records: Records, caller: str) -> Iterator[str]:
    text = text_of(content)
    for mark in records.marks:
        if caller not in mark.readers and re.search(
            rf"(?<![0-9A-Za-z]){re.escape(mark.text)}(?![0-9A-Za-z])", text, re.IGNORECASE
        ):
            yield f"shows {mark.what} {mark.text}"


def text_of(content: bytes) -> str:
    """A spreadsheet is searched inside; everything else as it is."""
    if not content.startswith(b"PK\x03\x04"):
        return content.decode("utf-8", errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "\n".join(book.read(name).decode("utf-8", errors="replace") for name in book.namelist())


#: Lists, exports, searches and counts, and the words one could fish with.
LISTS = (
    "hazards",
    "inspections",
    "violations",
    "actions",
    "deadlines",
    "people",
    "units",
    "standards",
    "inspections/plans/all",
    "inspections/plans/visits",
)
FISHING = (
    "/search/?q=helmet",
    "/hazards/?q=helmet",
    "/violations/?q=helmet",
    "/hazards/?state=all",
    "/violations/?state=all",
    "/violations/?state=recorded",
    "/inspections/?state=draft",
    "/inspections/people/?q=ZQ",
    "/hazards/places/?q=W-",
    "/api/v1/hazards/?limit=100",
    "/api/v1/violations/?limit=100",
    "/api/v1/inspections/?limit=100",
    "/api/v1/people/?limit=100",
    "/api/v1/actions/?limit=100",
    "/api/v1/deadlines/?limit=100",
    "/dashboard/",
    "/responsibilities/",
    "/inspections/plans/?whose=all",
    "/inspections/plans/coverage/",
)


def run_privacy(cast: Cast, *, full: bool) -> Result:
    """What is private stays so in HTML, CSV, XLSX, JSON, search, counts and by fishing."""
    result = Result(10, "privacy")
    with result.timed():
        records = make_records(cast)
        callers = Callers(cast)
        for number, role in enumerate(ROLES):
            client = callers.client(role)
            for path in addresses(records):
                result.times += 1
                _read(client, path, role, records, result)
            marks = records.marks if full else records.marks[number :: len(ROLES)]
            for fault in fish(client, role, marks):
                result.extra += 1
                result.fault(fault)
    return result


def addresses(records: Records) -> Iterator[str]:
    yield from FISHING
    for name in LISTS:
        yield from (f"/{name}/", f"/{name}/?format=csv", f"/{name}/?format=xlsx")
    for kind, noun in (
        ("hazard", "hazards"),
        ("visit", "inspections"),
        ("violation", "violations"),
        ("person", "people"),
        ("unit", "units"),
    ):
        for ids in records.ids[kind]:
            yield f"/{noun}/{ids['pk']}/"
            yield f"/api/v1/{noun}/{ids['pk']}/"
    yield from (f"/people/{pk}/" for pk in records.values["external"])
    yield from (f"/violations/{pk}/" for pk in records.values["second violation"])


def _read(client: Client, path: str, role: str, records: Records, result: Result) -> None:
    response = client.get(path)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    result.require(response.status_code < 500, f"{path} as {role}: {response.status_code}")
    for leak in leaks_in(content, records, role):
        result.extra += 1
        result.fault(f"{path} as {role} {leak}")


WATERS = ("/search/", "/people/", "/violations/", "/hazards/", "/inspections/", "/inspections/people/", "/imports/")


def fish(client: Client, role: str, marks: Iterable[Mark]) -> Iterator[str]:
    """Asking for a mark itself tells whether it exists: the answer must be the same as for one that does not."""
    nothing = {path: _shape(client, path, "ZQNOTHERE") for path in WATERS}
    for mark in marks:
        if role in mark.readers:
            continue
        for path in WATERS:
            if _shape(client, path, mark.text) != nothing[path]:
                yield f"{path}?q={mark.text} as {role} tells that {mark.what} exists"


def _shape(client: Client, path: str, text: str) -> tuple[int, list[str]]:
    """Status and the links to records: all that a reader could learn."""
    response = client.get(path, {"q": text})
    content = b"".join(response.streaming_content) if response.streaming else response.content
    body = content.decode("utf-8", errors="replace")
    return response.status_code, sorted(re.findall(r'href="(/\w+/\d+/)"|"value": ?"?\w*\d+', body))
