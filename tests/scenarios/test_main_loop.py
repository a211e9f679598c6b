"""The product's main job in a real browser: found, fixed by one, checked by another; what is late climbs the chain."""

import io
import json
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from inspections.models import Hazard
from responsibilities.models import Reminder
from safetyplant.demo.pictures import picture as drawn
from tests.factories.responsibilities import PlaceFactory, PostFactory
from tests.scenarios.pictures import picture

#: Items of the well-site checklist: serious and moderate.
GUARD, CABINET = "Guard rail around crank", "Control cabinet closed"


def photo(scene: str, *, broken: bool) -> dict[str, object]:
    return {"name": f"{scene}.jpg", "mimeType": "image/jpeg", "buffer": drawn(scene, broken=broken)}


def send_photo(page, field, *, broken):
    """Choose a picture and wait until the server has it."""
    with page.expect_response(lambda answer: "/files/" in answer.url and answer.request.method == "PUT") as sent:
        field.set_input_files(photo("guard", broken=broken))
    assert sent.value.status in (200, 201)


@pytest.fixture
def well(station):
    PostFactory(unit=station, name="Well operator", is_front_line=True)
    return PlaceFactory(unit=station, code="N12-45", name="Well N12-45")


@pytest.mark.django_db(transaction=True)
def test_from_the_failed_item_to_the_director(catalogue, people, well, page, phone, new_context, context_options, logged_in):
    def desk(person):
        return logged_in(new_context(**context_options).new_page(), person)

    # The supervisor logs an inspection of the well site on a phone: two items fail, one with a photo.
    logged_in(phone, people.supervisor)
    log_inspection(phone)
    guard, cabinet = Hazard.objects.get(title="Crank guard gate cannot be closed"), Hazard.objects.get(title="Cabinet door open")

    # The head finds both in the inbox and submits a fix of the first with a photo, but cannot check it.
    head = desk(people.head)
    fix_from_the_inbox(head, guard)
    expect(head.get_by_role("link", name="Accept and close")).to_have_count(0)
    assert head.goto(f"/actions/{guard.action_id}/verify/").status == 403

    # The leader returns it once, the head submits again, the leader accepts.
    leader = desk(people.leader)
    leader.goto(f"/hazards/{guard.pk}/")
    picture(leader, "hazard-check")
    act(leader, "Return", reason="The latch is not locked yet.")
    submit_fix(head, guard, "Latch fitted and locked.", with_photo=False)
    leader.goto(f"/hazards/{guard.pk}/")
    act(leader, "Accept and close")
    guard.refresh_from_db()
    assert (guard.status, guard.closed_by) == ("closed", people.leader)

    # The other is handed to a worker and left. A sweep later tells owner, head, leader and director, each once.
    head.goto(f"/actions/{cabinet.action_id}/reassign/")
    choose(head, "Who fixes it now?", people.worker.name)
    head.get_by_label("Why").fill("He is on the well today.")
    head.get_by_role("button", name=re.compile("Reassign|Give|Hand")).first.click()
    head.wait_for_load_state()
    cabinet.refresh_from_db()
    assert cabinet.holder == people.worker
    walk_the_chain(cabinet)

    # The director sees it on the dashboard and clicks through to it.
    director = desk(people.director)
    director.goto("/dashboard/")
    director.get_by_role("link", name="Cabinet door open").first.wait_for()
    picture(director, "dashboard", full=True)
    director.get_by_role("link", name="Cabinet door open").first.click()
    expect(director.get_by_role("heading", name="Cabinet door open").first).to_be_visible()
    expect(director.get_by_text(people.worker.name).first).to_be_visible()


def log_inspection(phone):
    phone.goto("/inspections/new/")
    choose(phone, "What do you inspect?", "Well N12-45")
    checklist = phone.get_by_label(re.compile("By which checklist"))
    checklist.select_option(value=checklist.locator("option", has_text="Pumping well site").get_attribute("value"))
    phone.get_by_role("button", name="Begin").click()
    items = phone.locator(".sp-item")
    expect(items).to_have_count(22)
    for group in phone.locator("details.sp-group:not([open]) > summary").all():
        group.click()
    for index in range(22):
        items.nth(index).locator("label", has_text="OK").first.click()
    guard, cabinet = (items.filter(has_text=text) for text in (GUARD, CABINET))
    for failed in (guard, cabinet):
        failed.locator("label", has_text="Fail").first.click()
    guard.get_by_label("What is wrong?").fill("Crank guard gate cannot be closed")
    send_photo(phone, guard.locator("input[type=file]").first, broken=True)
    cabinet.get_by_label("What is wrong?").fill("Cabinet door open")
    guard.scroll_into_view_if_needed()
    guard.locator("label", has_text="Fail").first.scroll_into_view_if_needed()
    picture(phone, "inspection-phone")
    phone.get_by_role("button", name="Look it over").click()
    phone.get_by_role("button", name="Submit").click()
    expect(phone.get_by_text(re.compile(r"INS-\d{4}-\d{4}")).first).to_be_visible()


def fix_from_the_inbox(head, hazard):
    head.goto("/inbox/")
    picture(head, "inbox")
    head.get_by_role("link", name=re.compile(hazard.title)).or_(
        head.get_by_role("button", name=re.compile(hazard.title))
    ).first.click()
    expect(head.get_by_role("heading", name=hazard.title).first).to_be_visible()
    submit_fix(head, hazard, "New hinge pair fitted.")


def submit_fix(head, hazard, note, *, with_photo=True):
    head.goto(f"/actions/{hazard.action_id}/submit/")
    head.get_by_label("What was done").fill(note)
    if with_photo:
        send_photo(head, head.locator("input[type=file]").first, broken=False)
    head.locator("main form button[type=submit]").last.click()
    head.wait_for_url(re.compile(rf"/hazards/{hazard.pk}/"))


def act(page, button, **typed):
    page.get_by_role("link", name=re.compile(button)).first.click()
    if "reason" in typed:
        page.get_by_label(re.compile("What is not good enough yet")).fill(typed["reason"])
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/hazards/\d+/"))


def choose(page, label, text):
    """Pick from a search select: type, then take the first match."""
    box = page.locator(".ts-wrapper", has=page.locator("input")).filter(has=page.locator(".ts-control")).first
    box.click()
    page.keyboard.type(text)
    page.locator(".ts-dropdown .option", has_text=text).first.click()


def walk_the_chain(hazard):
    late = timezone.localtime(hazard.action.deadline.due_at + timedelta(days=7, hours=1)).replace(tzinfo=None)
    counts = []
    for _time in range(3):
        out = io.StringIO()
        out = io.StringIO()
        call_command("sweep_deadlines", now=late.isoformat(), stdout=out)
        counts.append(json.loads(out.getvalue().splitlines()[-1]))
    assert counts[0]["reminders"] > 0
    assert counts[1] == counts[2] == {"deadlines": 0, "reminders": 0, "messages": 0}
    told = (
        Reminder.objects.filter(deadline=hazard.action.deadline).order_by("moment").values_list("recipient__username", flat=True)
    )
    assert [name for index, name in enumerate(told) if name not in list(told)[:index]] == ["worker", "head", "leader", "director"]
