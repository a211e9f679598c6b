"""A standard's way in a real browser: drafted, put in order by keyboard, published; what was begun before keeps its version."""

import re

import pytest
from playwright.sync_api import expect

from inspections.models import Inspection
from inspections.services import InspectionData, start_inspection
from inspections.services.standards import ItemText, items_of, write_items
from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.services import create_document, publish_version
from tests.factories.responsibilities import PlaceFactory
from tests.inspections.photos import photo
from tests.scenarios.pictures import picture

pytestmark = pytest.mark.django_db(transaction=True)

ITEMS = [
    ItemText("1", "Dike whole", "PROC", "G2", points=4),
    ItemText("2", "Level gauge works", "PROC", "G2", points=4),
    ItemText("3", "High level alarm tested", "PROC", "G2", points=2),
]


@pytest.fixture
def document(catalogue, people, officer):
    made = create_document(DocumentKind.STANDARD, code="TANK-2", title="Small tank", title_zh="小罐", by=officer)
    write_items(made.versions.get(), ITEMS)
    publish_version(made.versions.get(), by=officer)
    return made


def faults_on(page):
    """What a strict policy or a script complains about."""
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    return faults


def test_from_the_draft_to_the_capped_score(document, people, station, page, phone, logged_in):
    place = PlaceFactory(unit=station, name="Tank T-1")
    old = document.versions.get()
    begun, _new = start_inspection(InspectionData(unit=station, place=place, standard=old), by=people.supervisor)

    officer = logged_in(page, people.officer)
    faults = faults_on(officer)
    new = write_the_next_version(officer, document)

    # The inspection begun before keeps its version, and its rules.
    supervisor = logged_in(phone, people.supervisor)
    phone_faults = faults_on(supervisor)
    supervisor.goto(f"/inspections/{begun.pk}/")
    expect(supervisor.locator(".sp-item").first).to_contain_text("Dike whole")
    tap_all(supervisor, "OK", "OK", "Fail")
    supervisor.locator(".sp-item").last.get_by_label("What is wrong?").fill("Silent")
    send(supervisor)
    begun.refresh_from_db()
    assert (begun.standard_id, begun.score) == (old.pk, 80)

    # A new one goes by the new version: a photo is asked for, and the failed alarm caps the score.
    fresh, _new = start_inspection(InspectionData(unit=station, place=place, standard=new), by=people.supervisor)
    supervisor.goto(f"/inspections/{fresh.pk}/")
    tap_all(supervisor, "Fail", "OK", "OK")
    bring_the_photo(supervisor)
    fresh.refresh_from_db()
    assert (fresh.standard_id, fresh.score) == (new.pk, 59)
    expect(supervisor.get_by_text("8 ÷ 10 × 100 %")).to_be_visible()
    expect(supervisor.get_by_text("at most 59 %")).to_be_visible()
    # The 422 of the review is the only complaint.
    assert faults == []
    assert [fault for fault in phone_faults if "422" not in fault] == []


def write_the_next_version(officer, document):
    """The alarm goes first, by keyboard, and becomes critical with a photo; then it is published."""
    officer.goto(f"/standards/{document.pk}/")
    officer.get_by_role("button", name="Begin a new version").click()
    officer.get_by_role("button", name="Move line 3 up").focus()
    officer.keyboard.press("Enter")
    expect(officer.locator("[data-moved]")).to_have_text("Now line 2 of 4")
    expect(officer.get_by_role("button", name="Move line 3 up")).to_be_focused()
    officer.keyboard.press("Enter")
    alarm = officer.locator("[data-line]").first
    expect(alarm.get_by_label("Text in English")).to_have_value("High level alarm tested")
    alarm.get_by_text("Critical, evidence, clause, condition").click()
    alarm.get_by_label("Critical").check()
    alarm.get_by_label("Photo required when it fails").check()
    picture(officer, "standard-editor")
    officer.get_by_role("button", name="Save draft").first.click()
    expect(officer.get_by_text("Critical: 59 % at most")).to_be_visible()
    officer.get_by_role("button", name="Publish").click()
    expect(officer.get_by_text(re.compile("Version 2 is published"))).to_be_visible()
    new = document.versions.get(number=2)
    assert [item.text for item in items_of(new)] == [ITEMS[2].text, ITEMS[0].text, ITEMS[1].text]
    return new


