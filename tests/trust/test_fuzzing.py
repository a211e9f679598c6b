"""Short form of case 12."""

import pytest

from tests.trust.cast import make_cast
from tests.trust.fuzzing import run_fuzzing

pytestmark = pytest.mark.slow


def test_whatever_is_sent_to_the_api_is_answered_in_words(catalogue: None) -> None:
    result = run_fuzzing(make_cast(), examples=4, callers=("officer",))
    answered = result.figures["answers"]
    assert answered.get("200", 0) > 20, answered
    assert answered.get("422", 0) > 100, answered
    assert result.ok, "\n".join([*result.faults[:20], result.line()])
