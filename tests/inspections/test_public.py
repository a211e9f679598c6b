"""Reports at a label without an account: taken in once, told at once in danger, followed by a number, bounded, nobody named."""

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from inspections.choices import HazardStatus
from inspections.models import Hazard, PublicReport
from inspections.services.public import USERNAME, tidy_code
from inspections.workflows import cancel_hazard
from responsibilities.models import Person
from safetyplant.notifications.models import Message
from tests.factories.responsibilities import PlaceFactory
from tests.inspections.photos import photo

pytestmark = pytest.mark.usefixtures("catalogue", "people")


@pytest.fixture(autouse=True)
def _fresh_rate_limits() -> None:
    cache.clear()


@pytest.fixture
def place(station):
    return PlaceFactory(unit=station, code="T-7", name="Tank T-7")


@pytest.fixture
def visitor() -> Client:
    return Client()


def address(place):
    return reverse("inspections:public-report", args=[place.label])


def body(**changes):
    return {"text": "Oil on the stairs of the tank", "client_id": str(uuid4()), **changes}


def test_a_scanned_label_offers_a_visitor_what_they_can_do_and_shows_no_record(visitor, place, worker, client):
    client.force_login(worker)
    client.post(reverse("inspections:hazard-new"), {"text": "Secret leak", "where": f"p{place.pk}", "danger": "no"})
    page = visitor.get(reverse("inspections:scan", args=[place.label]))
    assert page.status_code == 200
    assert address(place) in page.text
    assert "/login/?next=/q/" in page.text
    assert "Secret leak" not in page.text


def test_a_report_without_an_account_goes_the_way_of_every_report(visitor, client, place, officer, head):
    sent = visitor.post(address(place), body(photos=photo(), contact="Zhou, 138 0000 0000"))
    hazard, report = Hazard.objects.get(), PublicReport.objects.get()
    assert sent["Location"] == reverse("inspections:receipt", args=[report.code])
    assert (hazard.status, hazard.place, hazard.holder) == (HazardStatus.REPORTED, place, officer)
    assert hazard.photos.attachments.count() == 1
    assert Message.objects.filter(code="hazard.reported", recipient=head).exists()
    receipt = visitor.get(sent["Location"]).text
    assert report.code in receipt
    assert officer.name not in receipt
    page = reverse("inspections:hazard-detail", args=[hazard.pk])
    for user, sees in ((officer, True), (head, False)):
        client.force_login(user)
        assert ("138 0000 0000" in client.get(page).text) is sees


def test_danger_is_told_to_the_whole_chain_but_a_visitor_stops_no_work(visitor, place, head, leader, director):
    visitor.post(address(place), body(danger="on"))
    hazard = Hazard.objects.get()
    told = set(Message.objects.filter(code="hazard.danger").values_list("recipient", flat=True))
    assert {head.pk, leader.pk, director.pk} <= told
    assert (hazard.immediate_danger, hazard.stopped_at) == (True, None)


def test_sent_twice_it_is_one_and_has_one_number(visitor, place):
    sent = body()
    first, again = visitor.post(address(place), sent), visitor.post(address(place), sent)
    assert first["Location"] == again["Location"]
    changed = visitor.post(address(place), {**sent, "text": "Something else"})
    assert changed.status_code == 409
    assert "Something else" in changed.text
    assert Hazard.objects.count() == 1


@pytest.mark.parametrize("text", ["", " ", "\u200b"])
def test_an_empty_report_is_told_so_beside_the_field(visitor, place, text):
    response = visitor.post(address(place), body(text=text, contact="Zhou"))
    assert response.status_code == 422
    assert "Say what you saw" in response.text
    assert "Zhou" in response.text


def test_more_than_a_visitor_reports_is_refused_and_the_text_kept(visitor, place):
    statuses = [visitor.post(address(place), body()).status_code for _ in range(11)]
    assert statuses == [302] * 10 + [429]
    assert "Oil on the stairs" in visitor.post(address(place), body()).text
    assert Hazard.objects.count() == 10


def test_the_number_tells_what_became_of_it_and_nothing_else(visitor, place, officer):
    visitor.post(address(place), body())
    report = PublicReport.objects.get()
    typed = report.code.replace("-", "").lower()
    found = visitor.post(reverse("inspections:receipt-search"), {"code": typed})
    assert found["Location"] == reverse("inspections:receipt", args=[report.code])
    assert "has arrived" in visitor.get(found["Location"]).text
    cancel_hazard(report.hazard, by=officer, reason="Zhang San spilt it himself")
    told = visitor.get(found["Location"]).text
    assert "looked into" in told
    assert "Zhang San" not in told


@pytest.mark.parametrize("code", ["", "AAAAA-AAAAA", "'; drop table--", "🎈" * 10, "A" * 30])
def test_an_unknown_number_is_said_to_be_so(visitor, code):
    assert visitor.post(reverse("inspections:receipt-search"), {"code": code}).status_code == 422
    if code:
        assert visitor.get(reverse("inspections:receipt", args=[code])).status_code == 404


def test_numbers_cannot_be_tried_out(visitor):
    answers = {visitor.get(reverse("inspections:receipt", args=[f"AAAAA-{number:05}"])).status_code for number in range(45)}
    assert answers == {404, 429}


def test_a_label_may_be_closed_to_visitors(visitor, place, worker):
    place.takes_public_reports = False
    place.save()
    assert visitor.get(address(place)).status_code == visitor.post(address(place), body()).status_code == 404
    assert address(place) not in visitor.get(reverse("inspections:scan", args=[place.label])).text
    place.is_active = False
    place.save()
    assert visitor.get(reverse("inspections:scan", args=[place.label])).status_code == 404
    assert not Hazard.objects.exists()


def test_nobody_signs_in_as_the_one_who_stands_for_visitors(visitor, place):
    visitor.post(address(place), body())
    stand_in = Person.objects.get(username=USERNAME)
    assert (stand_in.is_active, stand_in.is_external, stand_in.has_usable_password()) == (False, True, False)


def test_a_number_is_read_however_it_is_typed():
    assert tidy_code(" abcde 23456 ") == tidy_code("ABCDE-23456") == "ABCDE-23456"
    assert tidy_code("abc") == ""
