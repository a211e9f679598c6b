"""Field capture without a signal, in a real browser: nothing typed is lost, nothing is made twice."""

import hashlib
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.signals import request_started
from playwright.sync_api import expect

from inspections import workflows
from inspections.api import schemas
from inspections.models import Hazard, Inspection
from safetyplant.attachments import services as attaching
from safetyplant.attachments.models import Attachment
from safetyplant.demo.pictures import picture as drawn
from tests.factories.responsibilities import PASSWORD, PlaceFactory
from tests.scenarios.handset import Handset

#: As a browser does when the disk has no more room for the site.
FULL = """() => {
  const put = IDBObjectStore.prototype.put;
  window.full = true;
  IDBObjectStore.prototype.put = function (...row) {
    if (window.full) throw new DOMException("No room", "QuotaExceededError");
    return put.apply(this, row);
  };
}"""
PAGES_KEPT = """async () => {
  const [kit, cache] = [await (await fetch("/field/kit/")).json(), await caches.open("sp-field")];
  const found = await Promise.all(kit.pages.map((page) => cache.match(page)));
  return found.length > 1 && found.every(Boolean);
}"""
GUARD = "Guard rail around crank"
HELD = 20


@pytest.fixture
def well(station):
    return PlaceFactory(unit=station, code="N12-45", name="Well N12-45")


@pytest.fixture
def handset(browser_type, browser_type_launch_args, tmp_path, live_server) -> Iterator[Handset]:
    handset = Handset(browser_type, browser_type_launch_args, tmp_path / "phone", live_server.url)
    yield handset
    handset.close()


