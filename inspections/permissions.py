"""What a user may do with inspections, hazards and violations: the workflows enforce it, the views show the button."""

from typing import TYPE_CHECKING

from inspections.choices import OPEN_VISIT, HazardStatus, InspectionStatus, VerifierRole
from inspections.penalty_permissions import is_asked_about
from responsibilities.choices import RoleCode
from responsibilities.permissions import can_fix_action, is_fixer, is_outranked
from responsibilities.roles import Right

if TYPE_CHECKING:
    from inspections.models import (
        Hazard,
        Inspection,
        InspectionPlan,
        MajorTreatment,
        OutsideLetter,
        PlaceAnswer,
        PlaceCheck,
        PlannedVisit,
        Violation,
    )
    from responsibilities.models import Level, Person, Unit


def can_inspect(user: "Person") -> bool:
    return user.standing.has(Right.INSPECT)


def can_inspect_unit(user: "Person", unit: "Unit") -> bool:
    return user.standing.has_for(Right.INSPECT, unit)


def can_edit_inspection(user: "Person", inspection: "Inspection") -> bool:
    """A draft is its writer's, as long as they may still inspect the unit."""
    own = inspection.created_by_id == user.pk and inspection.status == InspectionStatus.DRAFT
    return own and can_inspect_unit(user, inspection.unit)


def can_acknowledge_inspection(user: "Person", inspection: "Inspection") -> bool:
    """The unit's head (or who stands in), or who was asked in their place when the head inspected; never the inspector.

    Nobody acknowledges earlier records that were imported.
    """
    if not user.is_active or user.pk == inspection.created_by_id or inspection.imported_key is not None:
        return False
    asked = inspection.acknowledge_deadline
    is_asked = asked is not None and asked.owner_id == user.pk and user.standing.answers_for(inspection.unit)
    return is_asked or user.standing.has_for(Right.LEAD_FIX, inspection.unit)


def can_report_hazard(user: "Person") -> bool:
    """Everyone, for every place: a danger seen is a danger told."""
    return user.is_authenticated and user.is_active


def can_assess_hazard(user: "Person", hazard: "Hazard") -> bool:
    return user.standing.has_for(Right.ASSESS_HAZARD, hazard.unit)


def can_change_many(user: "Person") -> bool:
    """Whoever assesses somewhere may change many at once; each row is asked again for its own unit."""
    return user.standing.has(Right.ASSESS_HAZARD)


def can_change_level(user: "Person", hazard: "Hazard", level: "Level") -> bool:
    """Another level than the present one; a lower one never by the owning unit."""
    if not can_assess_hazard(user, hazard):
        return False
    lowers = hazard.level is not None and level.rank < hazard.level.rank
    return not (lowers and lowers_own_level(user, hazard))


def lowers_own_level(user: "Person", hazard: "Hazard") -> bool:
    """SECURITY: the owning unit never lowers a level, nor does whoever has or fixes it, whatever else they are.

    Asked where a level is lowered, and where a possibly major hazard is said not to be major.
    """
    return owns_unit(user, hazard) or user.pk in (hazard.holder_id, hazard.fixer_id) or fixes(user, hazard)


def owns_unit(user: "Person", hazard: "Hazard") -> bool:
    """SECURITY: belongs to the unit of the hazard or leads its fixes, or those of the unit that fixes it.

    Whoever assesses for the whole plant by an appointment of their own belongs to no unit in this sense; a deputy stays
    what they are, unless they sit at the top of the tree, which is the plant itself.
    """
    standing = user.standing
    if leads_fixes(user, hazard):
        return True
    if user.unit_id is None or not hazard.unit.path.startswith(user.unit.path):
        return False
    is_top = user.unit.path.count(".") == 1
    return not any(
        Right.ASSESS_HAZARD in grant.role.rights and grant.is_root and (is_top or not grant.acting) for grant in standing.grants
    )


def leads_fixes(user: "Person", hazard: "Hazard") -> bool:
    unit = hazard.lead_unit if hazard.lead_unit_id is not None else hazard.unit
    return user.standing.leads_fixes(hazard.unit) or user.standing.leads_fixes(unit)


def fixes(user: "Person", hazard: "Hazard") -> bool:
    """Has the fix, or ever had a hand in it."""
    return user.pk == hazard.fixer_id or (hazard.action is not None and is_fixer(user, hazard.action))


def can_decide_major(user: "Person", hazard: "Hazard") -> bool:
    """That it is major; that it is not, unless `lowers_own_level`."""
    return hazard.possibly_major and can_assess_hazard(user, hazard) and not fixes(user, hazard)


def can_cancel_hazard(user: "Person", hazard: "Hazard") -> bool:
    """Before the assessment also the one who reported it, who may take back a mistake."""
    if hazard.status == HazardStatus.REPORTED and user.pk == hazard.reported_by_id and not hazard.immediate_danger:
        return True
    return can_assess_hazard(user, hazard) and not leads_fixes(user, hazard) and not fixes(user, hazard)


