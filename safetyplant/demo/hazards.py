"""What happens to a hazard, step by step, each through the workflow that people use."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from inspections.models import Hazard
from inspections.services.hazards import HazardReport
from inspections.workflows import (
    accept_hazard,
    assess_hazard,
    cancel_hazard,
    decide_major,
    release_work,
    report_hazard,
    stop_work,
)
from inspections.workflows.hazards import Assessment
from responsibilities.models import CorrectiveAction, Escalation, Person, Place, Unit
from responsibilities.workflows import (
    answer_escalation,
    ask_extension,
    decide_extension,
    reassign_fix,
    return_fix,
    start_fix,
    submit_fix,
    verify_fix,
    wait_fix,
)
from safetyplant.demo import treating
from safetyplant.demo.data.reports import (
    CANCEL_DUPLICATE,
    CANCEL_NONE,
    EXTENSION_ANSWERS,
    EXTENSION_REASONS,
    RETURN_REASONS,
    VERIFY_NOTES,
    WAIT_NOTES,
)
from safetyplant.demo.language import Words
from safetyplant.demo.story import Life, Story

#: (hours after the one before, what happens, with what)
Step = tuple[float, str, Any]
#: Likelihood, exposure, consequence that give each level by the LEC method.
LEC = {"G3": (1, 3, 7), "G2": (3, 3, 15), "G1": (6, 3, 15)}
DAYS_OF = {"G3": 1, "G2": 7, "G1": 15, "M": 30}


@dataclass
class Fix:
    """What the steps need to know beyond the record: the words of the fix and its pictures."""

    done: Words
    scene: str = ""
    level: str = "G2"
    category: str = "MGMT"
    is_watched: bool = False
    interim: Words = ("", "")
    rng: random.Random = field(default_factory=random.Random)


def live(story: Story, hazard: Hazard, fix: Fix, steps: tuple[Step, ...], *, by_day: bool = True) -> Life:
    """Carry out the steps, each so many hours after the one before."""
    if fix.is_watched:
        story.left_alone.add(hazard.number)
    for hours, verb, words in steps:
        yield story.later(hours, by_day=by_day)
        present = Hazard.objects.select_related("unit", "place", "action", "reported_by").get(pk=hazard.pk)
        VERBS[verb](story, present, fix, words)


def report(story: Story, data: HazardReport, by: Person, *, scene: str = "") -> Hazard:
    if scene:
        data.photos = [story.photo(scene, broken=True, by=by)]
    hazard, _new = report_hazard(data, by=by, now=story.clock)
    return hazard


def report_at(story: Story, title: str, where: Place | Unit, *, key: str, **values: Any) -> HazardReport:
    """A report of a place (or a unit as a whole); `key` makes its id the same at each load."""
    unit, place = (where.unit, where) if isinstance(where, Place) else (where, None)
    return HazardReport(title=title, unit=unit, place=place, client_id=uuid5(NAMESPACE_URL, f"safetyplant-demo:{key}"), **values)


def fate(rng: random.Random, level: str) -> tuple[Step, ...]:
    """How a hazard of this level goes on after it was assigned: mostly well, sometimes late, returned, extended or dropped."""
    term = DAYS_OF[level] * 24.0
    luck = rng.random()
    begin = rng.uniform(1, 4) if level == "G3" else rng.uniform(3, 20)
    usual = rng.uniform(1, 4) if level == "G3" else term * rng.uniform(0.2, 0.8)
    check = (rng.uniform(2, 30), "verify", None)
    # Small things are done and said to be done; only of longer ones people say that they have begun.
    started: tuple[Step, ...] = ((begin, "start", None),) if level != "G3" and rng.random() < 0.6 else ()
    if luck < 0.04:
        return ((begin, "cancel", CANCEL_NONE),)
    if luck < 0.10:
        return (*started, (term * rng.uniform(1.0, 1.3), "submit", None), check)
    if luck < 0.17:
        again: tuple[Step, ...] = ((rng.uniform(3, 20), "return", None), (rng.uniform(4, 20), "submit", None))
        return (*started, (usual * 0.6, "submit", None), *again, check)
    if luck < 0.26 and level != "G3":
        return (*started, (4, "wait", None), (usual, "submit", None), check)
    if luck < 0.32 and level != "G3":
        decided = "grant" if rng.random() < 0.8 else "refuse"
        return (*started, (term * 0.6, "ask", 5), (rng.uniform(2, 7), decided, None), (term * 0.3, "submit", None), check)
    return (*started, (usual, "submit", None), check)


def _action(hazard: Hazard) -> CorrectiveAction:
    assert hazard.action is not None  # steps of a fix come after the assessment
    return hazard.action


def _assess(story: Story, hazard: Hazard, fix: Fix, _words: Any) -> None:
    level = story.levels[fix.level]
    assessment = Assessment(level, story.categories[fix.category], interim_control=story.say(fix.interim))
    if fix.level in LEC and fix.rng.random() < 0.4:
        likelihood, exposure, consequence = LEC[fix.level]
        assessment.method, assessment.score = "lec", likelihood * exposure * consequence
        assessment.inputs = {"likelihood": str(likelihood), "exposure": str(exposure), "consequence": str(consequence)}
    assess_hazard(hazard, assessment, by=story.people[hazard.holder_id or 0], now=story.clock)


def _start(story: Story, hazard: Hazard, _fix: Fix, _words: Any) -> None:
    start_fix(_action(hazard), by=story.people[_action(hazard).owner_id], now=story.clock)


def _wait(story: Story, hazard: Hazard, fix: Fix, chosen: tuple[str, Words] | None) -> None:
    what, interim = chosen or fix.rng.choice(WAIT_NOTES)
    by = story.people[_action(hazard).owner_id]
    wait_fix(_action(hazard), by=by, waiting_for=what, interim_control=story.say(interim), now=story.clock)


def _accept(story: Story, hazard: Hazard, _fix: Fix, given: tuple[int, Words, Words]) -> None:
    days, reason, control = given
    accept_hazard(
        hazard,
        by=story.who("officer"),
        reason=story.say(reason),
        interim_control=story.say(control),
        until=story.clock + timedelta(days=days),
        now=story.clock,
    )


def _submit(story: Story, hazard: Hazard, fix: Fix, words: Words | None) -> None:
    by = story.people[_action(hazard).owner_id]
    photos = [story.photo(fix.scene, broken=False, by=by)] if fix.scene else []
    submit_fix(_action(hazard), by=by, note=story.say(words or fix.done), photos=photos, now=story.clock)


def _return(story: Story, hazard: Hazard, fix: Fix, words: Words | None) -> None:
    reason = story.say(words or fix.rng.choice(RETURN_REASONS))
    return_fix(_action(hazard), by=story.people[_action(hazard).verifier_id], reason=reason, now=story.clock)


def _verify(story: Story, hazard: Hazard, fix: Fix, words: Words | None) -> None:
    note = story.say(words or fix.rng.choice(VERIFY_NOTES))
    verify_fix(_action(hazard), by=story.people[_action(hazard).verifier_id], note=note, now=story.clock)


def _ask(story: Story, hazard: Hazard, fix: Fix, days: int) -> None:
    action = _action(hazard)
    due_at = max(action.deadline.due_at, story.clock) + timedelta(days=days)
    reason = story.say(fix.rng.choice(EXTENSION_REASONS))
    ask_extension(action, by=story.people[action.owner_id], due_at=due_at, reason=reason, now=story.clock)


def _decide(story: Story, hazard: Hazard, *, grant: bool) -> None:
    request = _action(hazard).extensions.select_related("deadline").get(status="asked")
    note = story.say(EXTENSION_ANSWERS[0 if grant else 1])
    decide_extension(request, by=story.people[request.deadline.owner_id], grant=grant, note=note, now=story.clock)


def _grant(story: Story, hazard: Hazard, _fix: Fix, _words: Any) -> None:
    _decide(story, hazard, grant=True)


def _refuse(story: Story, hazard: Hazard, _fix: Fix, _words: Any) -> None:
    _decide(story, hazard, grant=False)


def _reassign(story: Story, hazard: Hazard, _fix: Fix, given: tuple[str, str, Words]) -> None:
    by, to, words = given
    reassign_fix(_action(hazard), by=story.who(by), owner=story.who(to), reason=story.say(words), now=story.clock)


def _cancel(story: Story, hazard: Hazard, _fix: Fix, words: Words) -> None:
    first = Hazard.objects.filter(place=hazard.place, number__lt=hazard.number).order_by("-number").first()
    number = first.number if first and words == CANCEL_DUPLICATE else ""
    cancel_hazard(hazard, by=story.who("officer"), reason=story.say(words, number=number), now=story.clock)


def _major(story: Story, hazard: Hazard, _fix: Fix, words: Words) -> None:
    decide_major(hazard, by=story.who("officer"), is_major=True, reason=story.say(words), now=story.clock)


def _not_major(story: Story, hazard: Hazard, _fix: Fix, words: Words) -> None:
    decide_major(hazard, by=story.who("officer"), is_major=False, reason=story.say(words), now=story.clock)


def _stop(story: Story, hazard: Hazard, _fix: Fix, _words: Any) -> None:
    stop_work(hazard, by=story.people[hazard.reported_by_id], now=story.clock)


def _release(story: Story, hazard: Hazard, _fix: Fix, words: Words) -> None:
    release_work(hazard, by=story.people[hazard.releaser_id or 0], note=story.say(words), now=story.clock)


def _answer(story: Story, hazard: Hazard, _fix: Fix, given: tuple[str, Words]) -> None:
    """The latest question about this fix, answered by the one who was asked."""
    waiting = Escalation.objects.waiting().filter(deadline=_action(hazard).deadline_id).order_by("-asked_at", "-pk")
    escalation = waiting.first()
    if escalation is None:
        return
    kind, words = given
    due_at = story.clock + timedelta(days=5) if kind == "extend" else None
    by = story.people[escalation.addressee_id]
    answer_escalation(escalation, by=by, answer=kind, text=story.say(words), due_at=due_at, now=story.clock)


VERBS: dict[str, Callable[[Story, Hazard, Fix, Any], None]] = {
    "assess": _assess,
    "start": _start,
    "wait": _wait,
    "accept": _accept,
    "submit": _submit,
    "return": _return,
    "verify": _verify,
    "ask": _ask,
    "grant": _grant,
    "refuse": _refuse,
    "reassign": _reassign,
    "cancel": _cancel,
    "major": _major,
    "not_major": _not_major,
    "stop": _stop,
    "release": _release,
    "answer": _answer,
    "plan": treating.plan,
    "approve": treating.approve,
    "progress": treating.progress,
    "outside": treating.outside,
    "sign": treating.sign,
}
