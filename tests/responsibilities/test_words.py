"""What people are told and what the history says: every code has its words, in both languages' shape."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone, translation

import responsibilities
from responsibilities import workflows
from responsibilities.notifications import DEADLINE_CODES, TYPES, is_deadline_open, owed_today
from responsibilities.sweep import sweep_deadlines
from responsibilities.workflows import move_deadline
from safetyplant.audit.history import history, registered_actions
from safetyplant.notifications.models import Message
from safetyplant.notifications.types import registered_types, render
from tests.factories.inspections import assigned
from tests.responsibilities.test_pages import owe

ROOM = Path(responsibilities.__file__).parent
NOW = timezone.now()


def written_in_room(pattern):
    texts = [path.read_text() for path in ROOM.rglob("*.py") if "migrations" not in path.parts]
    return {code for text in texts for code in re.findall(pattern, text)}


def test_every_event_of_the_room_has_a_sentence():
    prefixes = "unit|place|post|person|appointment|action|extension|escalation"
    recorded = written_in_room(rf'(?:record|finish_step|_save|_record)\([^)]*?"((?:{prefixes})\.[a-z_]+)"')
    assert len(recorded) > 20
    assert recorded <= registered_actions()


def test_every_message_of_the_room_has_its_words():
    told = written_in_room(r'(?:_tell|tell_people|notify|Notice)\([^)]*?"([a-z]+\.[a-z_]+)"') | set(DEADLINE_CODES)
    assert len(told) > 10
    assert told <= set(registered_types())


@pytest.mark.parametrize("code", [each.code for each in TYPES])
def test_messages_read_well_with_the_parameters_they_are_given(code):
    params = {
        "number": "HZ-2026-0001",
        "title": "Gate off its hinge",
        "kind": "verify",
        "owner": "He Qiang",
        "due": {"at": "2026-06-18T08:00:00+08:00"},
        "by": "Li Weimin",
        "reason": "Not locked yet",
        "name": "Wang Fang",
        "count": 3,
        "answer": "visit",
        "text": "On my way",
    }
    message = render(code, params)
    assert "…" not in message.title + message.body
    assert "%(" not in message.title + message.body


def test_notice_is_true_only_for_the_open_version(catalogue, people):
    deadline = owe(people.head, days=3)
    params = {"deadline": deadline.pk, "version": deadline.version}
    assert is_deadline_open(params)
    move_deadline(deadline, due_at=NOW + timedelta(days=9), now=NOW)
    assert not is_deadline_open(params)


def test_sweep_speaks_with_the_verb_of_what_is_owed(catalogue, people):
    owe(people.officer, days=-1, title="Gate off its hinge")
    sweep_deadlines(NOW)
    message = Message.objects.filter(recipient=people.officer, code__startswith="deadline.").latest("pk")
    assert "Assess: Gate off its hinge" in render(message.code, message.params).title


def test_daily_mail_lists_what_one_owes(catalogue, people):
    assert owed_today(people.head, NOW) is None
    owe(people.head, days=-2, title="Gate off its hinge")
    section = owed_today(people.head, NOW)
    assert "Gate off its hinge (2 days late" in section.lines[0].text


def test_history_of_an_action_is_told_in_the_readers_words(catalogue, people, station):
    action = assigned(station, people.worker, assessor=people.officer, now=NOW).action
    workflows.wait_fix(action, by=people.head, waiting_for="parts", interim_control="Gate chained")
    newest, *_rest = history(action)
    assert newest.sentence == "<b>He Qiang</b> set it to waiting (Waiting for parts). Until it is fixed:"
    assert newest.quote == "Gate chained"


def test_history_names_the_state_in_the_language_of_the_reader(catalogue, people, station):
    action = assigned(station, people.worker, assessor=people.officer, now=NOW).action
    with translation.override("zh-hans"):
        workflows.wait_fix(action, by=people.head, waiting_for="parts", interim_control="-")
    assert "Waiting for parts" in history(action)[0].sentence
