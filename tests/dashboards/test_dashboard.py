"""The dashboard: exact figures, each with its records behind it, for the scope of its reader."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from inspections.facts import fold_facts, rebuild_facts
from inspections.metrics import hazard_figures, repeats
from inspections.models import Hazard, HazardDelta, HazardFact
from inspections.workflows import cancel_hazard
from responsibilities.models import Deadline, Escalation
from responsibilities.sweep import sweep_deadlines
from responsibilities.workflows import submit_fix, verify_fix
from safetyplant.dashboards.panels import build_dashboard
from tests.factories.inspections import assigned, reported
from tests.factories.responsibilities import PlaceFactory

pytestmark = pytest.mark.usefixtures("catalogue", "people")

NOW = timezone.now()


def close(hazard, by, checker, now):
    submit_fix(hazard.action, by=by, note="done", now=now)
    hazard.action.refresh_from_db()
    verify_fix(hazard.action, by=checker, now=now)


@pytest.fixture
def life(station, station2, people):
    """Open, late, closed on time, closed late, cancelled; in two units."""
    old = NOW - timedelta(days=10)
    late = assigned(station, people.worker, assessor=people.officer, now=old)
    assigned(station, people.worker, assessor=people.officer, level="G1", now=NOW)
    on_time = assigned(station2, people.worker2, assessor=people.officer, now=old)
    close(on_time, people.head2, people.leader, old + timedelta(days=1))
    too_late = assigned(station2, people.worker2, assessor=people.officer, now=old)
    close(too_late, people.head2, people.leader, old + timedelta(days=9))
    cancelled = assigned(station, people.worker, assessor=people.officer, now=old)
    cancel_hazard(cancelled, by=people.officer, reason="Duplicate", now=NOW)
    return late


def test_figures_are_exact_before_and_after_folding_and_rebuilding(life, station, station2):
    def figures():
        found = hazard_figures(None, now=NOW)
        return (
            found.open,
            found.late_by_unit,
            {unit: dict(levels) for unit, levels in found.open_by_unit.items()},
            sum(found.reported_by_week.values()),
            sum(found.closed_by_week.values()),
            sum(found.due_by_month.values()),
            sum(found.on_time_by_month.values()),
        )

    expected = (2, {station.pk: 1}, {station.pk: {"G2": 1, "G1": 1}}, 4, 2, 3, 1)
    assert figures() == expected
    assert fold_facts() > 0
    assert not HazardDelta.objects.exists()
    assert figures() == expected
    rebuild_facts()
    assert figures() == expected
    assert HazardFact.objects.filter(n__lt=0).count() == 0


def test_a_bulk_change_in_sql_is_counted_too(life, station2):
    Hazard.objects.filter(status__in=["assigned"]).update(unit=station2)
    assert dict(hazard_figures([station2.pk], now=NOW).open_by_unit) == {station2.pk: {"G2": 1, "G1": 1}}


def test_past_records_are_never_late_and_never_on_time(life):
    before = hazard_figures(None, now=NOW)
    Hazard.objects.filter(status="closed").update(is_past=True)
    after = hazard_figures(None, now=NOW)
    assert sum(after.due_by_month.values()) == sum(before.due_by_month.values()) - 2
    assert sum(after.on_time_by_month.values()) == 0


def test_the_same_danger_at_the_same_place_is_marked(station, worker, officer, people):
    well = PlaceFactory(unit=station)
    first = assigned(station, worker, assessor=officer, place=well, found_at=NOW - timedelta(days=80), now=NOW)
    again = assigned(station, worker, assessor=officer, place=well, now=NOW)
    assigned(station, worker, assessor=officer, place=PlaceFactory(unit=station), now=NOW)
    again.refresh_from_db()
    assert again.repeat_of == first
    assert [(row.place_id, row.times) for row in repeats(None, now=NOW)] == [(well.pk, 2)]


def test_a_head_sees_the_own_unit_only(life, head, head2, station2):
    own = build_dashboard(head, now=NOW)
    other = build_dashboard(head2, now=NOW)
    assert (own.figures.open, other.figures.open) == (2, 0)
    assert [hazard.pk for hazard in own.late] == [life.pk]
    assert {unit.pk for unit in other.units} == {station2.pk}


def test_escalations_asked_of_the_reader_come_first(life, leader):
    sweep_deadlines(NOW)
    dashboard = build_dashboard(leader, now=NOW)
    assert dashboard.answers.mine >= 1
    assert dashboard.answers.shown[0].addressee_id == leader.pk


def test_answers_are_counted_in_all_and_not_just_those_shown(client, life, leader, station, officer, worker):
    for _number in range(10):
        assigned(station, worker, assessor=officer, level="G1", now=NOW - timedelta(days=40))
    sweep_deadlines(NOW)
    owed = Escalation.objects.waiting().filter(addressee=leader).count()
    answers = build_dashboard(leader, now=NOW).answers
    assert owed > len(answers.shown) == 8
    assert answers.mine == owed
    client.force_login(leader)
    page = client.get("/dashboard/").content.decode()
    assert f"{owed} from you" in page
    home = client.get("/")
    assert home.context["asked"].count == owed
    assert sum(group.count for group in home.context["groups"]) == Deadline.objects.open().filter(owner=leader).count()
    for group in home.context["groups"]:
        assert client.get(group.url).context["list"].count_text == group.count_text, group.key
    asked = client.get(home.context["asked"].url)
    assert asked.context["list"].count_text == str(owed)


def test_a_row_without_a_level_says_so(client, life, leader, station, worker):
    reported(station, worker, now=NOW - timedelta(days=20))
    sweep_deadlines(NOW)
    client.force_login(leader)
    page = client.get("/dashboard/").content.decode()
    assert "Not assessed" in page[page.index("sp-escs") : page.index("sp-heat")]


def test_units_without_a_head_are_named(director, station2, head2):
    assert station2 not in build_dashboard(director).without_head
    head2.appointments.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert station2 in build_dashboard(director).without_head


@pytest.mark.parametrize(
    ("who", "status"), [("director", 200), ("leader", 200), ("head", 200), ("worker", 403), ("outsider", 403)]
)
def test_the_page_is_for_those_who_lead(client, people, life, who, status):
    client.force_login(getattr(people, who))
    assert client.get("/dashboard/").status_code == status


def test_every_number_leads_to_its_records(client, director, life):
    client.force_login(director)
    page = client.get("/dashboard/")
    dashboard = page.context["dashboard"]
    for figure, expected in zip(dashboard.key_figures[:2], (1, 2), strict=True):
        listed = client.get(figure.url)
        assert figure.value == str(expected)
        assert len(listed.context["list"].fetched.rows) == expected


def test_reporting_adds_to_this_week(station, worker, director):
    before = build_dashboard(director, now=NOW).weeks[-1][1]
    reported(station, worker, now=NOW)
    assert build_dashboard(director, now=NOW).weeks[-1][1] == before + 1


def test_facts_are_rebuilt_in_the_present_time_zone(life, settings):
    settings.TIME_ZONE = "America/Chicago"
    call_command("rebuild_facts")
    with connection.cursor() as cursor:
        cursor.execute("SELECT sp_plant_day('2026-06-01 02:00+00')::text")
        assert cursor.fetchone() == ("2026-05-31",)
