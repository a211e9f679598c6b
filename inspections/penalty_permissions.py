"""What a user may do about the consequences of a violation; like `permissions`, called by the workflows and the views.

SECURITY: three hands. Who says what a violation costs is never the person it concerns nor someone below them in rank; who
decides the appeal took no part in it and does not lead the unit; who checks a duty neither did it nor owes it.
"""

from typing import TYPE_CHECKING

from inspections.choices import AppealDecision, DutyStatus, ProposalStatus, ViolationStatus
from responsibilities.choices import DeadlineStatus, RoleCode, UnitKind
from responsibilities.permissions import is_outranked
from responsibilities.roles import ROLES, Right

if TYPE_CHECKING:
    from datetime import date

    from inspections.models import Duty, Penalty, PenaltyRule, Proposal, SiteBan, Violation
    from responsibilities.models import Deadline, Person, Unit


def is_asked(user: "Person", deadline: "Deadline | None") -> bool:
    return deadline is not None and deadline.owner_id == user.pk and deadline.status == DeadlineStatus.OPEN


def is_asked_about(user: "Person", violation: "Violation") -> bool:
    """Has to serve its notice or to decide its appeal."""
    penalty = penalty_of(violation)
    return is_asked(user, violation.notice_deadline) or (penalty is not None and is_asked(user, penalty.appeal_deadline))


def penalty_of(violation: "Violation") -> "Penalty | None":
    return getattr(violation, "penalty", None)


def serves_in(user: "Person", unit: "Unit") -> bool:
    """SECURITY: a contractor's own officer says nothing about the contractor's people: that is for the host."""
    if unit.kind == UnitKind.CONTRACTOR and user.unit is not None and user.unit.path.startswith(unit.path):
        return False
    return user.standing.has_for(Right.SERVE_PENALTY, unit)


def can_serve_notice(user: "Person", violation: "Violation") -> bool:
    """Who serves penalties in the unit, or is named for this one; never on oneself, nor on those above oneself."""
    if not user.is_active or violation.status != ViolationStatus.RECORDED or user.pk == violation.person_id:
        return False
    if is_asked(user, violation.notice_deadline):
        return True
    return serves_in(user, violation.unit) and (violation.person is None or not is_outranked(user, violation.person))


def can_sign_notice(user: "Person", penalty: "Penalty") -> bool:
    return user.is_active and user.pk == penalty.addressee_id and penalty.received_at is None


def can_record_receipt(user: "Person", penalty: "Penalty") -> bool:
    """Signed on paper, or refused before a witness: recorded by those who serve notices or lead the unit."""
    if not user.is_active or user.pk == penalty.addressee_id or penalty.received_at is not None:
        return False
    unit = penalty.violation.unit
    return user.pk == penalty.noticed_by_id or serves_in(user, unit) or user.standing.leads_fixes(unit)


def can_witness_refusal(user: "Person", penalty: "Penalty") -> bool:
    return user.is_active and user.pk == penalty.witness_id and penalty.waits_for_witness


def can_appeal(user: "Person", penalty: "Penalty") -> bool:
    return user.is_active and user.pk == penalty.addressee_id and penalty.received_at is not None


def involved_in(penalty: "Penalty") -> set[int | None]:
    """Who recorded it, proposed it, was served or saw it: none of them decides."""
    return {
        penalty.violation.recorded_by_id,
        penalty.noticed_by_id,
        penalty.addressee_id,
        penalty.receipt_by_id,
        penalty.witness_id,
    }


def is_uninvolved(user: "Person", penalty: "Penalty") -> bool:
    return user.is_active and user.pk not in involved_in(penalty) and not user.standing.leads_fixes(penalty.violation.unit)


def can_decide_appeal(user: "Person", penalty: "Penalty") -> bool:
    """An uninvolved leader of the unit not below the person in rank, or whoever else is named because none is left."""
    if not is_uninvolved(user, penalty):
        return False
    if is_asked(user, penalty.appeal_deadline):
        return True
    has_right = user.standing.has_for(Right.DECIDE_APPEAL, penalty.violation.unit)
    return has_right and not is_outranked(user, penalty.addressee)


def can_take_back_points(user: "Person", penalty: "Penalty") -> bool:
    """After it is final, when it turns out to be wrong: whoever could have decided an appeal."""
    has_right = user.standing.has_for(Right.DECIDE_APPEAL, penalty.violation.unit)
    return is_uninvolved(user, penalty) and has_right and not is_outranked(user, penalty.addressee)


