"""Hazards as a board: a column for each state, the list's filters, each column bounded."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from inspections.views.hazard_board import MOST_CARDS
from responsibilities.models import Unit
from responsibilities.workflows import submit_fix
from tests.factories.inspections import assigned, reported

pytestmark = pytest.mark.usefixtures("catalogue")


def board(person: Any, query: str = "") -> dict[str, Any]:
    client = Client()
    client.force_login(person)
    response = client.get(f"/hazards/board/{query}")
    assert response.status_code == 200
    return {column.status.value: column for column in response.context["list"].board}


def titles(column: Any) -> list[str]:
    return [hazard.title for hazard in column.cards]


@pytest.fixture
def hazards(people: SimpleNamespace, station: Unit, station2: Unit) -> None:
    reported(station, people.worker, title="Reported here")
    reported(station2, people.worker2, title="Reported there")
    assigned(station, people.worker, assessor=people.officer, title="Assigned here", level="G1")
    submit_fix(assigned(station, people.worker, assessor=people.officer, title="Fixed here").action, by=people.head, note="Done")


def test_each_hazard_stands_in_the_column_of_its_state(hazards: None, people: SimpleNamespace) -> None:
    columns = board(people.officer)
    assert {key: titles(column) for key, column in columns.items() if column.cards} == {
        "reported": ["Reported here", "Reported there"],
        "assigned": ["Assigned here"],
        "submitted": ["Fixed here"],
    }
    assert (columns["reported"].count_text, columns["waiting"].count_text) == ("2", "0")


def test_a_head_sees_the_own_unit_and_filters_narrow(hazards: None, people: SimpleNamespace, station2: Unit) -> None:
    assert titles(board(people.head2)["reported"]) == ["Reported there"]
    assert titles(board(people.head)["reported"]) == ["Reported here"]
    narrowed = board(people.officer, f"?unit={station2.pk}")
    assert [titles(column) for column in narrowed.values() if column.cards] == [["Reported there"]]
    assert [titles(column) for column in board(people.officer, "?level=G1").values() if column.cards] == [["Assigned here"]]


def test_filters_stay_in_every_address(hazards: None, people: SimpleNamespace) -> None:
    column = board(people.officer, "?level=G1&column=waiting")["waiting"]
    assert column.list_url == "/hazards/?level=G1&state=waiting"
    assert column.tab_url == "?level=G1&column=waiting"
    assert column.is_current
    assert board(people.officer, "?state=late")["assigned"].list_url == "/hazards/?state=late"


def test_a_phone_begins_with_the_first_column_that_has_cards(hazards: None, people: SimpleNamespace) -> None:
    assert [key for key, column in board(people.officer, "?level=G1").items() if column.is_current] == ["assigned"]


def test_a_full_column_leads_to_the_list(people: SimpleNamespace, station: Unit) -> None:
    for number in range(MOST_CARDS + 1):
        reported(station, people.worker, title=f"Gate {number}")
    for person in (people.officer, people.head):
        column = board(person)["reported"]
        assert (len(column.cards), column.has_more, column.count_text) == (MOST_CARDS, True, str(MOST_CARDS + 1))
