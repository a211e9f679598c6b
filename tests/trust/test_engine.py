"""Short forms of cases 1, 2 and of two people at once."""

from datetime import timedelta

import pytest

from responsibilities.models import Reminder
from tests import databases
from tests.trust import ledger
from tests.trust.broker import run_broker
from tests.trust.killed import run_killed
from tests.trust.overlapping import run_overlapping
from tests.trust.together import run_together

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_killed_workers_lose_and_repeat_nothing() -> None:
    result = run_killed(kills=12, restore=databases.restore_database)
    assert result.ok, result.line()


def test_eight_sweeps_at_once_tell_what_one_tells() -> None:
    result = run_overlapping(times=4, restore=databases.restore_database)
    assert result.ok, result.line()


def test_a_lost_and_a_repeated_reminder_would_be_found() -> None:
    moments = [ledger.START + timedelta(days=day) for day in (1, 2)]
    wanted = ledger.told_in_peace(moments)
    one = Reminder.objects.earliest("pk")
    one.delete()
    assert ledger.compare(wanted, ledger.snapshot()) == (1, 0)
    assert ledger.unlike_their_ledger() == 1


def test_two_people_at_once_overwrite_nothing() -> None:
    result = run_together(times=1)
    assert result.ok, result.line()


def test_a_broken_redis_delays_and_loses_nothing() -> None:
    result = run_broker(times=2)
    assert result.ok, result.line()
