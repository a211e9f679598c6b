"""Keyset pages: every row once, whatever ties, empty values and writes in between."""

import base64
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safetyplant.documents.models import Document
from safetyplant.reporting.keyset import Sort, decode_cursor, encode_cursor, ordered, resolve_keys, slice_after

DAY = date(2026, 6, 1)
SORTS = [
    Sort("nullable", "", ("withdrawn_on",)),
    Sort("nullable-desc", "", ("-withdrawn_on",)),
    Sort("nulls-first", "", (F("withdrawn_on").asc(nulls_first=True), "title")),
    Sort("ties", "", ("title",)),
    Sort("ties-desc", "", ("-title", "-id")),
    Sort("mixed", "", ("title", "-withdrawn_on")),
    Sort("pk", "", ("pk",)),
]


@pytest.fixture
def documents(no_catalogue: None) -> list[Document]:
    rows = [
        Document(kind="plan", code=str(n), title="ABC"[n % 3], withdrawn_on=None if n % 4 == 0 else DAY + timedelta(days=n % 5))
        for n in range(37)
    ]
    return Document.objects.bulk_create(rows)


def walk(sort: Sort, *, reverse: bool = False, size: int = 4) -> list[int]:
    """All primary keys, page by page through cursors as they stand in the address."""
    keys, seen, cursor = resolve_keys(Document.objects.all(), sort, reverse=reverse), [], ""
    while True:
        rows = list(slice_after(Document.objects.all(), keys, decode_cursor(sort.key, keys, cursor), size))
        seen += [row.pk for row in rows]
        if len(rows) < size:
            return seen
        cursor = encode_cursor(sort.key, keys, rows[-1])


@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: sort.key)
@pytest.mark.parametrize("reverse", [False, True])
def test_pages_show_every_row_once_in_order(documents: list[Document], sort: Sort, reverse: bool) -> None:
    keys = resolve_keys(Document.objects.all(), sort, reverse=reverse)
    expected = list(ordered(Document.objects.all(), keys).values_list("pk", flat=True))
    assert walk(sort, reverse=reverse) == expected
    assert len(expected) == 37
    forwards = list(ordered(Document.objects.all(), resolve_keys(Document.objects.all(), sort)).values_list("pk", flat=True))
    assert expected == (forwards[::-1] if reverse else forwards)


def test_empty_values_come_last_unless_said_otherwise(documents: list[Document]) -> None:
    for sort, place in ((SORTS[0], -1), (SORTS[1], -1), (SORTS[2], 0)):
        keys = resolve_keys(Document.objects.all(), sort)
        assert list(ordered(Document.objects.all(), keys))[place].withdrawn_on is None


def test_a_row_written_in_between_moves_no_other(documents: list[Document]) -> None:
    keys = resolve_keys(Document.objects.all(), SORTS[3])
    first = list(slice_after(Document.objects.all(), keys, None, 5))
    rest = list(slice_after(Document.objects.all(), keys, [keys[0].value_of(first[-1]), first[-1].pk], 5))
    Document.objects.create(kind="plan", code="new", title="0 comes first")
    Document.objects.filter(pk=first[0].pk).delete()
    assert list(slice_after(Document.objects.all(), keys, [keys[0].value_of(first[-1]), first[-1].pk], 5)) == rest


def test_not_empty_columns_of_one_direction_become_one_row_comparison(documents: list[Document]) -> None:
    keys = resolve_keys(Document.objects.all(), SORTS[3])
    sql = str(slice_after(Document.objects.all(), keys, ["A", 1], 5).query)
    assert sql.count("SELECT") == 1
    assert '("documents_document"."title", "documents_document"."id") > (' in sql


def test_related_columns_and_annotations_sort_too(documents: list[Document]) -> None:
    queryset = Document.objects.annotate(day=F("withdrawn_on"))
    keys = resolve_keys(queryset, Sort("day", "", ("day",)))
    rows = list(slice_after(queryset, keys, None, 30))
    after = list(slice_after(queryset, keys, [key.value_of(rows[9]) for key in keys], 20))
    assert after == rows[10:30]


def forged(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "!!!!",
        "é",
        "a" * 5000,
        forged(),
        forged("other", "2026-06-01", 1),
        forged("nullable", "2026-06-01"),
        forged("nullable", "2026-13-01", 1),
        forged("nullable", "2026-06-01", None),
        forged("nullable", "2026-06-01", "x"),
        forged("nullable", "2026-06-01", 10**30),
        forged("nullable", "2026-06-01", 1.5),
        forged("nullable", ["x"], {"a": 1}),
        forged("nullable", "\x00", 1),
        base64.urlsafe_b64encode(b'["nullable", "\\ud800", 1]').decode(),
        base64.urlsafe_b64encode(b"[" * 700).decode(),
        base64.urlsafe_b64encode(b'["nullable", NaN, 1]').decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_what_is_no_cursor_means_the_first_page(cursor: str) -> None:
    keys = resolve_keys(Document.objects.all(), SORTS[0])
    assert decode_cursor("nullable", keys, cursor) is None


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(), st.one_of(st.none(), st.text(max_size=20), st.integers(), st.floats(), st.booleans()), st.integers())
def test_no_cursor_brings_the_database_to_fail(raw: str, value: Any, number: int) -> None:
    for cursor in (raw, forged("ties", value, number)):
        keys = resolve_keys(Document.objects.all(), SORTS[3])
        list(slice_after(Document.objects.all(), keys, decode_cursor("ties", keys, cursor), 5))
