"""The only places where the state of an inspection, a hazard or a violation changes."""

from inspections.workflows.hazards import assess_hazard, cancel_hazard, change_level, decide_major
from inspections.workflows.inspections import acknowledge_inspection, send_inspection, submit_inspection
from inspections.workflows.reports import report_hazard
from inspections.workflows.stops import release_work, stop_work
from inspections.workflows.violations import cancel_violation

__all__ = [
    "acknowledge_inspection",
    "assess_hazard",
    "cancel_hazard",
    "cancel_violation",
    "change_level",
    "decide_major",
    "release_work",
    "report_hazard",
    "send_inspection",
    "stop_work",
    "submit_inspection",
]
