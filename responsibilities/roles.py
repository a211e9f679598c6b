"""Roles and their rights, readable by an auditor.

A right is a sentence about what someone may do for a unit *and all below it*. Rights come from the appointments of
`Appointment` (a deputy has the rights of the one they stand in for, on the days they do) and, for everyone, from
belonging to a unit (`MEMBER`): for that unit alone, so that nobody sees the plant for having a desk at its top. There are
no groups and no per-person switches. Who may do what to one record follows from these rights and the record's own people
(its owner, verifier, reporter) in the rooms' `permissions.py`; being named in a record counts only while one answers for
its unit (`ANSWERING`).

Roles have a rank (docs/adr/0011): nobody resets, suspends or restores someone who ranks above them for a unit, names a
deputy of theirs, or gives and takes away the director's post. What they may do that one may not is else a reset away.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from responsibilities.choices import RoleCode


class Right(StrEnum):
    VIEW_RECORDS = "view_records"  # inspections, hazards, corrective actions, deadlines of the unit
    VIEW_PERSONAL = "view_personal"  # who committed a violation; contact details of people
    VIEW_DASHBOARD = "view_dashboard"
    VIEW_ENGINE = "view_engine"  # health of reminders and deliveries
    VIEW_AUDIT = "view_audit"
    INSPECT = "inspect"
    PLAN_VISITS = "plan_visits"  # keep plans of inspections, decide excuses for missed visits
    RECORD_VIOLATION = "record_violation"
    VIEW_GATE = "view_gate"  # who of the contractors may not enter the site: name, unit and last day
    SERVE_PENALTY = "serve_penalty"  # say what a violation costs and serve the notice; confirm proposals; check duties
    DECIDE_APPEAL = "decide_appeal"  # of people of the unit, by someone who had no part in it
    ASSESS_HAZARD = "assess_hazard"  # level, category, responsible unit and person
    ACCEPT_HAZARD = "accept_hazard"  # let a minor or moderate hazard rest for a time, with interim control
    ACCEPT_SERIOUS = "accept_serious"
    ACCEPT_MAJOR = "accept_major"
    LEAD_FIX = "lead_fix"  # own, start, submit the unit's corrective actions; acknowledge its inspections
    ASSIGN_FIX = "assign_fix"  # reassign a corrective action
    VERIFY_FIX = "verify_fix"  # of minor and moderate hazards
    VERIFY_SERIOUS = "verify_serious"
    CLOSE_MAJOR = "close_major"
    DECIDE_EXTENSION = "decide_extension"
    EXTEND_FAR = "extend_far"  # a date beyond what the level's term allows
    RELEASE_WORK = "release_work"  # release work that was stopped
    MANAGE_UNITS = "manage_units"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_APPOINTMENTS = "manage_appointments"
    SUSPEND_ACCESS = "suspend_access"
    MANAGE_STANDARDS = "manage_standards"
    MANAGE_CATALOGUE = "manage_catalogue"  # levels, schedules, categories
    IMPORT_RECORDS = "import_records"


@dataclass(frozen=True)
class Role:
    code: str
    description: str | Promise
    rights: frozenset[Right]

    @property
    def rank(self) -> int:
        return RANKS.get(self.code, 0)


def _role(code: str, description: str | Promise, *rights: Right) -> Role:
    return Role(code, description, frozenset(rights))


#: Those who are asked, may check, release or acknowledge for a unit: its chain (`chain.CHAIN_ROLES`) and its safety officer.
ANSWERING = frozenset(
    {
        RoleCode.UNIT_HEAD,
        RoleCode.CONTRACT_MANAGER,
        RoleCode.FIELD_LEADER,
        RoleCode.LEADER,
        RoleCode.DIRECTOR,
        RoleCode.OFFICER,
    }
)
#: Who stands above whom when it comes to someone's access; a role that is not named here ranks with everyone else.
RANKS: dict[str, int] = {
    RoleCode.DIRECTOR: 3,
    RoleCode.LEADER: 2,
    RoleCode.FIELD_LEADER: 1,
    RoleCode.OFFICER: 1,
}


MEMBER = _role(
    "member",
    _("Everyone, for the unit they belong to: sees its inspections, hazards and fixes, and may report a hazard anywhere."),
    Right.VIEW_RECORDS,
)

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        _role(
            RoleCode.DIRECTOR,
            _("First responsible person. Takes charge as a whole: sees everything, decides, answers last."),
            *(right for right in Right if right not in (Right.MANAGE_CATALOGUE, Right.MANAGE_STANDARDS)),
        ),
        _role(
            RoleCode.LEADER,
            _("Main responsible person: inspects, asks, patrols, assigns and verifies for the units in their charge."),
            Right.VIEW_RECORDS,
            Right.VIEW_PERSONAL,
            Right.VIEW_DASHBOARD,
            Right.VIEW_ENGINE,
            Right.INSPECT,
            Right.PLAN_VISITS,
            Right.RECORD_VIOLATION,
            Right.VIEW_GATE,
            Right.SERVE_PENALTY,
            Right.DECIDE_APPEAL,
            Right.ASSESS_HAZARD,
            Right.ACCEPT_HAZARD,
            Right.ACCEPT_SERIOUS,
            Right.ASSIGN_FIX,
            Right.VERIFY_FIX,
            Right.VERIFY_SERIOUS,
            Right.DECIDE_EXTENSION,
            Right.RELEASE_WORK,
            Right.SUSPEND_ACCESS,
        ),
        _role(
            RoleCode.FIELD_LEADER,
            _("Answers for one field (production, equipment, security): inspects, verifies and leads major fixes in it."),
            Right.VIEW_RECORDS,
            Right.VIEW_DASHBOARD,
            Right.INSPECT,
            Right.RECORD_VIOLATION,
            Right.VIEW_GATE,
            Right.VERIFY_FIX,
            Right.VERIFY_SERIOUS,
            Right.RELEASE_WORK,
        ),
        _role(
            RoleCode.PARTY_SECRETARY,
            _("Answers for governance and stability together with the director; inspects and visits the front line."),
            Right.VIEW_RECORDS,
            Right.VIEW_DASHBOARD,
            Right.INSPECT,
        ),
        _role(
            RoleCode.UNIT_HEAD,
            _("Directly responsible for the unit's daily safety: reports, fixes, acknowledges, checks its minor fixes."),
            Right.VIEW_RECORDS,
            Right.VIEW_PERSONAL,
            Right.VIEW_DASHBOARD,
            Right.INSPECT,
            Right.RECORD_VIOLATION,
            Right.VIEW_GATE,
            Right.LEAD_FIX,
            Right.ASSIGN_FIX,
            Right.RELEASE_WORK,
        ),
        _role(
            RoleCode.CONTRACT_MANAGER,
            _("Answers in the plant for one contractor: is told of its violations, inspects it, and is asked when it is late."),
            Right.VIEW_RECORDS,
            Right.VIEW_PERSONAL,
            Right.INSPECT,
            Right.RECORD_VIOLATION,
            Right.VIEW_GATE,
        ),
        _role(
            RoleCode.OFFICER,
            _("Keeps standards, units, people and levels; assesses hazards; checks moderate fixes."),
            Right.VIEW_RECORDS,
            Right.VIEW_PERSONAL,
            Right.VIEW_DASHBOARD,
            Right.VIEW_ENGINE,
            Right.VIEW_AUDIT,
            Right.INSPECT,
            Right.PLAN_VISITS,
            Right.RECORD_VIOLATION,
            Right.VIEW_GATE,
            Right.SERVE_PENALTY,
            Right.ASSESS_HAZARD,
            Right.ACCEPT_HAZARD,
            Right.ASSIGN_FIX,
            Right.VERIFY_FIX,
            Right.DECIDE_EXTENSION,
            Right.MANAGE_UNITS,
            Right.MANAGE_PEOPLE,
            Right.MANAGE_APPOINTMENTS,
            Right.SUSPEND_ACCESS,
            Right.MANAGE_STANDARDS,
            Right.MANAGE_CATALOGUE,
            Right.IMPORT_RECORDS,
        ),
        _role(
            RoleCode.SUPERVISOR,
            _("Logs inspections of the units in their charge and records hazards and violations found there."),
            Right.VIEW_RECORDS,
            Right.INSPECT,
            Right.RECORD_VIOLATION,
            Right.VIEW_GATE,
        ),
        _role(
            RoleCode.LEADER_ON_DUTY,
            _("On duty for the shift: sees the unit's records, inspects, and releases stopped work."),
            Right.VIEW_RECORDS,
            Right.INSPECT,
            Right.RELEASE_WORK,
            Right.VIEW_GATE,
        ),
        _role(
            RoleCode.GATE_KEEPER,
            _("Keeps a gate: sees who of the contractors may not enter the site, and until when, and nothing else about it."),
            Right.VIEW_GATE,
        ),
    )
}


def describe_person(person: Any) -> str:
    """The line under someone's name: the role held today for the widest unit, for others their unit."""
    code = person.standing.main_role.code
    if code in RoleCode.values:
        return str(RoleCode(code).label)
    return str(person.unit) if person.unit_id else str(person.get_grade_display())
