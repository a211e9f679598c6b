"""Pages, papers and API of major hazards: who sees and does what, and that nothing typed is lost."""

import json
from datetime import timedelta

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone

from inspections.models import Hazard, MajorTreatment
from inspections.services.major import treatment_of
from inspections.workflows import propose_plan
from responsibilities.workflows import verify_fix
from tests.factories.inspections import assigned
from tests.factories.major import approved, fresh, handed_in, major, plan_text, verified, verifiers
from tests.inspections.photos import photo

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def named(branch):
    return verifiers(branch)


@pytest.fixture
def hazard(people, station):
    return major(station, people.worker, people.officer, title="Dike of tank 3 cracked")


def url(page, *args):
    return reverse(f"inspections:hazard-{page}", args=args)


def plan_body(hazard, **changes):
    body = {
        "responsibility": "Li Weimin leads",
        "measures": "Rebuild the wall",
        "funds": "80,000 yuan",
        "due_on": (timezone.localdate() + timedelta(days=20)).isoformat(),
        "contingency": "Tank kept below half",
        "revision": hazard.revision,
    }
    return {**body, **changes}


def test_plan_approval_signatures_and_closing_on_pages(client, hazard, people, named):
    client.force_login(hazard.action.owner)
    page = client.get(url("detail", hazard.pk)).content.decode()
    assert url("treatment-plan", hazard.pk) in page
    refused = client.post(url("treatment-plan", hazard.pk), plan_body(hazard, funds=""))
    assert (refused.status_code, "Rebuild the wall" in refused.content.decode()) == (422, True)
    assert client.post(url("treatment-plan", hazard.pk), plan_body(hazard)).status_code == 302
    assert client.get(url("treatment-plan", hazard.pk)).status_code == 409

    client.force_login(people.director)
    decide = url("treatment-decide", hazard.pk)
    assert "Rebuild the wall" in client.get(decide).content.decode()
    body = {"decision": "approve", "revision": fresh(hazard).revision, "note": ""}
    missing = client.post(decide, body)
    assert (missing.status_code, set(missing.context["form"].errors)) == (422, {"checker", "expert"})
    lost = client.post(decide, {**body, "decision": "return"})
    assert (lost.status_code, set(lost.context["form"].errors)) == (422, {"note"})
    approve = client.post(decide, {**body, "checker": named.checker.pk, "expert": named.expert.pk})
    assert approve.status_code == 302
    assert treatment_of(hazard).status == "approved"

    client.force_login(named.expert)
    assert url("treatment-sign", hazard.pk) not in client.get(url("detail", hazard.pk)).content.decode()


def test_the_director_is_offered_closing_only_after_both_signed(client, hazard, people, named):
    hazard = handed_in(hazard, people, named)
    accept = reverse("responsibilities:action-act", args=[hazard.action_id, "verify"])
    client.force_login(people.director)
    assert accept not in client.get(url("detail", hazard.pk)).content.decode()
    for person in (named.checker, named.expert):
        client.force_login(person)
        assert url("treatment-sign", hazard.pk) in client.get(url("detail", hazard.pk)).content.decode()
        given = {"verdict": "yes", "note": "Seen", "revision": fresh(hazard).revision}
        assert client.post(url("treatment-sign", hazard.pk), given).status_code == 302
    client.force_login(people.director)
    assert accept in client.get(url("detail", hazard.pk)).content.decode()


def test_a_stale_plan_comes_back_with_its_text(client, hazard, people):
    client.force_login(hazard.action.owner)
    answer = client.post(url("treatment-plan", hazard.pk), plan_body(hazard, revision=hazard.revision - 1))
    assert (answer.status_code, "Rebuild the wall" in answer.content.decode()) == (409, True)


def test_progress_and_verifiers_and_reports_outside(client, hazard, people, named):
    approved(hazard, people, named)
    client.force_login(hazard.action.owner)
    given = {"text": "Wall half built", "percent": 50, "revision": fresh(hazard).revision}
    assert client.post(url("treatment-progress", hazard.pk), {**given, "percent": 130}).status_code == 422
    assert client.post(url("treatment-progress", hazard.pk), given).status_code == 302
    assert "Wall half built" in client.get(url("treatment", hazard.pk)).content.decode()
    client.force_login(people.director)
    body = {"checker": named.checker.pk, "expert": people.supervisor.pk, "revision": fresh(hazard).revision}
    assert client.post(url("treatment-verifiers", hazard.pk), body).status_code == 302
    client.force_login(people.officer)
    outside = url("treatment-outside", hazard.pk, "regulator")
    body = {"reported_on": timezone.localdate().isoformat(), "document_number": "AJ-7", "revision": fresh(hazard).revision}
    assert client.post(outside, body).status_code == 422
    assert client.post(outside, {**body, "files": photo()}).status_code == 302
    assert "AJ-7" in client.get(url("treatment", hazard.pk)).content.decode()
    assert client.get(url("treatment-outside", hazard.pk, "police")).status_code == 404


