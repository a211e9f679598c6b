"""Whether mails leave: part of the health of the engine."""

from safetyplant.health import Health
from safetyplant.notifications.metrics import delivery_health

#: Deliveries run every 20 seconds and a first failure is retried in a minute: longer means that something stands still.
LATE_SECONDS = 15 * 60


def probe_deliveries() -> Health:
    health = delivery_health()
    if health.oldest_queued_seconds > LATE_SECONDS:
        return Health(False, f"the oldest mail has waited {health.oldest_queued_seconds // 60} minutes")
    return Health(True)
