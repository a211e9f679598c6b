"""How a record that owns a corrective action hears what becomes of it, without this room knowing the record.

The room of the record registers a handler for its `subject_kind` when its app is ready; workflows call it in the same
transaction, so that the record and its action never disagree.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from responsibilities.models import CorrectiveAction, Person


class ActionSubject(Protocol):
    def action_changed(self, action: "CorrectiveAction", *, by: "Person", now: datetime) -> None:
        """The action's state, date, owner or level changed; bring the record in line with it."""


_handlers: dict[str, ActionSubject] = {}


def register_subject(kind: str, handler: ActionSubject) -> None:
    _handlers[kind] = handler


def tell_subject(action: "CorrectiveAction", *, by: "Person", now: datetime) -> None:
    _handlers[action.subject_kind].action_changed(action, by=by, now=now)
