"""Points that the rules propose and a person confirms: the unit head's linked share, and fixes long overdue.

open ──confirm_proposal──▶ confirmed    a violation is recorded with these points, and goes the way of every violation
open ──dismiss_proposal──▶ dismissed    with a reason
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from inspections import penalty_permissions as may
from inspections.choices import ProposalKind, ProposalStatus
from inspections.models import PenaltyRule, Proposal, ViolationType
from inspections.scoring import propose_points
from inspections.services.penalties import choose_server, linked_points
from inspections.services.violations import ViolationData, record_violation
from inspections.workflows.violations import end_deadline
from responsibilities.chain import ChainReader
from responsibilities.choices import ActionStatus, DeadlineKind, DeadlineStatus, RoleCode
from responsibilities.models import CorrectiveAction, Person
from responsibilities.services.deadlines import Subject, open_deadline, stage_due_at
from responsibilities.workflows import asked_key
from responsibilities.workflows.deadlines import lock_deadlines
from safetyplant.access.transitions import locked, require, require_state
from safetyplant.audit.services import record
from safetyplant.notifications.services import notify

if TYPE_CHECKING:
    from inspections.models import Penalty, Violation
    from responsibilities.models import Unit

#: The breach of the catalogue whose points follow the level of the hazard.
OVERDUE_CODE = "VM01"
NOT_YOURS = "This is for someone else to do."
AT_ONCE = 500


def propose_linked(penalty: "Penalty", *, now: datetime) -> Proposal | None:
    """The head of the day answers for part of a grave one, unless the unit found it itself. In the caller's transaction."""
    violation, rule = penalty.violation, penalty.rule
    if penalty.final_points < rule.linked_from or _found_by_unit(violation):
        return None
    head = _head_of_the_day(violation)
    if head is None or head.pk == penalty.person_id:
        return None
    points = linked_points(rule, penalty.final_points)
    proposal = Proposal(
        kind=ProposalKind.LINKED, person=head, unit=violation.unit, points=points, rule=rule, violation=violation, proposed_at=now
    )
    return _open(proposal, violation.number, now=now)


def _found_by_unit(violation: "Violation") -> bool:
    recorder = violation.recorded_by
    belongs = recorder.unit_id is not None and recorder.unit.path.startswith(violation.unit.path)
    return belongs or recorder.standing.leads_fixes(violation.unit)


def _head_of_the_day(violation: "Violation") -> Person | None:
    """As frozen when it was recorded: who heads the unit by now had no part in it."""
    links = violation.chain.links if violation.chain is not None else []
    held = [link for link in links if link["role"] == RoleCode.UNIT_HEAD and link.get("person_id")]
    return Person.objects.select_related("unit").filter(pk=held[0]["person_id"]).first() if held else None


def propose_overdue(now: datetime | None = None) -> int:
    """Propose points for each fix so many days late; once a fix. Points follow its level. Returns how many."""
    moment, proposed = now or timezone.now(), 0
    today = timezone.localdate(moment)
    rule = PenaltyRule.objects.in_force(today)
    kind = ViolationType.objects.in_force(today).filter(code=OVERDUE_CODE).first()
    if kind is None:
        return 0
    open_states = [ActionStatus.ASSIGNED, ActionStatus.IN_PROGRESS, ActionStatus.WAITING, ActionStatus.RETURNED]
    late = CorrectiveAction.objects.filter(
        status__in=open_states,
        deadline__status=DeadlineStatus.OPEN,
        deadline__due_at__lt=moment - timedelta(days=rule.overdue_days),
    )
    known = Proposal.objects.filter(action__isnull=False).values("action")
    for action in late.exclude(pk__in=known).select_related("unit__parent", "owner__unit", "level").order_by("pk")[:AT_ONCE]:
        points = propose_points_for(kind, rule, action)
        if points:
            with transaction.atomic():
                proposal = Proposal(
                    kind=ProposalKind.OVERDUE, person=action.owner, unit=action.unit, points=points, rule=rule, action=action,
                    level=action.level, proposed_at=moment,
                )  # fmt: skip
                proposed += _open(proposal, action.number, now=moment) is not None
    return proposed


