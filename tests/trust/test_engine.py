"""Short forms of cases 1, 2, 13 and of two people at once."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings

from responsibilities.models import Reminder
from safetyplant.notifications.models import Message
from tests.trust import ledger
from tests.trust.together import run_together

#: Addresses and names that this run took for itself; the other process takes its own.
OF_THIS_RUN = ("PYTEST_XDIST", "SAFETYPLANT_TEST", "DATABASE_URL", "REDIS_URL", "STORAGE_URL")

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("case", "times"), [(1, 12), (2, 4), (13, 1)])
def test_cases_that_want_a_process_of_their_own_hold(case: int, times: int) -> None:
    """What is forked there must not inherit a browser and its threads from this one, nor can a second browser start beside it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OF_THIS_RUN)}
    command = [sys.executable, "-m", "tests.trust", "--only", str(case), "--times", str(times)]
    run = subprocess.run(command, cwd=settings.BASE_DIR, env=kept, capture_output=True, text=True, timeout=600, check=False)
    results = [json.loads(line) for line in run.stdout.splitlines() if line.startswith('{"case"')]
    assert results, run.stderr[-2000:]
    assert all(result["ok"] for result in results), (results, run.stderr[-2000:])
    assert run.returncode == 0


@pytest.fixture
def told_late() -> dict[str, Counter[ledger.Row]]:
    """Sweeps days apart: most messages tell several steps, some people owe several answers about one thing."""
    told = ledger.told_in_peace([ledger.START + timedelta(days=day) for day in (1, 9, 13)])
    assert ledger.unlike_their_ledger() == 0
    return told


def of_several_steps() -> Message:
    return next(
        message
        for message in Message.objects.filter(dedupe_key__startswith="step:")
        if Reminder.objects.filter(
            deadline=message.params["deadline"], recipient=message.recipient, created_at=message.created_at
        ).count()
        > 1
    )


def test_a_lost_reminder_would_be_found(told_late: dict[str, Counter[ledger.Row]]) -> None:
    message = of_several_steps()
    told = Reminder.objects.filter(
        deadline=message.params["deadline"], recipient=message.recipient, created_at=message.created_at
    )
    told.earliest("moment").delete()
    assert ledger.compare(told_late, ledger.snapshot()) == (1, 0)
    told.all().delete()
    assert ledger.unlike_their_ledger() == 1, "a message that tells nothing"


@pytest.mark.parametrize("kind", ["several", "answer", "any"])
def test_a_lost_message_would_be_found(told_late: dict[str, Counter[ledger.Row]], kind: str) -> None:
    rows = Message.objects.filter(dedupe_key__startswith="step:")
    lost = {"several": of_several_steps(), "answer": rows.filter(params__kind="answer").first(), "any": rows.last()}[kind]
    assert lost is not None
    lost.delete()
    assert ledger.compare(told_late, ledger.snapshot()) == (1, 0)
    assert ledger.unlike_their_ledger() == 1


def test_a_step_told_in_a_message_of_its_own_would_be_found(told_late: dict[str, Counter[ledger.Row]]) -> None:
    message = of_several_steps()
    message.deliveries.all().delete()
    message.pk, message.dedupe_key, message._state.adding = None, "step:again", True
    message.save()
    assert ledger.compare(told_late, ledger.snapshot()) == (0, 1)
    assert ledger.unlike_their_ledger() >= 1


def test_two_people_at_once_overwrite_nothing() -> None:
    result = run_together(times=1)
    assert result.ok, result.line()
