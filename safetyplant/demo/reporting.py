"""Hazards that people report by themselves, outside inspections."""

import random

from responsibilities.models import Person, Place
from safetyplant.demo.data.reports import REPORTS, Report
from safetyplant.demo.hazards import Fix, fate, live, report, report_at
from safetyplant.demo.story import DAYS, Life, Story, chance

TOTAL = 76
#: Units as often as they report: the well stations and the combined station most.
UNITS = ("S12", "CS2", "S07", "S03", "S12", "S15", "IS3", "CS2", "MW", "S12", "TT", "MS7", "S07", "MT", "HY", "S15")


def begin_reports(story: Story) -> None:
    for number in range(TOTAL):
        rng = chance("report", number)
        place = rng.choice([p for p in story.plant.places[UNITS[number % len(UNITS)]] if _fitting(p)])
        what = rng.choice(_fitting(place))
        days_ago = (DAYS - 2) * (1 - number / TOTAL) + 1.2
        story.begin(_reported(story, f"report-{number}", what, place, days_ago, rng))


def _fitting(place: Place) -> list[Report]:
    return [what for what in REPORTS if place.kind in what.kinds]


def _reported(story: Story, key: str, what: Report, place: Place, days_ago: float, rng: random.Random) -> Life:
    yield story.day(days_ago)
    by = _reporter(story, place, rng)
    scene = what.scene if rng.random() < 0.4 else ""
    data = report_at(story, story.say(what.title), place, key=key, description=story.say(what.description))
    hazard = report(story, data, by, scene=scene)
    fix = Fix(done=what.done, scene=what.scene, level=what.level, category=what.category, rng=rng)
    yield from live(story, hazard, fix, ((rng.uniform(0.4, 6), "assess", None), *fate(rng, what.level)))


def _reporter(story: Story, place: Place, rng: random.Random) -> Person:
    """Mostly someone of the crew; at the stations of the story often the worker with an account."""
    accounts = {"S12": ("worker", "head"), "CS2": ("worker2", "head2")}.get(place.unit.code, ())
    if accounts and rng.random() < 0.4:
        return story.who(rng.choices(accounts, (3, 1))[0])
    return story.people[rng.choice(story.plant.crews[place.unit.code]).pk]
