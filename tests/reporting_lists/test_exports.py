import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.utils.translation import override
from openpyxl import load_workbook

from safetyplant.documents.models import Document
from safetyplant.reporting import exports
from safetyplant.reporting.columns import Column, as_text
from safetyplant.reporting.exports import export, exportable, inert

VALUES = {
    "text": "Crank guard",
    "formula": "=cmd|'/c calc'!A0",
    "count": -5,
    "money": Decimal("12.50"),
    "day": date(2026, 6, 18),
    "at": datetime(2026, 6, 18, 8, 5, tzinfo=UTC),
    "yes": True,
    "nothing": None,
    "many": ["a", "b"],
    "control": "bell\x07",
}
COLUMNS = [Column("code", "Code", "code"), *(Column(key, key, lambda _row, value=value: value) for key, value in VALUES.items())]


@pytest.fixture
def one(no_catalogue: None) -> Any:
    Document.objects.create(kind="plan", code="P-1", title="T")
    return Document.objects.all()


def make(count: int) -> Any:
    Document.objects.bulk_create([Document(kind="plan", code=f"{n:05}", title="T") for n in range(count)])
    return Document.objects.all()


def csv_rows(response: Any) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text[1:])))


def sheet_of(response: Any) -> Any:
    content = b"".join(response.streaming_content)
    response.close()
    return load_workbook(BytesIO(content)).active


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "  =", " @"])
def test_cells_that_could_run_are_made_inert(start: str) -> None:
    assert inert(f"{start}1+1").startswith("'")


@pytest.mark.parametrize("text", ["Crank", "1-1", "a=b", "'quoted", "", "井 +1"])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert inert(text) == text


def test_numbers_stay_numbers() -> None:
    assert [exportable(value) for value in (-5, Decimal("-1.5"), 2.5)] == [-5, Decimal("-1.5"), 2.5]


def test_csv_shows_what_the_list_shows(one: Any) -> None:
    head, row = csv_rows(export(one, COLUMNS, "csv"))
    assert head == ["Code", *VALUES]
    assert row == [
        "P-1", "Crank guard", "'=cmd|'/c calc'!A0", "-5", "12.50", "2026-06-18", "2026-06-18 16:05:00", "Yes", "", "a, b", "bell",
    ]  # fmt: skip


def test_xlsx_keeps_kinds_and_runs_nothing(one: Any) -> None:
    head, row = list(sheet_of(export(one, COLUMNS, "xlsx")).iter_rows())
    cells = dict(zip([cell.value for cell in head], row, strict=True))
    assert cells["formula"].data_type == "s"
    assert cells["formula"].value.startswith("'=")
    assert (cells["count"].value, cells["money"].value) == (-5, 12.5)
    assert cells["at"].value == datetime(2026, 6, 18, 16, 5)  # noqa: DTZ001 - plant time, as a sheet writes it
    assert cells["day"].value.date() == date(2026, 6, 18)
    assert all(cell.data_type != "f" for cell in row)


def test_heading_that_looks_like_a_formula_is_text(one: Any) -> None:
    sheet = sheet_of(export(one, [Column("x", "=1+1", "code")], "xlsx"))
    assert sheet["A1"].data_type == "s"


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 20])
def test_all_rows_come_over_chunk_borders(no_catalogue: None, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(exports, "CHUNK", 10)
    rows = csv_rows(export(make(count), COLUMNS[:1], "csv"))[1:]
    assert [row[0] for row in rows] == [f"{n:05}" for n in range(count)]


@pytest.mark.parametrize(("count", "is_cut"), [(9, False), (10, False), (11, True), (30, True)])
def test_a_list_longer_than_the_limit_says_so(
    no_catalogue: None, monkeypatch: pytest.MonkeyPatch, count: int, is_cut: bool
) -> None:
    monkeypatch.setattr(exports, "CHUNK", 4)
    rows = csv_rows(export(make(count), COLUMNS[:1], "csv", limit=10))[1:]
    assert [row[0] for row in rows[:10]] == [f"{n:05}" for n in range(min(count, 10))]
    assert (rows[-1][0] == "Only the first 10 rows are here. Narrow the list to export the rest.") is is_cut
    assert len(rows) == min(count, 10) + is_cut


def test_export_reads_in_chunks(no_catalogue: None, django_assert_num_queries: Any) -> None:
    queryset = make(2500)
    with django_assert_num_queries(3):
        assert len(csv_rows(export(queryset, COLUMNS[:1], "csv"))) == 2501


def test_download_has_a_name_and_a_day(one: Any) -> None:
    response = export(one, COLUMNS[:1], "csv", filename="hazards")
    assert response["Content-Disposition"].startswith('attachment; filename="hazards-20')
    assert list(csv_rows(response))
    with pytest.raises(ValueError, match="pdf"):
        export(one, COLUMNS[:1], "pdf")


def test_language_of_the_request_lasts_while_streaming(one: Any) -> None:
    with override("zh-hans"):
        response = export(one, [Column("d", "D", lambda _row: True)], "csv")
        expected = as_text(True)
    assert csv_rows(response)[1] == [expected]
