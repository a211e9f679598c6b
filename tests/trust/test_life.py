"""Short form of case 8, and the stories it found broken once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from inspections.models import ChecklistItem, Hazard, HazardCategory
from inspections.services import FindingData
from inspections.workflows import assess_hazard, submit_inspection
from inspections.workflows.hazards import Assessment
from responsibilities.choices import AnswerKind
from responsibilities.models import Escalation, Level
from responsibilities.services.people import suspend_person
from responsibilities.sweep import sweep_deadlines
from responsibilities.workflows import answer_escalation, ask_extension, cancel_action, submit_fix, verify_fix
from tests.factories.inspections import assigned, draft, reported, standard
from tests.trust import invariants
from tests.trust.cast import Cast, make_cast
from tests.trust.life import Life, run_life
from tests.trust.result import Result

pytestmark = pytest.mark.usefixtures("catalogue")
NOW = timezone.now()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.mark.slow
def test_random_lives_break_nothing(cast: Cast) -> None:
    result = run_life(cast, steps=150, phases="generate", anew=False)
    assert result.ok, result.line()


@pytest.mark.parametrize("level", ["G2", "M"])
def test_a_life_carried_on_comes_to_its_end(cast: Cast, level: str) -> None:
    """Else the random lives would never see what is written at the end of one."""
    life = type("OneLife", (Life,), {"cast": cast, "result": Result(8, "life-cycle"), "accepted": {}, "refused": {}})()
    life.report("worker", 0, False, False)
    for _step in range(8):
        life.carry_on("director", 1, level)
        life.nothing_is_broken()
    assert Hazard.objects.get().status == "closed", (life.accepted, life.refused)
    life.teardown()


def test_a_broken_promise_would_be_found(cast: Cast) -> None:
    hazard = assigned(cast.station, cast.worker, assessor=cast.officer)
    assert invariants.broken() == []
    Hazard.objects.filter(pk=hazard.pk).update(status="in_progress")
    assert any("its fix assigned" in fault for fault in invariants.broken())


def test_an_extension_nobody_decided_ends_with_the_fix(cast: Cast) -> None:
    action = assigned(cast.station, cast.worker, assessor=cast.officer, now=NOW).action
    ask_extension(action, by=cast.head, due_at=NOW + timedelta(days=30), reason="Parts", now=NOW)
    submit_fix(action, by=cast.head, note="Welded", now=NOW)
    verify_fix(action, by=cast.leader, now=NOW)
    assert invariants.broken() == []


def test_cancelling_the_fix_ends_the_question_whether_it_is_major(cast: Cast) -> None:
    major = FindingData(text="Valve leaks", interim_control="Watched by two")
    item = ChecklistItem.objects.filter(clause__version=standard(), possibly_major=True).earliest("pk")
    submit_inspection(draft(cast.station, cast.supervisor, failed={item.clause.position: major}), by=cast.supervisor, now=NOW)
    hazard = Hazard.objects.get(possibly_major=True)
    cancel_action(hazard.action, by=cast.director, reason="Twice", now=NOW)
    assert invariants.broken() == []


def test_an_assessment_gives_nothing_to_whoever_has_no_access(cast: Cast) -> None:
    hazard = reported(cast.station, cast.worker, now=NOW)
    suspend_person(cast.head, by=cast.director, reason="Left", now=NOW)
    category = HazardCategory.objects.get(code="MECH")
    found = Assessment(Level.objects.get(code="G3"), category, owner=cast.head)
    with pytest.raises(ValidationError) as refused:
        assess_hazard(hazard, found, by=cast.officer, now=NOW)
    assert list(refused.value.message_dict) == ["owner"]
    assert invariants.broken() + invariants.owed_by_nobody() == []


def test_a_hazard_follows_its_assessment_to_whoever_gets_it(cast: Cast) -> None:
    hazard = reported(cast.station, cast.worker, now=NOW)
    suspend_person(cast.officer, by=cast.director, reason="Left", now=NOW)
    assert invariants.broken() + invariants.owed_by_nobody() == []
    hazard.refresh_from_db()
    assert hazard.holder.is_active


def test_a_hazard_follows_the_date_of_an_extended_assessment(cast: Cast) -> None:
    reported(cast.station, cast.worker, now=NOW)
    sweep_deadlines(NOW + timedelta(days=2))
    escalation = Escalation.objects.earliest("pk")
    later = NOW + timedelta(days=9)
    answer_escalation(
        escalation, by=cast.director, answer=AnswerKind.EXTEND, text="Busy", due_at=later, now=NOW + timedelta(days=2)
    )
    assert invariants.broken() == []


def test_what_nobody_can_take_over_stays_whole(cast: Cast) -> None:
    """Only the leader is left, who cannot check their own fix: it stays with the head, and so does its date."""
    assigned(cast.station, cast.worker, assessor=cast.officer, now=NOW)
    for name in ("officer", "director", "head"):
        suspend_person(getattr(cast, name), by=None, reason="Left", now=NOW)
    assert invariants.broken() == []
    assert invariants.is_thin()
