"""The forms of a corrective action: shown to whom, what they keep, what they answer; and the card that leads to them."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from responsibilities import workflows
from responsibilities.choices import ActionStatus, AnswerKind
from responsibilities.models import CorrectiveAction, Escalation
from responsibilities.panels import action_panel
from responsibilities.sweep import sweep_deadlines
from safetyplant.attachments.services import receive
from safetyplant.audit.history import history
from safetyplant.audit.services import record
from tests.factories.inspections import assigned

pytestmark = pytest.mark.usefixtures("catalogue")

NOW = timezone.now()
LATER = timezone.localdate() + timedelta(days=18)

#: verb → (what brings the action there, who may, the form's body, the state after)
STEPS = {
    "start": ("assigned", {"head", "director"}, {}, ActionStatus.IN_PROGRESS),
    "wait": ("assigned", {"head", "director"}, {"waiting_for": "parts", "interim_control": "Chained"}, ActionStatus.WAITING),
    "submit": ("assigned", {"head", "director"}, {"note": "New hinge"}, ActionStatus.SUBMITTED),
    "return": ("submitted", {"officer", "leader", "director"}, {"reason": "Not locked"}, ActionStatus.RETURNED),
    "verify": ("submitted", {"officer", "leader", "director"}, {}, ActionStatus.VERIFIED),
    "extend": ("assigned", {"head", "director"}, {"due_on": LATER.isoformat(), "reason": "Parts"}, ActionStatus.ASSIGNED),
    "decide": ("asked", {"officer", "leader", "director"}, {"grant": "yes"}, ActionStatus.ASSIGNED),
    "cancel": ("assigned", {"officer", "leader", "director"}, {"reason": "Duplicate"}, ActionStatus.CANCELLED),
}
#: Who sees the action at all; everyone else gets 404.
SEES = {"director", "leader", "officer", "supervisor", "head", "worker"}


@pytest.fixture
def action(people, station):
    return assigned(station, people.worker, assessor=people.officer, now=NOW).action


def bring(action, state, people):
    if state == "submitted":
        action = workflows.submit_fix(action, by=people.head, note="Done")
    elif state == "asked":
        workflows.ask_extension(action, by=people.head, due_at=NOW + timedelta(days=20), reason="Parts")
    return CorrectiveAction.objects.get(pk=action.pk)


@pytest.mark.parametrize("verb", STEPS)
def test_each_step_is_offered_to_those_who_may_take_it_and_taken(client, people, action, verb):
    state, who_may, body, after = STEPS[verb]
    action = bring(action, state, people)
    address = f"/actions/{action.pk}/{verb}/"
    for who in ("director", "leader", "officer", "supervisor", "head", "head2", "worker", "worker2", "outsider"):
        client.force_login(getattr(people, who))
        expected = 404 if who not in SEES else 200 if who in who_may else 403
        assert client.get(address).status_code == expected, who
        if expected != 200:
            assert client.post(address, body).status_code == expected, who
    client.force_login(getattr(people, sorted(who_may)[-1]))
    response = client.post(address, body | {"revision": action.revision})
    assert response.status_code == 302
    assert response.headers["Location"] == action.link
    action.refresh_from_db()
    assert action.status == after


@pytest.mark.parametrize(
    ("verb", "missing"), [("submit", "note"), ("return", "reason"), ("cancel", "reason"), ("extend", "due_on")]
)
def test_faulty_form_is_422_and_keeps_the_text(client, people, action, verb, missing):
    state, who_may, body, _after = STEPS[verb]
    action = bring(action, state, people)
    client.force_login(getattr(people, sorted(who_may)[-1]))
    response = client.post(f"/actions/{action.pk}/{verb}/", {**body, missing: ""})
    assert response.status_code == 422
    for name, value in body.items():
        if name != missing:
            assert value in response.content.decode()


def test_stale_form_keeps_the_text_and_can_be_sent_again(client, people, action):
    seen = action.revision
    workflows.start_fix(action, by=people.head)
    client.force_login(people.head)
    body = {"note": "My long report", "revision": seen}
    response = client.post(f"/actions/{action.pk}/submit/", body)
    assert response.status_code == 409
    page = response.content.decode()
    assert "My long report" in page
    assert "Someone else changed this" in page
    assert f'name="revision" value="{seen + 1}"' in page
    assert client.post(f"/actions/{action.pk}/submit/", body | {"revision": seen + 1}).status_code == 302


@pytest.mark.parametrize("revision", ["", "x", None])
def test_a_form_that_does_not_say_what_its_reader_saw_is_refused(client, people, action, revision):
    client.force_login(people.head)
    body = {"note": "Done"} if revision is None else {"note": "Done", "revision": revision}
    response = client.post(f"/actions/{action.pk}/submit/", body)

    assert response.status_code == 422
    assert "Open this page again" in response.content.decode()
    action.refresh_from_db()
    assert action.status == ActionStatus.ASSIGNED


def test_step_of_another_state_is_409(client, people, action):
    client.force_login(people.officer)
    assert client.get(f"/actions/{action.pk}/verify/").status_code == 409
    assert client.post(f"/actions/{action.pk}/verify/", {}).status_code == 409
    assert client.get(f"/actions/{action.pk}/decide/").status_code == 409
    assert client.get(f"/actions/{action.pk}/dance/").status_code == 404


def test_photo_of_the_result_is_bound_and_seen_by_the_checker(client, people, action):
    client.force_login(people.head)
    response = client.post(f"/actions/{action.pk}/submit/", {"note": "Done", "photos": [photo()], "revision": action.revision})
    assert response.status_code == 302
    action.refresh_from_db()
    attachment = action.evidence.attachments.get()
    assert attachment.purpose == "after"
    for who, status in [("officer", 200), ("worker", 200), ("worker2", 404)]:
        client.force_login(getattr(people, who))
        assert client.get(f"/files/{attachment.pk}/").status_code == status, who


def photo() -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (64, 48), "green").save(file, "JPEG")
    return SimpleUploadedFile("fix.jpg", file.getvalue(), content_type="image/jpeg")


def test_reassigned_only_to_people_of_the_unit_or_its_chain(client, people, action):
    client.force_login(people.head)
    address = f"/actions/{action.pk}/reassign/"
    assert client.post(address, {"owner": people.worker2.pk, "reason": "Leave"}).status_code == 422
    assert client.post(address, {"owner": people.worker.pk, "reason": "Leave", "revision": action.revision}).status_code == 302
    action.refresh_from_db()
    assert action.owner == people.worker


# --- answers ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def question(people, station):
    """The leader is asked why a serious hazard is late."""
    assigned(station, people.worker, assessor=people.officer, level="G1", now=NOW - timedelta(days=40))
    sweep_deadlines(NOW)
    return Escalation.objects.filter(addressee=people.leader).order_by("pk").first()


def test_home_asks_for_the_answer_with_its_four_choices(client, people, question):
    client.force_login(people.leader)
    page = client.get("/").content.decode()
    assert page.count("?answer=visit") == 1
    for kind in AnswerKind:
        assert f"/escalations/{question.pk}/answer/?answer={kind.value}" in page


def test_one_answer_settles_all_that_was_asked_of_the_same_person(client, people, question):
    assert Escalation.objects.waiting().filter(addressee=people.leader).count() > 1
    client.force_login(people.leader)
    body = {"answer": "visit", "text": "I go there at two."}
    assert client.post(f"/escalations/{question.pk}/answer/", body).status_code == 302
    assert not Escalation.objects.waiting().filter(addressee=people.leader).exists()
    assert Escalation.objects.waiting().filter(addressee=people.director).exists()
    assert client.get(f"/escalations/{question.pk}/answer/").status_code == 409


def test_extending_and_reassigning_need_their_field(client, people, question):
    client.force_login(people.leader)
    address = f"/escalations/{question.pk}/answer/"
    assert "Choose the new date." in client.post(address, {"answer": "extend", "text": "Why"}).content.decode()
    assert "Choose who does it now." in client.post(address, {"answer": "reassign", "text": "Why"}).content.decode()
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert client.post(address, {"answer": "extend", "due_on": yesterday, "text": "Why"}).status_code == 422
    assert client.post(address, {"answer": "extend", "due_on": LATER.isoformat(), "text": "Why"}).status_code == 302
    question.deadline.refresh_from_db()
    assert timezone.localdate(question.deadline.due_at) == LATER


def test_question_is_for_whoever_was_asked_or_stands_above(client, people, question):
    for who, status in [("leader", 200), ("director", 200), ("officer", 200), ("head", 403), ("worker", 403), ("worker2", 404)]:
        client.force_login(getattr(people, who))
        assert client.get(f"/escalations/{question.pk}/answer/").status_code == status, who


def test_address_of_an_answer_on_the_action_leads_to_the_question(client, people, question):
    action = CorrectiveAction.objects.get(deadline=question.deadline)
    client.force_login(people.leader)
    assert client.get(f"/actions/{action.pk}/answer/").headers["Location"] == f"/escalations/{question.pk}/answer/"


# --- the card ----------------------------------------------------------------------------------------------------------------


def verbs(user, action):
    return [button.verb for button in action_panel(user, action).buttons]


def test_panel_offers_exactly_what_the_reader_may_do_now(people, action):
    assert verbs(people.head, action) == ["submit", "start", "wait", "extend", "reassign"]
    assert verbs(people.officer, action) == ["reassign", "date", "cancel"]
    assert verbs(people.worker, action) == []
    action = workflows.submit_fix(action, by=people.head, note="Done")
    assert verbs(people.head, action) == []
    assert verbs(people.officer, action) == ["verify", "return", "cancel"]
    panel = action_panel(people.officer, action)
    assert (panel.tone, panel.primary.verb) == ("check", "verify")
    assert [button.verb for button in panel.bar] == ["return", "verify"]


def test_heading_and_bar_follow_what_the_reader_owes(people, action):
    """A director may fix in everyone's place: that is no reason to tell them "Fix this"."""
    assert (action.owner, action_panel(people.head, action).title) == (people.head, "Fix this")
    panel = action_panel(people.director, action)
    assert "submit" in [button.verb for button in panel.others]
    assert (panel.title, panel.bar, panel.primary) == (f"With {people.head.name}", (), None)
    action = workflows.submit_fix(action, by=people.head, note="Done")
    assert (action.verifier, action_panel(people.officer, action).title) == (people.officer, "Check this fix")
    panel = action_panel(people.director, action)
    assert (panel.title, panel.bar) == ("Waiting for check", ())
    assert {"verify", "return"} <= {button.verb for button in panel.others}


