"""What is known already is offered, and noted on the known hazard instead of becoming a second one."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from inspections.models import Hazard, HazardCategory, Sighting
from inspections.services.alike import hazards_alike
from inspections.workflows import assess_hazard, merge_report, see_again
from inspections.workflows.hazards import Assessment
from inspections.workflows.sightings import Seen
from responsibilities.models import Level
from responsibilities.workflows import submit_fix, verify_fix
from safetyplant.access.exceptions import WrongState
from safetyplant.audit.models import Event
from safetyplant.intake.services import DifferentBody
from safetyplant.notifications.models import Message
from safetyplant.search.services import words_of
from tests.factories.inspections import assigned, reported
from tests.factories.responsibilities import PlaceFactory
from tests.inspections.photos import photo

pytestmark = pytest.mark.usefixtures("catalogue", "people")


def url(page, *args):
    return reverse(f"inspections:hazard-{page}", args=args)


@pytest.fixture
def place(station):
    return PlaceFactory(unit=station, code="N12-45", name="Well N12-45")


@pytest.fixture
def known(station, worker, officer, place):
    return assigned(station, worker, assessor=officer, title="Crude oil drips from the second flange", place=place)


def typed(place, **changes):
    body = {"text": "Oil is dripping from a flange", "where": f"p{place.pk}", "danger": "no", "client_id": str(uuid4())}
    return body | changes


# --- what is alike -------------------------------------------------------------------------------------------------------


def test_words_are_compared_without_endings_and_small_words():
    assert words_of("The valves are leaking into the pit with this") == ["leak", "valv"]
    assert words_of("护栏松动") == ["护栏", "松动", "栏松"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Oil is dripping from a flange", True),
        ("second flange: crude oil on the ground", True),
        ("Guard of the belt is missing", False),
        ("flange", True),
        ("oil", False),
        ("", False),
        ("' | '':* & drop", False),
    ],
)
def test_similar_words_find_it(known, worker, station, place, text, found):
    assert hazards_alike(text, by=worker, unit=station, place=place) == ([known] if found else [])


def test_chinese_finds_chinese(station, worker, place):
    hazard = reported(station, worker, title="二号泵护栏松动", place=place)
    assert hazards_alike("泵旁护栏松动了", by=worker, unit=station) == [hazard]
    assert hazards_alike("配电箱没有上锁", by=worker, unit=station) == []


def test_another_place_unit_or_category_is_another_hazard(known, worker, station, station2):
    text, other = "Oil drips from the flange", PlaceFactory(unit=station)
    mech, fire = known.category, HazardCategory.objects.exclude(pk=known.category_id).first()
    assert hazards_alike(text, by=worker, unit=station, place=other) == []
    assert hazards_alike(text, by=worker, unit=station2) == []
    assert hazards_alike(text, by=worker, unit=station, category=fire) == []
    assert hazards_alike(text, by=worker, unit=station, category=mech) == [known]


def test_only_what_the_person_may_see_and_what_is_open_is_offered(known, worker, worker2, officer, station):
    text = "Oil drips from the flange"
    assert hazards_alike(text, by=worker2, unit=station) == []
    # Cancelled by whoever assesses, who had no hand in it.
    from inspections.workflows import cancel_hazard  # noqa: PLC0415 - beside what it shows

    cancel_hazard(known, by=officer, reason="Water")
    assert hazards_alike(text, by=worker, unit=station) == []


def test_finding_costs_two_queries(known, director, station, django_assert_num_queries):
    director.standing.everywhere("view_records")
    with django_assert_num_queries(2):
        hazards_alike("Oil drips from the flange", by=director, unit=station)


# --- noting it -----------------------------------------------------------------------------------------------------------


def test_seen_again_is_a_note_told_to_whoever_has_it(known, worker, head, supervisor):
    revision = known.revision
    sighting, is_new = see_again(known, Seen("Still drips"), by=supervisor)
    known.refresh_from_db()
    assert (is_new, sighting.hazard, sighting.person, known.revision) == (True, known, supervisor, revision)
    assert Event.objects.filter(action="hazard.seen_again", actor=supervisor.pk).count() == 1
    told = Message.objects.get(code="hazard.seen_again")
    assert told.recipient == known.holder
    assert told.params["by"] == supervisor.name


def test_whoever_saw_it_too_hears_of_its_steps_like_its_reporter(worker, supervisor, officer, station, place):
    hazard = reported(station, worker, title="Crude oil drips from the second flange", place=place)
    see_again(hazard, Seen("Still dripping"), by=supervisor)
    see_again(hazard, Seen("It drips"), by=officer)
    found = Assessment(Level.objects.get(code="G2"), HazardCategory.objects.get(code="MECH"))
    action = assess_hazard(hazard, found, by=officer).action
    submit_fix(action, by=action.owner, note="Gasket replaced")
    action.refresh_from_db()
    verify_fix(action, by=action.verifier)
    told = set(Message.objects.filter(code__in=["hazard.assessed", "hazard.closed"]).values_list("code", "recipient"))
    assert {("hazard.assessed", who.pk) for who in (worker, supervisor)} <= told
    assert ("hazard.assessed", officer.pk) not in told  # did it
    assert {("hazard.closed", who.pk) for who in (worker, supervisor)} <= told


def test_sent_twice_it_is_one_note(known, supervisor):
    seen = Seen("Still drips")
    assert see_again(known, seen, by=supervisor)[1] is True
    assert see_again(known, seen, by=supervisor)[1] is False
    with pytest.raises(DifferentBody):
        see_again(known, Seen("Something else", client_id=seen.client_id), by=supervisor)
    assert Sighting.objects.count() == 1


def test_what_is_over_is_reported_anew(known, supervisor, officer):
    from inspections.workflows import cancel_hazard  # noqa: PLC0415 - beside what it shows

    cancel_hazard(known, by=officer, reason="Water")
    with pytest.raises(WrongState):
        see_again(known, Seen("Still drips"), by=supervisor)
    assert not Sighting.objects.exists()


def test_ones_own_report_is_merged_with_what_it_says(known, worker, officer, station, place):
    report = reported(station, worker, title="Flange leaks oil", place=place)
    sighting = merge_report(report, known, by=worker)
    report.refresh_from_db()
    assert (report.status, sighting.report, sighting.text) == ("cancelled", report, "Flange leaks oil")
    assert known.number in report.cancel_reason
    assert report.assess_deadline.__class__.objects.get(pk=report.assess_deadline_id).status == "cancelled"


def test_a_report_is_merged_by_its_reporter_alone_and_never_in_danger(known, worker, supervisor, station):
    report = reported(station, worker, title="Flange leaks oil")
    with pytest.raises(PermissionDenied):
        merge_report(report, known, by=supervisor)
    danger = reported(station, worker, title="Flange leaks oil", immediate_danger=True)
    with pytest.raises(PermissionDenied):
        merge_report(danger, known, by=worker)


# --- pages ---------------------------------------------------------------------------------------------------------------


def test_while_typing_the_known_hazard_is_offered(client, known, worker, worker2, place):
    client.force_login(worker)
    offered = client.post(url("alike"), typed(place)).content.decode()
    assert known.title in offered
    assert f'name="same" value="{known.pk}"' in offered
    assert client.post(url("alike"), typed(place, danger="yes")).content.decode().strip() == ""
    assert client.post(url("alike"), {"text": "Oil drips"}).content.decode().strip() == ""
    assert client.get(url("alike")).status_code == 405


def test_this_is_the_same_adds_a_note_with_the_photo(client, known, supervisor, place):
    client.force_login(supervisor)
    sent = client.post(url("new"), typed(place, same=str(known.pk), photos=photo()))
    assert sent["Location"] == url("detail", known.pk)
    assert Hazard.objects.count() == 1
    known.refresh_from_db()
    assert known.photos.attachments.get().uploaded_by == supervisor
    story = client.get(sent["Location"]).content.decode()
    assert "Oil is dripping from a flange" in story
    assert "saw it too" in story


@pytest.mark.parametrize("same", ["0", "x", "99999999999999999999", ""])
def test_a_number_that_is_nothing_is_reported(client, known, worker, place, same):
    client.force_login(worker)
    assert client.post(url("new"), typed(place, same=same)).status_code == 302
    assert Hazard.objects.count() == 2


def test_danger_is_reported_whatever_it_is_the_same_as(client, known, worker, place):
    client.force_login(worker)
    client.post(url("new"), typed(place, same=str(known.pk), danger="yes"))
    assert Hazard.objects.latest("pk").is_stopped
    assert not Sighting.objects.exists()


def test_a_hazard_out_of_sight_is_not_written_to(client, known, worker2, place):
    client.force_login(worker2)
    client.post(url("new"), typed(place, same=str(known.pk)))
    assert Hazard.objects.count() == 2
    assert not Sighting.objects.exists()


def test_without_script_it_is_offered_after_sending(client, known, worker, place):
    client.force_login(worker)
    sent = client.post(url("new"), typed(place))
    page = client.get(sent["Location"]).content.decode()
    assert "It may be one of these" in page
    mine = Hazard.objects.latest("pk")
    assert client.post(url("same", mine.pk), {"same": "0"}).status_code == 422
    merged = client.post(url("same", mine.pk), {"same": str(known.pk)})
    assert merged["Location"] == url("detail", known.pk)
    mine.refresh_from_db()
    assert mine.status == "cancelled"
    assert client.post(url("same", mine.pk), {"same": str(known.pk)}).status_code == 403


def test_a_faulty_form_keeps_what_was_typed(client, known, worker, place):
    client.force_login(worker)
    page = client.post(url("new"), typed(place, same=str(known.pk), where=""))
    assert page.status_code == 422
    assert "Oil is dripping from a flange" in page.content.decode()
    assert not Sighting.objects.exists()


def test_a_repeat_names_the_hazard_it_repeats(client, known, worker, officer, station, place):
    again = assigned(station, worker, assessor=officer, title="Flange leaks again", place=place, category=known.category)
    assert again.repeat_of == known
    client.force_login(worker)
    story = client.get(url("detail", again.pk)).content.decode()
    assert known.number in story
    assert "Repeats" in story
