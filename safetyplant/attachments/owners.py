"""Who sees the files of which kind of record: each room registers the rule of its own records."""

from collections.abc import Callable
from typing import Any

_owners: dict[str, Callable[[Any, int], bool]] = {}


def register_owner(owner_kind: str, visible: Callable[[Any, int], bool]) -> None:
    """`visible(user, set_id)` answers whether the record that holds this set exists for this person."""
    _owners[owner_kind] = visible


def is_set_visible(user: Any, attachment_set: Any) -> bool:
    """SECURITY: a kind nobody registered is visible to nobody."""
    rule = _owners.get(attachment_set.owner_kind)
    return rule is not None and bool(rule(user, attachment_set.pk))


_wanted: list[Callable[[Any], bool]] = []


def register_wanted(rule: Callable[[Any], bool]) -> None:
    """`rule(attachment)`: True while something unfinished (a draft) still means to show this photo, however long it takes."""
    _wanted.append(rule)


def is_wanted(attachment: Any) -> bool:
    return any(rule(attachment) for rule in _wanted)


def is_registered(owner_kind: str) -> bool:
    return owner_kind in _owners
