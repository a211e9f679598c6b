"""Standards put to use: inspections, and the hazards and violations they find."""

from inspections.models.acceptance import Acceptance
from inspections.models.ban import SiteBan
from inspections.models.catalogue import ChecklistItem, HazardCategory, RiskBand, ViolationType
from inspections.models.facts import HazardDelta, HazardFact, Measure
from inspections.models.feed import CalendarFeed
from inspections.models.hazard import Hazard
from inspections.models.inspection import Inspection, InspectionAnswer
from inspections.models.letter import OutsideLetter
from inspections.models.major import MajorProgress, MajorTreatment, MajorVerification, OutsideReport
from inspections.models.penalty import Penalty, Proposal, RecordView
from inspections.models.place_check import CheckShare, PlaceAnswer, PlaceCheck
from inspections.models.plan import InspectionPlan, PlannedVisit, PlanTarget
from inspections.models.points import Duty, PenaltyRule, PointsEntry, RuleThreshold
from inspections.models.public_report import PublicReport
from inspections.models.sighting import Sighting
from inspections.models.violation import Violation

__all__ = [
    "Acceptance",
    "CalendarFeed",
    "CheckShare",
    "ChecklistItem",
    "Duty",
    "Hazard",
    "HazardCategory",
    "HazardDelta",
    "HazardFact",
    "Inspection",
    "InspectionAnswer",
    "InspectionPlan",
    "MajorProgress",
    "MajorTreatment",
    "MajorVerification",
    "Measure",
    "OutsideLetter",
    "OutsideReport",
    "Penalty",
    "PenaltyRule",
    "PlaceAnswer",
    "PlaceCheck",
    "PlanTarget",
    "PlannedVisit",
    "PointsEntry",
    "Proposal",
    "PublicReport",
    "RecordView",
    "RiskBand",
    "RuleThreshold",
    "Sighting",
    "SiteBan",
    "Violation",
    "ViolationType",
]