def test_a_hazard_that_is_not_major_has_no_treatment(client, people, station):
    plain = assigned(station, people.worker, assessor=people.officer)
    client.force_login(people.director)
    for page in ("treatment", "treatment-plan", "treatment-notice"):
        assert client.get(url(page, plain.pk)).status_code == 404


def test_everyone_reads_the_board_and_it_names_posts_only(client, hazard, people, named, outsider):
    approved(hazard, people, named)
    for reader in (people.director, people.worker2, outsider):
        client.force_login(reader)
        page = client.get(url("listed")).content.decode()
        assert "Dike of tank 3 cracked" in page
        assert "Leader in charge" in page
        main = page.split("<main")[1].split("</main>")[0]
        assert not [person.name for person in (people.leader, people.worker, named.expert) if person.name in main]
        assert (url("treatment", hazard.pk) in page) == (reader == people.director)


def test_the_board_keeps_what_was_lifted_for_a_month(client, hazard, people, named):
    verify_fix(verified(hazard, people, named).action, by=people.director)
    client.force_login(people.worker2)
    assert "Dike of tank 3 cracked" in client.get(url("listed")).content.decode()
    MajorTreatment.objects.update(ended_at=timezone.now() - timedelta(days=31))
    assert "Dike of tank 3 cracked" not in client.get(url("listed")).content.decode()


def text_of(response):
    document = pypdfium2.PdfDocument(response.content)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_the_notices_say_what_and_who(client, hazard, people, named):
    client.force_login(people.head)
    notice = client.get(url("treatment-notice", hazard.pk))
    said = text_of(notice)
    assert treatment_of(hazard).number in said
    assert "Unit stopped" in said
    assert client.get(url("treatment-lifting", hazard.pk)).status_code == 409
    verify_fix(verified(hazard, people, named).action, by=people.director)
    lifted = text_of(client.get(url("treatment-lifting", hazard.pk)))
    assert all(name in lifted for name in (named.checker.name, named.expert.name, people.director.name))
    client.force_login(people.worker2)
    assert client.get(url("treatment-notice", hazard.pk)).status_code == 404


def test_a_second_later_date_asks_for_the_approval(client, hazard, people, named):
    approved(hazard, people, named)
    action = fresh(hazard).action
    address = reverse("responsibilities:action-act", args=[action.pk, "extend"])
    client.force_login(action.owner)
    assert "approval" not in client.get(address).context["form"].fields
    day = timezone.localdate(action.deadline.due_at)
    assert (
        client.post(address, {"due_on": day + timedelta(days=5), "reason": "Rain", "revision": action.revision}).status_code
        == 302
    )
    client.force_login(people.director)
    decide = reverse("responsibilities:action-act", args=[action.pk, "decide"])
    assert client.post(decide, {"grant": "yes", "revision": fresh(hazard).action.revision}).status_code == 302
    client.force_login(action.owner)
    body = {"due_on": day + timedelta(days=10), "reason": "More rain", "revision": fresh(hazard).action.revision}
    refused = client.post(address, body)
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"approval", "approval_number"})
    assert client.post(address, {**body, "approval": photo(), "approval_number": "UP-3"}).status_code == 302
    client.force_login(people.director)
    assert "UP-3" in client.get(decide).content.decode()


def test_the_api_takes_the_same_steps(client, hazard, people, named):
    def send(person, verb, **body):
        client.force_login(person)
        return client.post(f"/api/v1/hazards/{hazard.pk}/{verb}/", json.dumps(body), content_type="application/json")

    given = dict.fromkeys(("responsibility", "measures", "funds", "contingency"), "So")
    due = (timezone.now() + timedelta(days=20)).isoformat()
    assert send(people.officer, "plan", **given, due_at=due).status_code == 403
    assert send(hazard.action.owner, "plan", **given, due_at=due).json()["status"] == "proposed"
    assert send(people.director, "return-plan", reason="Who pays?").json()["status"] == "planning"
    propose_plan(fresh(hazard), plan_text(), by=hazard.action.owner)
    named_now = {"checker": named.checker.pk, "expert": named.expert.pk}
    assert send(people.director, "approve-plan", **named_now, revision=1).status_code == 409
    approved_now = send(people.director, "approve-plan", **named_now).json()
    assert (approved_now["status"], approved_now["expert"]["name"]) == ("approved", named.expert.name)
    assert send(hazard.action.owner, "progress", text="Dug", percent=30).json()["progress"] == 30
    assert send(named.expert, "sign", accepted=True, note="Seen").status_code == 409
    assert (
        send(
            people.officer, "outside", addressee="regulator", reported_on="2026-01-05", document_number="A", files=[]
        ).status_code
        == 422
    )
    assert Hazard.objects.get(pk=hazard.pk).status == "assigned"
