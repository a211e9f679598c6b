"""How the major hazards of the story are treated: planned, approved, reported on, told outside, verified by two."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from inspections.models import Hazard
from inspections.services.major import TreatmentPlan
from inspections.workflows import approve_plan, propose_plan, record_outside_report, report_progress, sign_verification
from responsibilities.models import Person
from safetyplant.demo.language import Words
from safetyplant.demo.story import Story

#: Responsibility, measures, funds, contingency plan, and the days until it is to be done.
PlanWords = tuple[Words, Words, Words, Words, int]


def _owner(story: Story, hazard: Hazard) -> Person:
    assert hazard.action is not None  # a major hazard has been assessed
    return story.people[hazard.action.owner_id]


def plan(story: Story, hazard: Hazard, _fix: Any, words: PlanWords) -> None:
    responsibility, measures, funds, contingency, days = words
    due_at = story.clock + timedelta(days=days)
    text = TreatmentPlan(story.say(responsibility), story.say(measures), story.say(funds), due_at, story.say(contingency))
    propose_plan(hazard, text, by=_owner(story, hazard), now=story.clock)


def approve(story: Story, hazard: Hazard, _fix: Any, named: tuple[str, str]) -> None:
    checker, expert = (story.who(key) for key in named)
    approve_plan(hazard, by=story.who("director"), checker=checker, expert=expert, now=story.clock)


def progress(story: Story, hazard: Hazard, _fix: Any, given: tuple[int, Words]) -> None:
    percent, words = given
    report_progress(hazard, by=_owner(story, hazard), text=story.say(words), percent=percent, now=story.clock)


def outside(story: Story, hazard: Hazard, _fix: Any, given: tuple[str, str]) -> None:
    addressee, number = given
    officer = story.who("officer")
    record_outside_report(
        hazard,
        addressee,
        by=officer,
        reported_on=timezone.localdate(story.clock),
        document_number=number,
        files=[story.photo("letter", broken=False, by=officer)],
        now=story.clock,
    )


def sign(story: Story, hazard: Hazard, _fix: Any, given: tuple[str, Words]) -> None:
    key, words = given
    sign_verification(hazard, by=story.who(key), accepted=True, note=story.say(words), now=story.clock)
