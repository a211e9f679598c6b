"""A plan's story in a real browser: written, missed and told up the chain, excused, done from a phone without signal."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from inspections.choices import VisitStatus
from inspections.models import InspectionPlan, PlannedVisit
from inspections.recurrence import END_OF_DAY
from inspections.workflows import keep_plans
from responsibilities.choices import DeadlineStatus
from responsibilities.models import Reminder
from responsibilities.sweep import sweep_deadlines
from tests.factories.plans import plan
from tests.factories.responsibilities import PASSWORD, PlaceFactory
from tests.scenarios.handset import Handset
from tests.scenarios.test_offline import prepared, ready, sign_in


@pytest.fixture
def well(station):
    return PlaceFactory(unit=station, code="N12-45", name="Well N12-45")


@pytest.fixture
def handset(browser_type, browser_type_launch_args, tmp_path, live_server) -> Iterator[Handset]:
    handset = Handset(browser_type, browser_type_launch_args, tmp_path / "phone", live_server.url)
    yield handset
    handset.close()


@pytest.mark.django_db(transaction=True)
def test_missed_told_excused_and_another_done_from_a_phone(catalogue, people, well, page, handset, logged_in):
    # The officer writes a plan at the desk.
    officer = logged_in(page, people.officer)
    write_plan(officer)
    assert PlannedVisit.objects.filter(plan=InspectionPlan.objects.get(title="Well round"), place=well).exists()

    # Another has run for five days, and nobody went. The chain is told, each once.
    began = timezone.now() - timedelta(days=5)
    mine = plan(well.unit, [people.supervisor], people.officer, targets=[(well.unit, well)], now=began, due_time=END_OF_DAY)
    keep_plans()
    sweep_deadlines()
    missed = PlannedVisit.objects.filter(plan=mine, status=VisitStatus.MISSED).earliest("due_at")
    told = Reminder.objects.filter(deadline=missed.deadline).values_list("recipient__username", flat=True)
    assert {"supervisor", "leader", "director"} <= set(told)
    assert sweep_deadlines().reminders == 0

    # The leader, who was asked, excuses the oldest; the others stay missed.
    excuse(logged_in(page, people.leader), missed)
    missed.refresh_from_db()
    missed.deadline.refresh_from_db()
    assert (missed.status, missed.deadline.status) == (VisitStatus.EXCUSED, DeadlineStatus.CANCELLED)
    assert PlannedVisit.objects.filter(plan=mine, status=VisitStatus.MISSED).exists()

    # Today's is on the phone and done there without a signal.
    today = PlannedVisit.objects.get(plan=mine, on=timezone.localdate())
    people.supervisor.set_password(PASSWORD)
    people.supervisor.save()
    phone = handset.start("/login/")
    sign_in(phone, people.supervisor)
    prepared(phone)
    handset.kill()
    phone = handset.start("/field/", offline=True)
    ready(phone)
    begin_from_the_plan(phone, today)
    assert not today.inspections.exists()
    handset.close()

    # With signal again it arrives by itself and meets the visit.
    phone = handset.start("/login/?next=/field/")
    sign_in(phone, people.supervisor)
    ready(phone)
    phone.locator("[data-list='sent'] li").first.wait_for(timeout=20_000)
    today.refresh_from_db()
    assert today.status == VisitStatus.DONE
    assert today.inspections.get().created_by == people.supervisor
    expect(phone.locator(f"[data-list='plan'] a[href*='visit={today.pk}&']")).to_have_count(0)


def write_plan(officer):
    officer.goto("/inspections/plans/new/")
    officer.get_by_label("What is it called?").fill("Well round")
    pick(officer, "targets", "Well N12-45")
    pick(officer, "inspectors", "Sun Lei")
    for day in ("Monday", "Wednesday", "Friday"):
        officer.locator(".if-weekly").get_by_text(day, exact=True).click()
    officer.get_by_role("button", name="Save the plan").first.click()
    expect(officer.get_by_role("heading", name="Well round").first).to_be_visible()


def pick(page, name, text):
    """One of several choices of a search select, whose list stays open for the next one."""
    box = page.locator(f"#id_{name}-ts-control")
    # The list is drawn anew when the server's part of it is there.
    with page.expect_response(lambda answer: "q=" in answer.url):
        box.press_sequentially(text)
    page.locator(f"#id_{name}-ts-dropdown .option.active", has_text=text).wait_for()
    box.press("Enter")
    page.locator(".item[data-ts-item]", has_text=text).wait_for()
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")


def begin_from_the_plan(phone, visit):
    phone.locator(f"[data-list='plan'] a[href*='visit={visit.pk}&']").click()
    ready(phone)
    phone.get_by_role("button", name="Begin").click()
    phone.locator("[data-step='items'] .sp-item").first.wait_for()
    for group in phone.locator("[data-step='items'] fieldset.sp-tri").all():
        group.get_by_text("OK", exact=True).click()
    phone.get_by_role("button", name="Look it over").click()
    phone.get_by_role("button", name="Submit").click()
    phone.wait_for_url("**/field/?sent=inspection")
    ready(phone)


def excuse(leader, visit):
    leader.goto(f"/inspections/plans/visits/{visit.pk}/")
    expect(leader.get_by_text("Your answer is asked").first).to_be_visible()
    leader.get_by_role("link", name="Excuse this visit").first.click()
    leader.get_by_text("Weather", exact=True).click()
    leader.get_by_label("What happened").fill("Sandstorm, no driving")
    leader.get_by_role("button", name="Excuse this visit").first.click()
    expect(leader.get_by_text("Sandstorm, no driving").first).to_be_visible()
