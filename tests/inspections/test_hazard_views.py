"""Pages of hazards: who sees and does what, and that nothing typed is lost."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from inspections.choices import HazardStatus
from inspections.models import Hazard
from inspections.workflows import stop_work
from responsibilities.models import Level
from tests.factories.inspections import assigned, reported
from tests.factories.responsibilities import PlaceFactory
from tests.inspections.photos import photo

pytestmark = pytest.mark.usefixtures("catalogue", "people")


@pytest.fixture
def place(station):
    return PlaceFactory(unit=station, code="N12-45", name="Well N12-45")


def url(page, *args):
    return reverse(f"inspections:hazard-{page}", args=args)


def report_body(place, **changes):
    return {
        "text": "Crude oil drips from the second flange.",
        "where": f"p{place.pk}",
        "danger": "no",
        "client_id": str(uuid4()),
        **changes,
    }


# --- reporting -----------------------------------------------------------------------------------------------------------


def test_a_worker_reports_with_three_answers_and_a_photo(client, worker, officer, place):
    client.force_login(worker)
    page = client.get(url("new"))
    assert page.status_code == 200
    assert "Well N12-45" in page.content.decode()
    sent = client.post(url("new"), report_body(place, photos=photo()))
    hazard = Hazard.objects.get()
    assert sent.status_code == 302
    assert sent["Location"] == url("sent", hazard.pk)
    assert (hazard.place, hazard.reported_by, hazard.is_stopped) == (place, worker, False)
    assert hazard.photos.attachments.get().purpose == "before"
    story = client.get(url("detail", hazard.pk)).content.decode()
    assert hazard.photos.attachments.get().thumb_url in story
    receipt = client.get(sent["Location"]).content.decode()
    assert hazard.number in receipt
    assert officer.name in receipt
    assert "never costs" in receipt


def test_in_danger_there_is_a_number_to_ring_and_the_shorter_promise(client, worker, head, leader, place):
    head.phone, leader.phone = "6 2014", "6-2002"
    head.save()
    leader.save()
    client.force_login(worker)
    page = client.get(url("new"))
    assert 'href="tel:62014"' in page.content.decode()
    promise = page.context["promise"]
    sent = client.post(url("new"), report_body(place, danger="yes"))
    hazard = Hazard.objects.get()
    assert abs(promise["by_in_danger"] - hazard.due_at) < timedelta(minutes=2)
    for address in (sent["Location"], url("detail", hazard.pk)):
        page = client.get(address).content.decode()
        assert page.index('href="tel:62014"') < page.index('href="tel:6-2002"')
    client.force_login(head)
    assert 'href="tel:62014"' not in client.get(url("detail", hazard.pk)).content.decode()
    calm = reported(place.unit, worker)
    assert "tel:" not in client.get(url("detail", calm.pk)).content.decode()


def test_a_report_sent_twice_is_one_hazard(client, worker, place):
    client.force_login(worker)
    body = report_body(place)
    first = client.post(url("new"), {**body, "photos": photo()})
    again = client.post(url("new"), {**body, "photos": photo()})
    assert Hazard.objects.count() == 1
    assert first["Location"] == again["Location"]


def test_a_report_changed_and_sent_again_names_the_first_and_keeps_the_text(client, worker, place):
    client.force_login(worker)
    body = report_body(place)
    client.post("/hazards/new/", body)
    again = client.post("/hazards/new/", {**body, "text": "The pool has grown to two metres."})
    page = again.content.decode()
    assert again.status_code == 409
    assert Hazard.objects.get().number in page
    assert "The pool has grown to two metres." in page
    second = client.post("/hazards/new/", {**body, "text": "Second", "client_id": again.context["form"]["client_id"].value()})
    assert second.status_code == 302
    assert Hazard.objects.count() == 2


def test_a_faulty_report_keeps_text_and_photo(client, worker, place):
    client.force_login(worker)
    answer = client.post(url("new"), report_body(place, where="", photos=photo()))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose a place or a unit" in html
    assert "Crude oil drips from the second flange." in html
    kept = re.search(r'name="photos_sha" value="([0-9a-f]{64})"', html)
    assert kept
    client_id = re.search(r'name="client_id" value="([0-9a-f-]+)"', html)
    again = client.post(url("new"), {**report_body(place, client_id=client_id[1]), "photos_sha": kept[1]})
    assert again.status_code == 302
    assert Hazard.objects.get().photos.attachments.count() == 1


def test_an_empty_report_is_422(client, worker):
    client.force_login(worker)
    assert client.post(url("new"), {}).status_code == 422


def test_danger_stops_work_at_once(client, worker, head, place):
    client.force_login(worker)
    client.post(url("new"), report_body(place, danger="yes"))
    hazard = Hazard.objects.get()
    assert (hazard.immediate_danger, hazard.is_stopped, hazard.releaser) == (True, True, head)


def test_the_label_of_a_place_fills_in_where(client, worker2, place):
    client.force_login(worker2)
    html = client.get(url("new"), {"place": str(place.label)}).content.decode()
    assert f'<option value="p{place.pk}" selected>' in html


@pytest.mark.parametrize("where", ["p999999", "u999999", "x1", "p", "p1e9", "pⅤ", "p" + "9" * 40, "\x00"])
def test_a_place_that_does_not_exist_is_refused(client, worker, place, where):
    client.force_login(worker)
    assert client.post(url("new"), report_body(place, where=where)).status_code == 422


def test_a_contractors_worker_cannot_name_a_place_they_do_not_see(client, outsider, station2):
    client.force_login(outsider)
    foreign = PlaceFactory(unit=station2)
    assert client.post(url("new"), report_body(foreign)).status_code == 422


# --- the list ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "seen"),
    [("director", 2), ("officer", 2), ("supervisor", 2), ("head", 1), ("head2", 1), ("worker", 1), ("outsider", 0)],
)
def test_everyone_lists_the_hazards_of_their_scope(client, people, station, station2, who, seen):
    reported(station, people.officer, title="Gate broken")
    reported(station2, people.officer, title="Guard missing")
    client.force_login(getattr(people, who))
    html = client.get(url("list")).content.decode()
    assert ("Gate broken" in html) + ("Guard missing" in html) == seen


def test_the_bare_list_shows_open_hazards_and_filters_narrow_it(client, director, station, station2, worker, officer):
    assigned(station, worker, assessor=officer, level="G1", title="Earth wire loose")
    reported(station2, worker, title="Lamp broken")
    client.force_login(director)

    def titles(**query):
        html = client.get(url("list"), query).content.decode()
        return {title for title in ("Earth wire loose", "Lamp broken") if title in html}

    assert titles() == {"Earth wire loose", "Lamp broken"}
    assert titles(unit=station.pk) == {"Earth wire loose"}
    assert titles(state="open", only="grave") == {"Earth wire loose"}
    assert titles(level="G1") == {"Earth wire loose"}
    assert titles(state="reported") == {"Lamp broken"}
    assert titles(state="closed") == set()
    assert titles(state="late") == set()
    assert titles(q="Lamp") == {"Lamp broken"}
    assert titles(found_before="2000-01-01") == set()
    for sort in ("due", "-due", "found", "-found", "level", "-level"):
        assert titles(sort=sort, all="1") == {"Earth wire loose", "Lamp broken"}


def test_a_small_scope_sees_the_same_rows_in_every_view(client, worker, station, station2, officer):
    """The scope's fast way and `visible_to` agree: own unit, reported elsewhere, and nothing else."""
    reported(station, officer, title="In my unit")
    reported(station2, worker, title="Seen elsewhere")
    reported(station2, officer, title="Not mine")
    client.force_login(worker)
    for query in ({}, {"all": "1", "sort": "found"}, {"all": "1", "sort": "level"}):
        html = client.get(url("list"), query).content.decode()
        assert "In my unit" in html
        assert "Seen elsewhere" in html
        assert "Not mine" not in html