def can_ban_by(user: "Person", unit: "Unit", rule: "PenaltyRule") -> bool:
    """Serves penalties there and ranks with the role that the rule names."""
    return rule.ban_days > 0 and serves_in(user, unit) and user.standing.ranks_with(ROLES[rule.ban_by], unit)


def can_ban(user: "Person", violation: "Violation", rule: "PenaltyRule") -> bool:
    """For people of contractors, once the notice is served and unless it was withdrawn; never oneself."""
    penalty, person = penalty_of(violation), violation.person
    if not user.is_active or penalty is None or person is None or person.pk == user.pk:
        return False
    is_contractors = UnitKind.CONTRACTOR in (violation.unit.kind, person.unit.kind if person.unit is not None else "")
    return is_contractors and penalty.decision != AppealDecision.WITHDRAW and can_ban_by(user, violation.unit, rule)


def can_appeal_ban(user: "Person", ban: "SiteBan") -> bool:
    """The person; for someone who cannot sign in the head of their contractor, who belongs to it."""
    if not user.is_active or ban.appealed_at is not None or ban.lifted_at is not None:
        return False
    if user.pk == ban.person_id:
        return True
    belongs = user.unit is not None and user.unit.path.startswith(ban.unit.path)
    return not ban.person.is_active and belongs and user.standing.leads_fixes(ban.unit)


def involved_in_ban(ban: "SiteBan") -> set[int | None]:
    penalty = penalty_of(ban.violation)
    served_by = penalty.noticed_by_id if penalty is not None else None
    return {ban.violation.recorded_by_id, served_by, ban.imposed_by_id, ban.person_id, ban.appealed_by_id}


def can_decide_ban(user: "Person", ban: "SiteBan") -> bool:
    """SECURITY: an uninvolved leader, or whoever else is named because none is left."""
    if not user.is_active or ban.appealed_at is None or ban.decision or ban.lifted_at is not None:
        return False
    if user.pk in involved_in_ban(ban) or user.standing.leads_fixes(ban.unit):
        return False
    return is_asked(user, ban.appeal_deadline) or user.standing.has_for(Right.DECIDE_APPEAL, ban.unit)


def can_lift_ban(user: "Person", ban: "SiteBan", rule: "PenaltyRule", today: "date") -> bool:
    """Whoever could impose it, while it has days left; never the person."""
    if not user.is_active or user.pk == ban.person_id or ban.lifted_at is not None or ban.ends_on < today:
        return False
    return can_ban_by(user, ban.unit, rule)


def can_view_gate(user: "Person") -> bool:
    """SECURITY: those who keep a gate or lead work inside. Of contractors only whoever is appointed to keep a gate."""
    standing = user.standing
    if not standing.has(Right.VIEW_GATE):
        return False
    return standing.holds(RoleCode.GATE_KEEPER) or user.unit is None or user.unit.kind != UnitKind.CONTRACTOR


def can_decide_proposal(user: "Person", proposal: "Proposal") -> bool:
    if not user.is_active or proposal.status != ProposalStatus.OPEN or user.pk == proposal.person_id:
        return False
    if is_asked(user, proposal.deadline):
        return True
    return serves_in(user, proposal.unit) and not is_outranked(user, proposal.person)


def can_do_duty(user: "Person", duty: "Duty") -> bool:
    """The head of the unit, the safety officer, or who has it; never the person it is about."""
    if not user.is_active or user.pk == duty.person_id or duty.status != DutyStatus.OPEN:
        return False
    standing = user.standing
    return is_asked(user, duty.deadline) or standing.leads_fixes(duty.unit) or standing.has_for(Right.SERVE_PENALTY, duty.unit)


def can_check_duty(user: "Person", duty: "Duty") -> bool:
    """Another than who saw to it and than the person."""
    if not user.is_active or user.pk in (duty.person_id, duty.done_by_id) or duty.status != DutyStatus.DONE:
        return False
    return is_asked(user, duty.check_deadline) or user.standing.has_for(Right.SERVE_PENALTY, duty.unit)


def can_view_points(user: "Person", person: "Person") -> bool:
    """SECURITY: an account of points is shown to the person and those who may see persons of their unit."""
    return user.pk == person.pk or user.standing.has_for(Right.VIEW_PERSONAL, person.unit)


def can_serve_penalties(user: "Person") -> bool:
    return user.standing.has(Right.SERVE_PENALTY)


def can_compare_penalties(user: "Person") -> bool:
    """The same clause across units needs a right that reaches the whole plant."""
    return user.standing.everywhere(Right.SERVE_PENALTY)
