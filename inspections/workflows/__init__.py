"""The only places where the state of an inspection, a hazard, a violation or a planned visit changes."""

from inspections.workflows.hazards import assess_hazard, cancel_hazard, change_level, decide_major
from inspections.workflows.inspections import acknowledge_inspection, send_inspection, submit_inspection
from inspections.workflows.plans import change_plan, end_plan, keep_plans
from inspections.workflows.reports import report_hazard, report_publicly
from inspections.workflows.stops import release_work, stop_work
from inspections.workflows.violations import cancel_violation
from inspections.workflows.visits import ask_excuse, excuse_visit, refuse_excuse

__all__ = [
    "acknowledge_inspection",
    "ask_excuse",
    "assess_hazard",
    "cancel_hazard",
    "cancel_violation",
    "change_level",
    "change_plan",
    "decide_major",
    "end_plan",
    "excuse_visit",
    "keep_plans",
    "refuse_excuse",
    "release_work",
    "report_hazard",
    "report_publicly",
    "send_inspection",
    "stop_work",
    "submit_inspection",
]
