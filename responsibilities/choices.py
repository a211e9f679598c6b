"""Fixed vocabularies of the organisation and of the one rectification life cycle (DESIGN §2)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UnitKind(TextChoices):
    PLANT = "plant", _("Plant")
    BRANCH = "branch", _("Branch factory")
    WORKSHOP = "workshop", _("Workshop")
    STATION = "station", _("Station")
    TEAM = "team", _("Team")
    CONTRACTOR = "contractor", _("Contractor")


class PlaceKind(TextChoices):
    WELL = "well", _("Well")
    TANK = "tank", _("Tank")
    VESSEL = "vessel", _("Pressure vessel")
    VEHICLE = "vehicle", _("Vehicle")
    ROUTE = "route", _("Route")
    AREA = "area", _("Area or building")
    EQUIPMENT = "equipment", _("Other equipment")


class Grade(TextChoices):
    MANAGER = "manager", pgettext_lazy("grade", "Manager")
    WORKER = "worker", pgettext_lazy("grade", "Worker")


class Shift(TextChoices):
    DAY = "day", _("Day work")
    A = "a", _("Shift A")
    B = "b", _("Shift B")
    C = "c", _("Shift C")
    D = "d", _("Shift D")


class Field(TextChoices):
    """The month report's three fields of measures."""

    PRODUCTION = "production", _("Production safety and property")
    WORK = "work", _("Work safety outside and personal safety")
    SECURITY = "security", _("Security and stability")


class LeaderField(TextChoices):
    """What a field leader 业务分管领导 answers for."""

    PRODUCTION = "production", _("Production")
    EQUIPMENT = "equipment", _("Equipment")
    SECURITY = "security", _("Security")


class RoleCode(TextChoices):
    """Roles that a person can be appointed to; what each may do stands in `roles.py`."""

    DIRECTOR = "director", _("Director")
    LEADER = "leader_in_charge", _("Leader in charge")
    FIELD_LEADER = "field_leader", _("Field leader")
    PARTY_SECRETARY = "party_secretary", _("Party secretary")
    UNIT_HEAD = "unit_head", _("Unit head")
    CONTRACT_MANAGER = "contract_manager", _("Contract manager")
    OFFICER = "safety_officer", _("Safety officer")
    SUPERVISOR = "supervisor", _("Supervisor")
    LEADER_ON_DUTY = "leader_on_duty", _("Leader on duty")
    GATE_KEEPER = "gate_keeper", _("Gate keeper")
    DEPUTY = "deputy", _("Deputy")


#: Roles of which a unit has one holder at a time; the database guards it.
SINGLE_HOLDER_ROLES = (RoleCode.DIRECTOR, RoleCode.LEADER, RoleCode.UNIT_HEAD, RoleCode.CONTRACT_MANAGER)


class MailMode(TextChoices):
    EACH = "each", _("A mail for each message")
    DIGEST = "digest", _("One mail a day")
    NONE = "none", _("No mail, inbox only")


class DeadlineKind(TextChoices):
    FIX = "fix", pgettext_lazy("deadline", "Fix")
    ASSESS = "assess", pgettext_lazy("deadline", "Assess")
    DECIDE = "decide", pgettext_lazy("deadline", "Decide")
    VERIFY = "verify", pgettext_lazy("deadline", "Check")
    ANSWER = "answer", pgettext_lazy("deadline", "Answer")
    ACKNOWLEDGE = "acknowledge", pgettext_lazy("deadline", "Acknowledge")
    RELEASE = "release", pgettext_lazy("deadline", "Release")
    VISIT = "visit", pgettext_lazy("deadline", "Inspect")
    EXCUSE = "excuse", pgettext_lazy("deadline", "Decide an excuse")
    REPLY = "reply", pgettext_lazy("deadline", "Reply")
    NOTICE = "notice", pgettext_lazy("deadline", "Serve a notice")
    RECEIPT = "receipt", pgettext_lazy("deadline", "Sign for a notice")
    APPEAL = "appeal", pgettext_lazy("deadline", "Decide an appeal")
    PROPOSAL = "proposal", pgettext_lazy("deadline", "Decide a proposal")
    DUTY = "duty", pgettext_lazy("deadline", "Duty after points")
    PROOF = "proof", pgettext_lazy("deadline", "Check a proof")
    PLAN = "plan", pgettext_lazy("deadline", "Write the treatment plan")
    APPROVE = "approve", pgettext_lazy("deadline", "Approve the treatment plan")
    PROGRESS = "progress", pgettext_lazy("deadline", "Report progress")
    OUTSIDE = "outside", pgettext_lazy("deadline", "Report outside the unit")
    PLACES = "places", pgettext_lazy("deadline", "Check other places")
    ACCEPTANCE = "acceptance", pgettext_lazy("deadline", "Look at an accepted hazard again")


class DeadlineStatus(TextChoices):
    OPEN = "open", _("Open")
    PAUSED = "paused", _("Stopped")
    MET = "met", _("Met")
    CANCELLED = "cancelled", _("Cancelled")


class ActionStatus(TextChoices):
    ASSIGNED = "assigned", _("Assigned")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING = "waiting", _("Waiting")
    SUBMITTED = "submitted", _("Waiting for check")
    RETURNED = "returned", _("Returned")
    VERIFIED = "verified", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class WaitingFor(TextChoices):
    PARTS = "parts", _("Waiting for parts")
    SHUTDOWN = "shutdown", _("Waiting for shutdown")
    MONEY = "money", _("Waiting for money")


class ExtensionStatus(TextChoices):
    ASKED = "asked", _("Asked")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class AnswerKind(TextChoices):
    """What an escalated level can answer (DESIGN §4.3)."""

    FIX = "fix", _("I have it fixed")
    EXTEND = "extend", _("I extend the date")
    REASSIGN = "reassign", _("I reassign it")
    VISIT = "visit", _("I go and see")


class StageCode(TextChoices):
    """Stages that have a time of their own in the catalogue (`StageTerm`)."""

    ASSESS = "assess", _("Assess a reported hazard")
    ASSESS_DANGER = "assess_danger", _("Assess an immediate danger")
    DECIDE_MAJOR = "decide_major", _("Decide whether a hazard is major")
    VERIFY = "verify", _("Check a fix")
    ANSWER = "answer", _("Answer an escalation")
    EXTENSION = "extension", _("Decide an extension")
    ACKNOWLEDGE = "acknowledge", _("Acknowledge an inspection")
    RELEASE = "release", _("Release stopped work")
    EXCUSE = "excuse", _("Decide an excuse for a missed visit")
    LAPSE = "lapse", _("Stop asking for a missed visit")
    NOTICE = "notice", _("Serve a penalty notice")
    RECEIPT = "receipt", _("Sign for a penalty notice")
    APPEAL = "appeal", _("Decide an appeal")
    PROPOSAL = "proposal", _("Decide a proposed penalty")
    PROOF = "proof", _("Check the proof of a duty")
    MAJOR_PLAN = "major_plan", _("Write the treatment plan of a major hazard")
    MAJOR_APPROVE = "major_approve", _("Approve a treatment plan")
    MAJOR_PROGRESS = "major_progress", _("Report progress on a major hazard, each time")
    MAJOR_OUTSIDE = "major_outside", _("Report a major hazard to the regulator and the workers' congress")
    PLACES = "places", _("Check other places for the same hazard")


class ScheduleCode(TextChoices):
    """The reminder schedules of the catalogue (`Schedule`)."""

    LONG = "long", _("Periods of more than 2 days")
    SHORT = "short", _("Periods of up to 2 days")
    MAJOR = "major", _("Major hazards")
