"""Pages, papers, exports, API and mails of penalties. SECURITY: whom it concerns and what it costs is for few, everywhere."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from inspections.models import Duty, Penalty, PenaltyRule, Proposal, RecordView, Violation, ViolationType
from inspections.services.penalty_rules import RULE_FIELDS, ThresholdText, change_rule
from inspections.workflows import record_refusal
from safetyplant.access.tokens import issue_token
from safetyplant.notifications.models import Message
from tests.factories.penalties import PASSWORD, appealed, made_final, noticed, received, recorded, with_password
from tests.factories.responsibilities import PersonFactory
from tests.inspections.photos import photo

pytestmark = pytest.mark.usefixtures("catalogue", "people")
SECRET = "Qiu Bulao"
SEES = ["director", "leader", "officer", "supervisor", "head", "culprit"]
BLIND = ["head2", "worker", "worker2", "outsider"]


@pytest.fixture
def culprit(station):
    return with_password(PersonFactory(username="culprit", name=SECRET, unit=station))


@pytest.fixture
def violation(station, supervisor, officer, culprit):
    return noticed(recorded(station, supervisor, culprit, description="Phone at the separator by the flare"), officer)


def url(page, *args):
    return reverse(f"inspections:{page}", args=args)


def act(violation, verb):
    return url("violation-act", violation.pk, verb)


def who(people, culprit, name):
    return culprit if name == "culprit" else getattr(people, name)


def everything(client, violation):
    """What one reader gets to read around one penalty, through every channel there is."""
    pages = [
        url("violation-list"), url("duty-list"), url("proposal-list"), url("clause-comparison"), url("posted"), "/",
        "/deadlines/", "/inbox/", "/dashboard/", "/search/?q=separator", f"/units/{violation.unit_id}/", "/responsibilities/",
        "/api/v1/violations/?limit=100", "/api/v1/deadlines/?limit=100", f"/api/v1/violations/{violation.pk}/penalty/",
        f"/api/v1/violations/{violation.pk}/", url("violation-notice", violation.pk), url("violation-detail", violation.pk),
    ]  # fmt: skip
    texts = [client.get(page).content.decode("utf-8", errors="replace") for page in pages]
    for page in (url("violation-list"), url("duty-list"), "/deadlines/"):
        texts.append(b"".join(client.get(page, {"format": "csv"}).streaming_content).decode())
        book = openpyxl.load_workbook(BytesIO(b"".join(client.get(page, {"format": "xlsx"}).streaming_content)))
        texts.append(str([cell for row in book.active.values for cell in row]))
    return texts


@pytest.mark.parametrize("name", BLIND)
def test_nobody_else_learns_of_it_in_any_channel(client, people, culprit, violation, station, supervisor, officer, name):
    final = made_final(station, supervisor, officer, culprit, code="VO03")
    client.force_login(getattr(people, name))
    for text in everything(client, final):
        for secret in (final.number, violation.number, Duty.objects.get().number, "flare"):
            assert secret not in text
    assert client.get(url("violation-notice", final.pk)).status_code == 404
    assert client.get(url("person-record", culprit.pk)).status_code in (403, 404)


@pytest.mark.parametrize("name", SEES)
def test_those_concerned_read_page_and_paper(client, people, culprit, violation, name):
    client.force_login(who(people, culprit, name))
    assert SECRET in client.get(url("violation-detail", violation.pk)).content.decode()
    paper = client.get(url("violation-notice", violation.pk))
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")


def test_mails_and_messages_name_neither_person_nor_breach_nor_points(station, supervisor, officer, leader, culprit):
    violation = appealed(received(noticed(recorded(station, supervisor, culprit, description="Phone"), officer)))
    told = Message.objects.filter(link__contains=f"/violations/{violation.pk}/")
    assert {message.code for message in told} >= {"violation.recorded", "penalty.to_serve", "penalty.noticed", "penalty.appealed"}
    for message in told:
        assert SECRET not in str(message.params)
        assert "Phone" not in str(message.params)


def test_people_read_who_looked_at_their_record(client, people, culprit, violation, worker):
    for name in ("officer", "head"):
        client.force_login(getattr(people, name))
        client.get(url("violation-detail", violation.pk))
        client.get(url("violation-detail", violation.pk))
        client.get(url("violation-notice", violation.pk))
    client.force_login(culprit)
    client.get(url("violation-detail", violation.pk))
    assert sorted(view.viewer.username for view in RecordView.objects.all()) == ["head", "officer"]
    html = client.get(url("own-record")).content.decode()
    assert people.officer.name in html
    assert people.head.name in html
    client.force_login(people.officer)
    assert "Who looked at it" not in client.get(url("person-record", culprit.pk)).content.decode()


def test_a_witness_sees_no_more_than_the_number(client, people, culprit, violation, worker):
    record_refusal(violation, by=people.officer, witness=worker)
    client.force_login(worker)
    html = client.get(url("violation-witness", violation.pk)).content.decode()
    assert violation.number in html
    assert SECRET not in html
    assert "flare" not in html
    assert client.get(url("violation-detail", violation.pk)).status_code == 404
    assert client.post(url("violation-witness", violation.pk), {"revision": violation.revision + 1}).status_code == 302
    assert client.get(url("violation-witness", violation.pk)).status_code == 404
    assert Penalty.objects.get().received_at is not None


def test_faulty_steps_are_422_and_keep_what_was_typed(client, people, culprit, station):
    violation = recorded(station, people.supervisor, culprit)
    client.force_login(people.officer)
    sent = {"points": "1", "measures": "Two extra rounds", "reason": "", "revision": violation.revision}
    answer = client.post(act(violation, "serve"), sent)
    assert answer.status_code == 422
    assert "Two extra rounds" in answer.content.decode()
    assert client.post(act(violation, "serve"), {**sent, "reason": "Mild", "revision": 99}).status_code == 409
    assert client.post(act(violation, "serve"), {**sent, "reason": "Mild"}).status_code == 302
    assert client.get(act(violation, "serve")).status_code == 409
    assert client.get(act(violation, "nonsense")).status_code == 404


def test_a_password_is_not_guessed_here(client, culprit, violation):
    client.force_login(culprit)
    sent = {"password": "guess", "revision": violation.revision}
    answers = [client.post(act(violation, "sign"), sent).status_code for _time in range(12)]
    assert answers[0] == 422
    assert answers[-1] == 403
    assert not Penalty.objects.filter(received_at__isnull=False).exists()


def test_a_notice_signed_on_paper_keeps_its_picture(client, people, culprit, violation, worker):
    client.force_login(people.officer)
    assert client.post(act(violation, "paper"), {"revision": violation.revision}).status_code == 422
    assert client.post(act(violation, "paper"), {"revision": violation.revision, "photos": photo()}).status_code == 302
    attachment = Penalty.objects.get().paper.attachments.get()
    assert client.get(f"/files/{attachment.pk}/").status_code == 200
    client.force_login(worker)
    assert client.get(f"/files/{attachment.pk}/").status_code == 404


def test_the_api_takes_each_step_and_signs_with_the_password_alone(client, people, culprit, station, leader):
    violation = recorded(station, people.supervisor, culprit)

    def call(person, verb, **body):
        _token, secret = issue_token(person, name="x", by=person)
        headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
        at = f"/api/v1/violations/{violation.pk}/{verb}/"
        return client.post(at, body, content_type="application/json", **headers)

    assert call(people.officer, "serve").json()["points"] == 4
    assert call(culprit, "sign", password="wrong").status_code == 422
    assert call(culprit, "sign", password=PASSWORD).json()["receipt"] == "signed"
    assert call(culprit, "appeal", text="I did not").json()["status"] == "appealed"
    assert call(people.officer, "decide", decision="uphold", reason="So").status_code == 403
    answer = call(leader, "decide", decision="reduce", reason="Mild", points=1).json()
    assert (answer["status"], answer["decided_points"], answer["person"]["name"]) == ("final", 1, SECRET)


def test_the_same_clause_with_another_penalty_is_flagged_with_both_records(client, people, culprit, station, station2, worker2):
    first = noticed(recorded(station, people.supervisor, culprit), people.officer)
    second = noticed(recorded(station2, people.supervisor, worker2), people.officer, points=1, reason="First time at all")
    alike = [
        noticed(recorded(unit, people.supervisor, person, code="VO19"), people.officer)
        for unit, person in ((station, culprit), (station2, worker2))
    ]
    client.force_login(people.officer)
    html = client.get(url("clause-comparison")).content.decode()
    assert first.number in html
    assert second.number in html
    assert all(violation.number not in html for violation in alike)
    client.force_login(people.head)
    assert client.get(url("clause-comparison")).status_code == 403


def rule_with(by, **changes):
    rule = PenaltyRule.objects.in_force(timezone.localdate())
    values = {name: getattr(rule, name) for name in RULE_FIELDS} | changes
    lines = [ThresholdText(each.points, each.duty, each.days) for each in rule.thresholds.all()]
    return change_rule(values, lines, valid_from=timezone.localdate(), by=by)


@pytest.mark.parametrize(("posting", "reader", "shown"), [
    ("off", "worker", False), ("name", "worker", True), ("post", "worker", False), ("name", "outsider", False),
])  # fmt: skip
def test_posting_follows_the_rule(client, people, culprit, station, posting, reader, shown):
    rule_with(people.officer, posting=posting)
    made_final(station, people.supervisor, people.officer, culprit)
    client.force_login(getattr(people, reader))
    html = client.get(url("posted")).content.decode()
    assert (SECRET in html) is shown
    assert ("Non-explosion-proof tool" in html) is (posting != "off" and reader == "worker")


def test_the_officer_changes_rule_and_breach_from_a_day_on(client, people, station, culprit):
    client.force_login(people.officer)
    page = client.get(url("penalty-rule-edit"))
    sent = {name: page.context["form"].initial[name] for name in RULE_FIELDS if page.context["form"].initial[name] is not False}
    sent |= {"valid_from": timezone.localdate(), "second_factor": "2", "further_factor": "1.5"}
    lines = {"line-TOTAL_FORMS": 2, "line-INITIAL_FORMS": 0, "line-0-points": 3, "line-0-duty": "talk", "line-0-days": 5}
    assert client.post(url("penalty-rule-edit"), {**sent, **lines}).status_code == 422
    sent["further_factor"] = "3"
    assert client.post(url("penalty-rule-edit"), {**sent, **lines}).status_code == 302
    rule = PenaltyRule.objects.in_force(timezone.localdate())
    assert [(each.points, each.days) for each in rule.thresholds.all()] == [(3, 5)]
    kind = {"valid_from": timezone.localdate(), "name": "Phone", "name_zh": "手机", "points": 5, "is_active": "on"}
    assert client.post(url("violation-type", "VO10"), kind).status_code == 302
    assert recorded(station, people.supervisor, culprit).proposed_points == 5
    assert recorded(station, people.supervisor, culprit).proposed_points == 10
    assert ViolationType.objects.filter(code="VO10").count() == 2
    client.force_login(people.director)
    assert client.get(url("penalty-rule-edit")).status_code == 403
    client.force_login(people.worker)
    assert client.get(url("penalty-rule")).status_code == 200


def test_a_proposal_is_confirmed_or_dismissed_on_its_page(client, people, station, culprit, head):
    made_final(station, people.supervisor, people.officer, culprit, code="VO03")
    proposal = Proposal.objects.get()
    client.force_login(head)
    assert client.get(url("proposal-detail", proposal.pk)).status_code == 404
    client.force_login(people.officer)
    assert client.get(url("proposal-detail", proposal.pk)).status_code == 200
    assert client.post(url("proposal-dismiss", proposal.pk), {"reason": ""}).status_code == 422
    assert client.post(url("proposal-confirm", proposal.pk)).status_code == 302
    assert Violation.objects.filter(person=head).count() == 1
    assert client.post(url("proposal-confirm", proposal.pk)).status_code == 409