def test_panel_shows_what_waits_for_a_decision_or_an_answer(people, action, question):
    workflows.ask_extension(action, by=people.head, due_at=NOW + timedelta(days=20), reason="Parts")
    assert "decide" not in verbs(people.head, action)
    assert action_panel(people.leader, action).primary.verb == "decide"
    late = CorrectiveAction.objects.get(deadline=question.deadline)
    panel = action_panel(people.leader, late)
    assert [button.verb for button in panel.bar] == ["answer"]
    assert panel.tone == "late"
    mine = [one for one in panel.questions if one.is_mine]
    assert [len(one.answers) for one in mine] == [4]
    assert {one.escalation.addressee for one in panel.questions} == {people.leader, people.director}
    assert not any(one.answers or one.instead_url for one in action_panel(people.worker, late).questions)


def test_the_fixer_at_the_door_of_the_check_is_told_who_checks(client, people, action):
    """403 as for everyone without the right, but in words that fit: no appointment is missing here."""
    action = bring(action, "submitted", people)
    client.force_login(people.head)
    response = client.get(f"/actions/{action.pk}/verify/")
    page = response.content.decode()
    assert response.status_code == 403
    assert "Nobody checks their own fix" in page
    assert action.verifier.name in page
    assert f'href="{action.link}"' in page
    assert "appointment" not in page
    client.force_login(people.supervisor)
    assert "Nobody checks their own fix" not in client.get(f"/actions/{action.pk}/verify/").content.decode()


