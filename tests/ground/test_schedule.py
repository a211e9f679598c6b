"""The schedule of background work names tasks that exist."""

from datetime import timedelta

import pytest
from celery import current_app
from django.contrib.sessions.models import Session
from django.utils import timezone

from safetyplant.celery import app
from safetyplant.schedule import SCHEDULE
from safetyplant.shell.tasks import remove_old_sessions


@pytest.mark.parametrize("name", list(SCHEDULE))
def test_each_entry_names_a_task_a_worker_knows(name):
    app.loader.import_default_modules()
    assert SCHEDULE[name]["task"] in current_app.tasks


def test_sessions_that_are_over_are_removed(db):
    now = timezone.now()
    for key, ends in (("old", now - timedelta(days=1)), ("live", now + timedelta(days=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=ends)
    remove_old_sessions()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["live"]
