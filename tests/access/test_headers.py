"""What a response lets browsers, proxies and other sites do with it."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from responsibilities.models import Person
from safetyplant.access.middleware import KeepingMiddleware
from safetyplant.access.tokens import issue_token

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/hazards/", "/account/", "/people/", "/nowhere/", "/api/v1/me/", "/api/v1/hazards/"])
def test_what_a_person_sees_is_stored_nowhere(client: Client, worker: Person, address: str) -> None:
    client.force_login(worker)
    response = client.get(address)

    assert "no-store" in response["Cache-Control"]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_neither_is_an_answer_to_a_token(client: Client, worker: Person) -> None:
    _token, secret = issue_token(worker, name="script", by=worker)
    response = client.get("/api/v1/hazards/", headers={"Authorization": f"Bearer {secret}"})

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("address", ["/login/", "/healthz", "/hazards/", "/api/v1/hazards/", "/static/nothing.css"])
def test_no_other_site_takes_a_response_in(client: Client, address: str) -> None:
    assert client.get(address)["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("address", "said", "wanted"),
    [
        ("/field/", None, None),
        ("/field/inspections/1/", None, None),
        ("/sw.js", None, None),
        ("/manifest.webmanifest", None, None),
        ("/static/app.css", None, None),
        ("/files/1/", "private, no-cache", "private, no-cache"),
        ("/fields/", None, "private, no-store"),
        ("/hazards/1/", None, "private, no-store"),
    ],
)
def test_what_a_device_keeps_is_left_alone(address: str, said: str | None, wanted: str | None) -> None:
    def answer(_request: object) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": said} if said else {})

    response = KeepingMiddleware(answer)(RequestFactory().get(address))

    assert response.get("Cache-Control") == wanted
