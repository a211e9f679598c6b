"""Where leaders and inspectors have been, where not, and whom to send: figures for the coverage page, read only.

Counted are inspections submitted, by who took part in them (`inspectors`), and visits planned for the coming week.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone

from inspections.choices import VisitStatus
from inspections.models import Inspection, PlannedVisit
from responsibilities.calendar import is_working_day
from responsibilities.choices import RoleCode, UnitKind
from responsibilities.models import Appointment, Person, Place, Post, Unit
from responsibilities.roles import Right

#: How far back a visit counts for the matrix, and how many weeks the second table shows.
BACK, WEEKS = timedelta(days=30), 8
COMING = timedelta(days=7)
LEADERS = (RoleCode.DIRECTOR, RoleCode.LEADER, RoleCode.FIELD_LEADER, RoleCode.PARTY_SECRETARY)
MOST_UNITS, MOST_LEADERS, MOST_GAPS = 60, 12, 20


@dataclass(frozen=True)
class Cell:
    """How often this leader was in this unit within `BACK`, and how often they are expected there within a week."""

    done: int = 0
    coming: int = 0


@dataclass(frozen=True)
class FrontPost:
    """A front-line post of a unit. `is_known`: it has places, so that it can be told whether anyone was there."""

    pk: int
    name: str
    is_known: bool


@dataclass(frozen=True)
class Gap:
    """A unit, or some `posts` of it, no leader was at for `BACK` and nobody is expected at: who could go, and when."""

    unit: Unit
    posts: list[str]
    last: date | None
    owner: Person
    on: date


@dataclass
class Coverage:
    """`cells[unit][leader]`, `at_posts[post][leader]`: visits; `weeks[unit][week]` by Monday; `reach`: each leader's paths."""

    units: list[Unit]
    leaders: list[Person]
    reach: dict[int, list[str]]
    mondays: list[date]
    cells: dict[int, dict[int, Cell]] = field(default_factory=dict)
    weeks: dict[int, dict[date, int]] = field(default_factory=dict)
    planned: dict[int, int] = field(default_factory=dict)
    posts: dict[int, list[FrontPost]] = field(default_factory=dict)
    at_posts: dict[int, dict[int, int]] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)


def read_coverage(user: Person, *, now: datetime | None = None) -> Coverage:
    """Of the working units whose records the reader sees; ten queries, whatever their number."""
    moment = now or timezone.now()
    units = units_of(user)
    this_week = timezone.localdate(moment) - timedelta(days=timezone.localdate(moment).weekday())
    mondays = [this_week - timedelta(weeks=number) for number in reversed(range(WEEKS))]
    leaders, reach = leaders_for(units, moment)
    found = Coverage(units, leaders, reach, mondays)
    found.cells = _cells(found, moment)
    found.weeks = _weeks(found)
    found.planned = _planned(found, moment)
    found.posts = _posts(units)
    found.at_posts = _at_posts(found, moment)
    found.gaps = _gaps(found, moment)
    return found


def units_of(user: Person) -> list[Unit]:
    """Units at work: those with nobody below them, contractors apart, whose leaders are their host's."""
    units = Unit.objects.active().exclude(kind=UnitKind.CONTRACTOR).order_by("path")
    if not user.standing.everywhere(Right.VIEW_RECORDS):
        units = units.filter(pk__in=user.standing.unit_ids(Right.VIEW_RECORDS))
    return list(units.exclude(parent=None)[:MOST_UNITS])


def leaders_for(units: list[Unit], now: datetime) -> tuple[list[Person], dict[int, list[str]]]:
    """Who holds a leader's post today, the highest first, and below which paths: their own appointments let them go there."""
    held = Appointment.objects.covering(timezone.localdate(now)).filter(role__in=LEADERS, person__is_active=True)
    rank = {role.value: number for number, role in enumerate(LEADERS)}
    found: dict[int, Person] = {}
    reach: dict[int, list[str]] = defaultdict(list)
    for appointment in sorted(held.select_related("person", "unit"), key=lambda each: (rank[each.role], each.pk)):
        reach[appointment.person_id].append(appointment.unit.path)
        if any(unit.path.startswith(appointment.unit.path) for unit in units):
            found.setdefault(appointment.person_id, appointment.person)
    return list(found.values())[:MOST_LEADERS], reach


def _cells(found: Coverage, now: datetime) -> dict[int, dict[int, Cell]]:
    units, leaders = [unit.pk for unit in found.units], [leader.pk for leader in found.leaders]
    done: dict[tuple[int, int], int] = defaultdict(int)
    made = Inspection.objects.submitted().filter(started_at__gte=now - BACK, unit__in=units, inspectors__in=leaders)
    for unit, leader, count in made.order_by().values_list("unit", "inspectors").annotate(Count("pk")):
        done[unit, leader] = count
    coming = dict(_expected(found, now))
    return {unit: {leader: Cell(done[unit, leader], coming.get((unit, leader), 0)) for leader in leaders} for unit in units}


