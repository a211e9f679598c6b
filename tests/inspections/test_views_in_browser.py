"""What scripts add to the pages of this room, in a real browser on a phone."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from inspections.models import Hazard, Inspection
from inspections.services import InspectionData, start_inspection
from tests.factories.inspections import assigned, standard
from tests.factories.responsibilities import PlaceFactory
from tests.inspections.photos import photo

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def well(transactional_db, people, station):
    call_command("load_catalogue", verbosity=0)
    return PlaceFactory(unit=station, code="N12-45", name="Well N12-45")


def test_an_item_is_one_tap_and_saves_itself(phone, logged_in, supervisor, station, well):
    inspection, _new = start_inspection(InspectionData(unit=station, place=well, standard=standard()), by=supervisor)
    page = logged_in(phone, supervisor)
    page.goto(f"/inspections/{inspection.pk}/")
    first = page.locator(".sp-item").nth(0)
    expect(first.get_by_label("What is wrong?")).to_be_hidden()
    first.locator("label", has_text="Fail").tap()
    first.get_by_label("What is wrong?").fill("Plate missing")
    page.locator(".sp-item").nth(1).locator("label", has_text="OK").tap()
    expect(page.locator("[data-answered]")).to_have_text("2")
    expect(page.locator("form [data-failed]")).to_have_text("1")
    expect(first.get_by_label("Which breach?")).to_be_hidden()
    first.locator("label", has_text=re.compile("^Violation$")).tap()
    expect(first.locator(".if-violation")).to_be_visible()
    first.locator("label", has_text=re.compile("^Hazard$")).tap()
    with page.expect_response(lambda answer: answer.url.endswith("/save/") and answer.ok):
        first.locator("input[type=file]").first.set_input_files(
            {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo().read()}
        )
    expect(page.locator("[data-autosave-state]").first).to_have_text("Saved")
    expect(page.locator("[name$=photos_sha]")).to_have_count(1)
    page.wait_for_timeout(1500)
    page.reload()
    assert "Plate missing" in page.content()
    answer = Inspection.objects.get().answers.order_by("position").first()
    assert answer.draft["text"] == "Plate missing"
    assert len(answer.draft["photos"]) == 1


def test_a_hazard_is_reported_by_typing_where(phone, logged_in, worker2, well):
    page = logged_in(phone, worker2)
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto("/hazards/new/")
    page.get_by_label("What did you see?").fill("Oil drips from the flange")
    page.locator(".ts-control input").first.fill("N12-45")
    page.locator(".ts-dropdown .option", has_text="Well N12-45").tap()
    page.get_by_role("button", name="Send report").tap()
    expect(page.get_by_role("heading", name="Thank you. It is reported.")).to_be_visible()
    assert Hazard.objects.get().place == well
    assert faults == []


def test_the_checklist_follows_the_place_until_one_chooses(phone, logged_in, supervisor, station, well):
    tank = PlaceFactory(unit=station, kind="tank", code="T1", name="Tank T1")
    page = logged_in(phone, supervisor)
    page.goto("/inspections/new/")

    def choose(place):
        page.evaluate("value => document.getElementById('id_where').tomselect.setValue(value)", f"p{place.pk}")

    expect(page.locator("#id_where.tomselected")).to_be_attached()
    page.evaluate(
        """places => places.forEach(([value, text]) => document.getElementById('id_where').tomselect.addOption({value, text}))""",
        [[f"p{well.pk}", well.name], [f"p{tank.pk}", tank.name]],
    )
    choose(tank)
    expect(page.locator("#id_standard")).to_have_value(str(standard("TANK").pk))
    choose(well)
    expect(page.locator("#id_standard")).to_have_value(str(standard("WELLSITE").pk))
    page.locator("#id_standard").select_option(str(standard("PERMIT").pk))
    choose(tank)
    page.wait_for_timeout(500)
    expect(page.locator("#id_standard")).to_have_value(str(standard("PERMIT").pk))


def test_while_typing_what_is_known_is_offered_and_noted(phone, logged_in, worker, supervisor, officer, station, well):
    known = assigned(station, worker, assessor=officer, title="Crude oil drips from the second flange", place=well)
    page = logged_in(phone, supervisor)
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(f"/hazards/new/?place={well.pk}")
    page.get_by_label("What did you see?").press_sequentially("Oil is dripping from a flange")
    offer = page.get_by_role("heading", name="It may be one of these")
    expect(offer).to_be_visible()
    page.get_by_text("Yes, stop work").tap()
    expect(offer).to_have_count(0)
    page.get_by_text("No, it can wait").tap()
    expect(offer).to_be_visible()
    page.get_by_role("button", name="This is the same").tap()
    expect(page.get_by_text("It is noted that you saw it too")).to_be_visible()
    assert (Hazard.objects.count(), known.sightings.get().text) == (1, "Oil is dripping from a flange")
    assert faults == []
