"""Background work of this room; each task calls one function."""

from celery import shared_task

from inspections import facts
from inspections.workflows.plans import keep_plans as keep_all_plans


@shared_task
def fold_facts() -> int:
    return facts.fold_facts()


@shared_task
def keep_plans() -> int:
    return keep_all_plans()
