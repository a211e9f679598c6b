"""A temporary password opens only the page where one's own is chosen."""

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

from responsibilities.services.people import reset_password
from safetyplant.audit.history import history

OWN = "a short sentence is easy"


@pytest.fixture
def secret(worker, officer):
    return reset_password(worker, by=officer)


def test_everything_leads_to_choosing_an_own_password(client, worker, secret):
    assert client.post("/login/", {"username": worker.username, "password": secret}).status_code == 302
    for path in ("/", "/hazards/", "/inbox/", "/account/tokens/"):
        assert client.get(path)["Location"] == "/account/password/"
    assert client.get("/account/password/").status_code == 200


def test_after_that_everything_is_open(client, worker, secret):
    client.post("/login/", {"username": worker.username, "password": secret})
    client.post("/account/password/", {"oldpassword": secret, "password1": OWN, "password2": OWN})
    client.post("/login/", {"username": worker.username, "password": OWN})
    assert client.get("/inbox/").status_code == 200
    worker.refresh_from_db()
    assert not worker.must_change_password
    assert "Wang Fang chose a new password." in re.sub("<.*?>", "", history(worker)[0].sentence)


def test_scripts_are_refused_and_not_led_to_a_page(client, worker, secret):
    client.post("/login/", {"username": worker.username, "password": secret})
    for response in (client.get("/api/v1/hazards/"), client.put(f"/files/{'0' * 64}/", b"x")):
        assert (response.status_code, response["Content-Type"]) == (403, "application/problem+json")


def test_a_short_password_is_refused_in_every_language(client, worker):
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refused:
        validate_password("kurz+k7", worker)
    assert "This password" not in str(refused.value)
