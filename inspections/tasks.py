"""Background work of this room; each task calls one function."""

from celery import shared_task

from inspections import facts, workflows


@shared_task
def fold_facts() -> int:
    return facts.fold_facts()


@shared_task
def keep_plans() -> int:
    return workflows.keep_plans()


@shared_task
def close_appeals() -> int:
    return workflows.close_appeals()


@shared_task
def propose_overdue() -> int:
    return workflows.propose_overdue()


@shared_task
def keep_treatments() -> int:
    return workflows.keep_treatments()
