"""Pages of inspections: started, logged item by item, looked over, submitted, acknowledged."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from inspections.choices import HazardStatus, InspectionStatus
from inspections.forms.checklists import Checklist
from inspections.models import Hazard, Inspection, Violation
from inspections.services import FindingData
from inspections.workflows import submit_inspection
from responsibilities.choices import PlaceKind
from responsibilities.models import RouteStop
from tests.factories.inspections import draft, standard
from tests.factories.responsibilities import PlaceFactory
from tests.inspections.photos import photo

pytestmark = pytest.mark.usefixtures("catalogue", "people")


@pytest.fixture
def well(station):
    return PlaceFactory(unit=station, code="N12-45", name="Well N12-45")


def url(page, *args):
    return reverse(f"inspections:inspection-{page}", args=args)


def start_body(well, **changes):
    return {"kind": "routine", "where": f"p{well.pk}", "standard": standard().pk, "client_id": str(uuid4()), **changes}


def taps(version, failed=(), **fields):
    """Every item tapped OK, those of `failed` (by position) Fail."""
    clauses = list(version.clauses.order_by("position"))
    body = {f"i{clause.pk}-result": "fail" if place in failed else "ok" for place, clause in enumerate(clauses, start=1)}
    prefixes = {place: f"i{clause.pk}" for place, clause in enumerate(clauses, start=1)}
    for name, value in fields.items():
        place, _, field = name.removeprefix("p").partition("_")
        body[f"{prefixes[int(place)]}-{field}"] = value
    return body


# --- starting ------------------------------------------------------------------------------------------------------------


def test_a_supervisor_starts_an_inspection_once(client, supervisor, well):
    client.force_login(supervisor)
    assert client.get(url("new")).status_code == 200
    body = start_body(well)
    first = client.post(url("new"), body)
    again = client.post(url("new"), body)
    inspection = Inspection.objects.get()
    assert first["Location"] == again["Location"] == url("detail", inspection.pk)
    assert (inspection.status, inspection.place, inspection.standard) == (InspectionStatus.DRAFT, well, standard())


@pytest.mark.parametrize(("who", "status"), [("supervisor", 200), ("head", 200), ("worker", 403), ("outsider", 403)])
def test_only_those_who_inspect_start(client, people, who, status):
    client.force_login(getattr(people, who))
    assert client.get(url("new")).status_code == status


def test_a_head_inspects_only_their_own_unit(client, head, station2):
    client.force_login(head)
    foreign = PlaceFactory(unit=station2)
    assert client.post(url("new"), start_body(foreign)).status_code == 422


def test_findings_of_outside_inspectors_say_who_they_are(client, supervisor, well):
    client.force_login(supervisor)
    assert client.post(url("new"), start_body(well, kind="external")).status_code == 422
    assert client.post(url("new"), start_body(well, kind="external", outside_body="City office")).status_code == 302
    assert Inspection.objects.get().outside_body == "City office"


def test_a_route_leads_to_its_round(client, supervisor, station, well):
    route = PlaceFactory(unit=station, kind=PlaceKind.ROUTE, code="R1", name="North round")
    other = PlaceFactory(unit=station, code="N12-46", name="Well N12-46")
    for position, stop in enumerate((well, other), start=1):
        RouteStop.objects.create(route=route, place=stop, position=position)
    client.force_login(supervisor)
    answer = client.post(url("new"), start_body(route))
    assert answer["Location"].startswith(url("round", route.pk))
    html = client.get(answer["Location"]).content.decode()
    assert "0 of 2 stops" in html
    hidden = dict(re.findall(r'name="(where|standard|client_id|kind)" value="([^"]*)"', html.split(f'value="p{other.pk}"')[0]))
    begun = client.post(url("new"), {**hidden, "where": f"p{well.pk}"})
    inspection = Inspection.objects.get()
    assert begun["Location"] == url("detail", inspection.pk)
    assert inspection.place == well
    assert "Go on" in client.get(answer["Location"]).content.decode()
    client.post(url("save", inspection.pk), taps(standard()))
    client.post(url("submit", inspection.pk))
    assert "1 of 2 stops" in client.get(answer["Location"]).content.decode()
    assert "Back to the round North round" in client.get(url("detail", inspection.pk)).content.decode()


def test_a_lone_visit_to_a_stop_is_no_round(client, supervisor, station, well):
    route = PlaceFactory(unit=station, kind=PlaceKind.ROUTE, code="R1", name="North round")
    RouteStop.objects.create(route=route, place=well, position=1)
    client.force_login(supervisor)
    client.post(url("new"), start_body(well))
    lone = Inspection.objects.get()
    client.post(url("save", lone.pk), taps(standard()))
    client.post(url("submit", lone.pk))
    assert "Back to the round" not in client.get(url("detail", lone.pk)).content.decode()


def test_back_after_submitting_says_that_it_was_submitted(client, begun):
    client.post(url("save", begun.pk), taps(standard()))
    assert client.post(url("submit", begun.pk)).status_code == 302
    for answer in (client.get(url("review", begun.pk)), client.post(url("submit", begun.pk)), client.post(url("save", begun.pk))):
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "You have submitted this inspection already" in page
        assert f'href="{url("detail", begun.pk)}"' in page
        assert "Someone else changed this record" not in page


def test_the_review_names_who_gets_it_and_says_whether_a_photo_goes_with_it(client, begun, head):
    text = {"p3_kind": "hazard", "p3_text": "Bent", "p5_kind": "hazard", "p5_text": "Leaks"}
    answer = client.post(url("save", begun.pk), taps(standard(), failed={3, 5}, **text, p3_photos=photo()))
    assert answer.status_code == 302
    page = client.get(url("review", begun.pk)).content.decode()
    assert f"Hazard, goes to {head.name} to fix" in page
    assert "1 photo goes with it" in page
    assert page.count("No photo") == 1


def test_a_round_outside_the_scope_is_404(client, head2, station):
    route = PlaceFactory(unit=station, kind=PlaceKind.ROUTE)
    client.force_login(head2)
    assert client.get(url("round", route.pk)).status_code == 404


# --- logging -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def begun(client, supervisor, well):
    client.force_login(supervisor)
    client.post(url("new"), start_body(well))
    return Inspection.objects.get()


def test_a_draft_is_its_writers_alone(client, begun, people):
    for who, status in (("supervisor", 200), ("director", 404), ("officer", 404), ("head", 404), ("worker", 404)):
        client.force_login(getattr(people, who))
        assert client.get(url("detail", begun.pk)).status_code == status, who


def test_what_is_tapped_stays(client, begun):
    body = taps(standard(), failed={3}, p3_text="Gate hangs on one hinge", p3_stop_work="on") | {"note": "Windy"}
    assert client.post(url("save", begun.pk), body)["Location"] == url("detail", begun.pk)
    html = client.get(url("detail", begun.pk)).content.decode()
    for words in ("Gate hangs on one hinge", "Windy", "checked"):
        assert words in html
    assert begun.answers.get(position=3).draft["stop_work"] is True


def test_autosave_answers_with_counts_and_leaves_the_rest_alone(client, begun):
    first, second = standard().clauses.order_by("position")[:2]
    script = {"HTTP_ACCEPT": "application/json"}
    answer = client.post(url("save", begun.pk), {f"i{first.pk}-result": "ok"}, **script)
    assert answer.json() == {"saved": True, "answered": 1, "failed": 0}
    client.post(url("save", begun.pk), {f"i{second.pk}-result": "na"}, **script)
    assert begun.answers.count() == 2


def test_photos_are_kept_with_the_draft_and_shown_again(client, begun):
    client.post(url("save", begun.pk), taps(standard(), failed={3}, p3_text="Broken", p3_photos=photo()))
    html = client.get(url("detail", begun.pk)).content.decode()
    sha = begun.answers.get(position=3).draft["photos"][0]
    assert f'value="{sha}"' in html


def test_the_review_names_what_is_missing_and_links_to_it(client, begun):
    body = taps(standard(), failed={3})
    body.pop(f"i{standard().clauses.get(position=5).pk}-result")
    assert client.post(url("save", begun.pk), {**body, "review": "1"})["Location"] == url("review", begun.pk)
    answer = client.get(url("review", begun.pk))
    html = answer.content.decode()
    assert answer.status_code == 422
    third, fifth = standard().clauses.get(position=3).pk, standard().clauses.get(position=5).pk
    assert f'Say what is wrong: <a class="sp-jump num" href="#item-i{third}">3</a>' in html
    assert f'Choose OK, Fail or N/A: <a class="sp-jump num" href="#item-i{fifth}">5</a>' in html
    assert client.post(url("submit", begun.pk)).status_code == 422
    begun.refresh_from_db()
    assert begun.status == InspectionStatus.DRAFT


def test_submitting_makes_hazards_and_violations(client, begun, worker, head, supervisor):
    body = taps(
        standard(),
        failed={1, 2, 3},
        p1_text="Plate missing",
        p2_text="No helmet worn",
        p2_kind="violation",
        p2_violation_type="VO01",
        p2_person=worker.username,
        p2_correction="Put on at once",
        p3_text="Gate open",
        p3_kind="fixed",
        p3_photos=photo("red"),
        p3_after=photo("green"),
    )
    client.post(url("save", begun.pk), {**body, "review": "1"})
    review = client.get(url("review", begun.pk))
    assert review.status_code == 200
    assert "No helmet worn" in review.content.decode()
    assert client.post(url("submit", begun.pk))["Location"] == url("detail", begun.pk)
    begun.refresh_from_db()
    assert (begun.status, begun.failed_count) == (InspectionStatus.SUBMITTED, 3)
    fixed = Hazard.objects.get(fixed_on_spot=True)
    assert (fixed.status, fixed.photos.attachments.count()) == (HazardStatus.CLOSED, 2)
    violation = Violation.objects.get()
    assert (violation.person, violation.violation_type.code) == (worker, "VO01")
    html = client.get(url("detail", begun.pk)).content.decode()
    for words in (begun.number, "Plate missing", violation.number, fixed.number):
        assert words in html
    assert client.post(url("submit", begun.pk)).status_code == 409
    assert client.post(url("save", begun.pk), body).status_code == 409


def test_a_stop_work_beside_a_violation_is_named_and_stays_to_be_seen(client, begun):
    body = taps(standard(), failed={2}, p2_text="Open pit", p2_kind="violation", p2_stop_work="on")
    client.post(url("save", begun.pk), body)
    refused = client.post(url("submit", begun.pk))
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "Work is stopped for a hazard" in html
    assert html.count('<div class="if-hazard"><label class="sp-choice check stop"') == 21
    assert html.count('<div><label class="sp-choice check stop"') == 1


def test_what_may_be_major_is_not_offered_as_fixed_on_the_spot(client, begun):
    html = client.get(url("detail", begun.pk)).content.decode()
    forms = Checklist(begun, begun.created_by).items
    refused = {form.prefix for form in forms if form.checklist_item.possibly_major}
    assert refused
    offered = set(re.findall(r'name="(\w+)-kind" value="fixed"', html))
    assert offered == {form.prefix for form in forms} - refused


def test_a_failed_item_that_became_a_violation_tells_others_nothing(client, begun, worker, worker2, officer, people):
    body = taps(standard(), failed={2}, p2_text="Zhou Secret slept on watch", p2_kind="violation", p2_person=worker.username)
    client.post(url("save", begun.pk), body)
    client.post(url("submit", begun.pk))
    colleague = people.worker
    violation = Violation.objects.get()
    assert violation.person == colleague
    outsider = worker2
    outsider.unit = worker.unit
    outsider.save()
    client.force_login(outsider)
    html = client.get(url("detail", begun.pk)).content.decode()
    assert "Zhou Secret" not in html
    assert violation.number not in html
    assert "only those concerned" in html


def test_findings_of_a_free_inspection_come_and_go(client, supervisor, well):
    client.force_login(supervisor)
    client.post(url("new"), start_body(well, standard=""))
    inspection = Inspection.objects.get()
    body = {"rows": "3", "f1-text": "Oil on the stairs", "f2-text": "", "f3-text": "Lamp broken"}
    client.post(url("save", inspection.pk), body)
    assert [answer.draft["text"] for answer in inspection.answers.order_by("position")] == ["Oil on the stairs", "Lamp broken"]
    client.post(url("save", inspection.pk), {"rows": "3", "f1-text": "", "f2-text": "Lamp broken"})
    assert [answer.draft["text"] for answer in inspection.answers.order_by("position")] == ["Lamp broken"]
    assert client.get(url("review", inspection.pk)).status_code == 200
    client.post(url("submit", inspection.pk))
    assert Hazard.objects.get().title == "Lamp broken"


def test_a_free_inspection_without_anything_is_not_submitted(client, supervisor, well):
    client.force_login(supervisor)
    client.post(url("new"), start_body(well, standard=""))
    inspection = Inspection.objects.get()
    assert client.post(url("submit", inspection.pk)).status_code == 422
    assert client.post(url("discard", inspection.pk)).status_code == 302
    assert not Inspection.objects.exists()


def test_a_photo_that_is_none_is_named_and_the_rest_kept(client, begun):
    bad = photo()
    bad.file.seek(0)
    bad.file.write(b"<html>")
    bad.file.seek(0)
    body = taps(standard(), failed={3}, p3_text="Gate broken", p3_photos=bad)
    answer = client.post(url("save", begun.pk), body)
    assert answer.status_code == 422
    assert begun.answers.get(position=3).draft["text"] == "Gate broken"


def test_who_may_not_record_violations_is_not_offered_them(client, station, leader):
    from responsibilities.choices import RoleCode  # noqa: PLC0415 - this test alone
    from tests.factories.responsibilities import appoint, manager  # noqa: PLC0415

    secretary = appoint(manager(unit=station), RoleCode.PARTY_SECRETARY, station).person
    inspection = draft(station, secretary)
    client.force_login(secretary)
    html = client.get(url("detail", inspection.pk)).content.decode()
    assert 'value="violation"' not in html
    assert 'value="fixed"' in html


# --- after submission ----------------------------------------------------------------------------------------------------


@pytest.fixture
def submitted(station, supervisor):
    inspection = draft(station, supervisor, failed={3: FindingData(text="Gate broken")})
    return submit_inspection(inspection, by=supervisor)


def test_the_head_takes_note_and_nobody_else(client, submitted, head, worker, supervisor):
    client.force_login(worker)
    assert client.post(url("acknowledge", submitted.pk)).status_code == 403
    client.force_login(head)
    assert "I have read it" in client.get(url("detail", submitted.pk)).content.decode()
    assert client.post(url("acknowledge", submitted.pk), {"note": "Understood"}).status_code == 302
    assert client.post(url("acknowledge", submitted.pk)).status_code == 409
    html = client.get(url("detail", submitted.pk)).content.decode()
    assert "Understood" in html


@pytest.mark.parametrize(
    ("who", "status"), [("director", 200), ("head", 200), ("worker", 200), ("head2", 404), ("outsider", 404)]
)
def test_a_submitted_inspection_exists_in_scope(client, people, submitted, who, status):
    client.force_login(getattr(people, who))
    assert client.get(url("detail", submitted.pk)).status_code == status
    assert client.post(url("acknowledge", submitted.pk)).status_code in (status, 403, 302)


def test_the_list_offers_drafts_first_and_exports(client, supervisor, submitted, station):
    draft(station, supervisor)
    client.force_login(supervisor)
    html = client.get(url("list")).content.decode()
    assert "Go on where you stopped" in html
    assert submitted.number in html
    text = b"".join(client.get(url("list"), {"format": "csv"}).streaming_content).decode()
    assert submitted.number in text


@pytest.mark.parametrize("who", ["director", "head"])
def test_the_list_costs_the_same_whatever_its_length(client, people, station, supervisor, django_assert_max_num_queries, who):
    client.force_login(getattr(people, who))
    costs = []
    for size in (1, 6):
        for _number in range(size):
            submit_inspection(draft(station, supervisor), by=supervisor)
        with django_assert_max_num_queries(12) as counted:
            client.get(url("list"))
        costs.append(len(counted))
    assert costs[0] == costs[1]


def test_drafts_to_go_on_with_stand_on_the_home_page(client, supervisor, station):
    draft(station, supervisor)
    client.force_login(supervisor)
    assert "Inspections to go on with" in client.get("/").content.decode()
