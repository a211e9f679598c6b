"""Pages of plans and visits: written by form, begun by a tap, excused, listed and exported."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from inspections.choices import VisitStatus
from inspections.models import Inspection, InspectionPlan, PlannedVisit
from inspections.recurrence import END_OF_DAY
from inspections.services import save_answers
from inspections.workflows import submit_inspection
from responsibilities.models import Unit
from tests.factories.inspections import standard
from tests.factories.plans import first_visit, plan
from tests.inspections.photos import photo

pytestmark = pytest.mark.usefixtures("catalogue")


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def typed(station: Unit, inspector: Any, **changes: Any) -> dict[str, Any]:
    return {
        "title": "Weekly round",
        "kind": "routine",
        "targets": [f"u{station.pk}"],
        "inspectors": [str(inspector.pk)],
        "by_whom": "anyone",
        "repeats": "weekly",
        "weekdays": ["MO", "TH"],
        "interval": "1",
        "starts_on": timezone.localdate().isoformat(),
        "due_time": "18:00",
        "free_days": "keep",
        "revision": "0",
        **changes,
    }


REPEATS = {
    "daily": ({}, ("rule", "FREQ=DAILY")),
    "working": ({}, ("free_days", "skip")),
    "weekly": ({"weekdays": ["MO", "TH"], "interval": "2"}, ("rule", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH")),
    "monthly": ({"nth": "-1", "weekday": "FR"}, ("rule", "FREQ=MONTHLY;BYDAY=-1FR")),
    "shifts": ({"shifts": "ddnn----"}, ("shifts", "DDNN----")),
    "count": ({"times": "3"}, ("times", 3)),
}


@pytest.mark.parametrize("repeats", REPEATS)
def test_a_plan_is_written_and_read_again(repeats: str, people: SimpleNamespace, station: Unit) -> None:
    answers, (name, value) = REPEATS[repeats]
    client = signed_in(people.officer)
    response = client.post("/inspections/plans/new/", typed(station, people.supervisor, repeats=repeats, **answers))
    assert response.status_code == 302, response.context["form"].errors
    written = InspectionPlan.objects.get()
    assert getattr(written, name) == value
    form = client.get(f"/inspections/plans/{written.pk}/edit/").context["form"]
    assert form["repeats"].value() == repeats
    assert form["targets"].value() == [f"u{station.pk}"]


FAULTY = {
    "weekdays": {"weekdays": []},
    "shifts": {"repeats": "shifts", "shifts": "XX"},
    "times": {"repeats": "count", "times": ""},
    "targets": {"targets": []},
    "ends_on": {"ends_on": "2020-01-01"},
}


@pytest.mark.parametrize("field", FAULTY)
def test_a_faulty_plan_comes_back_with_what_was_typed(field: str, people: SimpleNamespace, station: Unit) -> None:
    response = signed_in(people.officer).post("/inspections/plans/new/", typed(station, people.supervisor, **FAULTY[field]))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert b"Weekly round" in response.content
    assert not InspectionPlan.objects.exists()


def test_an_inspector_who_may_not_go_there_is_named(people: SimpleNamespace, station: Unit) -> None:
    response = signed_in(people.officer).post("/inspections/plans/new/", typed(station, people.worker))
    assert response.status_code == 422
    assert "Wang Fang" in str(response.context["form"].errors["inspectors"])


def test_a_plan_changed_meanwhile_is_a_conflict_with_what_was_typed(people: SimpleNamespace, station: Unit) -> None:
    mine = plan(station, [people.supervisor], people.officer, now=timezone.now())
    response = signed_in(people.officer).post(
        f"/inspections/plans/{mine.pk}/edit/", typed(station, people.supervisor, title="Mine", revision="7")
    )
    assert response.status_code == 409
    assert b"Mine" in response.content


def test_a_plan_ends_after_a_question(people: SimpleNamespace, station: Unit) -> None:
    mine = plan(station, [people.supervisor], people.officer, now=timezone.now())
    client = signed_in(people.leader)
    assert client.get(f"/inspections/plans/{mine.pk}/end/").status_code == 200
    assert client.post(f"/inspections/plans/{mine.pk}/end/").status_code == 302
    mine.refresh_from_db()
    assert mine.is_ended
    assert client.get(f"/inspections/plans/{mine.pk}/").status_code == 200


@pytest.fixture
def visit(people: SimpleNamespace, station: Unit) -> PlannedVisit:
    return first_visit(plan(station, [people.supervisor], people.officer, now=timezone.now(), due_time=END_OF_DAY))


def test_a_visit_is_begun_once_and_from_its_page(visit: PlannedVisit, people: SimpleNamespace) -> None:
    client = signed_in(people.supervisor)
    page = client.get(f"/inspections/plans/visits/{visit.pk}/")
    assert b"/begin/" in page.content
    for _tap in range(2):
        assert client.post(f"/inspections/plans/visits/{visit.pk}/begin/").status_code == 302
    inspection = Inspection.objects.get()
    assert list(visit.inspections.all()) == [inspection]
    assert signed_in(people.leader).post(f"/inspections/plans/visits/{visit.pk}/begin/").status_code == 403


def test_an_excuse_goes_from_the_owner_to_the_leader(visit: PlannedVisit, people: SimpleNamespace) -> None:
    owner, leader = signed_in(people.supervisor), signed_in(people.leader)
    address = f"/inspections/plans/visits/{visit.pk}/"
    asked = {"excuse": "weather", "note": "Sandstorm", "revision": visit.revision}
    assert owner.post(f"{address}excuse/", asked).status_code == 302
    visit.refresh_from_db()
    assert (visit.status, visit.excuse) == (VisitStatus.PLANNED, "weather")
    assert b"Sandstorm" in leader.get(f"{address}decide/").content
    assert owner.post(f"{address}decide/", {"decision": "accept", "note": "ok", "revision": 2}).status_code == 403
    assert leader.post(f"{address}decide/", {"decision": "accept", "note": "", "revision": 2}).status_code == 422
    assert leader.post(f"{address}decide/", {"decision": "accept", "note": "Seen", "revision": 1}).status_code == 409
    assert leader.post(f"{address}decide/", {"decision": "accept", "note": "Seen", "revision": 2}).status_code == 302
    visit.refresh_from_db()
    assert visit.status == VisitStatus.EXCUSED
    assert leader.post(f"{address}decide/", {"decision": "accept", "note": "Seen", "revision": 3}).status_code == 403


def test_lists_show_and_export_what_the_reader_sees(visit: PlannedVisit, people: SimpleNamespace) -> None:
    for name, count in (("supervisor", 1), ("head2", 0)):
        client = signed_in(getattr(people, name))
        for address in ("/inspections/plans/all/", "/inspections/plans/visits/"):
            assert client.get(address).status_code == 200
            rows = client.get(f"{address}?format=csv").getvalue().decode("utf-8-sig").strip().splitlines()
            assert min(len(rows) - 1, 1) == count, (name, address)


def test_my_work_shows_the_visits_of_the_week(visit: PlannedVisit, people: SimpleNamespace) -> None:
    assert f"/inspections/plans/visits/{visit.pk}/".encode() in signed_in(people.supervisor).get("/").content


def test_a_blank_sheet_is_printed_for_a_visit(visit: PlannedVisit, people: SimpleNamespace) -> None:
    answer = signed_in(people.supervisor).get(f"/inspections/blank/{standard().pk}/?visit={visit.pk}")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert signed_in(people.worker).get(f"/inspections/blank/{standard().pk}/").status_code == 403


def test_what_was_written_on_paper_keeps_its_sheet_and_both_times(people: SimpleNamespace, station: Unit) -> None:
    seen = timezone.localtime() - timedelta(hours=5)
    body = {"where": f"u{station.pk}", "kind": "routine", "started_at": f"{seen:%Y-%m-%dT%H:%M}", "scans": photo("white")}
    client = signed_in(people.supervisor)
    assert client.post("/inspections/new/", body).status_code == 302
    inspection = Inspection.objects.get()
    assert inspection.photos is not None
    assert inspection.photos.attachments.get().purpose == "document"
    save_answers(inspection, [], by=people.supervisor, note="As on the sheet")
    inspection = submit_inspection(inspection, by=people.supervisor)
    assert inspection.submitted_at - inspection.started_at > timedelta(hours=4)
    sheet = inspection.photos.attachments.get()
    assert f"/files/{sheet.pk}/".encode() in client.get(f"/inspections/{inspection.pk}/").content