def can_merge_report(user: "Person", hazard: "Hazard") -> bool:
    """Whoever reported it, while nobody has assessed it. Someone in danger is nobody's duplicate."""
    is_own = user.is_active and user.pk == hazard.reported_by_id
    return is_own and hazard.status == HazardStatus.REPORTED and not hazard.immediate_danger and not hazard.is_stopped


def right_to_accept(hazard: "Hazard") -> Right:
    """Graver levels are accepted higher up: serious by a leader, major by the director alone."""
    if hazard.level is not None and hazard.level.is_major:
        return Right.ACCEPT_MAJOR
    return Right.ACCEPT_SERIOUS if hazard.level is not None and hazard.level.is_urgent else Right.ACCEPT_HAZARD


def can_accept_hazard(user: "Person", hazard: "Hazard") -> bool:
    """SECURITY: never the owning unit's own people nor a fixer: letting it rest is as good as lowering its level.

    For the unit it was found in and the one that fixes it.
    """
    if hazard.action is None:
        return False
    right = right_to_accept(hazard)
    may = user.standing.has_for(right, hazard.unit) and user.standing.has_for(right, hazard.action.unit)
    return may and not owns_unit(user, hazard) and not fixes(user, hazard)


def can_end_acceptance(user: "Person", hazard: "Hazard") -> bool:
    """The safe direction: whoever assesses there, and whoever has the fix or answers for it, who want to get on with it."""
    if hazard.accepted_until is None or hazard.action is None:
        return False
    return can_assess_hazard(user, hazard) or can_fix_action(user, hazard.action)


def can_stop_work(user: "Person", hazard: "Hazard") -> bool:
    """Stopping is for whoever sees the danger; there is no right to wait for."""
    return user.is_active


def can_release_work(user: "Person", hazard: "Hazard") -> bool:
    """The named releaser while they answer for the unit, or whoever may release there: those above, the leader on duty.

    Who stopped the work is not asked. It gives no right to release it, and takes none: a head who shuts in their own station is
    its named releaser, a supervisor who stops it has to leave that to the head (DESIGN §2: stop work has a named releaser).
    """
    is_named = user.pk == hazard.releaser_id and user.standing.answers_for(hazard.unit)
    return is_named or user.standing.has_for(Right.RELEASE_WORK, hazard.unit)


def can_record_violation(user: "Person") -> bool:
    return user.standing.has(Right.RECORD_VIOLATION)


def can_record_violation_in(user: "Person", unit: "Unit") -> bool:
    return user.standing.has_for(Right.RECORD_VIOLATION, unit)


def can_view_violation_person(user: "Person", violation: "Violation") -> bool:
    """SECURITY: who committed it is shown to the person, the recorder and those who may see persons of the unit."""
    if user.pk in (violation.person_id, violation.recorded_by_id):
        return True
    return user.standing.has_for(Right.VIEW_PERSONAL, violation.unit)


def can_cancel_violation(user: "Person", violation: "Violation") -> bool:
    """Nobody of one's own, nor of those above oneself: what was recorded against them goes to who may say what it costs."""
    if user.pk == violation.person_id or not user.standing.has_for(Right.ASSESS_HAZARD, violation.unit):
        return False
    return violation.person is None or not is_outranked(user, violation.person)


def can_view_named_person(user: "Person", violation: "Violation") -> bool:
    """SECURITY: also whoever has to act on this very record, for as long as they have to."""
    return can_view_violation_person(user, violation) or is_asked_about(user, violation)


def can_view_violation_points(user: "Person", violation: "Violation") -> bool:
    """SECURITY: the proposal rises with what the person did elsewhere, so it tells of records of other units."""
    person = violation.person
    if person is None or user.pk == person.pk or user.standing.everywhere(Right.VIEW_PERSONAL):
        return True
    return person.unit_id in user.standing.unit_ids(Right.VIEW_PERSONAL)


def check_scope(user: "Person") -> frozenset[int] | None:
    """The units whose places this person may send a check to, None for all: where they assess hazards or are head."""
    if user.standing.everywhere(Right.ASSESS_HAZARD):
        return None
    return user.standing.unit_ids(Right.ASSESS_HAZARD) | user.standing.unit_ids(Right.LEAD_FIX)


def can_send_check_to(user: "Person", unit: "Unit") -> bool:
    return user.standing.has_for(Right.ASSESS_HAZARD, unit) or user.standing.has_for(Right.LEAD_FIX, unit)


def can_send_check(user: "Person", hazard: "Hazard") -> bool:
    """One finding, all places: whoever assesses hazards of this unit, and its head within what they lead."""
    return hazard.status != HazardStatus.CANCELLED and can_send_check_to(user, hazard.unit)


