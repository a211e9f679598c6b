"""What a list offers on a phone: a search where its records can be searched, an export where there is something to export."""

import re

import pytest
from django.test import Client

from responsibilities.models import Person, Unit

SEARCHED = ["/hazards/", "/inspections/", "/violations/", "/people/", "/units/", "/regulations/", "/units/{branch}/places/"]
OTHERS = ["/actions/", "/deadlines/", "/inspections/plans/", "/inspections/visits/"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


def phone_bar(page: str) -> str:
    found = re.search(r'<div class="sp-listbar phone-only.*?</div>\s*<div class="sp-filters">', page, re.DOTALL)
    return found.group() if found else ""


@pytest.mark.parametrize("address", SEARCHED)
def test_a_phone_searches_the_list(client: Client, director: Person, branch: Unit, address: str) -> None:
    client.force_login(director)
    assert 'type="search" name="q"' in phone_bar(client.get(address.format(branch=branch.pk)).content.decode())


@pytest.mark.parametrize("address", [*SEARCHED, *OTHERS])
def test_an_empty_list_offers_no_export_of_nothing(client: Client, director: Person, branch: Unit, address: str) -> None:
    client.force_login(director)
    page = client.get(
        address.format(branch=branch.pk), {"all": "1", "q": "qqqqqq"} if address in SEARCHED else {"all": "1"}
    ).content.decode()
    assert "format=xlsx" not in page
    assert not re.search(r"Export 0\b", page)