def propose_points_for(kind: ViolationType, rule: PenaltyRule, action: CorrectiveAction) -> int | None:
    # Nested: the catalogue of this room is complete only after its services.
    from inspections.catalogue import points_rule_of  # noqa: PLC0415

    return propose_points(points_rule_of(kind, rule), level=action.level.code if action.level else "")


def _open(proposal: Proposal, number: str, *, now: datetime) -> Proposal | None:
    """With its deadline; None where nobody stands above the person."""
    server = choose_server(ChainReader(timezone.localdate(now)), proposal.unit, proposal.person)
    if server is None:
        return None
    subject = Subject(number, number, reverse("inspections:proposal-list"), is_personal=True)
    proposal.deadline = open_deadline(
        DeadlineKind.PROPOSAL, subject, owner=server, unit=proposal.unit, starts_at=now, due_at=stage_due_at("proposal", now)
    )
    proposal.save()
    proposal.deadline.link = reverse("inspections:proposal-detail", args=[proposal.pk])
    proposal.deadline.save(update_fields=["link"])
    record("proposal.made", proposal, by=None, detail={"points": proposal.points}, at=now)
    params = {"number": number, "unit": proposal.unit.name}
    key = asked_key(proposal.deadline)
    notify("proposal.made", [server], params=params, link=proposal.deadline.link, withdraw_key=key, now=now)
    return proposal


@transaction.atomic
def confirm_proposal(proposal: Proposal, *, by: Person, now: datetime | None = None) -> Proposal:
    """Recorded as a violation of that person; its notice is served like any other."""
    moment = now or timezone.now()
    proposal = _begin(proposal, by)
    require_recorder(by, proposal.unit)
    violation, _is_new = record_violation(_data(proposal, moment), by=by, now=moment)
    proposal.result = violation
    _decide(proposal, ProposalStatus.CONFIRMED, by, "", now=moment)
    record("proposal.confirmed", proposal, by=by, detail={"points": proposal.points}, at=moment)
    return proposal


def require_recorder(by: Person, unit: "Unit") -> None:
    # Nested: permissions ask the models, which ask these workflows for nothing; kept beside its only use.
    from inspections.permissions import can_record_violation_in  # noqa: PLC0415

    require(can_record_violation_in(by, unit), _("You may not record violations of this unit."))


@transaction.atomic
def dismiss_proposal(proposal: Proposal, *, by: Person, reason: str, now: datetime | None = None) -> Proposal:
    moment = now or timezone.now()
    proposal = _begin(proposal, by)
    if not reason:
        raise ValidationError({"reason": _("Say why nothing follows")})
    _decide(proposal, ProposalStatus.DISMISSED, by, reason, now=moment)
    record("proposal.dismissed", proposal, by=by, detail={"quote": reason}, at=moment)
    return proposal


def _begin(proposal: Proposal, by: Person) -> Proposal:
    lock_deadlines([proposal.deadline_id])
    related = ("person__unit", "unit__parent", "deadline", "violation", "action", "rule", "level")
    proposal = locked(Proposal.objects.select_related(*related), proposal.pk)
    require_state(proposal, ProposalStatus.OPEN)
    require(may.can_decide_proposal(by, proposal), _(NOT_YOURS))
    return proposal


def _decide(proposal: Proposal, status: str, by: Person, reason: str, *, now: datetime) -> None:
    proposal.status, proposal.decided_at, proposal.decided_by, proposal.decide_reason = status, now, by, reason
    proposal.save()
    end_deadline(proposal.deadline, now=now)


def _data(proposal: Proposal, moment: datetime) -> ViolationData:
    """In the language of the person concerned, who reads it in the notice."""
    with translation.override(proposal.person.language or translation.get_language()):
        if proposal.kind == ProposalKind.LINKED:
            number = proposal.violation.number if proposal.violation else ""
            text = _("Linked responsibility of the unit head for violation %(number)s") % {"number": number}
        else:
            number = proposal.action.number if proposal.action else ""
            text = _("The fix %(number)s was overdue without an approved extension") % {"number": number}
    kind = None
    if proposal.kind == ProposalKind.OVERDUE:
        kind = ViolationType.objects.in_force(timezone.localdate(moment)).filter(code=OVERDUE_CODE).first()
    return ViolationData(
        unit=proposal.unit, description=text, violation_type=kind, person=proposal.person, level=proposal.level,
        points=proposal.points, found_at=moment,
    )  # fmt: skip