def test_the_export_shows_what_the_list_shows(client, head, station, station2, officer):
    reported(station, officer, title="=HYPERLINK(1)")
    reported(station2, officer, title="Not mine")
    client.force_login(head)
    text = b"".join(client.get(url("list"), {"format": "csv"}).streaming_content).decode()
    assert "'=HYPERLINK(1)" in text
    assert "Not mine" not in text
    sheet = client.get(url("list"), {"format": "xlsx"})
    assert b"".join(sheet.streaming_content).startswith(b"PK")


@pytest.mark.parametrize("who", ["director", "worker"])
def test_the_list_costs_the_same_whatever_its_length(client, people, station, officer, django_assert_max_num_queries, who):
    client.force_login(getattr(people, who))
    costs = []
    for size in (2, 12):
        for number in range(size):
            assigned(station, people.worker, assessor=officer, title=f"Hazard {number}")
        with django_assert_max_num_queries(12) as counted:
            client.get(url("list"))
        costs.append(len(counted))
    assert costs[0] == costs[1]


# --- the story -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"), [("director", 200), ("head", 200), ("worker", 200), ("head2", 404), ("worker2", 404), ("outsider", 404)]
)
def test_a_hazard_exists_only_in_scope(client, people, station, officer, who, status):
    hazard = reported(station, officer)
    client.force_login(getattr(people, who))
    for page in ("detail", "sent"):
        assert client.get(url(page, hazard.pk)).status_code == status
    assert client.post(url("stop", hazard.pk)).status_code == (302 if status == 200 else 404)


