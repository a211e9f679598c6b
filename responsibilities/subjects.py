"""How a record that owns a corrective action hears what becomes of it, without this room knowing the record.

The room of the record registers a handler for its `subject_kind` when its app is ready; workflows call it in the same
transaction, so that the record and its action never disagree.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from responsibilities.models import CorrectiveAction, Deadline, Person, Unit


class ActionSubject(Protocol):
    def action_changed(self, action: "CorrectiveAction", *, by: "Person", now: datetime) -> None:
        """The action's state, date, owner or level changed; bring the record in line with it."""


_handlers: dict[str, ActionSubject] = {}


def register_subject(kind: str, handler: ActionSubject) -> None:
    _handlers[kind] = handler


def tell_subject(action: "CorrectiveAction", *, by: "Person", now: datetime) -> None:
    _handlers[action.subject_kind].action_changed(action, by=by, now=now)


UnitClosed = Callable[["Unit", "Unit", "Person | None", datetime], None]
_unit_closed: list[UnitClosed] = []


def register_unit_closed(listener: UnitClosed) -> None:
    """`listener(unit, successor, by, now)` moves what is still open in a closed unit; what is over stays where it was."""
    if listener not in _unit_closed:
        _unit_closed.append(listener)


def tell_unit_closed(unit: "Unit", successor: "Unit", *, by: "Person | None", now: datetime) -> None:
    for listener in _unit_closed:
        listener(unit, successor, by, now)


Handed = Callable[["Deadline", "Person | None", datetime], None]
_handed: list[Handed] = []


def register_handed(listener: Handed) -> None:
    """`listener(deadline, by, now)` hears of each deadline that changed hands or date by itself (assess, decide, release …).

    A room that mirrors "with whom it is" on its record updates it there; deadlines of corrective actions are told through
    `action_changed`.
    """
    if listener not in _handed:
        _handed.append(listener)


def tell_handed(deadline: "Deadline", *, by: "Person | None", now: datetime) -> None:
    for listener in _handed:
        listener(deadline, by, now)


Timed = Callable[[datetime], int]
_timed: list[Timed] = []


def register_timed(listener: Timed) -> None:
    """`listener(now)` ends by itself what a room let rest until a moment; each sweep calls it before it tells anything.

    Returns how many ended. It must not stop the sweep: what cannot end is logged and tried again.
    """
    if listener not in _timed:
        _timed.append(listener)


def end_timed(now: datetime) -> int:
    return sum(listener(now) for listener in _timed)


Barred = Callable[["Deadline"], set[int | None]]
_barred: dict[str, Barred] = {}


def register_barred(kind: str, barred: Barred) -> None:
    """`barred(deadline)` names who may never be given what a deadline of this kind asks for: they had a part in it."""
    _barred[kind] = barred


def barred_from(deadline: "Deadline") -> set[int | None]:
    barred = _barred.get(deadline.kind)
    return barred(deadline) if barred is not None else set()
