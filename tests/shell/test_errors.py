"""Error pages stand when nothing else does."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from responsibilities.models import Person


@pytest.fixture
def unreachable_database(transactional_db: None) -> Iterator[None]:
    """A port where no PostgreSQL listens."""
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = "1"
    yield
    connection.settings_dict["PORT"] = port
    connection.close()


@pytest.fixture
def visitor(transactional_db: None, worker: Person) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(worker)
    client.cookies["django_language"] = "zh-hans"
    return client


@pytest.mark.usefixtures("visitor", "unreachable_database")
def test_without_database_pages_are_503_and_say_when_to_return(visitor: Client) -> None:
    response = visitor.get("/account/")

    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert '<html lang="zh-Hans"' in response.content.decode()


@pytest.mark.usefixtures("visitor", "unreachable_database")
def test_without_database_scripts_get_a_problem(visitor: Client) -> None:
    response = visitor.get("/account/", headers={"Accept": "application/json"})

    assert response.status_code == 503
    assert response.json()["status"] == 503


def test_csrf_failure_says_what_to_do(client: Client, worker: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(worker)
    response = strict.post("/account/", {"mail_mode": "none"})

    assert response.status_code == 403
    assert "Reload it and send again" in response.content.decode()
    worker.refresh_from_db()
    assert worker.mail_mode == "each"


def test_error_page_leads_back_only_within_the_house(client: Client, worker: Person) -> None:
    client.force_login(worker)
    ours = client.get("/nothing/", headers={"Referer": "http://testserver/hazards/7/"}).content.decode()
    theirs = client.get("/nothing/", headers={"Referer": "https://evil.example/"}).content.decode()

    assert 'href="http://testserver/hazards/7/"' in ours
    assert "evil.example" not in theirs


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 429, 500, 503])
def test_every_error_page_has_its_three_answers(status: int) -> None:
    """Without database access: the test would fail on a query."""
    page = render_to_string(f"{status}.html", {"error_title": "Title"}, RequestFactory().get("/x/"))

    for question in ("What happened", "What was kept", "What to do"):
        assert question in page
    assert "<h1>" in page
    assert "<h1></h1>" not in page
