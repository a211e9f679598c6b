"""A worker's second violation of a kind in a real browser: served, appealed, decided, and what its points bring."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from inspections.models import Duty, PointsEntry, Violation
from responsibilities.choices import DeadlineStatus
from safetyplant.demo.pictures import picture as drawn
from tests.factories.penalties import PASSWORD, made_final, with_password


@pytest.mark.django_db(transaction=True)
def test_the_second_of_a_kind_to_the_duty_done_with_proof(catalogue, people, new_context, context_options, logged_in):
    def desk(person):
        person.refresh_from_db()
        return logged_in(new_context(**context_options).new_page(), person)

    worker = with_password(people.worker)
    earlier = timezone.now() - timedelta(days=20)
    made_final(people.head.unit, people.supervisor, people.officer, worker, code="VO16", now=earlier)
    assert not Duty.objects.exists()

    # The supervisor records the second one; the rule proposes half more.
    supervisor = desk(people.supervisor)
    violation = record_second(supervisor, worker)
    assert (violation.person, violation.proposed_points) == (worker, 3)
    address = f"/violations/{violation.pk}/"

    # The officer serves the notice; the worker reads and signs it, then appeals.
    officer, own, leader = desk(people.officer), desk(worker), desk(people.leader)
    serve(officer, address)
    sign_and_appeal(own, address)

    # Neither who served nor who recorded it decides; the leader, who had no part in it, reduces it. It can't become more.
    for involved in (officer, supervisor):
        assert involved.goto(f"{address}decide/").status == 403
    reduce_it(leader, address)
    assert PointsEntry.objects.balance(worker.pk, timezone.localdate().year) == 4

    # Two and two are four: the head owes a talk, proves it, and the officer checks the proof.
    duty = Duty.objects.get()
    assert (duty.kind, duty.deadline.owner) == ("talk", people.head)
    prove_talk(desk(people.head), duty)
    accept(officer, duty)
    duty.refresh_from_db()
    assert (duty.status, duty.verified_by, duty.deadline.status) == ("verified", people.officer, DeadlineStatus.MET)

    # The worker reads their account, and who looked at it.
    own.goto("/violations/record/")
    expect(own.get_by_text("Reminder talk").first).to_be_visible()
    expect(own.get_by_text(people.leader.name).first).to_be_visible()


def press(page, name):
    """The main button of a form, whichever of the two the screen shows."""
    page.locator("button[type=submit]:visible", has_text=name).first.click()


def record_second(page, worker):
    page.goto("/violations/new/")
    page.get_by_label("What happened?").fill("No safety shoes at the separator")
    page.evaluate("document.querySelectorAll('select[data-search]').forEach(one => one.tomselect && one.tomselect.destroy())")
    page.locator("select[name=where]").select_option(f"u{worker.unit_id}")
    page.locator("select[name=person]").evaluate("(box, id) => { box.add(new Option('x', id)); box.value = id; }", str(worker.pk))
    page.locator("select[name=violation_type]").select_option("VO16")
    press(page, "Record it")
    page.wait_for_url(re.compile(r"/violations/\d+/$"))
    return Violation.objects.latest("pk")


def serve(officer, address):
    officer.goto(address)
    officer.get_by_role("link", name="Serve the notice").first.click()
    expect(officer.get_by_label("Points", exact=True)).to_have_value("3")
    press(officer, "Serve the notice")
    expect(officer.get_by_text("factor 1.5").first).to_be_visible()


def sign_and_appeal(own, address):
    own.goto(address)
    own.get_by_role("link", name="Sign for the notice").first.click()
    own.get_by_label("Your password").fill("not the one")
    press(own, "Sign")
    expect(own.get_by_text("This is not your password").first).to_be_visible()
    own.get_by_label("Your password").fill(PASSWORD)
    press(own, "Sign")
    own.get_by_role("link", name="Appeal").first.click()
    own.get_by_label("Why do you disagree?").fill("I was asked to change them at the gate.")
    press(own, "Send the appeal")
    expect(own.get_by_text("Li Weimin").first).to_be_visible()


def reduce_it(leader, address):
    leader.goto(address)
    leader.get_by_role("link", name="Decide the appeal").first.click()
    leader.locator("label", has_text="Reduce").first.click()
    leader.get_by_label("Points left, if reduced").fill("4")
    leader.get_by_label("Reasons").fill("He was sent there without time to change.")
    press(leader, "Decide")
    expect(leader.get_by_text("An appeal never raises the points").first).to_be_visible()
    leader.get_by_label("Points left, if reduced").fill("2")
    press(leader, "Decide")
    leader.wait_for_url(re.compile(rf"{address}$"))


def prove_talk(head, duty):
    head.goto("/")
    head.get_by_role("link", name=re.compile("See to the duty")).first.click()
    head.get_by_role("link", name="Say what was done").first.click()
    head.get_by_label("What was done?").fill("Talked about shoes and time; signed by both.")
    with head.expect_response(lambda answer: "/files/" in answer.url and answer.request.method == "PUT"):
        head.locator("input[type=file]").first.set_input_files(
            {"name": "talk.jpg", "mimeType": "image/jpeg", "buffer": drawn("sheet", broken=False)}
        )
    press(head, "Send for checking")
    head.wait_for_url(re.compile(rf"/violations/duties/{duty.pk}/$"))


def accept(officer, duty):
    officer.goto(f"/violations/duties/{duty.pk}/")
    officer.get_by_role("link", name="Accept the proof").first.click()
    press(officer, "Accept and close")
    officer.wait_for_url(re.compile(rf"/violations/duties/{duty.pk}/$"))