def test_the_story_names_the_chain_and_what_comes_next(client, officer, worker, head, leader, station):
    hazard = assigned(station, worker, assessor=officer, level="G1")
    client.force_login(head)
    html = client.get(url("detail", hazard.pk)).content.decode()
    for words in (
        hazard.number,
        "Guard gate broken",
        "Head of Gathering Station A",
        "Fixes it",
        "Checks it",
        leader.name,
        "Submit the fix",
    ):
        assert words in html
    assert url("assess", hazard.pk) not in html
    assert url("level", hazard.pk) not in html


def test_buttons_are_only_for_those_who_may(client, officer, worker, station):
    hazard = reported(station, worker)
    client.force_login(officer)
    assert url("assess", hazard.pk) in client.get(url("detail", hazard.pk)).content.decode()
    client.force_login(worker)
    html = client.get(url("detail", hazard.pk)).content.decode()
    assert url("assess", hazard.pk) not in html
    assert url("cancel", hazard.pk) in html  # one's own report, before the assessment


def test_the_story_costs_a_fixed_number_of_queries(client, officer, worker, station, django_assert_max_num_queries):
    hazard = assigned(station, worker, assessor=officer, photos=[])
    client.force_login(officer)
    with django_assert_max_num_queries(12):
        client.get(url("detail", hazard.pk))


# --- assessing -----------------------------------------------------------------------------------------------------------


def assess_body(hazard, **changes):
    return {
        "method": "direct",
        "level": "G2",
        "category": "MECH",
        "field": "production",
        "unit": hazard.unit_id,
        "revision": hazard.revision,
        **changes,
    }


def test_assessing_directly_assigns_by_the_chain(client, officer, worker, head, station):
    hazard = reported(station, worker)
    client.force_login(officer)
    assert client.get(url("assess", hazard.pk)).status_code == 200
    assert client.post(url("assess", hazard.pk), assess_body(hazard)).status_code == 302
    hazard.refresh_from_db()
    assert (hazard.status, hazard.level_id, hazard.holder) == (HazardStatus.ASSIGNED, "G2", head)


