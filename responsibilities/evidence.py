"""Who sees the files of this room: those of a fix whoever sees it, or the record it serves; a site plan whoever sees its unit."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from responsibilities.models import CorrectiveAction, SitePlan
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


FirstPhotos = Callable[[CorrectiveAction], int | None]
_first: dict[str, FirstPhotos] = {}


def register_first_photos(kind: str, photos: FirstPhotos) -> None:
    """`photos(action)`: the set with what was found, kept by the record the action serves."""
    _first[kind] = photos


def photo_sets_of(action: CorrectiveAction) -> list[int]:
    """Before and after: whoever checks a fix looks at both."""
    first = _first.get(action.subject_kind)
    return [pk for pk in (first(action) if first else None, action.evidence_id) if pk]


def is_approval_visible(user: "Person", set_id: int) -> bool:
    """The upper plant's approval of a later date: whoever sees the fix."""
    return CorrectiveAction.objects.visible_to(user).filter(extensions__approval_id=set_id).exists()


def register_all() -> None:
    register_owner("responsibilities.correctiveaction", is_evidence_visible)
    register_owner("responsibilities.extensionrequest", is_approval_visible)
    register_owner(
        "responsibilities.siteplan", lambda user, set_id: SitePlan.objects.visible_to(user).filter(pictures_id=set_id).exists()
    )
