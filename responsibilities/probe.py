"""This room's part of `/readyz`."""

from django.utils import timezone

from responsibilities.metrics import is_sweep_late
from responsibilities.models import Heartbeat
from safetyplant.health import Health


def probe_sweep() -> Health:
    """The sweep has finished within the last three minutes."""
    heartbeat = Heartbeat.objects.filter(name="sweep").first()
    if heartbeat is None:
        return Health(False, "the sweep has never run")
    if is_sweep_late(heartbeat, timezone.now()):
        last = heartbeat.finished_at.isoformat(timespec="seconds") if heartbeat.finished_at else "never"
        return Health(False, f"the last sweep finished: {last}")
    return Health(True)
