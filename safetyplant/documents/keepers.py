"""Who may write documents of a kind: the room that keeps them says so."""

from collections.abc import Callable
from typing import Any

_keepers: dict[str, Callable[[Any], bool]] = {}


def register_keeper(kind: str, may_keep: Callable[[Any], bool]) -> None:
    """`may_keep(user)` answers whether this person may draft, publish and withdraw documents of the kind."""
    _keepers[kind] = may_keep


def may_keep_documents(user: Any, kind: str) -> bool:
    """SECURITY: a kind nobody registered is written by nobody."""
    rule = _keepers.get(kind)
    return rule is not None and rule(user)
