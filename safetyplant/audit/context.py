"""Where the present work comes from: a page, the API, a task or the command line. Read by every recorded event."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from safetyplant.audit.choices import Channel


@dataclass(frozen=True)
class AuditContext:
    channel: str = Channel.COMMAND
    ip: str | None = None
    request_id: str = ""


OUTSIDE = AuditContext()
_current: ContextVar[AuditContext] = ContextVar("audit_context", default=OUTSIDE)


def current() -> AuditContext:
    return _current.get()


@contextmanager
def audit_context(context: AuditContext) -> Iterator[None]:
    """Everything recorded inside the block carries this context."""
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)


def enter_task(task_id: str = "", **_kwargs: Any) -> None:
    """Celery's task_prerun: a worker runs one task after another in one process, so each sets its own."""
    _current.set(AuditContext(channel=Channel.TASK, request_id=task_id or ""))


def leave_task(**_kwargs: Any) -> None:
    _current.set(OUTSIDE)
