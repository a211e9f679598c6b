"""Signs of life of a long import, written beside its transaction so that the page sees them at once."""

from time import monotonic
from types import TracebackType

from django.db import connection

INTERVAL = 1.0  # seconds between two signs


class Pulse:
    """A connection of its own: what the import writes stays invisible until it commits, progress must not."""

    def __init__(self, run_id: int) -> None:
        self._run_id = run_id
        self._last = 0.0
        self._connection = connection.copy()

    def __call__(self, rows: int) -> None:
        now = monotonic()
        if now - self._last < INTERVAL:
            return
        self._last = now
        with self._connection.cursor() as cursor:
            cursor.execute(
                "UPDATE reporting_importrun SET progress = %s, heartbeat_at = clock_timestamp() WHERE id = %s",
                [rows, self._run_id],
            )

    def __enter__(self) -> "Pulse":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._connection.close()
