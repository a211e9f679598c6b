"""The life of a deadline: open, paused while someone else must act or while it rests, met or cancelled.

Each call runs in the caller's transaction.

Order of locks, for whoever needs more than one: **corrective action → deadlines → record → escalations**; several
deadlines at once by `lock_deadlines`. Who locks a record or an escalation first and asks for its deadline afterwards waits
for someone who waits for them: the database ends one of the two, and a person reads an error. So `answer_escalation` and
`inspections.workflows.locks` lock what is below before what they are about.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from responsibilities.choices import DeadlineStatus
from responsibilities.models import Deadline
from responsibilities.services.schedules import place_cursor
from safetyplant.access.transitions import locked, require_state
from safetyplant.notifications.services import cancel, notify

if TYPE_CHECKING:
    from collections.abc import Iterable

    from responsibilities.models import Escalation, Person
    from responsibilities.querysets import EscalationQuerySet


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


def told_of(deadline: Deadline) -> "dict[str, Any]":
    """What a reminder says of a deadline; the words follow from its code."""
    return {
        "number": deadline.number,
        "title": deadline.title,
        "kind": deadline.kind,
        "owner": deadline.owner.name,
        "due": {"at": deadline.due_at.isoformat()},
        "deadline": deadline.pk,
        "version": deadline.version,
    }


def meet_deadline(deadline: Deadline, *, now: datetime) -> Deadline:
    """What was owed is done. Also ends a paused deadline, whose fix has just been accepted."""
    return _close(deadline, DeadlineStatus.MET, now)


def cancel_deadline(deadline: Deadline, *, now: datetime) -> Deadline:
    """What was owed is no longer asked."""
    return _close(deadline, DeadlineStatus.CANCELLED, now)


def pause_deadline(deadline: Deadline, *, now: datetime) -> Deadline:
    """Stop the clock: the owner has done their part and waits for someone else.

    Answers owed about it stand still as well. They are not settled by it: what was handed in may be returned. A clock that was
    held already (`hold_deadline`) goes on standing, from now on because the owner has done their part.
    """
    deadline = locked(Deadline.objects, deadline.pk)
    if deadline.status == DeadlineStatus.PAUSED and deadline.done_at is None:
        _count_standstill(deadline, now)
        deadline.done_at = now
        deadline.save()
        return deadline
    deadline = _stop_clock(deadline, now, is_done=True)
    _suspend(deadline, now)
    return deadline


def hold_deadline(deadline: Deadline, *, now: datetime) -> Deadline:
    """Stop the clock though nothing is done: somebody above let it rest for a time. The answers owed about it rest as well.

    It goes on by `resume_deadline`, or stays standing when the owner hands in (`pause_deadline`).
    """
    deadline = _stop_clock(deadline, now, is_done=False)
    _suspend(deadline, now)
    return deadline


def resume_deadline(deadline: Deadline, *, now: datetime) -> Deadline:
    """Let the clock run again: the time it stood still is added to both dates, so that nobody pays for a slow check."""
    deadline = _start_clock(deadline, now)
    _reopen(deadline, now)
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


def _stop_clock(deadline: Deadline, now: datetime, *, is_done: bool) -> Deadline:
    deadline = locked(Deadline.objects, deadline.pk)
    require_state(deadline, DeadlineStatus.OPEN)
    deadline.status = DeadlineStatus.PAUSED
    deadline.paused_at = now
    deadline.done_at = now if is_done else None
    deadline.next_step_at = deadline.next_position = deadline.next_occurrence = None
    deadline.save()
    cancel(withdraw_key(deadline.pk), asked_key(deadline), now=now)
    return deadline


def _start_clock(deadline: Deadline, now: datetime) -> Deadline:
    deadline = locked(Deadline.objects, deadline.pk)
    require_state(deadline, DeadlineStatus.PAUSED)
    _count_standstill(deadline, now)
    deadline.status = DeadlineStatus.OPEN
    deadline.paused_at = deadline.done_at = None
    _new_version(deadline, now)
    return deadline


def _lock_answers(questions: "EscalationQuerySet") -> "list[Escalation]":
    """These questions, once their answers' deadlines are locked."""
    lock_deadlines(questions.values_list("answer_deadline_id", flat=True))
    return list(questions.select_related("answer_deadline", "addressee").order_by("pk"))


def _suspend(deadline: Deadline, now: datetime) -> None:
    """The late thing was handed in: until it is checked nobody owes an answer about it."""
    for escalation in _lock_answers(deadline.escalations.waiting()):
        escalation.suspended_at = now
        escalation.save(update_fields=["suspended_at"])
        if escalation.answer_deadline.status == DeadlineStatus.OPEN:
            _stop_clock(escalation.answer_deadline, now, is_done=False)


def _reopen(deadline: Deadline, now: datetime) -> None:
    """It was returned and is as late as before: the answers are owed again, in what was left of their time, and said so."""
    addressees = {}
    for escalation in _lock_answers(deadline.escalations.unsettled().filter(suspended_at__isnull=False)):
        escalation.suspended_at = None
        escalation.save(update_fields=["suspended_at"])
        if escalation.answer_deadline.status == DeadlineStatus.PAUSED:
            _start_clock(escalation.answer_deadline, now)
        addressees[escalation.addressee_id] = escalation.addressee
    notify(
        "deadline.answer",
        list(addressees.values()),
        params=told_of(deadline),
        link=deadline.link,
        urgent=deadline.is_urgent,
        withdraw_key=withdraw_key(deadline.pk),
        now=now,
    )


def _settle(deadline: Deadline, now: datetime) -> None:
    """The late thing was accepted, moved or dropped: nobody owes an answer about it any more."""
    for escalation in _lock_answers(deadline.escalations.unsettled()):
        escalation.settled_at = now
        escalation.save(update_fields=["settled_at"])
        if escalation.answer_deadline.status in (DeadlineStatus.OPEN, DeadlineStatus.PAUSED):
            _close(escalation.answer_deadline, DeadlineStatus.CANCELLED, now)
