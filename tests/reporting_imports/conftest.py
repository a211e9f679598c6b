# ruff: noqa: S608 (column names are the constants below)
"""A small target of the tests' own, with a table of its own, so that the importer is tried without any room."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.utils.translation import gettext_lazy as _

from safetyplant.reporting.imports import (
    Choice,
    Date,
    DateTime,
    ImportContext,
    ImportField,
    ImportRow,
    ImportTarget,
    Integer,
    Many,
    Money,
    Name,
    RowOutcome,
    Text,
    register_target,
)
from safetyplant.reporting.imports.targets import forget_target

TABLE = """CREATE TABLE tests_finding (
    id bigserial PRIMARY KEY, code text, unit text NOT NULL CHECK (unit <> 'Closed'), found_on date, found_at timestamptz,
    level text, loss numeric(14, 2), deaths integer, people text[], note text)"""
COLUMNS = "code unit found_on found_at level loss deaths people note".split()  # noqa: SIM905


def write_findings(rows: Sequence[ImportRow], context: ImportContext) -> list[RowOutcome]:
    outcomes = []
    with connection.cursor() as cursor:
        for row in rows:
            if row["unit"] == "Nowhere":
                outcomes.append(RowOutcome.error("unit", _("There is no such unit.")))
                continue
            values = [list(value) if isinstance(value := row[name], tuple) else value for name in COLUMNS]
            if row.existing:
                outcomes.append(_update(cursor, row, values))
                continue
            marks = ", ".join(["%s"] * len(COLUMNS))
            cursor.execute(f"INSERT INTO tests_finding ({', '.join(COLUMNS)}) VALUES ({marks}) RETURNING id", values)
            outcomes.append(RowOutcome.created(cursor.fetchone()[0]))
    return outcomes


def _update(cursor: Any, row: ImportRow, values: list[Any]) -> RowOutcome:
    cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM tests_finding WHERE id = %s", [row.existing])
    if list(cursor.fetchone()) == values:
        return RowOutcome.skipped(row.existing)
    cursor.execute(
        f"UPDATE tests_finding SET {', '.join(f'{name} = %s' for name in COLUMNS)} WHERE id = %s", [*values, row.existing]
    )
    return RowOutcome.updated(row.existing)


FINDINGS = ImportTarget(
    code="tests-findings",
    label=_("Findings"),
    fields=(
        ImportField("code", "Number", aliases=("编号", "Report number")),
        ImportField("unit", "Unit", required=True, parser=Name(), aliases=("单位", "Company name", "Operator")),
        ImportField("found_on", "Found on", parser=Date(), aliases=("日期", "Inspection date")),
        ImportField("found_at", "Found at", parser=DateTime(), aliases=("时间",)),
        ImportField(
            "level", "Level", parser=Choice({"G3": ("minor", "岗位级"), "G2": ("moderate", "单位级")}), aliases=("级别",)
        ),
        ImportField("loss", "Loss", parser=Money(), aliases=("损失",)),
        ImportField("deaths", "Deaths", parser=Integer(minimum=0), aliases=("死亡",)),
        ImportField("people", "People", parser=Many(), aliases=("人员",)),
        ImportField("note", "Note", parser=Text(max_length=5000), aliases=("备注",)),
    ),
    writer=write_findings,
)


@pytest.fixture
def findings(db: None) -> Iterator[ImportTarget]:
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    register_target(FINDINGS)
    yield FINDINGS
    forget_target(FINDINGS.code)


@pytest.fixture
def updatable(findings: ImportTarget) -> ImportTarget:
    return register_target(replace(findings, updates=True))


@pytest.fixture
def stored() -> Any:
    """Rows now in the table: `stored()` counts them, `stored("unit")` lists a column."""

    def read(column: str = "") -> Any:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {column or 'count(*)'} FROM tests_finding {'ORDER BY id' if column else ''}")
            found = [value for (value,) in cursor.fetchall()]
        return found if column else found[0]

    return read


@pytest.fixture
def write_csv(tmp_path: Path) -> Any:
    def write(text: str, name: str = "file.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def write_xlsx(tmp_path: Path) -> Any:
    """`write_xlsx({"Sheet": [[...], ...]}, merges={"Sheet": ["A1:C1"]})`."""

    def write(sheets: dict[str, list[list[Any]]], merges: dict[str, list[str]] | None = None, name: str = "file.xlsx") -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
            for area in (merges or {}).get(title, []):
                sheet.merge_cells(area)
        book.save(tmp_path / name)
        return tmp_path / name

    return write