def test_before_it_is_handed_in_the_fixer_reads_who_will_check(client, people, action):
    client.force_login(people.head)
    page = client.get(f"/actions/{action.pk}/return/").content.decode()
    assert "Who will check it" in page
    assert action.verifier.name in page


@pytest.mark.parametrize(("photos", "told"), [(0, "without a photo."), (1, "with 1 photo."), (3, "with 3 photos.")])
def test_the_story_counts_photos_in_words(people, action, photos, told):
    record("action.submitted", action, by=people.head, detail={"quote": "", "photos": photos})
    assert told in str(history(action)[0].sentence)


def test_the_page_tells_who_was_asked_and_what_was_answered(client, people, question):
    action = CorrectiveAction.objects.get(deadline=question.deadline)
    client.force_login(people.leader)
    client.post(f"/escalations/{question.pk}/answer/", {"answer": "visit", "text": "I go there <at> two."})
    for who in ("leader", "officer", "head", "director"):
        client.force_login(getattr(people, who))
        page = client.get(action.link).content.decode()
        assert f"<b>{people.director}</b> was asked for an answer" in page, who
        assert f"<b>{people.leader}</b> answered: I go and see." in page, who
        assert page.count('<span class="sp-quote d-block">I go there &lt;at&gt; two.</span>') == 1, who