def tap_all(page, *taps):
    for item, tap in zip(page.locator(".sp-item").all(), taps, strict=True):
        item.locator("label", has_text=re.compile(f"^{tap}$")).tap()


def bring_the_photo(page):
    """The first item failed: without a photo it is not accepted, with one it is."""
    first = page.locator(".sp-item").first
    first.get_by_label("What is wrong?").fill("Silent again")
    page.get_by_role("button", name="Look it over").click()
    expect(page.get_by_text("This item asks for a photo when it fails").first).to_be_visible()
    with page.expect_response(lambda answer: "/files/" in answer.url and answer.request.method == "PUT"):
        first.locator("input[type=file]").first.set_input_files(
            {"name": "alarm.jpg", "mimeType": "image/jpeg", "buffer": photo().read()}
        )
    expect(page.locator("[name$=photos_sha]")).to_have_count(1)
    send(page)


def send(page):
    page.get_by_role("button", name="Look it over").click()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text(re.compile(r"INS-\d{4}-\d{4}")).first).to_be_visible()


def test_a_line_is_dragged(document, people, page, logged_in):
    officer = logged_in(page, people.officer)
    officer.goto(f"/standards/{document.pk}/")
    officer.get_by_role("button", name="Begin a new version").click()
    lines = officer.locator("[data-line]")
    expect(lines.first.locator("[data-drag]")).to_be_visible()
    handle, target = lines.first.locator("[data-drag]").bounding_box(), lines.nth(1).bounding_box()
    officer.mouse.move(handle["x"] + 10, handle["y"] + 10)
    officer.mouse.down()
    officer.mouse.move(handle["x"] + 10, target["y"] + target["height"] * 0.75, steps=8)
    officer.mouse.up()
    expect(lines.nth(1).get_by_label("Text in English")).to_have_value("Dike whole")
    officer.get_by_role("button", name="Save draft").first.click()
    expect(officer.get_by_text("The draft is saved.")).to_be_visible()
    assert [item.text[:4] for item in items_of(document.versions.get(number=2))] == ["Leve", "Dike", "High"]


def test_an_item_appears_with_the_answer_that_asks_it(document, people, station, phone, logged_in):
    version = document.versions.get()
    made = create_document(DocumentKind.STANDARD, code="TANK-3", title="Other", title_zh="", by=people.officer)
    items = [*items_of(version)[:2], ItemText("3", "Since when?", "PROC", "G3", shown_if="2", shown_on="fail")]
    write_items(made.versions.get(), items)
    standard = publish_version(made.versions.get(), by=people.officer)
    draft, _new = start_inspection(InspectionData(unit=station, standard=standard), by=people.supervisor)
    supervisor = logged_in(phone, people.supervisor)
    supervisor.goto(f"/inspections/{draft.pk}/")
    last = supervisor.locator(".sp-item").last
    expect(last).to_be_hidden()
    expect(supervisor.locator("[data-asked]")).to_have_text("2")
    supervisor.locator(".sp-item").nth(1).locator("label", has_text=re.compile("^Fail$")).tap()
    expect(last).to_be_visible()
    expect(supervisor.locator("[data-asked]")).to_have_text("3")
    supervisor.locator(".sp-item").nth(1).locator("label", has_text=re.compile("^OK$")).tap()
    expect(last).to_be_hidden()
    supervisor.locator(".sp-item").first.locator("label", has_text=re.compile("^OK$")).tap()
    send(supervisor)
    assert Inspection.objects.get().answered_count == 2
