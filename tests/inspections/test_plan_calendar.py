"""Calendar, the address other calendars read, coverage with its gaps."""

from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from inspections.coverage import read_coverage
from inspections.models import CalendarFeed, PlannedVisit
from inspections.recurrence import END_OF_DAY, Rule, slots_of
from inspections.services.feeds import make_feed, revoke_feed
from inspections.workflows import submit_inspection
from responsibilities.models import Unit
from safetyplant.access.exceptions import NotAllowed
from tests.factories.inspections import draft
from tests.factories.plans import plan
from tests.factories.responsibilities import PlaceFactory, PostFactory

pytestmark = pytest.mark.usefixtures("catalogue")


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def visits(people: SimpleNamespace, station: Unit) -> Any:
    mine = plan(station, [people.supervisor], people.officer, now=timezone.now(), due_time=END_OF_DAY)
    return PlannedVisit.objects.filter(plan=mine)


@pytest.mark.parametrize("view", ["month", "week", "list", "nonsense"])
def test_the_calendar_shows_ones_visits_alone(view: str, visits: Any, people: SimpleNamespace, station: Unit) -> None:
    for name, sees in (("supervisor", True), ("worker", True), ("head2", False)):
        page = signed_in(getattr(people, name)).get("/inspections/plans/", {"view": view, "whose": "all"})
        assert page.status_code == 200
        assert (f"/inspections/plans/visits/{visits.earliest('due_at').pk}/".encode() in page.content) is sees, name


@pytest.mark.parametrize("on", ["2026-13-45", "x", "0001-01-01", "9999-12-31", ""])
def test_a_day_that_is_none_shows_today(on: str, people: SimpleNamespace) -> None:
    assert signed_in(people.officer).get("/inspections/plans/", {"on": on, "view": "week"}).status_code == 200


def test_the_calendar_costs_the_same_however_many_visits(
    visits: Any, people: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(people.officer)
    client.get("/inspections/plans/")
    with django_assert_max_num_queries(12):
        client.get("/inspections/plans/?view=month&whose=all")


def test_the_address_opens_ones_own_visits_without_signing_in(visits: Any, people: SimpleNamespace) -> None:
    page = signed_in(people.supervisor).post("/inspections/plans/feed/", {"make": "1"})
    address = page.context["made"]
    answer = Client().get(address)
    assert answer["Content-Type"].startswith("text/calendar")
    events = list(Calendar.from_ical(answer.content).walk("VEVENT"))
    assert len(events) == visits.count()
    text = answer.content.decode()
    assert not any(person.name in text for person in vars(people).values())
    assert CalendarFeed.objects.get().digest not in address


def test_a_revoked_replaced_or_wrong_address_opens_nothing(visits: Any, people: SimpleNamespace) -> None:
    me = people.supervisor
    first = make_feed(me, by=me)
    second = make_feed(me, by=me)
    assert Client().get(f"/calendar/{first}.ics").status_code == 404
    assert Client().get(f"/calendar/{second}.ics").status_code == 200
    assert signed_in(me).post("/inspections/plans/feed/", {"revoke": "1"}).status_code == 302
    assert Client().get(f"/calendar/{second}.ics").status_code == 404


def test_whoever_loses_access_loses_the_calendar(visits: Any, people: SimpleNamespace) -> None:
    secret = make_feed(people.supervisor, by=people.supervisor)
    people.supervisor.is_active = False
    people.supervisor.save()
    assert Client().get(f"/calendar/{secret}.ics").status_code == 404


def test_nobody_makes_or_revokes_anothers_address(people: SimpleNamespace) -> None:
    for act in (make_feed, revoke_feed):
        with pytest.raises(NotAllowed):
            act(people.supervisor, by=people.officer)


def test_coverage_counts_who_was_where(people: SimpleNamespace, station: Unit, station2: Unit) -> None:
    submit_inspection(draft(station, people.leader, kind="leader"), by=people.leader)
    found = read_coverage(people.director)
    assert found.cells[station.pk][people.leader.pk].done == 1
    assert found.cells[station2.pk][people.leader.pk].done == 0
    assert sum(found.weeks[station.pk].values()) == 1
    assert [gap.unit for gap in found.gaps] == [station2]


def test_coverage_counts_who_was_at_which_post(people: SimpleNamespace, station: Unit) -> None:
    pump, patrol, hall = (PostFactory(unit=station, name=name, is_front_line=True) for name in ("Pump", "Patrol", "Hall"))
    well = PlaceFactory(unit=station, post=patrol)
    PlaceFactory(unit=station, post=pump)
    route = PlaceFactory(unit=station, kind="route")
    route.stops.create(place=well, position=1)
    for place in (well, route):
        submit_inspection(draft(station, people.leader, kind="leader", place=place), by=people.leader)
    found = read_coverage(people.director)
    assert found.at_posts[patrol.pk] == {people.leader.pk: 2}
    assert found.at_posts[pump.pk] == {}
    gap = next(gap for gap in found.gaps if gap.unit == station)
    assert gap.posts == ["Pump"]  # nobody can tell who was at the hall: no place is said to be its
    assert [post.is_known for post in found.posts[station.pk]] == [False, True, True]
    page = signed_in(people.officer).get("/inspections/plans/coverage/").content.decode()
    assert f"No place yet: {hall.name}" in page


def test_a_post_belongs_to_the_unit_of_its_place(people: SimpleNamespace, station: Unit, station2: Unit) -> None:
    place, other = PlaceFactory(unit=station), PostFactory(unit=station2)
    place.post = other
    with connection.cursor() as cursor:
        cursor.execute('SET CONSTRAINTS "place_post_of_its_unit" IMMEDIATE')
    with pytest.raises(IntegrityError, match="place_post_of_its_unit"), transaction.atomic():
        place.save()
    body = {"code": place.code, "name": place.name, "post": other.pk, "is_active": "on"}
    PostFactory(unit=station)
    answer = signed_in(people.officer).post(f"/units/{station.pk}/places/{place.pk}/edit/", body)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["post"])


