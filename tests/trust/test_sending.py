"""Short form of case 6."""

import pytest

from tests.trust.cast import make_cast
from tests.trust.sending import run_sending

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_what_a_phone_sends_over_a_bad_line_arrives_once_and_whole(catalogue):
    result = run_sending(make_cast(), times=40)
    assert result.ok, result.line()
