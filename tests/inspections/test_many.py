"""One change for many hazards: previewed, confirmed, each by the single act's own rules, each told and logged."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inspections.models import Hazard
from inspections.workflows import accept_hazard, change_many
from inspections.workflows.many import NewDate
from responsibilities.choices import RoleCode
from responsibilities.models import Deadline
from responsibilities.workflows import submit_fix
from safetyplant.audit.models import Event
from safetyplant.notifications.models import Message
from tests.factories.inspections import assigned, reported
from tests.factories.major import major
from tests.factories.responsibilities import PersonFactory, UnitFactory, appoint
from tests.trust import invariants

pytestmark = pytest.mark.usefixtures("catalogue", "people")
ASSIGN, DATE = "/hazards/many/assign/", "/hazards/many/date/"


@pytest.fixture
def two(station, worker, officer):
    return [assigned(station, worker, assessor=officer, title=f"Gate {number} broken") for number in (1, 2)]


def day(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def seen(*hazards):
    hazards = Hazard.objects.filter(pk__in=[each.pk for each in hazards]).select_related("action")
    return {"hazard": [each.pk for each in hazards]} | {f"revision_{each.pk}": each.action.revision for each in hazards}


def dues(hazards):
    fixes = Deadline.objects.filter(fix_of__hazard__in=hazards)
    return {timezone.localtime(fix.due_at).date().isoformat() for fix in fixes}


def test_rows_are_chosen_in_the_list_by_whoever_may_change_them(client, two, officer, head):
    client.force_login(officer)
    page = client.get("/hazards/").text
    assert page.count('name="hazard"') == 2
    assert f'formaction="{DATE}"' in page
    client.force_login(head)
    assert 'name="hazard"' not in client.get("/hazards/").text
    for address in (ASSIGN, DATE):
        assert client.get(address).status_code == 403
        assert client.post(address, seen(*two)).status_code == 403


def test_the_preview_changes_nothing_and_the_confirmation_all(client, two, officer, head):
    client.force_login(officer)
    body = {"due_on": day(10), "reason": "Storm"}
    before = invariants.fingerprint()
    preview = client.post(DATE, {"hazard": [each.pk for each in two], **body})
    assert preview.status_code == 200
    assert preview.text.count('name="revision_') == 2
    assert invariants.fingerprint() == before
    assert not Message.objects.filter(code="action.date_changed").exists()
    done = client.post(DATE, {**seen(*two), **body, "confirm": "1"})
    assert done.status_code == 200
    assert dues(two) == {day(10)}
    assert Event.objects.filter(action="action.date_changed", actor=officer.pk).count() == 2
    assert Message.objects.filter(code="action.date_changed", recipient=head).count() == 2
    assert invariants.broken() == []


def test_a_fix_goes_to_another_owner_each_with_its_message(client, two, officer, worker):
    client.force_login(officer)
    body = {"owner": worker.pk, "reason": "Leave"}
    assert worker.name in client.post(ASSIGN, {"hazard": [each.pk for each in two], **body}).text
    client.post(ASSIGN, {**seen(*two), **body, "confirm": "1"})
    assert set(Hazard.objects.values_list("fixer", flat=True)) == {worker.pk}
    assert Message.objects.filter(code="action.assigned", recipient=worker).count() == 2
    assert Event.objects.filter(action="action.reassigned").count() == 2
    assert invariants.broken() == []


def test_each_row_says_why_it_stays_and_stops_no_other(client, two, station, worker, officer, head):
    accepted, submitted = (assigned(station, worker, assessor=officer) for _each in range(2))
    soon = timezone.now() + timedelta(days=5)
    accept_hazard(accepted, by=officer, reason="Part", interim_control="Fenced", until=soon)
    submit_fix(submitted.action, by=head, note="Welded")
    refused = [reported(station, worker), accepted, submitted, major(station, worker, officer)]
    client.force_login(officer)
    page = client.post(DATE, {"hazard": [each.pk for each in [*refused, two[0]]], "due_on": day(9), "reason": "Storm"})
    assert page.text.count('name="revision_') == 1
    for words in ("Assess the hazard first.", "its date stands still", "moved by an extension alone"):
        assert words in page.text
    outcomes = change_many(
        Hazard.objects.filter(pk__in=[each.pk for each in [*refused, two[0]]]).select_related("action__deadline"),
        NewDate(timezone.localdate() + timedelta(days=9), "Storm"),
        by=officer,
    )
    assert {outcome.hazard.pk for outcome in outcomes if outcome.is_done} == {two[0].pk}
    assert dues([two[0]]) == {day(9)}
    assert invariants.broken() == []


def test_what_changed_since_the_preview_is_refused_row_by_row(client, two, officer):
    client.force_login(officer)
    old = seen(*two)
    client.post(DATE, {**seen(two[0]), "due_on": day(8), "reason": "Storm", "confirm": "1"})
    body = {"due_on": day(12), "reason": "Rain", "confirm": "1"}
    assert "Someone else changed this" in client.post(DATE, {**old, **body}).text
    assert (dues([two[0]]), dues([two[1]])) == ({day(8)}, {day(12)})
    # Without what was previewed nothing changes at all.
    client.post(DATE, {"hazard": [two[1].pk], "due_on": day(13), "reason": "Rain", "confirm": "1"})
    assert dues([two[1]]) == {day(12)}


def test_beyond_the_longest_day_only_with_the_right(client, two, officer, director):
    body = {"hazard": [two[0].pk], "due_on": day(400), "reason": "Shutdown"}
    client.force_login(officer)
    assert "Only the director" in client.post(DATE, body).text
    client.force_login(director)
    assert "revision_" in client.post(DATE, body).text


def test_faulty_forms_too_many_and_none_come_back(client, two, officer):
    client.force_login(officer)
    ids = [each.pk for each in two]
    assert client.get(DATE).status_code == 200
    assert client.get(DATE, {"hazard": range(1, 102)}).status_code == 422
    faulty = client.post(DATE, {"hazard": ids, "due_on": "", "reason": "Storm"})
    assert (faulty.status_code, "Storm" in faulty.text) == (422, True)
    assert client.post(DATE, {"hazard": [*ids, 10**6], "due_on": day(3), "reason": "x"}).status_code == 404
    again = client.post(DATE, {"hazard": ids, "due_on": day(3), "reason": "Storm", "again": "1"}).text
    assert "Storm" in again
    assert day(3) in again


def test_a_contractors_officer_changes_none_of_the_plant(client, station2, worker2, officer):
    other = assigned(station2, worker2, assessor=officer)
    contractor = UnitFactory(kind="contractor", parent=station2)
    keeper = PersonFactory(unit=contractor)
    appoint(keeper, RoleCode.OFFICER, contractor)
    client.force_login(keeper)
    assert client.get(DATE, {"hazard": [other.pk]}).status_code == 404


@pytest.mark.parametrize("address", [reverse("inspections:hazards-date"), reverse("inspections:hazards-assign")])
def test_a_row_more_costs_the_same_queries_each(client, station, worker, officer, address):
    hazards = [assigned(station, worker, assessor=officer) for _each in range(7)]
    client.force_login(officer)
    body = {"due_on": day(9), "owner": worker.pk, "reason": "Storm", "confirm": "1"}

    def cost(chosen):
        with CaptureQueriesContext(connection) as asked:
            assert client.post(address, {**seen(*chosen), **body}).status_code == 200
        return len(asked)

    cost(hazards[:1])
    one, two, three = cost(hazards[1:2]), cost(hazards[2:4]), cost(hazards[4:])
    assert three - two == two - one
