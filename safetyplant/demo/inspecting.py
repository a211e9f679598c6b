"""Inspections of three months: rounds of supervisors, visits of leaders, checks of outside bodies, and what they find."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, UUID, uuid5

from inspections.choices import InspectionKind
from inspections.models import Hazard, Inspection
from inspections.permissions import can_acknowledge_inspection
from inspections.services import AnswerData, FindingData, InspectionData, start_inspection
from inspections.services.inspections import FIXED, HAZARD
from inspections.workflows import acknowledge_inspection, submit_inspection
from responsibilities.models import Person, Place, Unit
from safetyplant.demo.data.failures import FAILURES, POSSIBLY_MAJOR, Failure
from safetyplant.demo.data.rounds import NOTES, OUTSIDE_BODIES, PLANS, VISIT_FINDINGS, RoundPlan
from safetyplant.demo.hazards import Fix, Step, fate, live
from safetyplant.demo.story import DAYS, Life, Story, chance

TOTAL = 150


@dataclass
class Finding:
    """A failed item (0: a finding of a free inspection) and how it goes on; `steps` empty: as fate has it."""

    failure: Failure
    kind: str = HAZARD
    steps: tuple[Step, ...] = ()
    stop_work: bool = False
    is_watched: bool = False


@dataclass
class Visit:
    """One inspection: where, against what, by whom, and what failed (by item, counted from 1)."""

    key: str
    where: Place | Unit
    by: Person
    standard: str = ""
    kind: str = InspectionKind.ROUTINE
    note: str = ""
    outside_body: str = ""
    findings: dict[int, Finding] = field(default_factory=dict)
    with_whom: tuple[Person, ...] = ()
    acknowledge: float | None = 6
    by_day: bool = True


def inspect(story: Story, visit: Visit, days_ago: float) -> Life:
    """Log and submit it, let its hazards live on, and have the head acknowledge it."""
    yield story.day(days_ago) if visit.by_day else story.ago(days=days_ago)
    inspection, _new = start_inspection(_data(story, visit), by=visit.by, now=story.clock)
    yield story.later(chance(visit.key, "length").uniform(0.3, 1.2), by_day=False)
    inspection = submit_inspection(inspection, by=visit.by, now=story.clock)
    _go_on(story, visit, inspection)
    if visit.acknowledge is not None and inspection.acknowledge_deadline is not None:
        yield story.later(visit.acknowledge)
        by = story.people[inspection.acknowledge_deadline.owner_id]
        # Standing is today's: a head whose appointment has run out since then reads nothing any more.
        if can_acknowledge_inspection(by, inspection):
            acknowledge_inspection(inspection, by=by, now=story.clock)


def draft(story: Story, visit: Visit, *, client_id: UUID | None = None, answered: int | None = None) -> Inspection:
    """Begin an inspection and leave it there, with its first `answered` items done."""
    data = _data(story, visit)
    data.answers = list(data.answers)[:answered]
    data.client_id = client_id or data.client_id
    inspection, _new = start_inspection(data, by=visit.by, now=story.clock)
    return inspection


def _data(story: Story, visit: Visit) -> InspectionData:
    unit, place = (visit.where.unit, visit.where) if isinstance(visit.where, Place) else (visit.where, None)
    return InspectionData(
        unit=unit,
        place=place,
        standard=story.standards[visit.standard] if visit.standard else None,
        kind=visit.kind,
        note=visit.note,
        outside_body=visit.outside_body,
        inspectors=visit.with_whom,
        started_at=story.clock,
        answers=list(_answers(story, visit)),
        client_id=client_id_of(visit.key),
    )


def client_id_of(key: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"safetyplant-demo:{key}")


def _answers(story: Story, visit: Visit) -> Iterator[AnswerData]:
    if not visit.standard:
        for finding in visit.findings.values():
            yield AnswerData(None, "fail", finding=_typed(story, visit, finding))
        return
    rng = chance(visit.key, "answers")
    for position, clause in enumerate(story.clauses[visit.standard], start=1):
        if position in visit.findings:
            yield AnswerData(clause.pk, "fail", finding=_typed(story, visit, visit.findings[position]))
        else:
            yield AnswerData(clause.pk, "na" if rng.random() < 0.06 else "pass")


def _typed(story: Story, visit: Visit, finding: Finding) -> FindingData:
    failure, by = finding.failure, visit.by
    is_shown = finding.kind == FIXED or finding.is_watched
    has_photo = bool(failure.scene) and (is_shown or chance(visit.key, failure.wrong[0]).random() < 0.6)
    return FindingData(
        kind=finding.kind,
        text=story.say(failure.wrong),
        photos=[story.photo(failure.scene, broken=True, by=by).sent_sha256] if has_photo else [],
        after_photos=[story.photo(failure.scene, broken=False, by=by).sent_sha256] if finding.kind == FIXED else [],
        stop_work=finding.stop_work,
        interim_control=story.say(failure.interim),
    )


def _go_on(story: Story, visit: Visit, inspection: Inspection) -> None:
    titles = {story.say(finding.failure.wrong): finding for finding in visit.findings.values()}
    for hazard in Hazard.objects.filter(inspection=inspection).exclude(status="closed").order_by("number"):
        finding = titles[hazard.title]
        rng = chance(visit.key, finding.failure.wrong[0], "fate")
        fix = Fix(done=finding.failure.done, scene=finding.failure.scene, is_watched=finding.is_watched, rng=rng)
        story.begin(live(story, hazard, fix, finding.steps or fate(rng, hazard.level_id or "G2")))


def begin_inspections(story: Story) -> None:
    """The usual rounds, spread evenly over the three months and over the units by their weight."""
    weighted = [plan for plan in PLANS for _n in range(plan.weight)]
    chance("rounds").shuffle(weighted)
    for number in range(TOTAL):
        rng = chance("inspection", number)
        plan = weighted[number % len(weighted)]
        days_ago = (DAYS - 1) * (1 - number / TOTAL) + 0.3
        story.begin(inspect(story, _visit(story, plan, number, rng), days_ago))


def _visit(story: Story, plan: RoundPlan, number: int, rng: random.Random) -> Visit:
    places = [place for place in story.plant.places.get(plan.unit, []) if place.kind in plan.kinds]
    where: Place | Unit = rng.choice(places) if places else story.plant.units[plan.unit]
    visit = Visit(
        key=f"inspection-{number}",
        where=where,
        by=story.who(rng.choice(plan.inspectors)),
        standard=plan.standard,
        kind=plan.kind,
        note=story.say(rng.choice(NOTES)),
        acknowledge=rng.uniform(2, 30) if rng.random() < 0.93 else rng.uniform(60, 150),
    )
    if plan.kind == InspectionKind.EXTERNAL:
        visit.outside_body = story.say(rng.choice(OUTSIDE_BODIES))
    visit.findings = _free_findings(plan, rng) if not plan.standard else _failed_items(plan.standard, rng)
    return visit


def _failed_items(standard: str, rng: random.Random) -> dict[int, Finding]:
    failures = {item: choices for item, choices in FAILURES[standard].items() if (standard, item) not in POSSIBLY_MAJOR}
    how_many = rng.choices((0, 1, 2, 3), (32, 38, 20, 10))[0]
    found = {}
    for item in sorted(rng.sample(sorted(failures), how_many)):
        failure = rng.choice(failures[item])
        on_spot = bool(failure.scene) and rng.random() < 0.4
        found[item] = Finding(failure, FIXED if on_spot else HAZARD)
    return found


def _free_findings(plan: RoundPlan, rng: random.Random) -> dict[int, Finding]:
    chosen = rng.sample(VISIT_FINDINGS, rng.choices((0, 1, 2), (30, 50, 20))[0])
    return {number: Finding(failure) for number, failure in enumerate(chosen, start=1)}
