"""Papers of inspections and hazards: whoever may see the record may print it, and no more of it than the page shows."""

import pypdfium2
import pytest
from django.urls import reverse

from inspections.models import Hazard, Violation
from inspections.services import FindingData
from inspections.services.standards import ItemText, write_items
from inspections.workflows import submit_inspection
from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.services import create_document, publish_version
from tests.factories.inspections import draft
from tests.factories.responsibilities import PlaceFactory

pytestmark = pytest.mark.usefixtures("catalogue", "people")


@pytest.fixture
def submitted(station, supervisor, worker):
    failed = {
        1: FindingData(text="Guard rail loose"),
        2: FindingData(kind="violation", text="Smoked beside the tank", person=worker.username, violation_type="VA01"),
    }
    well = PlaceFactory(unit=station, code="N12-45", name="Well N12-45")
    return submit_inspection(draft(station, supervisor, place=well, failed=failed), by=supervisor)


def text_of(response):
    document = pypdfium2.PdfDocument(response.content)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def paper(client, user, name, pk):
    client.force_login(user)
    return client.get(reverse(f"inspections:{name}", args=[pk]))


def client_page(client, user, inspection):
    client.force_login(user)
    return client.get(reverse("inspections:inspection-detail", args=[inspection.pk]))


def test_the_report_says_what_was_found_and_who_answers(client, submitted, head):
    response = paper(client, head, "inspection-report", submitted.pk)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    said = text_of(response)
    hazard = Hazard.objects.get()
    assert all(words in said for words in (submitted.number, hazard.number, "Guard rail loose", head.name))


def test_a_violation_is_no_more_readable_on_paper_than_on_the_page(client, submitted, head, head2, leader):
    violation = Violation.objects.get()
    assert violation.number in text_of(paper(client, leader, "inspection-report", submitted.pk))
    for user in (head, head2):
        page = client_page(client, user, submitted)
        response = paper(client, user, "inspection-report", submitted.pk)
        assert page.status_code == response.status_code
        if page.status_code == 200:
            assert (violation.number in page.text) == (violation.number in text_of(response))


def test_the_rectification_notice_lists_what_is_to_be_put_right(client, submitted, head):
    hazard = Hazard.objects.get()
    of_inspection = text_of(paper(client, head, "inspection-notice", submitted.pk))
    of_hazard = text_of(paper(client, head, "hazard-notice", hazard.pk))
    for said in (of_inspection, of_hazard):
        assert hazard.number in said
        assert hazard.action.owner.name in said
    assert "Smoked" not in of_inspection


def test_papers_of_others_do_not_exist(client, submitted, outsider):
    for name, pk in (
        ("inspection-report", submitted.pk),
        ("inspection-notice", submitted.pk),
        ("hazard-notice", Hazard.objects.get().pk),
    ):
        assert paper(client, outsider, name, pk).status_code == 404


def test_a_blank_checklist_says_what_the_page_would_ask(client, supervisor, officer):
    marked = {"section": "Fire", "score_cap": 40, "photo_on_fail": True, "shown_if": "1", "shown_on": "pass"}
    document = create_document(DocumentKind.STANDARD, code="ROOF", title="Tank roof", title_zh="罐顶", by=officer)
    version = document.versions.get()
    write_items(
        version,
        [ItemText("1", "Tank roof is open", "PROC", "G2"), ItemText("2", "Foam line tested", "PROC", "G2", **marked)],
    )
    publish_version(version, by=officer)
    said = text_of(paper(client, supervisor, "blank-checklist", version.pk))
    assert all(words in said for words in ("Fire", "Only if item 1: OK", "Critical: 40 % at most", "Photo if it fails"))
