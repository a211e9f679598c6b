"""The log keeps what happened for good; who it happened to can be erased."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inspections.workflows import change_level, release_work, stop_work
from responsibilities.models import Level, Person
from responsibilities.workflows import reassign_fix, return_fix, submit_fix, verify_fix
from safetyplant.audit.chain import sealed_text
from safetyplant.audit.history import history
from safetyplant.audit.models import Event
from safetyplant.audit.services import erase_personal
from tests.factories.inspections import assigned

pytestmark = pytest.mark.usefixtures("catalogue")

NOW = timezone.now()


@pytest.fixture
def lived(people, station):
    """A hazard that every kind of person had to do with."""
    hazard = assigned(station, people.worker, assessor=people.officer, now=NOW)
    stop_work(hazard, by=people.worker, now=NOW)
    release_work(hazard, by=people.head, note="Locked", now=NOW)
    change_level(hazard, by=people.officer, level=Level.objects.get(code="G1"), reason="Worse", now=NOW)
    reassign_fix(hazard.action, by=people.leader, owner=people.worker, reason="On site", now=NOW)
    submit_fix(hazard.action, by=people.worker, note="Welded", now=NOW)
    return_fix(hazard.action, by=people.director, reason="Sharp edge", now=NOW)
    submit_fix(hazard.action, by=people.worker, note="Ground off", now=NOW + timedelta(hours=1))
    verify_fix(hazard.action, by=people.director, now=NOW + timedelta(hours=2))
    return hazard


def test_no_name_of_a_person_is_sealed(lived):
    names = set(Person.objects.values_list("name", flat=True))
    told = {(event.action, name) for event in Event.objects.all() for name in names if name.encode() in sealed_text(event)}
    assert told == set()


def test_no_word_of_what_people_wrote_is_sealed(lived):
    """They name each other there: “ask Wang Fang about it”. Until it is erased, the story tells it."""
    written = ("Locked", "Worse", "On site", "Welded", "Sharp edge", "Ground off")
    sealed = {(event.action, words) for event in Event.objects.all() for words in written if words.encode() in sealed_text(event)}
    assert sealed == set()
    assert set(written) <= {entry.quote for entry in history(lived, lived.action)}
    erase_personal(Event.objects.all(), by=None, reason="Asked for")
    assert {entry.quote for entry in history(lived, lived.action)} == {""}


def test_the_story_names_them_all_the_same(lived):
    told = " ".join(str(entry.sentence) for entry in history(lived, lived.action))
    assert "…" not in told
    for words in ("returned the fix to Wang Fang", "checked by Li Weimin", "He Qiang may release it"):
        assert words in told
