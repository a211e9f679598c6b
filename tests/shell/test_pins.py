"""PINs on shared phones: bound to the device and the session of that day, five tries, nobody else's records."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from responsibilities.models import Person
from responsibilities.services.people import restore_person, suspend_person
from safetyplant.access.models import DevicePin
from safetyplant.access.pins import LASTS, MOST_TRIES, person_by_pin, pins_on, set_pin
from safetyplant.audit.history import history

PASSWORD, PIN = "a quiet morning at the well", "483915"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_rate_limits() -> None:
    cache.clear()


@pytest.fixture
def pair(worker: Person, worker2: Person) -> tuple[Person, Person]:
    for person in (worker, worker2):
        person.set_password(PASSWORD)
        person.save()
    return worker, worker2


def log_in(client: Client, person: Person) -> None:
    assert client.post("/login/", {"username": person.username, "password": PASSWORD}).status_code == 302


def log_out(client: Client) -> None:
    """As on the page: the device's own cookie stays."""
    client.post("/logout/")
    assert signed_in(client) is None


def with_pin(client: Client, person: Person, pin: str = PIN) -> None:
    log_in(client, person)
    assert client.post("/account/pin/", {"password": PASSWORD, "pin": pin}).status_code == 302


def take_over(client: Client, person: Person, pin: str = PIN, **extra: str):
    return client.post("/switch/", {"person": person.pk, "pin": pin, **extra})


def signed_in(client: Client) -> int | None:
    response = client.get("/field/session/")
    return response.json()["person"] if response.status_code == 200 else None


def test_two_people_take_turns_on_one_phone(client, pair):
    worker, worker2 = pair
    with_pin(client, worker)
    log_out(client)
    with_pin(client, worker2, "907164")
    assert signed_in(client) == worker2.pk
    assert take_over(client, worker, next="/inbox/")["Location"] == "/inbox/"
    assert signed_in(client) == worker.pk
    assert take_over(client, worker2, "907164")["Location"] == "/field/"
    assert signed_in(client) == worker2.pk
    assert "took over a shared phone" in str(history(worker)[0].sentence)


def test_a_pin_opens_nothing_on_another_device(client, pair):
    worker, _ = pair
    with_pin(client, worker)
    stranger = Client()
    assert worker.name not in stranger.get("/switch/").text
    assert take_over(stranger, worker).status_code == 422
    assert signed_in(stranger) is None


def test_five_wrong_tries_end_it(client, pair):
    worker, _ = pair
    with_pin(client, worker)
    log_out(client)
    assert take_over(client, worker).status_code == 302
    log_out(client)
    for _ in range(MOST_TRIES):
        assert take_over(client, worker, "000001").status_code == 422
    assert take_over(client, worker).status_code == 422
    assert signed_in(client) is None
    log_in(client, worker)


def test_a_right_one_forgets_the_wrong_ones(pair):
    worker, _ = pair
    set_pin(worker, "device", PIN, by=worker)
    for _ in range(3):
        assert [person_by_pin("device", worker.pk, "000001") for _ in range(MOST_TRIES - 1)] == [None] * (MOST_TRIES - 1)
        assert person_by_pin("device", worker.pk, PIN) == worker


@pytest.mark.parametrize("pin", ["12345", "1234567", "12a456", "111111", "123456", "987654", "121212", "４８３９１５"])
def test_a_weak_pin_is_refused_beside_the_field(client, pair, pin):
    log_in(client, pair[0])
    response = client.post("/account/pin/", {"password": PASSWORD, "pin": pin})
    assert response.status_code == 422
    assert "PIN" in response.context["form"].errors["pin"][0]
    assert not DevicePin.objects.exists()


def test_setting_one_needs_the_password(client, pair):
    log_in(client, pair[0])
    assert client.post("/account/pin/", {"password": "wrong", "pin": PIN}).status_code == 422
    assert not DevicePin.objects.exists()


@pytest.mark.parametrize("ending", ["password", "suspended", "suspended and restored", "time", "closed"])
def test_what_ends_sessions_ends_the_pin(client, pair, director, ending):
    worker, _ = pair
    with_pin(client, worker)
    if ending == "password":
        worker.set_password("another quiet morning")
        worker.save()
    if ending.startswith("suspended"):
        suspend_person(worker, by=director, reason="Left the plant")
    if ending.endswith("restored"):
        restore_person(worker, by=director)
    if ending == "time":
        DevicePin.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    if ending == "closed":
        client.post("/account/pin/close/")
    log_out(client)
    assert take_over(client, worker).status_code == 422
    assert signed_in(client) is None


def test_the_database_keeps_one_open_pin_a_person_and_device(pair):
    worker, _ = pair
    first = set_pin(worker, "device", PIN, by=worker)
    second = set_pin(worker, "device", "907164", by=worker)
    assert [pin.pk for pin in pins_on("device")] == [second.pk]
    with pytest.raises(IntegrityError), transaction.atomic():
        DevicePin.objects.filter(pk=first.pk).update(closed_at=None)


def test_a_pin_ends_after_a_hitch(pair):
    worker, _ = pair
    set_pin(worker, "device", PIN, by=worker, now=timezone.now() - LASTS)
    assert pins_on("device") == []


def test_records_are_never_taken_in_under_another_name(client, pair, station):
    worker, worker2 = pair
    log_in(client, worker2)
    body = {"client_id": "5b1c3c0e-6d57-4a8a-9a5e-0d8f6c1f3a11", "title": "Oil on the stairs", "unit": station.pk}
    send = {"content_type": "application/json", "headers": {"X-Record-Person": str(worker.pk)}}
    response = client.post("/api/v1/hazards/", body, **send)
    assert response.status_code == 401
    assert client.head("/files/" + "a" * 64 + "/", headers={"X-Record-Person": str(worker.pk)}).status_code == 401
    assert client.get("/field/session/", headers={"X-Record-Person": str(worker2.pk)}).json()["person"] == worker2.pk
