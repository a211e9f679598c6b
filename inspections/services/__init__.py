"""Writes of this room that are not changes of state: reporting hazards, saving drafts, recording violations."""

from inspections.services.hazards import HazardReport, report_hazard
from inspections.services.inspections import AnswerData, FindingData, InspectionData, save_answers, start_inspection
from inspections.services.violations import ViolationData, record_violation

__all__ = [
    "AnswerData",
    "FindingData",
    "HazardReport",
    "InspectionData",
    "ViolationData",
    "record_violation",
    "report_hazard",
    "save_answers",
    "start_inspection",
]
