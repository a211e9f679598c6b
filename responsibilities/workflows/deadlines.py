"""The life of a deadline: open, paused while someone else must act, met or cancelled.

Each call runs in the caller's transaction.

Order of locks, for whoever needs more than one: **corrective action → deadlines → record → escalations**; several
deadlines at once by `lock_deadlines`. Who locks a record or an escalation first and asks for its deadline afterwards waits
for someone who waits for them: the database ends one of the two, and a person reads an error. So `answer_escalation` and
`inspections.workflows.locks` lock what is below before what they are about.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from responsibilities.choices import DeadlineStatus
from responsibilities.models import Deadline
from responsibilities.services.schedules import place_cursor
from safetyplant.access.transitions import locked, require_state
from safetyplant.notifications.services import cancel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from responsibilities.models import Person


def lock_deadlines(ids: "Iterable[int | None]") -> None:
    """Lock these in the order of their ids, so that two who need the same ones wait instead of blocking each other."""
    wanted = [pk for pk in ids if pk is not None]
    if wanted:
        list(Deadline.objects.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",)).values_list("pk"))


def withdraw_key(deadline_id: int) -> str:
    """Under this key the notices of a deadline can be withdrawn once it is no longer true."""
    return f"deadline:{deadline_id}"


def asked_key(deadline: Deadline | None) -> str:
    """The same for what asks its owner to act ("Fix:", "Check the fix:"): true until it is done or with someone else.

    Unlike a reminder it outlives a new date.
    """
    return f"asked:{deadline.pk}" if deadline is not None else ""


def meet_deadline(deadline: Deadline, *, now: datetime) -> Deadline:
    """What was owed is done. Also ends a paused deadline, whose fix has just been accepted."""
    return _close(deadline, DeadlineStatus.MET, now)


def cancel_deadline(deadline: Deadline, *, now: datetime) -> Deadline:
    """What was owed is no longer asked."""
    return _close(deadline, DeadlineStatus.CANCELLED, now)


def pause_deadline(deadline: Deadline, *, now: datetime) -> Deadline:
    """Stop the clock: the owner has done their part and waits for someone else."""
    deadline = locked(Deadline.objects, deadline.pk)
    require_state(deadline, DeadlineStatus.OPEN)
    deadline.status = DeadlineStatus.PAUSED
    deadline.paused_at = deadline.done_at = now
    deadline.next_step_at = deadline.next_position = deadline.next_occurrence = None
    deadline.save()
    cancel(withdraw_key(deadline.pk), asked_key(deadline), now=now)
    _settle(deadline, now)
    return deadline


def resume_deadline(deadline: Deadline, *, now: datetime) -> Deadline:
    """Let the clock run again: the time it stood still is added to both dates, so that nobody pays for a slow check."""
    deadline = locked(Deadline.objects, deadline.pk)
    require_state(deadline, DeadlineStatus.PAUSED)
    _count_standstill(deadline, now)
    deadline.status = DeadlineStatus.OPEN
    deadline.paused_at = deadline.done_at = None
    _new_version(deadline, now)
    return deadline


def move_deadline(deadline: Deadline, *, due_at: datetime, now: datetime, first_due_at: datetime | None = None) -> Deadline:
    """A new due date is a new version: its steps are told afresh. `first_due_at` stays, unless another level sets it anew.

    While the clock stands, only what still stands after this moment is added to the new date; else it would count twice.
    """
    deadline = locked(Deadline.objects, deadline.pk)
    require_state(deadline, DeadlineStatus.OPEN, DeadlineStatus.PAUSED)
    if deadline.status == DeadlineStatus.PAUSED:
        _count_standstill(deadline, now)
    deadline.due_at = due_at
    deadline.first_due_at = first_due_at or deadline.first_due_at
    _new_version(deadline, now)
    _settle(deadline, now)
    return deadline


def hand_deadline(deadline: Deadline, *, owner: "Person", now: datetime, title: str = "") -> Deadline:
    """Someone else owes it from now on, by the same date; they get the steps that are still to come."""
    deadline = locked(Deadline.objects, deadline.pk)
    require_state(deadline, DeadlineStatus.OPEN, DeadlineStatus.PAUSED)
    deadline.owner = owner
    deadline.title = title or deadline.title
    _new_version(deadline, now)
    cancel(asked_key(deadline), now=now)
    return deadline


def standstill(deadline: Deadline, now: datetime) -> timedelta:
    """How long the clock has stood up to now without being counted in the dates."""
    return max(now - deadline.paused_at, timedelta(0)) if deadline.paused_at is not None else timedelta(0)


def _count_standstill(deadline: Deadline, now: datetime) -> None:
    stood = standstill(deadline, now)
    deadline.due_at += stood
    deadline.first_due_at += stood
    deadline.stood_still += stood
    deadline.paused_at = now


def _new_version(deadline: Deadline, now: datetime) -> None:
    deadline.version += 1
    deadline.version_began_at = now
    place_cursor(deadline)
    deadline.save()
    cancel(withdraw_key(deadline.pk), now=now)


def _close(deadline: Deadline, status: str, now: datetime) -> Deadline:
    deadline = locked(Deadline.objects, deadline.pk)
    require_state(deadline, DeadlineStatus.OPEN, DeadlineStatus.PAUSED)
    deadline.status = status
    deadline.closed_at = now
    if status == DeadlineStatus.MET and deadline.done_at is None:
        deadline.done_at = now
    deadline.paused_at = None
    deadline.next_step_at = deadline.next_position = deadline.next_occurrence = None
    deadline.save()
    cancel(withdraw_key(deadline.pk), asked_key(deadline), now=now)
    _settle(deadline, now)
    return deadline


def _settle(deadline: Deadline, now: datetime) -> None:
    """The late thing was done, moved or dropped: nobody owes an answer about it any more."""
    lock_deadlines(deadline.escalations.waiting().values_list("answer_deadline_id", flat=True))
    waiting = list(deadline.escalations.waiting().select_related("answer_deadline"))
    for escalation in waiting:
        escalation.settled_at = now
        escalation.save(update_fields=["settled_at"])
        if escalation.answer_deadline.status in (DeadlineStatus.OPEN, DeadlineStatus.PAUSED):
            _close(escalation.answer_deadline, DeadlineStatus.CANCELLED, now)
