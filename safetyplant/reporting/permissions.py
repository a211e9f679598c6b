"""Who may bring records in. The right is the rooms' own; here it is only asked for by name."""

from typing import Any

from safetyplant.reporting.imports.targets import ImportTarget, all_targets


def can_import(user: Any) -> bool:
    """The right to import at all, for any part of the plant; writers refuse rows beyond it."""
    return bool(user.standing.has("import_records"))


def targets_for(user: Any) -> list[ImportTarget]:
    """The targets this person may import, by what their rooms say."""
    return [target for target in all_targets() if target.may_import(user)]