def test_figures_give_the_level_and_may_not_be_lowered(client, officer, worker, station):
    hazard = reported(station, worker)
    client.force_login(officer)
    figures = {"method": "lec", "likelihood": "6", "exposure": "6", "consequence": "7", "level": ""}
    worked_out = client.post(url("assess", hazard.pk), assess_body(hazard, **figures, compute="1"))
    assert worked_out.status_code == 200
    assert "252" in worked_out.content.decode()
    lowered = client.post(url("assess", hazard.pk), assess_body(hazard, **{**figures, "level": "G3"}))
    assert lowered.status_code == 422
    assert client.post(url("assess", hazard.pk), assess_body(hazard, **figures)).status_code == 302
    hazard.refresh_from_db()
    assert (hazard.level_id, hazard.assess_method, float(hazard.assess_score)) == ("G1", "lec", 252.0)
    assert "Likelihood 6 × exposure 6 × consequence 7 = 252" in client.get(url("detail", hazard.pk)).content.decode()


def test_figures_left_out_are_named_by_their_question(client, officer, worker, station):
    hazard = reported(station, worker)
    client.force_login(officer)
    page = client.post(url("assess", hazard.pk), assess_body(hazard, method="lec", level="")).content.decode()
    for question in (
        "How likely is it that something happens? (L)",
        "How often is someone there? (E)",
        "How bad would it be? (C)",
    ):
        assert f"Answer “{question}”" in page


def test_the_matrix_gives_the_level(client, officer, worker, station):
    hazard = reported(station, worker)
    client.force_login(officer)
    body = assess_body(hazard, method="matrix", chance="3", severity="4", level="")
    assert client.post(url("assess", hazard.pk), body).status_code == 302
    hazard.refresh_from_db()
    assert hazard.level_id == "G2"


@pytest.mark.parametrize(
    "changes",
    [
        {"level": ""},
        {"level": "M"},
        {"category": ""},
        {"unit": ""},
        {"unit": "999999"},
        {"method": "lec", "level": ""},
        {"method": "lec", "likelihood": "5", "exposure": "6", "consequence": "7"},
        {"due_on": "2001-01-01"},
        {"owner": "999999"},
    ],
)
def test_a_faulty_assessment_is_422(client, officer, worker, station, changes):
    hazard = reported(station, worker)
    client.force_login(officer)
    assert client.post(url("assess", hazard.pk), assess_body(hazard, **changes)).status_code == 422
    hazard.refresh_from_db()
    assert hazard.status == HazardStatus.REPORTED


def test_a_foreign_person_does_not_become_the_owner(client, officer, worker, worker2, station):
    hazard = reported(station, worker)
    client.force_login(officer)
    answer = client.post(url("assess", hazard.pk), assess_body(hazard, owner=worker2.pk))
    assert answer.status_code == 422
    assert "neither belongs to this unit" in answer.content.decode()


@pytest.mark.parametrize("page", ["assess", "level", "decide", "release"])
def test_acts_are_403_without_the_right(client, worker, head, station, officer, page):
    hazard = reported(station, officer)
    stop_work(hazard, by=officer)
    client.force_login(worker)
    assert client.get(url(page, hazard.pk)).status_code == 403
    assert client.post(url(page, hazard.pk), {}).status_code == 403


def test_assessing_twice_is_409(client, officer, worker, station):
    hazard = assigned(station, worker, assessor=officer)
    client.force_login(officer)
    assert client.get(url("assess", hazard.pk)).status_code == 409
    assert client.post(url("assess", hazard.pk), assess_body(hazard)).status_code == 409


def test_a_stale_change_is_409_and_keeps_what_was_typed(client, officer, worker, station):
    hazard = assigned(station, worker, assessor=officer, level="G3")
    client.force_login(officer)
    body = {"level": "G1", "reason": "The crane passes here", "revision": hazard.revision - 1}
    answer = client.post(url("level", hazard.pk), body)
    assert answer.status_code == 409
    assert "The crane passes here" in answer.content.decode()
    assert client.post(url("level", hazard.pk), {**body, "revision": hazard.revision}).status_code == 302
    hazard.refresh_from_db()
    assert hazard.level == Level.objects.get(code="G1")


