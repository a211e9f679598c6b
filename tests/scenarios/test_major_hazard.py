"""A major hazard's whole life in a real browser: listed, planned, approved, reported on, verified by two, closed, lifted."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from inspections.models import Hazard, MajorTreatment
from safetyplant.demo.pictures import picture as drawn
from tests.factories.inspections import reported
from tests.factories.major import verifiers
from tests.factories.responsibilities import PlaceFactory
from tests.scenarios.pictures import picture

PHONE = {"width": 390, "height": 844}
FIVE = {
    "Responsibility": "Li Weimin leads; the station digs, the repair team welds.",
    "Measures": "Empty the tank, rebuild the dike wall, test it with water for 24 h.",
    "Funds": "80,000 yuan from this year's safety spending.",
    "Contingency plan": "Tank below half, foam truck on site, drill with both shifts.",
}


@pytest.fixture
def tank(station):
    return PlaceFactory(unit=station, kind="tank", code="T-3", name="Tank 3")


@pytest.fixture
def sitting(logged_in, new_context, context_options):
    """Someone at a desk of their own, or with a phone."""

    def sit(person, **options):
        return logged_in(new_context(**{**context_options, **options}).new_page(), person)

    return sit


@pytest.mark.django_db(transaction=True)
def test_from_the_report_to_the_lifted_supervision(catalogue, people, branch, tank, sitting):
    named = verifiers(branch)
    hazard = reported(tank.unit, people.worker, place=tank, title="Dike of tank 3 cracked through")

    # The officer finds it major; interim control is asked for at once, and the board of the plant shows it.
    officer, director = sitting(people.officer), sitting(people.director)
    assess_as_major(officer, hazard)
    hazard.refresh_from_db()
    worker = sitting(people.worker2, viewport=PHONE)
    read_the_board(worker, hazard)

    # Whoever fixes it writes the plan; the director returns it once, then approves it and names the two.
    fixing = sitting(hazard.action.owner)
    write_plan(fixing, hazard, FIVE)
    decide(director, hazard, "Return it", note="Who pays for the foam truck?")
    write_plan(fixing, hazard, {"Funds": "80,000 yuan for the wall, 6,000 for the foam truck."})
    decide(director, hazard, "Approve it", people=vars(named))
    treatment = MajorTreatment.objects.get()
    assert (treatment.status, treatment.checker, treatment.expert) == ("approved", named.checker, named.expert)

    # Progress, the report to the regulator, the fix.
    report_progress(fixing, hazard)
    report_to_regulator(officer, hazard)
    hand_in(fixing, hazard)

    # The director cannot close it yet; the leader's and the expert's signatures come first, one of them from a phone.
    director.goto(f"/hazards/{hazard.pk}/")
    expect(director.get_by_role("link", name="Accept and close")).to_have_count(0)
    sign(sitting(named.checker), hazard, "Walked along it, dry outside.")
    sign(sitting(named.expert, viewport=PHONE), hazard, "Tested: no leak.")
    close(director, hazard)
    hazard.refresh_from_db()
    treatment.refresh_from_db()
    assert (hazard.status, hazard.closed_by, treatment.status) == ("closed", people.director, "lifted")

    # Its notices are papers, its story tells all of it, and the board says that it is over.
    read_papers_and_story(director, hazard)
    worker.goto("/hazards/listed/")
    expect(worker.get_by_text("Supervision lifted").first).to_be_visible()


def read_the_board(worker, hazard):
    worker.goto("/hazards/listed/")
    expect(worker.get_by_role("heading", name=hazard.title)).to_be_visible()
    expect(worker.get_by_text("Leader in charge").first).to_be_visible()
    expect(worker.get_by_text(hazard.action.owner.name)).to_have_count(0)
    picture(worker, "major-board-phone")


def report_progress(page, hazard):
    page.goto(f"/hazards/{hazard.pk}/treatment/progress/")
    page.get_by_label("What was done since the last report").fill("Tank emptied, wall half built. It stays chained off.")
    page.get_by_label("Done, in per cent").fill("50")
    send(page)


def report_to_regulator(page, hazard):
    page.goto(f"/hazards/{hazard.pk}/treatment/outside/regulator/")
    page.get_by_label("Document number").fill("AJ-2026-41")
    send_photo(page)
    send(page)


def hand_in(page, hazard):
    page.goto(f"/actions/{hazard.action_id}/submit/")
    page.get_by_label("What was done").fill("Wall rebuilt, held water for 24 h.")
    send(page)


def close(director, hazard):
    director.goto(f"/hazards/{hazard.pk}/treatment/")
    picture(director, "major-treatment", full=True)
    director.goto(f"/hazards/{hazard.pk}/")
    director.get_by_role("link", name="Accept and close").first.click()
    send(director)


def read_papers_and_story(director, hazard):
    for paper in ("notice", "lifting"):
        assert director.request.get(f"/hazards/{hazard.pk}/treatment/{paper}/").body()[:5] == b"%PDF-"
    director.goto(f"/hazards/{hazard.pk}/")
    for words in ("Listed supervision began", "returned the treatment plan", "approved the treatment plan", "lifted the listed"):
        expect(director.get_by_text(re.compile(words)).first).to_be_visible()


def assess_as_major(officer, hazard):
    officer.goto(f"/hazards/{hazard.pk}/assess/")
    officer.locator("label", has_text="I know the level").first.click()
    officer.locator("label", has_text="Major").first.click()
    officer.get_by_label("What keeps people safe until it is fixed?").fill("Tank emptied below half, dike chained off.")
    officer.locator("select[name=category]").select_option(index=1, force=True)
    send(officer)
    assert Hazard.objects.get(pk=hazard.pk).level_id == "M"


def write_plan(page, hazard, texts):
    page.goto(f"/hazards/{hazard.pk}/treatment/plan/")
    for label, text in texts.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Time limit").fill((timezone.localdate() + timedelta(days=25)).isoformat())
    picture(page, "major-plan")
    send(page)
    assert MajorTreatment.objects.get().status == "proposed"


def decide(page, hazard, choice, *, note="", people=None):
    page.goto(f"/hazards/{hazard.pk}/treatment/decide/")
    page.locator("label", has_text=choice).first.click()
    for name, person in (people or {}).items():
        choose(page, name, person.name)
    page.locator("textarea[name=note]").fill(note)
    picture(page, "major-decide", full=True)
    send(page)


def sign(page, hazard, note):
    page.goto(f"/hazards/{hazard.pk}/treatment/sign/")
    page.locator("label", has_text="Yes, I verified it").first.click()
    page.get_by_label("What you saw").fill(note)
    send(page)


def send(page):
    """The one form of the page; on a phone its button stands in the bar."""
    page.locator("button[type=submit][form=act]:visible, main form button[type=submit]:visible").last.click()
    page.wait_for_url(re.compile(r"/hazards/\d+/$"))


def choose(page, name, text):
    """From a search select: type, then take the first match."""
    page.locator(f"#id_{name}-ts-control").press_sequentially(text)
    page.locator(f"#id_{name}-ts-dropdown .option", has_text=text).first.click()
    # The select takes the focus back a moment after a choice: what is typed elsewhere before that would be lost.
    page.wait_for_timeout(500)


def send_photo(page):
    with page.expect_response(lambda answer: "/files/" in answer.url and answer.request.method == "PUT") as sent:
        page.locator("input[type=file]").first.set_input_files(
            {"name": "page.jpg", "mimeType": "image/jpeg", "buffer": drawn("guard", broken=False)}
        )
    assert sent.value.status in (200, 201)
