"""The Celery application; the schedule of all background work stands in `safetyplant.schedule`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safetyplant.settings")

app = Celery("safetyplant")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule_filename = os.environ.get("CELERY_BEAT_FILE", "var/celerybeat-schedule")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def load_schedule(sender: Celery, **kwargs: object) -> None:
    # After the apps are loaded: the schedule names tasks of the rooms.
    from safetyplant.schedule import SCHEDULE  # noqa: PLC0415

    sender.conf.beat_schedule = SCHEDULE
