"""Plans of inspections of the last weeks: most visits are made, some missed, one excused for the weather, the others to come."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.utils import timezone

from inspections.choices import Excuse, InspectionKind, Rhythm, VisitStatus
from inspections.models import PlannedVisit
from inspections.services import PlanData, create_plan
from inspections.workflows import excuse_visit, keep_plans
from responsibilities.models import Place, Unit
from safetyplant.demo.data.plans import EXCUSE, PLANS, PlannedRound
from safetyplant.demo.inspecting import Visit, inspect
from safetyplant.demo.story import Life, Story, chance

WEEKS = 3
MADE = 0.8


def begin_plans(story: Story) -> None:
    story.begin(_keep(story))


def _keep(story: Story) -> Life:
    """The plans are written, then each day is lived through: what is made that day in the morning, what is missed at night."""
    yield story.ago(days=WEEKS * 7)
    for planned in PLANS:
        create_plan(_data(story, planned), by=story.who("officer"), now=story.clock)
    for morning in _mornings(story):
        yield morning
        keep_plans(now=story.clock)
        _excuse(story)
        for visit in _due_today(story):
            _go(story, visit)
    yield story.ago(hours=0.01)
    keep_plans(now=story.now)


def _data(story: Story, planned: PlannedRound) -> PlanData:
    targets: list[tuple[Unit, Place | None]] = []
    for key in planned.targets:
        place = story.plant.place.get(key)
        targets.append((place.unit, place) if place is not None else (story.plant.units[key], None))
    standard = story.standards[planned.standard].document if planned.standard else None
    rhythm = {"rhythm": Rhythm.COUNT, "times": planned.times} if planned.times else {"rule": planned.rule}
    return PlanData(
        title=story.say(planned.title),
        unit=story.plant.units["BH"] if len(targets) > 1 and planned.is_wide else targets[0][0],
        targets=targets,
        inspectors=[story.who(key) for key in planned.inspectors],
        starts_on=timezone.localdate(story.clock),
        kind=planned.kind,
        standard=standard,
        due_time=time(18),
        **rhythm,
    )


def _mornings(story: Story) -> Iterator[datetime]:
    first = timezone.localtime(story.clock).replace(hour=7, minute=0, second=0, microsecond=0)
    for number in range(1, WEEKS * 7 + 1):
        morning = first + timedelta(days=number)
        if morning < story.now:
            yield morning


def _due_today(story: Story) -> list[PlannedVisit]:
    today = timezone.localdate(story.clock)
    planned = PlannedVisit.objects.filter(on=today, status=VisitStatus.PLANNED, place__stops=None)
    return list(planned.select_related("unit", "place__unit", "owner", "plan").order_by("pk"))


def _go(story: Story, visit: PlannedVisit) -> None:
    """Most are made in the course of the day, if it is over by now."""
    rng = chance("visit", str(visit.on), visit.place.code if visit.place else visit.unit.code, visit.kind)
    moment = story.clock + timedelta(hours=rng.uniform(1.5, 8))
    if rng.random() > MADE or moment > story.now - timedelta(hours=2):
        return
    where = visit.place if visit.place is not None else visit.unit
    key = f"planned-{visit.on}-{where.code}-{visit.kind}"
    standard = "WELLSITE" if visit.standard_id else "MGMTAUDIT"
    made = Visit(key, where, story.people[visit.owner_id], standard=standard, kind=visit.kind, by_day=False)
    story.begin(inspect(story, made, (story.now - moment) / timedelta(days=1)))


def _excuse(story: Story) -> None:
    """The first one that was missed fell into the sandstorm."""
    leader = story.who("leader")
    if PlannedVisit.objects.filter(status=VisitStatus.EXCUSED).exists():
        return
    missed = PlannedVisit.objects.filter(status=VisitStatus.MISSED, kind=InspectionKind.ROUTINE).exclude(owner=leader)
    visit = missed.select_related("unit").order_by("due_at", "pk").first()
    if visit is not None:
        excuse_visit(visit, excuse=Excuse.WEATHER, note=story.say(EXCUSE), by=leader, now=story.clock)