def test_what_is_late_decides_which_answers_there_are(client, people, action):
    """Whoever is asked about a late check has nothing to fix."""
    workflows.submit_fix(action, by=people.head, note="Done", now=NOW - timedelta(days=30))
    sweep_deadlines(NOW)
    asked = Escalation.objects.filter(deadline__kind="verify", addressee=people.director).first()
    client.force_login(people.director)
    page = client.get("/").content.decode()
    assert "I have the fix checked" in page
    assert "I have it fixed" not in page
    page = client.get(f"/escalations/{asked.pk}/answer/").content.decode()
    assert "I have the fix checked" in page
    assert "I have it fixed" not in page


def test_an_answer_reaches_those_who_wait_for_it(client, people, question):
    client.force_login(people.leader)
    client.post(f"/escalations/{question.pk}/answer/", {"answer": "visit", "text": "I go there at two."})
    for who in ("officer", "head", "director"):
        client.force_login(getattr(people, who))
        page = client.get("/inbox/").content.decode()
        assert f"{people.leader} answered: I go and see" in page, who
        assert "I go there at two." in page, who
    client.force_login(people.leader)
    assert "answered: I go and see" not in client.get("/inbox/").content.decode()


def test_a_fixer_owes_no_answer_about_the_check_of_their_fix(people, action):
    workflows.submit_fix(action, by=people.head, note="Done", now=NOW - timedelta(days=30))
    sweep_deadlines(NOW)
    asked = {one.addressee for one in Escalation.objects.filter(deadline__kind="verify")}
    assert asked == {people.leader, people.director}


def test_whoever_checks_sees_what_was_found_and_what_was_done(client, people, station):
    found = receive(photo(), by=people.worker)
    action = assigned(station, people.worker, assessor=people.officer, now=NOW, photos=[found]).action
    workflows.submit_fix(action, by=people.head, note="Done", photos=[receive(photo(), by=people.head)])
    client.force_login(people.officer)
    for verb in ("verify", "return"):
        page = client.get(f"/actions/{action.pk}/{verb}/").content.decode()
        assert page.count("<img") == 2, verb
        assert found.thumb_url in page


def test_a_missing_answer_is_told_in_one_voice(client, people, action):
    client.force_login(people.head)
    page = client.post(f"/actions/{action.pk}/submit/", {"note": ""}).content.decode()
    assert page.count("Answer “What was done”") == 2
    assert "This field is required" not in page