def can_answer_place(user: "Person", answer: "PlaceAnswer") -> bool:
    """Whoever owes the answer, and whoever leads the fixes of the place's unit."""
    owes = user.is_active and user.pk == answer.share.deadline.owner_id
    return owes or user.standing.has_for(Right.LEAD_FIX, answer.place.unit)


def can_cancel_check(user: "Person", check: "PlaceCheck") -> bool:
    """Whoever sent it and still may, and whoever assesses hazards of the unit it comes from."""
    is_sender = user.pk == check.sent_by_id and can_send_check_to(user, check.unit)
    return is_sender or user.standing.has_for(Right.ASSESS_HAZARD, check.unit)


def can_plan_visits(user: "Person") -> bool:
    return user.standing.has(Right.PLAN_VISITS)


def can_plan_visits_of(user: "Person", unit: "Unit") -> bool:
    return user.standing.has_for(Right.PLAN_VISITS, unit)


def can_view_coverage(user: "Person") -> bool:
    """Where leaders and inspectors were and where not: for those who answer for units."""
    return user.standing.has(Right.VIEW_DASHBOARD)


def can_change_plan(user: "Person", plan: "InspectionPlan") -> bool:
    return not plan.is_ended and can_plan_visits_of(user, plan.unit)


def can_make_visit(user: "Person", visit: "PlannedVisit") -> bool:
    """Whoever owes it; of an any-one visit every inspector of its plan. Both only while they may inspect there."""
    if visit.status not in OPEN_VISIT or not can_inspect_unit(user, visit.unit):
        return False
    if user.pk == visit.owner_id:
        return True
    return visit.person_id is None and visit.plan is not None and visit.plan.inspectors.filter(pk=user.pk).exists()


def can_ask_excuse(user: "Person", visit: "PlannedVisit") -> bool:
    return user.pk == visit.owner_id and user.is_active and visit.status in OPEN_VISIT and visit.excuse_asked_at is None


def can_excuse_visit(user: "Person", visit: "PlannedVisit") -> bool:
    """SECURITY: somebody else than the one who owed it; also one who planned it for themselves does not let themselves off."""
    return user.pk != visit.owner_id and visit.status in OPEN_VISIT and can_plan_visits_of(user, visit.unit)


def can_note_letter(user: "Person", inspection: "Inspection") -> bool:
    """Of a submitted finding of outside inspectors: who entered it, and whoever plans visits there."""
    if inspection.status == InspectionStatus.DRAFT:
        return False
    return user.pk == inspection.created_by_id or can_plan_visits_of(user, inspection.unit)


def can_reply_letter(user: "Person", letter: "OutsideLetter") -> bool:
    """Whoever owes the reply, and those above who plan visits there."""
    owes = user.pk == letter.deadline.owner_id and user.standing.answers_for(letter.inspection.unit)
    return owes or can_plan_visits_of(user, letter.inspection.unit)


# --- major hazards: `treatment` comes with its hazard, action and the two who verify (`services.major.treatment_of`) ---

#: Who counts as a leader of the plant when one has to verify the fix of a major hazard.
LEADING = (RoleCode.LEADER, RoleCode.FIELD_LEADER, RoleCode.PARTY_SECRETARY)


def can_write_plan(user: "Person", treatment: "MajorTreatment") -> bool:
    """Whoever fixes it, who also reports its progress."""
    action = treatment.hazard.action
    return action is not None and can_fix_action(user, action)


def can_report_progress(user: "Person", treatment: "MajorTreatment") -> bool:
    return can_write_plan(user, treatment)


def can_name_verifiers(user: "Person", treatment: "MajorTreatment") -> bool:
    """SECURITY: the director, unless they had a hand in the fix themselves."""
    action = treatment.hazard.action
    return action is not None and user.standing.has_for(Right.CLOSE_MAJOR, action.unit) and not is_fixer(user, action)


def can_decide_plan(user: "Person", treatment: "MajorTreatment") -> bool:
    return can_name_verifiers(user, treatment) and user.pk != treatment.proposed_by_id


def verifier_role(user: "Person", treatment: "MajorTreatment") -> str:
    """As what this person is to verify; empty for everyone else."""
    if user.pk == treatment.checker_id:
        return VerifierRole.LEADER
    return VerifierRole.EXPERT if user.pk == treatment.expert_id else ""


def can_sign_verification(user: "Person", treatment: "MajorTreatment") -> bool:
    """SECURITY: the two whom the director named, and never one who had a hand in the fix."""
    action = treatment.hazard.action
    is_named = user.is_active and verifier_role(user, treatment) != ""
    return is_named and action is not None and not is_fixer(user, action)


def can_report_outside(user: "Person", treatment: "MajorTreatment") -> bool:
    return user.standing.has_for(Right.ASSESS_HAZARD, treatment.hazard.unit)
