"""The organisation, who answers for what, and everything that falls due."""

from responsibilities.models.action import ActionFixer, CorrectiveAction, ExtensionRequest
from responsibilities.models.appointment import Appointment, ChainSnapshot
from responsibilities.models.deadline import Deadline, Escalation, Heartbeat, Reminder
from responsibilities.models.device import CertifiedDevice
from responsibilities.models.level import Bilingual, Level, LevelTerm, Schedule, ScheduleStep, StageTerm
from responsibilities.models.person import Person
from responsibilities.models.place import Place, Post, RouteStop
from responsibilities.models.site_plan import SitePlan, SitePoint
from responsibilities.models.unit import Unit, UnitPlacement

__all__ = [
    "ActionFixer",
    "Appointment",
    "Bilingual",
    "CertifiedDevice",
    "ChainSnapshot",
    "CorrectiveAction",
    "Deadline",
    "Escalation",
    "ExtensionRequest",
    "Heartbeat",
    "Level",
    "LevelTerm",
    "Person",
    "Place",
    "Post",
    "Reminder",
    "RouteStop",
    "Schedule",
    "ScheduleStep",
    "SitePlan",
    "SitePoint",
    "StageTerm",
    "Unit",
    "UnitPlacement",
]
