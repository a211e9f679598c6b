"""The editor of standards: sections, order, critical items, evidence, clauses, conditions."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from inspections.models import ChecklistItem
from inspections.services.standards import ItemText, items_of, write_items
from responsibilities.models import Person
from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.models import Clause, Document, DocumentVersion
from safetyplant.documents.services import ClauseText, create_document, publish_version, write_clauses
from tests.inspections.standard_forms import line, save, url

THREE = [
    ItemText("1", "Tank dike whole", "PROC", "G2"),
    ItemText("2", "Level gauge works", "PROC", "G2"),
    ItemText("3", "High level alarm tested", "PROC", "G1"),
]


@pytest.fixture
def keeper(client: Client, officer: Person, catalogue: None) -> Client:
    client.force_login(officer)
    return client


@pytest.fixture
def document(keeper: Client, officer: Person) -> Document:
    made = create_document(DocumentKind.STANDARD, code="TEST-1", title="Tank", title_zh="油罐", by=officer)
    write_items(made.versions.get(), THREE)
    return made


@pytest.fixture
def rule(officer: Person, catalogue: None) -> Clause:
    made = create_document(DocumentKind.REGULATION, code="HSE-07", title="Tanks", title_zh="", by=officer)
    write_clauses(made.versions.get(), [ClauseText("2.4", "The alarm is tested each month")])
    publish_version(made.versions.get(), by=officer)
    return Clause.objects.get(version__document=made)


def draft_of(document: Document) -> DocumentVersion:
    return document.versions.drafts().get()


def test_an_item_is_given_all_it_can_have(keeper: Client, document: Document, rule: Clause) -> None:
    asked = {"critical": "on", "score_cap": "40", "photo_on_fail": "on", "note_on_fail": "on", "reference": " hse-07  2.4 "}
    assert save(keeper, document, **line(2, **asked, shown_if="2", shown_on="pass")).status_code == 302
    item = items_of(draft_of(document))[2]
    assert (item.score_cap, item.photo_on_fail, item.note_on_fail, item.reference) == (40, True, True, rule.pk)
    assert (item.shown_if, item.shown_on) == ("2", "pass")
    assert 'value="HSE-07 2.4"' in keeper.get(url("draft", document)).content.decode()
    shown = keeper.get(url("detail", document) + "?version=1").content.decode()
    assert "Critical: 40 % at most" in shown
    assert "Only if item 2: OK" in shown
    assert "HSE-07" in shown or "Tanks 2.4" in shown


def test_a_critical_item_without_a_cap_gets_the_usual_one(keeper: Client, document: Document) -> None:
    save(keeper, document, **line(0, critical="on"))
    assert items_of(draft_of(document))[0].score_cap == 59
    save(keeper, document, **line(0, critical=None, score_cap="30"))
    assert items_of(draft_of(document))[0].score_cap is None


def test_items_stand_under_the_heading_before_them(keeper: Client, document: Document) -> None:
    heading = line(3, kind="section", text="Alarms", text_zh="报警", order="2.5")
    assert save(keeper, document, **heading, **{"line-TOTAL_FORMS": 4}).status_code == 302
    items = items_of(draft_of(document))
    assert [(item.number, item.section) for item in items] == [("1", ""), ("2", ""), ("3", "Alarms")]
    assert items[2].section_zh == "报警"
    again = save(keeper, document)
    assert again.status_code == 302
    assert items_of(draft_of(document)) == items


def test_a_heading_without_items_is_refused(keeper: Client, document: Document) -> None:
    response = save(keeper, document, **line(3, kind="section", text="Alarms", order="9"), **{"line-TOTAL_FORMS": 4})
    assert response.status_code == 422
    assert "No item stands under this heading" in response.content.decode()


def test_a_line_moves_up_and_down_without_script(keeper: Client, document: Document) -> None:
    response = save(keeper, document, move="line-2-up")
    assert response.url == url("draft", document) + "#line-2"
    assert [item.text[:4] for item in items_of(draft_of(document))] == ["Tank", "High", "Leve"]
    save(keeper, document, move="line-0-down")
    assert [item.text[:4] for item in items_of(draft_of(document))] == ["High", "Tank", "Leve"]
    assert save(keeper, document, move="line-0-up").status_code == 302
    assert [item.number for item in items_of(draft_of(document))] == ["1", "2", "3"]


@pytest.mark.parametrize("step", ["line-77-up", "line-0-sideways", "-", "x", "line--1-up", "line-1e1-down"])
def test_a_step_that_is_none_breaks_nothing(keeper: Client, document: Document, step: str) -> None:
    assert save(keeper, document, move=step).status_code == 302
    assert draft_of(document).clauses.count() == 3


def test_a_move_with_a_fault_keeps_what_was_typed_in_its_new_order(keeper: Client, document: Document) -> None:
    response = save(keeper, document, move="line-2-up", **line(0, text="Half done", category=""))
    page = response.content.decode()
    assert response.status_code == 422
    assert page.index("High level alarm") < page.index("Level gauge works")
    assert "Half done" in page


def test_a_condition_follows_its_item_when_lines_are_moved(keeper: Client, document: Document) -> None:
    save(keeper, document, **line(2, shown_if="2", shown_on="fail"))
    save(keeper, document, move="line-0-down")
    items = items_of(draft_of(document))
    assert [item.text[:4] for item in items] == ["Leve", "Tank", "High"]
    assert (items[2].shown_if, items[2].shown_on) == ("1", "fail")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        (line(0, shown_if="2", shown_on="fail"), "There is no item of this number before it"),
        (line(1, shown_if="2", shown_on="fail"), "There is no item of this number before it"),
        (line(1, shown_if="1"), "A condition names an item and an answer"),
        (line(1, shown_on="na"), "A condition names an item and an answer"),
        (line(1, reference="HSE-99 1"), "No regulation has this clause"),
        (line(1, critical="on", score_cap="101"), "less than or equal to 100"),
        (line(1, points=""), "Points"),
    ],
)
def test_faults_are_named_beside_the_line(keeper: Client, document: Document, changes: dict[str, Any], fault: str) -> None:
    response = save(keeper, document, **changes)
    assert response.status_code == 422
    assert fault in response.content.decode()
    assert items_of(draft_of(document)) == THREE


def test_a_new_version_begins_with_everything(keeper: Client, document: Document, officer: Person, rule: Clause) -> None:
    full = {"section": "B", "score_cap": 10, "reference": rule.pk, "shown_if": "1", "shown_on": "na", "photo_on_fail": True}
    items = [THREE[0], ItemText("2", "Alarm", "PROC", "G1", **full)]
    write_items(draft_of(document), items)
    publish_version(draft_of(document), by=officer)
    keeper.post(url("start", document))
    assert items_of(draft_of(document)) == items


def test_the_database_wants_a_condition_to_look_back(document: Document) -> None:
    first, second, _third = ChecklistItem.objects.filter(clause__version=draft_of(document)).order_by("clause__position")
    for item, other in ((first, second), (first, first)):
        item.shown_if, item.shown_on = other.clause, "fail"
        with pytest.raises(IntegrityError, match="earlier item"), transaction.atomic():
            item.save()


def test_the_database_wants_whole_conditions_and_caps_in_range(document: Document) -> None:
    items = ChecklistItem.objects.filter(clause__version=draft_of(document))
    for change in ({"shown_on": "fail"}, {"score_cap": 101}):
        with pytest.raises(IntegrityError), transaction.atomic():
            items.update(**change)


def test_the_rule_of_the_score_stands_on_the_page(keeper: Client, document: Document) -> None:
    page = keeper.get(url("detail", document) + "?version=1").content.decode()
    assert "How the score is made" in page
    assert "3 items, 3 points in all" in page
    assert "nothing caps the score" in page


def test_the_api_tells_what_an_item_asks(keeper: Client, document: Document, officer: Person) -> None:
    write_items(draft_of(document), [THREE[0], ItemText("2", "Alarm", "PROC", "G1", score_cap=10, shown_if="1", shown_on="na")])
    publish_version(draft_of(document), by=officer)
    items = keeper.get(f"/api/v1/standards/{document.versions.get().pk}/").json()["items"]
    assert (items[1]["score_cap"], items[1]["shown_if"], items[1]["shown_on"]) == (10, items[0]["id"], "na")
    assert reverse("inspections:standard-list") == "/standards/"


def test_a_draft_sent_without_a_line_is_faulty_and_changes_nothing(keeper: Client, document: Document) -> None:
    draft = document.versions.get()
    before = items_of(draft)
    assert keeper.post(url("draft", document), {}).status_code == 422
    assert items_of(draft) == before
