"""Background work of the page around everything."""

from importlib import import_module

from celery import shared_task
from django.conf import settings


@shared_task
def remove_old_sessions() -> None:
    """Without it each login would leave a row for good."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
