"""The written part of the story: the cases of `data/cases.py`, three inspections that matter, and what is half done today."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid5

from django.utils import timezone

from inspections.choices import InspectionKind
from responsibilities.models import Place
from safetyplant.demo.data.cases import CASES, DAY, LATE, WAIT_PARTS, Case
from safetyplant.demo.data.failures import FAILURES, Failure
from safetyplant.demo.data.major import FOAM_PLAN, FOAM_PROGRESS
from safetyplant.demo.hazards import Fix, live, report, report_at
from safetyplant.demo.inspecting import Finding, Visit, draft, inspect
from safetyplant.demo.story import Life, Story, chance

LEADER = InspectionKind.LEADER
ROUTE, DONE_STOPS, ROUND_HOURS = "S12/R3", 4, 3


def begin_cases(story: Story) -> None:
    for case in CASES:
        story.begin(_case(story, case))
    for days_ago, visit in _visits(story):
        story.begin(inspect(story, visit, days_ago))
    story.begin(_round_of_today(story))


def _case(story: Story, case: Case) -> Life:
    # What is late today is late by so many hours, whenever the demo is loaded; the rest may keep office hours.
    is_exact = case in LATE or case.age < 2 * DAY
    yield story.ago(hours=case.age) if is_exact else story.day(case.age / 24)
    place = story.plant.place[case.place]
    data = report_at(
        story,
        story.say(case.title),
        place,
        key=f"case-{case.key}",
        description=story.say(case.description),
        immediate_danger=case.danger,
        stop_work=case.stop,
    )
    hazard = report(story, data, story.who(case.by), scene=case.scene)
    fix = Fix(case.done, case.scene, case.level, case.category, case.is_watched, case.interim, chance("case", case.key))
    yield from live(story, hazard, fix, case.steps, by_day=not is_exact)


def _visits(story: Story) -> list[tuple[float, Visit]]:
    """The guard of N12-45 that waits for its check; the seized foam valve; two possibly major findings nobody decided yet."""
    place, who = story.plant.place, story.who
    guard = replace(FAILURES["WELLSITE"][3][0])
    foam = Failure(
        ("Foam line isolation valve of tank T-201 seized", "T-201罐泡沫管线切断阀卡死"),
        ("Valve replaced, foam test passed", "更换阀门，泡沫试验合格"),
        interim=("Foam trailer stands at the tank", "泡沫拖车停放罐旁值守"),
    )
    house = Failure(
        ("House extension built 4 m from the well", "民房扩建，距井口仅4米"),
        ("Well fenced, owner and village informed", "设围挡，已与村方协调"),
        interim=("Fence closed, neighbours told", "围栏封闭，已告知住户"),
    )
    stopped = Finding(guard, steps=_guard_steps(), stop_work=True, is_watched=True)
    major = Finding(foam, steps=_foam_steps(), is_watched=True)
    trip = Finding(FAILURES["COMBINED"][7][0], steps=((600, "start", None),), is_watched=True)
    near = Finding(house, steps=((600, "start", None),), is_watched=True)
    walked = story.say(("Walked the route with the shift.", "随班巡线。"))
    visits = [
        (6.2, Visit("guard", place["S12/N12-45"], who("supervisor"), "WELLSITE", findings={3: stopped}, acknowledge=3)),
        (32.2, Visit("foam", place["CS2/T-201"], who("supervisor2"), "TANK", findings={10: major}, acknowledge=5)),
        (1.1, Visit("trip", place["CS2/V-102"], who("supervisor"), "COMBINED", findings={7: trip}, acknowledge=4)),
        (0.2, Visit("house", place["S15/S15-22"], who("supervisor2"), "WELLSITE", findings={16: near}, acknowledge=None)),
        (2.2, Visit("front", place["S12/N12-24"], who("leader"), kind=LEADER, with_whom=(who("officer"),), note=walked)),
    ]
    for days_ago, visit in visits:
        # The latest must have happened by now, whatever the hour is.
        visit.by_day = days_ago > 2
    return visits


def _guard_steps() -> tuple[tuple[float, str, object], ...]:
    return (
        (2, "start", None),
        (18, "wait", WAIT_PARTS),
        (3.4 * DAY, "release", ("Gate locked and tested, unit may run", "护栏门已锁好试验，可以启机")),
        (0.3, "submit", None),
    )


def _foam_steps() -> tuple[tuple[float, str, object], ...]:
    visit = ("visit", ("Seen with the station head; valve is on its way.", "已与站长现场查看，阀门在途。"))
    return (
        (
            4,
            "major",
            ("Foam to T-201 cannot be given: major by the plant's list.", "T-201罐无法供给泡沫，按清单判定为重大隐患。"),
        ),
        (20, "start", None),
        FOAM_PLAN,
        (24, "approve", ("production", "equipment")),
        (28, "wait", ("shutdown", ("Foam trailer on site, tank level below 6 m", "泡沫拖车现场值守，罐位控制在6米以下"))),
        FOAM_PROGRESS,
        (23.9 * DAY, "answer", visit),
    )


def _round_of_today(story: Story) -> Life:
    """The supervisor's round over route 3: some wells done, one begun. All of it since midnight, however early it is."""
    midnight = timezone.localtime(story.now).replace(hour=0, minute=0, second=0, microsecond=0)
    begun = max(midnight, story.now - timedelta(hours=ROUND_HOURS))
    wells = [stop.place for stop in story.plant.place[ROUTE].stops.select_related("place__unit").order_by("position")]
    pace = (story.now - begun) / (DONE_STOPS + 2)
    for number, well in enumerate(wells[:DONE_STOPS], start=1):
        story.begin(_stop(story, well, number, (story.now - begun - pace * number) / timedelta(days=1)))
    yield begun + pace * (DONE_STOPS + 1)
    well, by = wells[DONE_STOPS], story.who("supervisor")
    today = uuid5(well.label, f"{by.pk} {midnight:%Y-%m-%d}")
    draft(story, Visit("round-draft", well, by, "WELLSITE"), client_id=today, answered=9)
    draft(story, Visit("audit-draft", story.plant.units["IS3"], by, "MGMTAUDIT"), answered=6)


def _stop(story: Story, well: Place, number: int, days_ago: float) -> Life:
    failures = {19: Finding(FAILURES["WELLSITE"][19][0])} if number == 2 else {}
    visit = Visit(f"round-{number}", well, story.who("supervisor"), "WELLSITE", findings=failures, acknowledge=None, by_day=False)
    return inspect(story, visit, days_ago)
