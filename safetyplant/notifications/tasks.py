"""Background work of the outbox. Each may run at once with itself, be killed, or be late."""

from celery import shared_task

from safetyplant.notifications import delivery, digests, partitions


@shared_task
def deliver_due() -> None:
    delivery.deliver_due()


@shared_task
def send_digests() -> None:
    digests.send_digests()


@shared_task
def make_partitions() -> None:
    partitions.make_partitions()
