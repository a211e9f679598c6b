"""Letters of outside inspectors: noted with a date, owed as a deadline, answered once."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from inspections.models import Inspection, OutsideLetter
from inspections.workflows import submit_inspection
from inspections.workflows.letters import note_letter, reply_letter
from responsibilities.choices import DeadlineStatus
from responsibilities.models import Unit
from safetyplant.access.exceptions import NotAllowed, WrongState
from tests.factories.inspections import draft

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def outside(people: SimpleNamespace, station: Unit) -> Inspection:
    begun = draft(station, people.supervisor, kind="external", outside_body="Provincial bureau")
    return submit_inspection(begun, by=people.supervisor)


def test_a_letter_is_owed_and_answered(outside: Inspection, people: SimpleNamespace) -> None:
    due = timezone.localdate() + timedelta(days=10)
    client = Client()
    client.force_login(people.supervisor)
    body = {"number": "应急检〔2026〕12号", "reply_due_on": due.isoformat()}
    assert client.post(f"/inspections/{outside.pk}/letter/", body).status_code == 302
    letter = OutsideLetter.objects.get()
    assert (letter.deadline.owner, letter.deadline.kind) == (people.officer, "reply")
    client.force_login(people.officer)
    assert "应急检〔2026〕12号" in client.get(f"/inspections/{outside.pk}/").content.decode()
    assert client.post(f"/inspections/{outside.pk}/letter/", {"reply": ""}).status_code == 422
    assert client.post(f"/inspections/{outside.pk}/letter/", {"reply": "Answered, no. 7"}).status_code == 302
    letter.refresh_from_db()
    letter.deadline.refresh_from_db()
    assert (letter.replied_by, letter.deadline.status) == (people.officer, DeadlineStatus.MET)
    with pytest.raises(WrongState):
        reply_letter(letter, reply="Again", by=people.officer)


def test_who_has_nothing_to_do_with_it_is_refused(outside: Inspection, people: SimpleNamespace) -> None:
    due = timezone.localdate() + timedelta(days=10)
    for person in (people.worker, people.head2):
        with pytest.raises(NotAllowed):
            note_letter(outside, number="1", reply_due_on=due, by=person)
    letter = note_letter(outside, number="1", reply_due_on=due, by=people.officer)
    with pytest.raises(NotAllowed):
        reply_letter(letter, reply="Done", by=people.worker)


def test_a_reply_date_gone_by_and_an_inspection_of_our_own_are_refused(
    outside: Inspection, people: SimpleNamespace, station: Unit
) -> None:
    with pytest.raises(ValidationError):
        note_letter(outside, number="1", reply_due_on=timezone.localdate() - timedelta(days=1), by=people.officer)
    own = submit_inspection(draft(station, people.supervisor), by=people.supervisor)
    with pytest.raises(WrongState):
        note_letter(own, number="1", reply_due_on=timezone.localdate() + timedelta(days=3), by=people.officer)
