"""Background work on files."""

from celery import shared_task

from safetyplant.attachments import services


@shared_task
def remove_orphans() -> None:
    services.remove_orphans()
