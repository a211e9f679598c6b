"""Short form of case 13: as whoever sees most."""

import os

import pytest

from tests.trust.cast import make_cast
from tests.trust.scripts import run_scripts

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def _database_beside_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright's loop runs in this thread, which Django takes for asynchronous code."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.mark.usefixtures("_database_beside_a_browser")
def test_what_people_typed_is_shown_as_text_on_every_page(catalogue: None) -> None:
    result = run_scripts(make_cast(), callers=("officer",), with_admin=False)
    assert result.ok, "\n".join([*result.faults[:20], result.line()])
