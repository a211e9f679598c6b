"""Memory must not grow with the file: a million rows are to fit in 300 MB, so a row may cost a few dozen bytes at most."""

import tracemalloc
import zipfile

import openpyxl
import pytest

from safetyplant.reporting.imports import shared_strings
from safetyplant.reporting.imports.duplicates import SeenRows, row_digest
from safetyplant.reporting.imports.headers import understand_sheet
from safetyplant.reporting.imports.opening import open_source
from safetyplant.reporting.imports.reading import ReadOptions
from tests.reporting_imports.test_reading import rewrite

FEW, MANY = 4_000, 24_000
BYTES_PER_ROW = 120  # of them 54 for the table of duplicates while it doubles


def write_csv_rows(path, count):
    path.write_text("a,b\n" + "".join(f"{number},text that is different in row {number}\n" for number in range(count)))


def write_xlsx_rows(path, count):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("S")
    for row in [["a", "b"], *([number, f"text that is different in row {number}"] for number in range(count))]:
        sheet.append(row)
    book.save(path)


def write_shared_rows(path, count):
    """As Excel itself writes: every text in a table of its own."""
    write_xlsx_rows(path.with_suffix(".plain"), 1)
    cells = (f'<row><c><v>{number}</v></c><c t="s"><v>{number}</v></c></row>' for number in range(count))
    texts = (f"<si><t>text that is different in row {number}</t></si>" for number in range(count))
    rewrite(path.with_suffix(".plain"), path, rows="".join(cells), shared="".join(texts))
    assert zipfile.is_zipfile(path)


def peak_of(path):
    tracemalloc.start()
    try:
        seen = SeenRows()
        with open_source(path) as source:
            table = understand_sheet(source, source.sheets[0], ReadOptions())
            count = sum(not seen.first_seen(row_digest(row.cells), row.number) for row in table.records())
        return count, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("write", [write_csv_rows, write_xlsx_rows, write_shared_rows])
def test_memory_grows_by_a_few_bytes_a_row(tmp_path, monkeypatch, write):
    monkeypatch.setattr(shared_strings, "CACHED", 500)  # a bounded cache of some megabytes otherwise
    write(tmp_path / "few", FEW)
    write(tmp_path / "many", MANY)
    few, small = peak_of(tmp_path / "few")
    many, large = peak_of(tmp_path / "many")
    assert (few, many) == (FEW, MANY)
    assert (large - small) / (MANY - FEW) < BYTES_PER_ROW


def test_duplicates_are_found_among_many_rows():
    seen = SeenRows()
    assert not any(seen.first_seen(row_digest([str(number)]), number + 1) for number in range(30_000))
    assert all(seen.first_seen(row_digest([str(number)]), 99_999) == number + 1 for number in range(0, 30_000, 7))
