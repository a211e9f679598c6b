"""Places, people and units in the one search."""

import pytest

from tests.factories.responsibilities import PersonFactory, PlaceFactory


@pytest.mark.parametrize(
    ("text", "found"),
    [("N12-45", "抽油机井 N12-45"), ("建军", "王建军"), ("p0777", "王建军"), ("Gathering Station B", "Gathering Station B")],
)
def test_search_finds_by_number_and_by_two_characters(client, people, station, station2, text, found):
    PlaceFactory(unit=station, code="N12-45", name="抽油机井 N12-45")
    PersonFactory(unit=station, username="p0777", name="王建军")
    client.force_login(people.director)
    assert found in client.get("/search/", {"q": text}).content.decode()


def test_contractors_find_their_own_places_and_people_only(client, people, station, contractor):
    PlaceFactory(unit=station, code="N12-45", name="Secret well")
    client.force_login(people.outsider)
    page = client.get("/search/", {"q": "Secret well"}).content.decode()
    assert "N12-45" not in page


def test_search_keeps_its_budget_with_every_source(client, director, django_assert_max_num_queries):
    client.force_login(director)
    with django_assert_max_num_queries(12):
        client.get("/search/", {"q": "station"})
