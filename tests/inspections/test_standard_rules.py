"""What the items of a standard ask for holds when one inspects: conditions, evidence on failure, caps."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from inspections.forms.checklists import BlankChecklist, Checklist
from inspections.models import Hazard, Inspection, Violation
from inspections.services import AnswerData, FindingData, InspectionData, start_inspection
from inspections.services.inspections import save_answers
from inspections.services.standards import ItemText, write_items
from inspections.workflows import submit_inspection
from inspections.workflows.inspections import Incomplete
from responsibilities.models import Person, Place, Unit
from safetyplant.attachments.services import receive
from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.models import DocumentVersion
from safetyplant.documents.services import create_document, publish_version
from tests.factories.responsibilities import PlaceFactory
from tests.inspections.photos import photo

ITEMS = [
    ItemText("1", "Tank in use", "PROC", "G2", points=2, section="Tank"),
    ItemText("2", "Gauge works", "PROC", "G2", points=3, note_on_fail=True, shown_if="1", shown_on="pass", section="Tank"),
    ItemText("3", "Relief valve in date", "PROC", "G2", points=5, score_cap=59, photo_on_fail=True, section="Valves"),
    ItemText("4", "Paint whole", "PROC", "G3", points=20, section="Valves"),
]


@pytest.fixture
def version(officer: Person, people: Any, catalogue: None) -> DocumentVersion:
    document = create_document(DocumentKind.STANDARD, code="TEST-1", title="Tank", title_zh="", by=officer)
    write_items(document.versions.get(), ITEMS)
    return publish_version(document.versions.get(), by=officer)


def begin(version: DocumentVersion, unit: Unit, by: Person, results: str, **kwargs: Any) -> Inspection:
    """`results`: a letter an item: p(ass), f(ail), n(a), - for none."""
    words = {"p": "pass", "f": "fail", "n": "na"}
    clauses = version.clauses.order_by("position")
    answers = [
        AnswerData(clause.pk, words[letter], finding=FindingData(text="Broken") if letter == "f" else None)
        for clause, letter in zip(clauses, results, strict=True)
        if letter != "-"
    ]
    place: Place | None = kwargs.pop("place", None)
    data = InspectionData(unit=unit, place=place, standard=version, answers=answers)
    return start_inspection(data, by=by)[0]


def answer(inspection: Inspection, position: int, by: Person, *, note: str = "", **finding: Any) -> None:
    item = inspection.standard.clauses.get(position=position)  # type: ignore[union-attr]
    save_answers(inspection, [AnswerData(item.pk, "fail", note=note, finding=FindingData(**finding))], by=by)


def faults_of(inspection: Inspection, by: Person) -> dict[int, str]:
    with pytest.raises(Incomplete) as refused:
        submit_inspection(inspection, by=by)
    return refused.value.faults


def test_an_item_is_asked_where_its_condition_holds(version: DocumentVersion, station: Unit, supervisor: Person) -> None:
    assert list(faults_of(begin(version, station, supervisor, "p-pp"), supervisor)) == [2]
    done = submit_inspection(begin(version, station, supervisor, "n-pp"), by=supervisor)
    assert (done.answered_count, done.score) == (3, Decimal(100))


def test_an_answer_that_lost_its_question_is_dropped(version: DocumentVersion, station: Unit, supervisor: Person) -> None:
    done = submit_inspection(begin(version, station, supervisor, "nppp"), by=supervisor)
    assert list(done.answers.values_list("position", flat=True)) == [1, 3, 4]
    assert done.answered_count == 3


def test_a_failure_that_lost_its_question_is_never_dropped(version: DocumentVersion, station: Unit, supervisor: Person) -> None:
    inspection = begin(version, station, supervisor, "nfpp")
    assert "Asked only where item 1 is “OK”" in faults_of(inspection, supervisor)[2]
    assert inspection.answers.count() == 4


def test_a_failure_brings_the_note_it_is_asked_for(version: DocumentVersion, station: Unit, supervisor: Person) -> None:
    inspection = begin(version, station, supervisor, "pfpp")
    assert "asks for a note" in faults_of(inspection, supervisor)[2]
    answer(inspection, 2, supervisor, text="Stuck", note="Reads 3.2 m at 1.8 m")
    submit_inspection(inspection, by=supervisor)
    hazard = Hazard.objects.get(inspection=inspection)
    assert (hazard.title, hazard.description) == ("Stuck", "Reads 3.2 m at 1.8 m")


def test_the_note_of_a_violation_stays_with_it(
    client: Client, version: DocumentVersion, station: Unit, supervisor: Person, worker2: Person, head: Person
) -> None:
    inspection = begin(version, station, supervisor, "pfpp")
    answer(inspection, 2, supervisor, kind="violation", text="Gauge taped", note="Seen by night shift")
    submit_inspection(inspection, by=supervisor)
    assert "Seen by night shift" in Violation.objects.get(inspection=inspection).description
    client.force_login(worker2)
    page = client.get(reverse("inspections:inspection-detail", args=[inspection.pk]))
    assert "Seen by night shift" not in page.content.decode()


def test_a_failure_brings_the_photo_it_is_asked_for(version: DocumentVersion, station: Unit, supervisor: Person) -> None:
    inspection = begin(version, station, supervisor, "n-fp")
    assert "asks for a photo" in faults_of(inspection, supervisor)[3]
    answer(inspection, 3, supervisor, text="Expired", photos=[receive(photo(), by=supervisor).sent_sha256])
    assert submit_inspection(inspection, by=supervisor).failed_count == 1


def test_no_photo_is_asked_for_where_phones_are_forbidden(version: DocumentVersion, station: Unit, supervisor: Person) -> None:
    place = PlaceFactory(unit=station, no_phones=True)
    inspection = begin(version, station, supervisor, "n-fp", place=place)
    assert submit_inspection(inspection, by=supervisor).failed_count == 1


def test_a_failed_critical_item_caps_the_score(
    client: Client, version: DocumentVersion, station: Unit, supervisor: Person
) -> None:
    inspection = begin(version, station, supervisor, "n-fp", place=PlaceFactory(unit=station, no_phones=True))
    submit_inspection(inspection, by=supervisor)
    assert inspection.answers.count() == 3
    inspection.refresh_from_db()
    assert inspection.score == Decimal("59.0")
    client.force_login(supervisor)
    page = " ".join(client.get(reverse("inspections:inspection-detail", args=[inspection.pk])).content.decode().split())
    assert '20 ÷ 25 × 100 % = <b class="num">80.0 %</b>' in page
    assert "at most 59 %" in page
    assert ">Valves<" in page


def test_the_page_shows_what_is_asked_so_far(version: DocumentVersion, station: Unit, supervisor: Person) -> None:
    blank = BlankChecklist(version, supervisor)
    assert [group.name for group in blank.groups] == ["Tank", "Valves"]
    assert len(blank.asked) == 3
    inspection = begin(version, station, supervisor, "p-fp")
    checklist = Checklist(inspection, supervisor)
    assert (len(checklist.asked), checklist.answered) == (4, 3)


def test_hidden_items_are_hidden_on_the_page(client: Client, version: DocumentVersion, station: Unit, supervisor: Person) -> None:
    inspection = begin(version, station, supervisor, "----")
    client.force_login(supervisor)
    page = client.get(reverse("inspections:inspection-detail", args=[inspection.pk])).content.decode()
    first, second = version.clauses.order_by("position")[:2]
    assert f'data-shown-if="i{first.pk}" data-shown-on="ok" hidden' in page
    client.post(reverse("inspections:inspection-save", args=[inspection.pk]), {f"i{first.pk}-result": "ok", "save": "1"})
    page = client.get(reverse("inspections:inspection-detail", args=[inspection.pk])).content.decode()
    assert f'data-shown-if="i{first.pk}" data-shown-on="ok">' in page
    assert f"item-i{second.pk}" in page


def test_the_api_refuses_the_same(client: Client, version: DocumentVersion, station: Unit, supervisor: Person) -> None:
    ids = list(version.clauses.order_by("position").values_list("pk", flat=True))
    results = ["pass", "fail", "fail", "pass"]
    answers = [{"item": pk, "result": each, "finding": {"text": "Broken"}} for pk, each in zip(ids, results, strict=True)]
    body = {"client_id": str(uuid4()), "unit": station.pk, "standard": version.pk, "answers": answers}
    client.force_login(supervisor)
    response = client.post("/api/v1/inspections/", body, content_type="application/json")
    assert response.status_code == 422
    assert {error["field"] for error in response.json()["errors"]} == {"answers.2", "answers.3"}
    assert not Inspection.objects.exists()