def test_work_is_stopped_by_anyone_and_released_by_the_named(client, worker, head, station, officer):
    hazard = reported(station, officer)
    client.force_login(worker)
    assert client.get(url("stop", hazard.pk)).status_code == 405
    assert client.post(url("stop", hazard.pk)).status_code == 302
    assert client.post(url("stop", hazard.pk)).status_code == 409
    client.force_login(head)
    assert "Release the work" in client.get(url("detail", hazard.pk)).content.decode()
    assert client.post(url("release", hazard.pk), {"note": ""}).status_code == 422
    assert client.post(url("release", hazard.pk), {"note": "Line drained"}).status_code == 422
    hazard.refresh_from_db()
    assert client.post(url("release", hazard.pk), {"note": "Line drained", "revision": hazard.revision}).status_code == 302
    assert client.get(url("release", hazard.pk)).status_code == 409


def test_cancelling_needs_a_reason(client, officer, worker, station):
    hazard = reported(station, worker)
    client.force_login(officer)
    assert client.post(url("cancel", hazard.pk), {"revision": hazard.revision}).status_code == 422
    assert client.post(url("cancel", hazard.pk), {"revision": hazard.revision, "reason": "Same as before"}).status_code == 302
    hazard.refresh_from_db()
    assert hazard.status == HazardStatus.CANCELLED
    assert "Same as before" in client.get(url("detail", hazard.pk)).content.decode()


def test_the_officer_decides_whether_it_is_major(client, officer, worker, station, supervisor):
    hazard = assigned(station, worker, assessor=officer, level="G1")
    Hazard.objects.filter(pk=hazard.pk).update(possibly_major=True, interim_control="Chained")
    client.force_login(officer)
    assert "Decide whether it is major" in client.get(url("detail", hazard.pk)).content.decode()
    assert client.post(url("decide", hazard.pk), {"reason": "x"}).status_code == 422
    body = {"is_major": "yes", "reason": "Whole station", "revision": hazard.revision}
    assert client.post(url("decide", hazard.pk), {**body, "reason": "\u200b"}).status_code == 422
    answer = client.post(url("decide", hazard.pk), body)
    assert answer.status_code == 302
    hazard.refresh_from_db()
    assert (hazard.level_id, hazard.possibly_major) == ("M", False)


def test_pages_speak_chinese(client, worker, place):
    client.force_login(worker)
    client.cookies["django_language"] = "zh-hans"
    assert 'lang="zh-Hans"' in client.get(url("new")).content.decode()


def test_no_page_carries_inline_style_or_script(client, officer, worker, station, place):
    hazard = reported(station, worker, place=place)
    client.force_login(officer)
    for address in (url("list"), url("new"), url("detail", hazard.pk), url("assess", hazard.pk), url("cancel", hazard.pk)):
        html = client.get(address).content.decode()
        assert " style=" not in html
        assert not re.search(r"<script(?![^>]*\bsrc=)", html)
        assert not re.search(r"\son\w+=", html)


def test_lookups_give_what_the_reader_may_see(client, worker, outsider, place, head):
    client.force_login(worker)
    found = client.get(reverse("inspections:place-lookup"), {"q": "n12"}).json()
    assert found[0] == {"value": f"p{place.pk}", "text": "Well N12-45", "note": "Gathering Station A"}
    assert [row["text"] for row in client.get(reverse("inspections:person-lookup"), {"q": "he q"}).json()] == [head.name]
    client.force_login(outsider)
    assert client.get(reverse("inspections:place-lookup"), {"q": "n12"}).json() == []
    assert client.get(reverse("inspections:clause-lookup"), {"q": "guard"}).status_code == 403
