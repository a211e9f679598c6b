"""Writes of this room that are not changes of state: saving drafts, recording violations."""

from inspections.services.hazards import HazardReport
from inspections.services.inspections import (
    AnswerData,
    FindingData,
    InspectionData,
    discard_draft,
    save_answers,
    start_inspection,
    start_inspections,
)
from inspections.services.plans import PlanData, create_plan, make_visits, plan_visit
from inspections.services.violations import ViolationData, record_violation

__all__ = [
    "AnswerData",
    "FindingData",
    "HazardReport",
    "InspectionData",
    "PlanData",
    "ViolationData",
    "create_plan",
    "discard_draft",
    "make_visits",
    "plan_visit",
    "record_violation",
    "save_answers",
    "start_inspection",
    "start_inspections",
]
