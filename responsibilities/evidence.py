"""Who sees the photos of a fix: whoever sees the corrective action, or the record it serves."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from responsibilities.models import CorrectiveAction
from safetyplant.attachments.owners import register_owner

if TYPE_CHECKING:
    from responsibilities.models import Person

Visible = Callable[["Person", int], bool]
_subjects: list[Visible] = []


def register_evidence_rule(visible: Visible) -> None:
    """`visible(user, action_id)`: a room whose record shows an action's photos to more people, such as who reported it."""
    _subjects.append(visible)


def is_evidence_visible(user: "Person", set_id: int) -> bool:
    if CorrectiveAction.objects.visible_to(user).filter(evidence_id=set_id).exists():
        return True
    action_id = CorrectiveAction.objects.filter(evidence_id=set_id).values_list("pk", flat=True).first()
    return action_id is not None and any(visible(user, action_id) for visible in _subjects)


def register_all() -> None:
    register_owner("responsibilities.correctiveaction", is_evidence_visible)
