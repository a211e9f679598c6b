"""Links lead to pages that exist and that this person may open, at a fixed cost."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from responsibilities.models import Person
from safetyplant.access.rules import requires, signed_in
from safetyplant.shell import navigation
from safetyplant.shell.navigation import Navigation
from safetyplant.urls import handler400, handler403, handler404, handler500  # noqa: F401
from safetyplant.urls import urlpatterns as real

pytestmark = [pytest.mark.urls("tests.shell.test_navigation"), pytest.mark.django_db]


@signed_in
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("page")


@requires(lambda user: user.username == "director")
def for_the_director(request: HttpRequest) -> HttpResponse:
    return HttpResponse("board")


HAZARDS = [path("hazards/", page), path("hazards/new/", page)]
urlpatterns = [*HAZARDS, path("dashboard/", for_the_director), *[route for route in real if "shell" in str(route)]]


@pytest.fixture(autouse=True)
def _look_up_addresses_anew() -> Iterator[None]:
    navigation._page.cache_clear()
    yield
    navigation._page.cache_clear()


def links_of(person: Person, address: str = "/hazards/7/") -> dict[str, bool]:
    request = RequestFactory().get(address)
    request.user = person
    return {link.url: link.is_current for _title, links in Navigation(request).sections for link in links}


def test_pages_that_do_not_exist_have_no_link(worker: Person) -> None:
    assert links_of(worker) == {"/hazards/": True}


def test_pages_one_may_not_open_have_no_link(director: Person) -> None:
    assert links_of(director) == {"/dashboard/": False, "/hazards/": True}


def test_report_is_always_at_hand(client: Client, worker: Person) -> None:
    client.force_login(worker)

    assert client.get("/account/").content.decode().count('href="/hazards/new/"') == 2


def test_shell_costs_at_most_two_queries_of_its_own(
    client: Client, worker: Person, django_assert_max_num_queries: object
) -> None:
    client.force_login(worker)
    client.get("/account/")
    # Session, person; then what the role line needs (appointments, unit); then the two figures.
    with django_assert_max_num_queries(6):
        client.get("/account/")