def test_a_gap_is_closed_by_one_tap_and_gone(people: SimpleNamespace, station: Unit) -> None:
    PostFactory(unit=station, name="Pump operator", is_front_line=True)
    client = signed_in(people.officer)
    page = client.get("/inspections/plans/coverage/")
    assert b"Pump operator" in page.content
    gap = page.context["found"].gaps[0]
    body = {"owner": gap.owner.pk, "unit": gap.unit.pk, "on": gap.on.isoformat()}
    for _tap in range(2):
        assert client.post("/inspections/plans/visits/new/", body).status_code == 302
    assert PlannedVisit.objects.get().owner == gap.owner
    assert gap.unit not in [each.unit for each in read_coverage(people.officer).gaps]


def test_a_head_sees_the_coverage_of_their_own_units(people: SimpleNamespace, station: Unit, station2: Unit) -> None:
    assert [unit.pk for unit in read_coverage(people.head).units] == [station.pk]
    assert signed_in(people.supervisor).get("/inspections/plans/coverage/").status_code == 403


DAYS = {
    "every working day": (Rule("rule", date(2026, 9, 28), rule="FREQ=DAILY", free_days="skip"), "0928 0929 0930 1008 1009 1010"),
    "weekly": (Rule("rule", date(2026, 9, 28), rule="FREQ=WEEKLY;BYDAY=TU,FR"), "0929 1002 1006 1009"),
    "moved after the holidays": (
        Rule("rule", date(2026, 9, 28), rule="FREQ=MONTHLY;BYDAY=1FR", free_days="after"),
        "1008",
    ),
    "moved before": (Rule("rule", date(2026, 9, 28), rule="FREQ=MONTHLY;BYDAY=1FR", free_days="before"), "0930"),
    "shifts": (Rule("shifts", date(2026, 9, 28), shifts="DDNN----"), "0928 0929 0930 1001 1006 1007 1008 1009"),
    "ended": (Rule("rule", date(2026, 9, 28), date(2026, 9, 29), rule="FREQ=DAILY"), "0928 0929"),
}


@pytest.mark.parametrize("name", DAYS)
def test_days_of_a_rule(name: str) -> None:
    rule, expected = DAYS[name]
    assert " ".join(f"{slot.on:%m%d}" for slot in slots_of(rule, date(2026, 9, 1), date(2026, 10, 10))) == expected


def test_a_night_shift_ends_the_next_morning() -> None:
    (slot,) = slots_of(Rule("shifts", date(2026, 9, 28), date(2026, 9, 28), shifts="N"), date(2026, 9, 28), date(2026, 9, 28))
    assert slot.due_at - slot.starts_at == timedelta(hours=12)
    assert timezone.localtime(slot.due_at).date() == date(2026, 9, 29)


@pytest.mark.parametrize("times", [1, 2, 3, 7, 28])
def test_every_month_has_its_number_of_visits(times: int) -> None:
    rule = Rule("count", date(2026, 1, 1), times=times)
    for month, last in ((1, 31), (2, 28), (6, 30)):
        slots = slots_of(rule, date(2026, month, 1), date(2026, month, last))
        assert len(slots) == times
        assert slots[-1].on == date(2026, month, last)
        assert all(early.due_at < late.starts_at for early, late in pairwise(slots))
