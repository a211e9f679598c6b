"""Short forms of cases 10 (ids pointing at others) and 11; the matrix itself stands in tests/architecture."""

import pytest

from tests.trust.cast import Cast, make_cast
from tests.trust.leaving import run_leaving
from tests.trust.matrix.foreign import run_foreign


@pytest.fixture
def cast(catalogue: None) -> Cast:
    return make_cast()


def test_ids_of_others_are_refused(cast: Cast) -> None:
    result = run_foreign(cast)
    assert result.ok, "\n".join(result.faults)


def test_whoever_leaves_is_refused_on_the_next_request(cast: Cast) -> None:
    result = run_leaving(cast, times=1)
    assert result.ok, result.line()
