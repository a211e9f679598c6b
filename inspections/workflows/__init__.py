"""The only places where the state of an inspection, a hazard, a violation, what follows from it or a planned visit changes."""

from inspections.workflows.acceptances import accept_hazard, end_acceptance, lapse_acceptances
from inspections.workflows.appeals import appeal, close_appeals, decide_appeal, take_back_points
from inspections.workflows.bans import appeal_ban, decide_ban, impose_ban, lift_ban
from inspections.workflows.duties import check_duty, do_duty, return_duty
from inspections.workflows.hazards import assess_hazard, cancel_hazard, change_level, decide_major
from inspections.workflows.inspections import acknowledge_inspection, send_inspection, send_inspections, submit_inspection
from inspections.workflows.major import (
    approve_plan,
    keep_treatments,
    name_verifiers,
    propose_plan,
    record_outside_report,
    report_progress,
    return_plan,
    sign_verification,
)
from inspections.workflows.many import change_many
from inspections.workflows.penalties import confirm_refusal, record_paper, record_refusal, serve_notice, sign_notice
from inspections.workflows.place_checks import answer_places, cancel_check, send_check
from inspections.workflows.plans import change_plan, end_plan, keep_plans
from inspections.workflows.proposals import confirm_proposal, dismiss_proposal, propose_overdue
from inspections.workflows.reports import report_hazard, report_publicly
from inspections.workflows.sightings import merge_report, see_again
from inspections.workflows.stops import release_work, stop_work
from inspections.workflows.violations import cancel_violation
from inspections.workflows.visits import ask_excuse, excuse_visit, refuse_excuse

__all__ = [
    "accept_hazard",
    "acknowledge_inspection",
    "answer_places",
    "appeal",
    "appeal_ban",
    "approve_plan",
    "ask_excuse",
    "assess_hazard",
    "cancel_check",
    "cancel_hazard",
    "cancel_violation",
    "change_level",
    "change_many",
    "change_plan",
    "check_duty",
    "close_appeals",
    "confirm_proposal",
    "confirm_refusal",
    "decide_appeal",
    "decide_ban",
    "decide_major",
    "dismiss_proposal",
    "do_duty",
    "end_acceptance",
    "end_plan",
    "excuse_visit",
    "impose_ban",
    "keep_plans",
    "keep_treatments",
    "lapse_acceptances",
    "lift_ban",
    "merge_report",
    "name_verifiers",
    "propose_overdue",
    "propose_plan",
    "record_outside_report",
    "record_paper",
    "record_refusal",
    "refuse_excuse",
    "release_work",
    "report_hazard",
    "report_progress",
    "report_publicly",
    "return_duty",
    "return_plan",
    "see_again",
    "send_check",
    "send_inspection",
    "send_inspections",
    "serve_notice",
    "sign_notice",
    "sign_verification",
    "stop_work",
    "submit_inspection",
    "take_back_points",
]
