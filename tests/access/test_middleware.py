"""Deny by default, and one answer per refusal for pages, parts of pages and scripts."""

import json

import pytest
from django.test import Client

from responsibilities.models import Person
from safetyplant.access.tokens import issue_token, revoke_token

pytestmark = [pytest.mark.urls("tests.access.urls"), pytest.mark.django_db]
HTMX = {"HX-Request": "true"}


def problem_of(response: object) -> dict:
    assert response["Content-Type"] == "application/problem+json"
    return json.loads(response.content)


@pytest.mark.parametrize("path", ["/t/undeclared/", "/api/v1/t/undeclared/"])
def test_undeclared_view_is_denied_to_everyone(path: str, client: Client, director: Person) -> None:
    assert client.get(path).status_code == 403
    client.force_login(director)
    response = client.get(path)
    assert response.status_code == 403
    assert b"secret" not in response.content


def test_public_view_admits_visitors(client: Client) -> None:
    assert client.get("/t/open/").content == b"open"


def test_anonymous_page_redirects_to_login_and_back(client: Client) -> None:
    response = client.get("/t/people/?unit=3")

    assert response.status_code == 302
    assert response["Location"] == "/login/?next=/t/people/%3Funit%3D3"


def test_anonymous_api_gets_401_problem(client: Client) -> None:
    response = client.get("/api/v1/t/people/")

    assert response.status_code == 401
    assert problem_of(response)["status"] == 401


@pytest.mark.parametrize("headers", [HTMX, {"Accept": "application/json"}, {"Sec-Fetch-Mode": "cors"}])
def test_anonymous_script_never_takes_a_login_page_for_success(client: Client, headers: dict) -> None:
    assert client.get("/t/people/", headers=headers).status_code == 401


def test_missing_right_is_403_with_advice(client: Client, worker: Person) -> None:
    client.force_login(worker)
    response = client.get("/t/officer/")

    assert response.status_code == 403
    assert b"What to do" in response.content


def test_right_admits(client: Client, officer: Person) -> None:
    client.force_login(officer)

    assert client.get("/t/officer/").content == b"officer"


def test_deactivated_person_is_refused_on_next_request(client: Client, worker: Person) -> None:
    client.force_login(worker)
    assert client.get("/t/people/").status_code == 200
    Person.objects.filter(pk=worker.pk).update(is_active=False)

    assert client.get("/t/people/").status_code == 302


@pytest.mark.parametrize(
    ("why", "status", "sentence"),
    [
        ("state", 409, "It is closed already."),
        ("stale", 409, "Someone saved at 14:18."),
        ("right", 403, "Only the verifier may close it."),
        ("invalid", 422, "The date lies in the past."),
    ],
)
def test_refusal_is_told_on_page_part_and_api(client: Client, worker: Person, why: str, status: int, sentence: str) -> None:
    client.force_login(worker)

    page = client.get(f"/t/refuse/{why}/")
    assert page.status_code == status
    assert sentence in page.content.decode()
    assert "What was kept" in page.content.decode()

    part = client.get(f"/t/refuse/{why}/", headers=HTMX)
    assert part.status_code == status
    assert part["HX-Retarget"] == "#sp-messages"
    assert sentence in part.content.decode()
    assert "<html" not in part.content.decode()

    answer = client.get(f"/api/v1/t/refuse/{why}/")
    assert answer.status_code == status
    assert problem_of(answer)["detail"] == sentence


def test_fault_is_500_without_its_inside(client: Client, worker: Person) -> None:
    client.force_login(worker)
    client.raise_request_exception = False
    response = client.get("/t/refuse/fault/")

    assert response.status_code == 500
    assert b"boom" not in response.content
    assert b"this last step was undone" in response.content


def test_unknown_address_is_404_for_page_and_api(client: Client, worker: Person) -> None:
    client.force_login(worker)

    assert b"What to do" in client.get("/nothing/here/").content
    assert problem_of(client.get("/api/v1/nothing/"))["status"] == 404


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_token_signs_in_on_the_api_alone(client: Client, worker: Person) -> None:
    _token, secret = issue_token(worker, name="export", by=worker)

    assert client.get("/api/v1/t/people/", headers=bearer(secret)).content == b"worker"
    assert client.get("/t/people/", headers=bearer(secret)).status_code == 302


def test_wrong_token_never_falls_back_to_the_session(client: Client, worker: Person, officer: Person) -> None:
    token, secret = issue_token(worker, name="export", by=worker)
    revoke_token(token, by=worker)
    client.force_login(officer)

    assert client.get("/api/v1/t/people/", headers=bearer(secret)).status_code == 401
