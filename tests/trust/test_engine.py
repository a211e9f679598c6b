"""Short forms of cases 1, 2 and of two people at once."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings

from responsibilities.models import Reminder
from tests.trust import ledger
from tests.trust.together import run_together

#: Addresses and names that this run took for itself; the other process takes its own.
OF_THIS_RUN = ("PYTEST_XDIST", "SAFETYPLANT_TEST", "DATABASE_URL", "REDIS_URL", "STORAGE_URL")

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("case", "times"), [(1, 12), (2, 4)])
def test_workers_killed_or_at_once_or_without_redis_lose_and_repeat_nothing(case: int, times: int) -> None:
    """In a process of its own: what is forked there must not inherit a browser and its threads from this one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OF_THIS_RUN)}
    command = [sys.executable, "-m", "tests.trust", "--only", str(case), "--times", str(times)]
    run = subprocess.run(command, cwd=settings.BASE_DIR, env=kept, capture_output=True, text=True, timeout=300, check=False)
    results = [json.loads(line) for line in run.stdout.splitlines() if line.startswith('{"case"')]
    assert results, run.stderr[-2000:]
    assert all(result["ok"] for result in results), (results, run.stderr[-2000:])
    assert run.returncode == 0


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
