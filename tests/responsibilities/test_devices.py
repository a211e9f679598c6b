"""Devices that may be used in hazardous areas: registered by the officer, on the device itself, until the certificate ends."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from responsibilities.models import CertifiedDevice
from tests.factories.responsibilities import PASSWORD

pytestmark = pytest.mark.usefixtures("catalogue", "people")
ADDRESS = reverse("responsibilities:device-list")


@pytest.fixture
def phone(officer) -> Client:
    """The officer has signed in on it, so it has a key."""
    officer.set_password(PASSWORD)
    officer.save()
    client = Client()
    assert client.post("/login/", {"username": officer.username, "password": PASSWORD}).status_code == 302
    return client


def body(days=365, **changes):
    until = timezone.localdate() + timedelta(days=days)
    return {"name": "Ex phone 3", "certificate": "Ex ib IIC T4 Gb", "valid_until": until.isoformat(), **changes}


def is_certified(client):
    return client.get("/field/kit/").json()["certified"]


def test_the_device_in_ones_hand_is_registered_and_withdrawn(phone, client, officer):
    assert not is_certified(phone)
    assert phone.post(ADDRESS, body()).status_code == 302
    client.force_login(officer)
    assert (is_certified(phone), is_certified(client)) == (True, False)
    assert "Ex ib IIC T4 Gb" in phone.get(ADDRESS).text
    row = CertifiedDevice.objects.get()
    phone.post(reverse("responsibilities:device-withdraw", args=[row.pk]))
    assert not is_certified(phone)


def test_a_new_certificate_takes_the_place_of_the_one_before(phone):
    phone.post(ADDRESS, body())
    phone.post(ADDRESS, body(certificate="Ex ia"))
    assert CertifiedDevice.objects.get(withdrawn_at=None).certificate == "Ex ia"


def test_an_ended_certificate_counts_for_nothing(phone):
    response = phone.post(ADDRESS, body(days=-1))
    assert response.status_code == 422
    assert "ended already" in response.text
    phone.post(ADDRESS, body())
    CertifiedDevice.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    assert not is_certified(phone)


def test_others_register_nothing(client, leader, head, worker):
    for user in (head, worker):
        client.force_login(user)
        assert client.post(ADDRESS, body()).status_code == 403
    assert not CertifiedDevice.objects.exists()
