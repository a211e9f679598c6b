"""The only places where the state of a deadline, an escalation or a corrective action changes."""

from responsibilities.workflows.actions import (
    assign_action,
    cancel_action,
    reassign_fix,
    return_fix,
    start_fix,
    submit_fix,
    verify_fix,
    wait_fix,
)
from responsibilities.workflows.deadlines import (
    asked_key,
    cancel_deadline,
    hand_deadline,
    hold_deadline,
    meet_deadline,
    move_deadline,
    pause_deadline,
    resume_deadline,
)
from responsibilities.workflows.escalations import answer_escalation
from responsibilities.workflows.extensions import ask_extension, change_date, decide_extension

__all__ = [
    "answer_escalation",
    "ask_extension",
    "asked_key",
    "assign_action",
    "cancel_action",
    "cancel_deadline",
    "change_date",
    "decide_extension",
    "hand_deadline",
    "hold_deadline",
    "meet_deadline",
    "move_deadline",
    "pause_deadline",
    "reassign_fix",
    "resume_deadline",
    "return_fix",
    "start_fix",
    "submit_fix",
    "verify_fix",
    "wait_fix",
]
