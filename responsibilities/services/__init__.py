"""Every write of this room that is not a change of state, one module per noun."""

from responsibilities.services.deadlines import open_deadline, stage_due_at
from responsibilities.services.schedules import recompute_cursors
from responsibilities.services.units import close_unit, create_unit, move_unit, rename_unit

__all__ = [
    "close_unit",
    "create_unit",
    "move_unit",
    "open_deadline",
    "recompute_cursors",
    "rename_unit",
    "stage_due_at",
]
