"""From the receipt of a notice to what is final.

    noticed ──appeal──▶ appealed                within the window, by the person served
    appealed ──decide_appeal──▶ final           upheld, reduced or withdrawn with reasons by someone uninvolved; never raised
    noticed ──close_appeals──▶ final            nobody appealed in time; run each minute
    final: take_back_points                     a row more in the account, never an edit

Points count when final: the account gets its row, a crossed threshold its duty, the unit head's linked share its proposal.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections import penalty_permissions as may
from inspections.choices import AppealDecision, EntryKind, ViolationStatus
from inspections.models import Penalty, PointsEntry, Violation
from inspections.services.penalties import choose_judge, violation_subject
from inspections.workflows.bans import lift_bans_of
from inspections.workflows.duties import cancel_duties, open_duty
from inspections.workflows.proposals import propose_linked
from inspections.workflows.violations import end_deadline, lock_penalty, lock_violation, save_step
from responsibilities.chain import ChainReader
from responsibilities.choices import DeadlineKind
from responsibilities.models import Person
from responsibilities.services.deadlines import open_deadline, stage_due_at
from responsibilities.services.owners import someone_for
from responsibilities.workflows import asked_key
from safetyplant.access.exceptions import WrongState
from safetyplant.access.transitions import locked, require, require_state
from safetyplant.audit.services import record
from safetyplant.notifications.services import notify

logger = logging.getLogger(__name__)
NOT_YOURS = "This is for someone else to do."
#: Windows closed by one run: a plant has a few a day.
AT_ONCE = 500


@transaction.atomic
def appeal(violation: Violation, *, by: Person, text: str, now: datetime | None = None) -> Penalty:
    """The person served says why they disagree. WrongState once the window is over."""
    moment = now or timezone.now()
    violation = lock_violation(violation)
    require_state(violation, ViolationStatus.NOTICED)
    penalty = lock_penalty(violation)
    require(may.can_appeal(by, penalty), _(NOT_YOURS))
    if penalty.appeal_until is None or moment > penalty.appeal_until:
        raise WrongState(_("The days to appeal are over."))
    penalty.appealed_at, penalty.appealed_by, penalty.appeal_text = moment, by, text
    reader = ChainReader(timezone.localdate(moment))
    # Nobody uninvolved left: the director has it on the desk until someone else is appointed, so that it is not forgotten.
    judge = choose_judge(reader, penalty) or reader.chain(violation.unit_id).director
    penalty.appeal_deadline = open_deadline(
        DeadlineKind.APPEAL,
        violation_subject(violation),
        owner=someone_for(judge, violation.unit),
        unit=violation.unit,
        starts_at=moment,
        due_at=stage_due_at("appeal", moment),
    )
    penalty.save()
    save_step(violation, ViolationStatus.APPEALED)
    record("penalty.appealed", violation, by=by, detail={"quote": text}, at=moment)
    key = asked_key(penalty.appeal_deadline)
    _tell("penalty.appealed", penalty, [penalty.appeal_deadline.owner], by=by, now=moment, withdraw_key=key)
    return penalty


@dataclass(frozen=True)
class Decision:
    """`points` and `fine` are what is left, for `reduce` alone."""

    decision: str
    reason: str
    points: int | None = None
    fine: Decimal | None = None


@transaction.atomic
def decide_appeal(
    violation: Violation, decision: Decision, *, by: Person, revision: int | None = None, now: datetime | None = None
) -> Penalty:
    """Uphold, reduce or withdraw, never raise; final with that. ValidationError (`points`, `fine`, `reason`)."""
    moment = now or timezone.now()
    violation = lock_violation(violation, revision=revision)
    require_state(violation, ViolationStatus.APPEALED)
    penalty = lock_penalty(violation)
    require(may.can_decide_appeal(by, penalty), _("Someone who had no part in it decides the appeal."))
    penalty.decided_points, penalty.decided_fine = left_by(decision, penalty)
    penalty.decision, penalty.decide_reason = decision.decision, decision.reason
    penalty.decided_at, penalty.decided_by = moment, by
    end_deadline(penalty.appeal_deadline, now=moment)
    if decision.decision == AppealDecision.WITHDRAW:
        lift_bans_of(violation, by=by, reason=decision.reason, now=moment)
    detail = {"decision": decision.decision, "points": penalty.decided_points, "quote": decision.reason}
    record(f"penalty.{DECIDED[AppealDecision(decision.decision)]}", violation, by=by, detail=detail, at=moment)
    _make_final(penalty, moment, by=by)
    _tell("penalty.decided", penalty, [penalty.addressee, penalty.noticed_by], by=by, now=moment)
    return penalty


DECIDED = {AppealDecision.UPHOLD: "upheld", AppealDecision.REDUCE: "reduced", AppealDecision.WITHDRAW: "withdrawn"}


def left_by(decision: Decision, penalty: Penalty) -> tuple[int, Decimal | None]:
    """Points and pay deduction after a decision."""
    if not decision.reason:
        raise ValidationError({"reason": _("Give the reasons")})
    if decision.decision == AppealDecision.UPHOLD:
        return penalty.points, penalty.fine
    if decision.decision == AppealDecision.WITHDRAW:
        return 0, None if penalty.fine is None else Decimal(0)
    points = penalty.points if decision.points is None else decision.points
    fine = penalty.fine if decision.fine is None else decision.fine
    if points > penalty.points or points < 0:
        raise ValidationError({"points": _("An appeal never raises the points: at most %(most)s") % {"most": penalty.points}})
    if fine is not None and (penalty.fine is None or fine > penalty.fine or fine < 0):
        raise ValidationError({"fine": _("An appeal never raises the deduction")})
    if (points, fine) == (penalty.points, penalty.fine):
        raise ValidationError({"points": _("Say what is left: as many points as before are no reduction")})
    return points, fine


def close_appeals(now: datetime | None = None) -> int:
    """Make final what nobody appealed against in time. Returns how many; run again, it does nothing more.

    Each in its own transaction: one that fails stops none of the others, and is tried again with the next run.
    """
    moment, closed = now or timezone.now(), 0
    ids = list(Penalty.objects.window_over(moment).order_by("appeal_until").values_list("pk", flat=True)[:AT_ONCE])
    for pk in ids:
        try:
            closed += _close_one(pk, moment)
        except (DatabaseError, ValueError, LookupError, TypeError, AttributeError):
            logger.exception("penalties: the appeal window of violation %s could not be closed", pk)
    return closed


@transaction.atomic
def _close_one(pk: int, moment: datetime) -> int:
    violation = lock_violation(Violation.objects.get(pk=pk))
    penalty = lock_penalty(violation)
    if violation.status != ViolationStatus.NOTICED or penalty.appeal_until is None or penalty.appeal_until >= moment:
        return 0
    _make_final(penalty, moment, by=None)
    record("penalty.final", violation, by=None, detail={"points": penalty.final_points}, at=moment)
    _tell("penalty.final", penalty, [penalty.addressee], by=penalty.noticed_by, now=moment)
    return 1


def _make_final(penalty: Penalty, moment: datetime, *, by: Person | None) -> None:
    penalty.final_at = moment
    penalty.save()
    violation = penalty.violation
    save_step(violation, ViolationStatus.FINAL)
    if penalty.person is None or penalty.final_points == 0:
        return
    # One account at a time: two penalties that become final together must not both miss the threshold they cross as one.
    person: Person = locked(Person.objects, penalty.person_id)
    year = timezone.localdate(violation.found_at).year
    before = PointsEntry.objects.balance(person.pk, year)
    entry = PointsEntry.objects.create(
        person=person, year=year, kind=EntryKind.CHARGE, points=penalty.final_points, violation=violation, rule=penalty.rule,
        factor=penalty.factor, created_at=moment, created_by=by,
    )  # fmt: skip
    open_duty(entry, before=before, now=moment)
    propose_linked(penalty, now=moment)


@transaction.atomic
def take_back_points(violation: Violation, *, by: Person, reason: str, now: datetime | None = None) -> PointsEntry:
    """What is final turned out to be wrong: the charge stays and gets its counter-entry; duties it brought fall away."""
    moment = now or timezone.now()
    violation = lock_violation(violation)
    require_state(violation, ViolationStatus.FINAL)
    if not Penalty.objects.filter(pk=violation.pk).exists():
        raise WrongState(_("An earlier record has no points to take back."))
    penalty = lock_penalty(violation)
    require(may.can_take_back_points(by, penalty), _("Someone who had no part in it takes points back."))
    charge = PointsEntry.objects.filter(violation=violation, kind=EntryKind.CHARGE, reversed_by=None).first()
    if charge is None:
        raise WrongState(_("There are no points to take back."))
    person: Person = locked(Person.objects, charge.person_id)
    entry = PointsEntry.objects.create(
        person=person, year=charge.year, kind=EntryKind.REVERSAL, points=-charge.points, violation=violation, rule=charge.rule,
        factor=charge.factor, reverses=charge, reason=reason, created_at=moment, created_by=by,
    )  # fmt: skip
    cancel_duties(person, charge.year, balance=PointsEntry.objects.balance(person.pk, charge.year), now=moment)
    save_step(violation)
    record("penalty.taken_back", violation, by=by, detail={"points": charge.points, "quote": reason}, at=moment)
    _tell("penalty.taken_back", penalty, [penalty.addressee], by=by, now=moment)
    return entry


def _tell(code: str, penalty: Penalty, people: list[Person], *, by: Person, now: datetime, withdraw_key: str = "") -> None:
    """SECURITY: the message names neither the person nor the breach nor the points."""
    violation = penalty.violation
    # Whoever appeals is the person concerned: told by name, the message would say whose violation it is.
    params = {"number": violation.number, "unit": violation.unit.name, "by": "" if by == penalty.addressee else by.name}
    told = [one for one in people if one.is_active and one.pk != by.pk]
    notify(code, told, params=params, link=violation_subject(violation).link, withdraw_key=withdraw_key, now=now)
