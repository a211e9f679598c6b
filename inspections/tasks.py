"""Background work of this room; each task calls one function."""

from celery import shared_task

from inspections import facts


@shared_task
def fold_facts() -> int:
    return facts.fold_facts()