def _expected(found: Coverage, now: datetime) -> list[tuple[tuple[int, int], int]]:
    rows = PlannedVisit.objects.filter(
        status=VisitStatus.PLANNED, due_at__gte=now, due_at__lt=now + COMING, unit__in=[unit.pk for unit in found.units]
    ).filter(owner__in=[leader.pk for leader in found.leaders])
    return [((unit, owner), count) for unit, owner, count in rows.order_by().values_list("unit", "owner").annotate(Count("pk"))]


def _weeks(found: Coverage) -> dict[int, dict[date, int]]:
    since = timezone.make_aware(datetime.combine(found.mondays[0], time()))
    counts: dict[int, dict[date, int]] = {unit.pk: dict.fromkeys(found.mondays, 0) for unit in found.units}
    made = Inspection.objects.submitted().filter(started_at__gte=since, unit__in=list(counts))
    weekly = made.annotate(week=TruncWeek("started_at")).order_by().values_list("unit", "week").annotate(Count("pk"))
    for unit, week, count in weekly:
        counts[unit][timezone.localtime(week).date()] = count
    return counts


def _planned(found: Coverage, now: datetime) -> dict[int, int]:
    coming = PlannedVisit.objects.filter(status=VisitStatus.PLANNED, due_at__gte=now, due_at__lt=now + COMING)
    rows = coming.filter(unit__in=[unit.pk for unit in found.units]).order_by().values_list("unit").annotate(Count("pk"))
    return dict(rows)


def _posts(units: list[Unit]) -> dict[int, list[FrontPost]]:
    by_unit: dict[int, list[FrontPost]] = defaultdict(list)
    known = Exists(Place.objects.active().filter(post=OuterRef("pk")))
    posts = Post.objects.active().filter(unit__in=units, is_front_line=True).annotate(known=known).order_by("name")
    for pk, unit, name, is_known in posts.values_list("pk", "unit", "name", "known"):
        by_unit[unit].append(FrontPost(pk, name, is_known))
    return dict(by_unit)


def _at_posts(found: Coverage, now: datetime) -> dict[int, dict[int, int]]:
    """Who was at which post: by the place inspected, or by the stops of the round walked."""
    counts: dict[int, dict[int, int]] = {post.pk: {} for posts in found.posts.values() for post in posts}
    leaders = [leader.pk for leader in found.leaders]
    made = Inspection.objects.submitted().filter(started_at__gte=now - BACK, inspectors__in=leaders)
    for way in ("place__post", "place__stops__place__post"):
        rows = made.filter(**{f"{way}__in": list(counts)}).order_by().values_list(way, "inspectors")
        for post, leader, count in rows.annotate(Count("pk", distinct=True)):
            counts[post][leader] = counts[post].get(leader, 0) + count
    return counts


def _gaps(found: Coverage, now: datetime) -> list[Gap]:
    """For each unit, or posts of it, without a leader's visit: who may go there and has the least to do, and a working day."""
    missed = {unit.pk: _missed(found, unit) for unit in found.units}
    empty = [unit for unit in found.units if missed[unit.pk] is not None]
    if not empty or not found.leaders:
        return []
    last = _last_visits(empty, found.leaders)
    load = {leader.pk: sum(found.cells[unit.pk][leader.pk].coming for unit in found.units) for leader in found.leaders}
    days = working_days(now)
    gaps = []
    longest_first = sorted(empty, key=lambda each: (last.get(each.pk) or date.min, each.path))
    for number, unit in enumerate(longest_first[:MOST_GAPS]):
        able = [leader for leader in found.leaders if any(unit.path.startswith(path) for path in found.reach[leader.pk])]
        if not able:
            continue
        owner = min(able, key=lambda leader: load[leader.pk])
        load[owner.pk] += 1
        gaps.append(Gap(unit, missed[unit.pk] or [], last.get(unit.pk), owner, days[number % len(days)]))
    return gaps


def _missed(found: Coverage, unit: Unit) -> list[str] | None:
    """The posts of a unit no leader was at; None where there is no gap. Whoever is expected in the unit may see to them."""
    cells = found.cells[unit.pk].values()
    if any(cell.coming for cell in cells):
        return None
    posts = found.posts.get(unit.pk, [])
    if not any(cell.done for cell in cells):
        return [post.name for post in posts]
    return [post.name for post in posts if post.is_known and not found.at_posts[post.pk]] or None


def _last_visits(units: list[Unit], leaders: list[Person]) -> dict[int, date]:
    made = Inspection.objects.submitted().filter(Q(inspectors__in=leaders), unit__in=units)
    rows = made.order_by().values_list("unit").annotate(Max("started_at"))
    return {unit: timezone.localtime(latest).date() for unit, latest in rows}


def working_days(now: datetime) -> list[date]:
    """Those of the coming week; in the longest holidays simply tomorrow."""
    today = timezone.localdate(now)
    week = [today + timedelta(days=number) for number in range(1, COMING.days + 1)]
    return [day for day in week if is_working_day(day)] or [week[0]]