class Gate:
    """Lets a function of the server through, but for one call that is held until the phone is dead: before or after its work."""

    def __init__(self, monkeypatch: Any, target: Any, name: str) -> None:
        self.real, self.hold, self.after = getattr(target, name), False, False
        self.reached, self.opened = threading.Event(), threading.Event()
        monkeypatch.setattr(target, name, self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        hold, self.hold = self.hold, False
        if hold and not self.after:
            self._wait()
        result = self.real(*args, **kwargs)
        if hold and self.after:
            self._wait()
        return result

    def shut(self, *, after: bool) -> None:
        self.reached.clear()
        self.opened.clear()
        self.hold, self.after = True, after

    def _wait(self) -> None:
        self.reached.set()
        self.opened.wait(HELD)


def sign_in(page: Any, person: Any) -> None:
    page.get_by_label("Employee number").fill(person.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "/login/" not in url)


def prepared(page: Any) -> None:
    """One visit with signal: the worker is in charge, the kit and the pages are on the phone."""
    page.goto("/")
    page.evaluate("() => navigator.serviceWorker.ready")
    page.goto("/field/")
    ready(page)
    # Asked from here: a function that waits inside the page would be made of a string, which the page's policy forbids.
    deadline = time.monotonic() + HELD
    while not page.evaluate(PAGES_KEPT) and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    assert page.evaluate(PAGES_KEPT)


def ready(page: Any) -> None:
    page.wait_for_selector("html[data-field-ready]")


def photo(number: int) -> dict[str, Any]:
    # A few bytes behind the picture's end make each one different, as the camera would.
    return {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": drawn("guard", broken=True) + bytes([number])}


def log_inspection(page: Any, number: int) -> None:
    """With a failed item and photo of that number; 0: all is well."""
    page.goto("/field/inspection/")
    ready(page)
    choose(page, "What do you inspect?", "Well N12-45")
    page.get_by_role("button", name="Begin").click()
    page.locator("[data-step='items'] .sp-item").first.wait_for()
    for group in page.locator("[data-step='items'] fieldset.sp-tri").all():
        group.get_by_text("OK", exact=True).click()
    if number:
        item = page.locator(".sp-item", has_text=GUARD)
        item.get_by_text("Fail", exact=True).click()
        item.get_by_label("What is wrong?").fill(f"Gate {number} cannot be closed")
        add_photo(item, number)
    page.get_by_role("button", name="Look it over").click()
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/field/?sent=inspection")
    ready(page)


def report_hazard(page: Any, number: int, where: str = "Well N12-45") -> None:
    page.goto("/field/hazard/")
    ready(page)
    page.get_by_label("What did you see?").fill("Oil on the stairs of the tank")
    choose(page, "Where is it?", where)
    add_photo(page, number)
    page.get_by_role("button", name="Send report").click()
    page.wait_for_url("**/field/?sent=hazard")
    ready(page)


def add_photo(part: Any, number: int) -> None:
    part.locator("[data-photos] input[type=file]").first.set_input_files(photo(number))
    part.locator(".sp-photo input[type=hidden]").first.wait_for(state="attached")


def choose(page: Any, label: str, text: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.keyboard.type(text)
    page.locator(".ts-dropdown .option", has_text=text).first.click()


def waiting(page: Any) -> Any:
    return page.locator("[data-list='waiting'] li")


@pytest.mark.django_db(transaction=True)
def test_killed_twice_and_signed_out_everything_arrives_once(catalogue, people, well, handset, monkeypatch):
    photos_in = Gate(monkeypatch, attaching, "receive")
    submitted = Gate(monkeypatch, workflows, "submit_inspection")
    people.supervisor.set_password(PASSWORD)
    people.supervisor.save()
    page = handset.start("/login/")
    sign_in(page, people.supervisor)
    prepared(page)
    # Laid aside for a moment: a browser writes its cookies to the disk only then, or after half a minute.
    handset.close()

    # Out of signal: three inspections and a hazard. The phone dies, and has them all when it comes back.
    page = handset.start("/field/", offline=True)
    ready(page)
    for number in (1, 2, 3):
        log_inspection(page, number)
    report_hazard(page, 4)
    handset.kill()
    page = handset.start("/field/", offline=True)
    expect(waiting(page)).to_have_count(4)
    assert not Inspection.objects.exists()

    # Signal again. It dies while the first photo is on its way.
    photos_in.shut(after=False)
    handset.close()
    handset.start("/field/")
    assert photos_in.reached.wait(HELD)
    handset.kill()
    photos_in.opened.set()

    # The session has ended meanwhile: it says so, and goes on after signing in. It dies after a submission, before the answer.
    Session.objects.all().delete()
    page = handset.start("/field/")
    expect(page.locator("[data-session-over]")).to_be_visible()
    submitted.shut(after=True)
    page.locator("[data-session-over]").get_by_role("link").click()
    sign_in(page, people.supervisor)
    assert submitted.reached.wait(HELD)
    handset.kill()
    submitted.opened.set()

    # Killed before the new cookie was on the disk: once more, and it comes to its end.
    page = handset.start("/field/")
    page.locator("[data-session-over]").get_by_role("link").click()
    sign_in(page, people.supervisor)
    page.goto("/field/")
    expect(page.locator("[data-list='sent'] li")).to_have_count(4, timeout=HELD * 1000)
    expect(waiting(page)).to_have_count(0)
    everything_is_there_once(well)


@pytest.fixture
def arrived() -> Iterator[list[str]]:
    """What is posted to the addresses of inspections, as the server sees it: page and worker send alike, each may be first."""
    ends: list[str] = []

    def note(environ: dict[str, Any], **_kwargs: Any) -> None:
        _before, found, end = environ["PATH_INFO"].partition("/api/v1/inspections/")
        if found and environ["REQUEST_METHOD"] == "POST":
            ends.append(end)

    request_started.connect(note)
    yield ends
    request_started.disconnect(note)


@pytest.mark.parametrize("is_refused", [False, True])
@pytest.mark.django_db(transaction=True)
def test_a_queue_goes_at_once_or_where_that_is_refused_one_by_one(
    catalogue, people, well, handset, arrived, monkeypatch, is_refused
):
    if is_refused:
        monkeypatch.setattr(schemas, "MOST_IN_BATCH", 10)
    people.supervisor.set_password(PASSWORD)
    people.supervisor.save()
    page = handset.start("/login/")
    sign_in(page, people.supervisor)
    prepared(page)
    handset.close()
    page = handset.start("/field/", offline=True)
    ready(page)
    for number in (0, 1, 0):
        log_inspection(page, number)
    expect(waiting(page)).to_have_count(3)
    assert arrived == []
    handset.close()

    page = handset.start("/field/")
    expect(page.locator("[data-list='sent'] li")).to_have_count(3, timeout=HELD * 1000)
    expect(waiting(page)).to_have_count(0)
    assert [inspection.status for inspection in Inspection.objects.all()] == ["submitted"] * 3
    assert Hazard.objects.count() == 1
    submitting = f"{Inspection.objects.get(failed_count=1).pk}/submit/"
    assert arrived == (["batch/", "", "", submitting, ""] if is_refused else ["batch/", submitting])


@pytest.mark.django_db(transaction=True)
def test_a_refused_record_stops_no_other_and_can_be_corrected(catalogue, people, well, station, phone, logged_in):
    other = PlaceFactory(unit=station, code="T-7", name="Tank T-7")
    logged_in(phone, people.worker)
    prepared(phone)
    phone.context.set_offline(True)
    report_hazard(phone, 1, where="Tank T-7")
    report_hazard(phone, 2)
    # Meanwhile the tank is taken out of use.
    other.is_active = False
    other.save()
    phone.context.set_offline(False)
    phone.locator("[data-send-now]").click()
    expect(phone.locator("[data-list='sent'] li")).to_have_count(1)
    refused = phone.locator("[data-list='refused'] > ul > li")
    expect(refused).to_have_count(1)
    expect(refused.locator(".sp-error")).not_to_be_empty()
    assert Hazard.objects.count() == 1

    refused.get_by_role("button", name="Correct it").click()
    phone.wait_for_url("**/field/hazard/?id=*")
    ready(phone)
    expect(phone.get_by_label("What did you see?")).to_have_value("Oil on the stairs of the tank")
    expect(phone.locator(".sp-photo")).to_have_count(1)
    choose(phone, "Where is it?", "Well N12-45")
    phone.get_by_role("button", name="Send report").click()
    phone.wait_for_url("**/field/?sent=hazard")
    expect(phone.locator("[data-list='sent'] li")).to_have_count(2)
    assert Hazard.objects.filter(place=well).count() == 2


@pytest.mark.django_db(transaction=True)
def test_another_person_on_the_phone_neither_sees_nor_sends_the_queue(catalogue, people, well, phone, logged_in):
    logged_in(phone, people.worker)
    prepared(phone)
    phone.context.set_offline(True)
    report_hazard(phone, 1)
    phone.goto("/field/hazard/")
    ready(phone)
    phone.get_by_label("What did you see?").fill("Half a word")
    phone.wait_for_timeout(600)
    # Signed out before the signal is back: with it the worker's own records would leave at once.
    phone.context.clear_cookies()
    phone.context.set_offline(False)

    logged_in(phone, people.worker2)
    phone.goto("/")
    phone.goto("/field/")
    ready(phone)
    phone.wait_for_timeout(1000)
    expect(waiting(phone)).to_have_count(0)
    expect(phone.locator("[data-list='drafts'] li")).to_have_count(0)
    expect(phone.get_by_text(people.worker2.name)).to_be_visible()
    assert not Hazard.objects.exists()

    phone.context.clear_cookies()
    logged_in(phone, people.worker)
    phone.goto("/")
    phone.goto("/field/")
    ready(phone)
    expect(phone.locator("[data-list='drafts'] li")).to_have_count(1)
    expect(phone.locator("[data-list='sent'] li")).to_have_count(1)
    assert Hazard.objects.get().reported_by == people.worker


@pytest.mark.django_db(transaction=True)
def test_a_full_phone_says_so_and_keeps_what_it_kept(catalogue, people, well, phone, logged_in):
    logged_in(phone, people.worker)
    prepared(phone)
    phone.goto("/field/hazard/")
    ready(phone)
    phone.get_by_label("What did you see?").fill("Oil on the stairs")
    expect(phone.locator("[data-kept]")).to_be_visible()
    phone.evaluate(FULL)
    phone.locator("[data-photos] input[type=file]").first.set_input_files(photo(1))
    expect(phone.get_by_text("This photo did not get through")).to_be_visible()
    phone.get_by_label("What did you see?").fill("Oil on the stairs of")
    expect(phone.locator("[data-not-kept]")).to_be_visible()
    expect(phone.locator("[data-kept]")).to_be_hidden()
    assert phone.locator(".sp-photo input[type=hidden]").count() == 0

    # Room again: it is kept by itself.
    phone.evaluate("window.full = false")
    phone.get_by_label("What did you see?").fill("Oil on the stairs of the tank")
    expect(phone.locator("[data-kept]")).to_be_visible()
    phone.reload()
    ready(phone)
    expect(phone.get_by_label("What did you see?")).to_have_value("Oil on the stairs of the tank")


@pytest.mark.django_db(transaction=True)
def test_two_people_share_a_phone_by_pin_without_signal(catalogue, people, well, phone, logged_in):
    sign_in_with_pin(phone, people.worker, "483915")
    sign_in_with_pin(phone, people.worker2, "907164")

    phone.context.set_offline(True)
    phone.goto("/field/")
    ready(phone)
    take_over(phone, people.worker, "000002")
    expect(phone.locator("[data-people] [data-fault]")).to_be_visible()
    give_pin(phone, "483915")
    expect(phone.locator("[data-person]")).to_have_text(people.worker.name)
    report_hazard(phone, 1)
    expect(waiting(phone)).to_have_count(1)

    # With signal it is still worker2 whom the server knows: the worker's report waits until they have taken over there too.
    phone.context.set_offline(False)
    phone.locator("[data-send-now]").click()
    expect(phone.locator("[data-session-over]")).to_be_visible()
    expect(waiting(phone)).to_have_count(1)
    assert not Hazard.objects.exists()
    phone.goto("/switch/?next=/field/")
    phone.get_by_text(people.worker.name).click()
    phone.get_by_label("PIN of six digits").fill("483915")
    phone.get_by_role("button", name="Go on").click()
    ready(phone)
    expect(phone.locator("[data-list='sent'] li")).to_have_count(1)
    assert Hazard.objects.get().reported_by == people.worker


def sign_in_with_pin(page: Any, person: Any, pin: str) -> None:
    person.set_password(PASSWORD)
    person.save()
    page.context.set_offline(False)
    page.goto("/logout/")
    if page.locator("form[action='/logout/'] button").count():
        page.locator("main form[action='/logout/'] button").first.click()
        page.wait_for_url(lambda url: "/logout/" not in url)
    page.goto("/login/")
    sign_in(page, person)
    page.goto("/account/pin/")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("PIN of six digits").fill(pin)
    page.get_by_role("button", name="Set PIN").click()
    expect(page.get_by_text("Your PIN is set on this device")).to_be_visible()
    prepared(page)


def take_over(page: Any, person: Any, pin: str) -> None:
    page.locator("[data-people]").get_by_role("button", name=person.name).click()
    give_pin(page, pin)


def give_pin(page: Any, pin: str) -> None:
    page.locator("#field-pin").fill(pin)
    page.locator("[data-people] form button").click()


def everything_is_there_once(well: Any) -> None:
    assert [inspection.status for inspection in Inspection.objects.all()] == ["submitted"] * 3
    titles = sorted(Hazard.objects.filter(inspection__isnull=False).values_list("title", flat=True))
    assert titles == [f"Gate {number} cannot be closed" for number in (1, 2, 3)]
    assert Hazard.objects.get(inspection=None).place == well
    sent = {hashlib.sha256(photo(number)["buffer"]).hexdigest() for number in (1, 2, 3, 4)}
    kept = list(Attachment.objects.filter(set__isnull=False).values_list("sent_sha256", flat=True))
    assert sorted(kept) == sorted(sent)
