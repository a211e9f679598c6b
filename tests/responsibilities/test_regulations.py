"""Regulations share the pages of standards; here is what is theirs: numbers by hand, clauses under clauses."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from responsibilities.models import Person
from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.forms import parent_number
from safetyplant.documents.models import Document

LINES = [
    ("1", "Scope", "范围"),
    ("2", "Duties", "职责"),
    ("2.1", "The unit head answers.", "单位负责人负责。"),
    ("2.1.3", "Deep", ""),
]


def url(page: str, document: Document | None = None) -> str:
    return reverse(f"responsibilities:regulation-{page}", args=[document.pk] if document else [])


def form_data(lines: list[tuple[str, str, str]], edition: str = "0-0") -> dict[str, Any]:
    data: dict[str, Any] = {"title": "Rules", "title_zh": "规定", "note": "", "edition": edition}
    data |= {"line-TOTAL_FORMS": len(lines), "line-INITIAL_FORMS": 0}
    for index, (number, text, text_zh) in enumerate(lines):
        data |= {f"line-{index}-number": number, f"line-{index}-text": text, f"line-{index}-text_zh": text_zh}
    return data


@pytest.fixture
def regulation(client: Client, officer: Person) -> Document:
    client.force_login(officer)
    response = client.post(url("new"), {"code": "HSE-07", "title": "Rules", "title_zh": "规定"})
    document = Document.objects.get(kind=DocumentKind.REGULATION, code="HSE-07")
    assert response.url == url("draft", document)
    return document


def test_clauses_are_numbered_by_hand_and_stand_under_each_other(client: Client, regulation: Document) -> None:
    assert client.post(url("draft", regulation), form_data(LINES)).status_code == 302
    clauses = {clause.number: clause for clause in regulation.versions.get().clauses.select_related("parent")}
    assert list(clauses) == ["1", "2", "2.1", "2.1.3"]
    assert clauses["2.1"].parent == clauses["2"]
    assert clauses["2.1.3"].parent == clauses["2.1"]


def test_the_same_number_twice_is_refused(client: Client, regulation: Document) -> None:
    response = client.post(url("draft", regulation), form_data([*LINES, ("2", "Again", "")]))
    assert response.status_code == 422
    assert "The number 2 stands twice" in response.content.decode()
    assert regulation.versions.get().clauses.count() == 0


def test_published_regulation_is_read_by_all(client: Client, regulation: Document, worker: Person) -> None:
    client.post(url("draft", regulation), form_data(LINES))
    assert client.post(url("publish", regulation), {"valid_from": timezone.localdate()}).status_code == 302
    client.force_login(worker)
    assert "HSE-07" in client.get(url("list")).content.decode()
    assert "The unit head answers." in client.get(url("detail", regulation)).content.decode()


def test_an_empty_draft_is_not_published(client: Client, regulation: Document) -> None:
    assert client.post(url("publish", regulation), {"valid_from": timezone.localdate()}).status_code == 409


def test_title_is_put_right_with_the_draft(client: Client, regulation: Document) -> None:
    client.post(url("draft", regulation), form_data(LINES) | {"title": "Rules of the plant"})
    regulation.refresh_from_db()
    assert regulation.title == "Rules of the plant"


def test_standards_are_not_regulations(client: Client, catalogue: None, officer: Person) -> None:
    client.force_login(officer)
    standard = Document.objects.of_kind(DocumentKind.STANDARD).first()
    assert client.get(url("detail", standard)).status_code == 404


@pytest.mark.parametrize("who", ["worker", "head", "director"])
def test_only_keepers_write(client: Client, people: Any, who: str) -> None:
    client.force_login(getattr(people, who))
    assert client.get(url("new")).status_code == 403


@pytest.mark.parametrize(
    ("number", "before", "parent"),
    [("2.1", ["1", "2"], "2"), ("2.1", ["1"], ""), ("2.1.3", ["2", "2.1"], "2.1"), ("2.1.3", ["2"], "2"), ("7", ["1"], "")],
)
def test_parent_is_the_longest_number_it_begins_with(number: str, before: list[str], parent: str) -> None:
    assert parent_number(number, before) == parent
