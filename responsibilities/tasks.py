"""Background work of this room; each task calls one function."""

from celery import shared_task

from responsibilities.sweep import sweep_deadlines


@shared_task
def sweep() -> dict[str, int]:
    return vars(sweep_deadlines())
