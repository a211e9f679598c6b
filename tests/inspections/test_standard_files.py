"""Items of standards as files, and versions side by side."""

import io
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from inspections.services.standards import ItemText, items_of, write_items
from responsibilities.models import Person
from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.models import Clause, Document
from safetyplant.documents.services import ClauseText, create_document, draft_version, publish_version, write_clauses
from tests.inspections.standard_forms import url


@pytest.fixture
def keeper(client: Client, officer: Person, catalogue: None) -> Client:
    client.force_login(officer)
    return client


@pytest.fixture
def full(officer: Person, catalogue: None) -> list[ItemText]:
    """Items that use everything, with texts that spreadsheets like to take for something else."""
    rule = create_document(DocumentKind.REGULATION, code="HSE 07", title="Tanks", title_zh="", by=officer)
    write_clauses(rule.versions.get(), [ClauseText("2.4", "The alarm is tested each month")])
    publish_version(rule.versions.get(), by=officer)
    clause = Clause.objects.get(version__document=rule)
    first = ItemText("1", "=1+1 is no formula", "PROC", "G2", text_zh="－5 ℃以下\n有伴热", points=3)
    pumps: dict[str, Any] = {"section": "-Pumps", "section_zh": "泵"}
    return [
        first,
        ItemText(
            "2", "007", "FIRE", "G1", section="-Pumps", section_zh="泵", possibly_major=True, score_cap=0, photo_on_fail=True
        ),
        ItemText("3", "Gauge", "PROC", "G3", **pumps, note_on_fail=True, shown_if="1", shown_on="na"),
        ItemText("4", "", "MECH", "G2", text_zh="阀门", section="Valves", reference=clause.pk, shown_if="2", shown_on="fail"),
    ]


@pytest.fixture
def document(officer: Person, full: list[ItemText]) -> Document:
    made = create_document(DocumentKind.STANDARD, code="TEST-1", title="Tank", title_zh="油罐", by=officer)
    write_items(made.versions.get(), full)
    return made


def exported(client: Client, document: Document, query: str = "") -> bytes:
    return b"".join(client.get(url("export", document) + query).streaming_content)  # type: ignore[arg-type]


def check(client: Client, document: Document, data: bytes, name: str = "items.xlsx") -> Any:
    return client.post(url("import", document), {"file": SimpleUploadedFile(name, data)})


def book(*rows: list[Any]) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


HEADER = ["No.", "Text in English", "Category", "Level if it fails", "Ask only if item no.", "was answered", "Clause behind it"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_goes_out_comes_in_the_same(
    keeper: Client, officer: Person, document: Document, full: list[ItemText], language: str
) -> None:
    officer.language = language
    officer.save()
    data = exported(keeper, document)
    write_items(document.versions.get(), [replace(full[0], text="Something else")])
    checked = check(keeper, document, data)
    assert checked.status_code == 200, checked.context["read"].faults
    assert len(items_of(document.versions.get())) == 1, "a check writes nothing"
    written = keeper.post(url("import", document), {"checked": checked.context["checked"]})
    assert written.status_code == 302
    assert items_of(document.versions.get()) == full


def test_no_cell_runs_as_a_formula(keeper: Client, document: Document) -> None:
    cells = [cell for row in load_workbook(io.BytesIO(exported(keeper, document))).active.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f" or str(cell.value or "").startswith(("=", "-", "－"))]


def test_every_faulty_row_and_column_is_listed(keeper: Client, document: Document, full: list[ItemText]) -> None:
    data = book(
        HEADER,
        ["1", "Good", "Fire and explosion protection", "G2", None, None, None],
        ["2", "Fair", "Nonsense", "G9", None, None, None],
        ["3", None, "MECH", "M", "9", "OK", None],
        ["1", "Twice", "MECH", "G2", "1", None, "HSE-99 1"],
    )
    response = check(keeper, document, data)
    assert response.status_code == 422
    told = {(line.row, line.column) for line in response.context["read"].faults}
    assert told == {
        *((3, "Category"), (3, "Level if it fails")),
        *((4, "Text in English"), (4, "Level if it fails"), (4, "Ask only if item no.")),
        *((5, "No."), (5, "Ask only if item no."), (5, "Clause behind it")),
    }
    assert items_of(document.versions.get()) == full


def test_a_condition_names_an_item_above_it(keeper: Client, document: Document) -> None:
    data = book(HEADER, ["1", "A", "MECH", "G2", "2", "Fail", None], ["2", "B", "MECH", "G2", "1", "Fail", None])
    faults = check(keeper, document, data).context["read"].faults
    assert [(line.row, str(line.message)) for line in faults] == [(2, "There is no item of this number before it")]


@pytest.mark.parametrize(
    ("name", "data"), [("a.xlsx", b""), ("a.xlsx", b"PK\x03\x04 broken"), ("a.pdf", b"%PDF-1.7"), ("a.csv", b"x")]
)
def test_a_file_that_is_none_is_refused_in_words(keeper: Client, document: Document, name: str, data: bytes) -> None:
    response = check(keeper, document, data, name)
    assert response.status_code == 422
    assert "sp-error" in response.content.decode()


def test_more_lines_than_a_draft_can_have_are_refused(keeper: Client, document: Document) -> None:
    rows = [[str(n), f"Item {n}", "MECH", "G2", None, None, None] for n in range(1, 202)]
    response = check(keeper, document, book(HEADER, *rows))
    assert response.status_code == 422
    assert "at most 200 lines" in response.content.decode()


def test_a_check_serves_only_for_what_was_checked(
    keeper: Client, officer: Person, document: Document, full: list[ItemText]
) -> None:
    checked = check(keeper, document, exported(keeper, document)).context["checked"]
    assert keeper.post(url("import", document), {"checked": checked + "x"}).status_code == 404
    other = create_document(DocumentKind.STANDARD, code="TEST-2", title="Other", title_zh="", by=officer)
    assert keeper.post(url("import", other), {"checked": checked}).status_code == 404
    write_items(document.versions.get(), full[:1])
    assert keeper.post(url("import", document), {"checked": checked}).status_code == 409
    assert items_of(document.versions.get()) == full[:1]


def test_others_neither_import_nor_see_a_draft(client: Client, worker: Person, document: Document) -> None:
    client.force_login(worker)
    assert client.get(url("import", document)).status_code == 403
    assert client.get(url("export", document)).status_code == 404


def test_versions_are_compared_field_by_field(
    keeper: Client, officer: Person, worker: Person, document: Document, full: list[ItemText]
) -> None:
    publish_version(document.versions.get(), by=officer)
    changed = [full[0], replace(full[1], points=9, level="G1"), ItemText("3", "Brand new", "PPE", "G3")]
    draft_version(document, by=officer, write=lambda draft: write_items(draft, changed))
    page = " ".join(keeper.get(url("compare", document)).content.decode().split())
    assert "<del>1</del>" in page
    assert "<ins>9</ins>" in page
    assert "<ins>Brand new</ins>" in page
    assert "<del>阀门</del>" in page
    assert keeper.get(url("compare", document) + "?old=1&new=7").status_code == 404
    keeper.force_login(worker)
    assert "There is only one version" in keeper.get(url("compare", document)).content.decode()
    assert keeper.get(url("compare", document) + "?old=1&new=2").status_code == 404
