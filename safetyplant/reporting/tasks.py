"""Background work of imports."""

from celery import shared_task

from safetyplant.reporting import services


# A million rows take longer than the limit of other tasks; still below the broker's visibility timeout.
@shared_task(time_limit=3300)
def perform_import(run_id: int) -> None:
    services.perform(run_id)


@shared_task
def remove_old_runs() -> None:
    services.remove_old_runs()
