"""Background work of the log."""

from celery import shared_task

from safetyplant.audit.chain import make_partitions, seal_pending


@shared_task(name="safetyplant.audit.tasks.seal")
def seal() -> int:
    """Seal what was committed since the last run, and keep the next partition ready."""
    make_partitions()
    return seal_pending()
