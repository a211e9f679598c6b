"""The notice of a penalty and how it reaches the person.

recorded ──serve_notice──▶ noticed          terms fixed for good; the person owes a receipt
noticed: sign_notice                        by the person, with their password: the appeal window opens
         record_paper                       signed on paper, with a picture of it: the window opens
         record_refusal ▶ confirm_refusal   refused before a witness, who confirms it themself: the window opens
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections import penalty_permissions as may
from inspections.choices import Receipt, ViolationStatus
from inspections.models import Penalty, Violation
from inspections.services.penalties import reckon, violation_subject
from inspections.workflows.violations import end_deadline, lock_penalty, lock_violation, save_step
from responsibilities.calendar import add_working_days
from responsibilities.chain import ChainReader
from responsibilities.choices import DeadlineKind
from responsibilities.services.deadlines import open_deadline, stage_due_at
from responsibilities.services.owners import someone_for
from responsibilities.workflows import asked_key
from safetyplant.access.transitions import require, require_state
from safetyplant.attachments.services import bind, new_set
from safetyplant.audit.services import record
from safetyplant.notifications.services import notify

if TYPE_CHECKING:
    from inspections.services.penalties import Reckoned
    from responsibilities.models import Person

PAPER_KIND = "inspections.penalty"
NOT_YOURS = "This is for someone else to do."


@dataclass(frozen=True)
class Terms:
    """What a notice says. `points` empty: as proposed. `reason` is needed for any other."""

    points: int | None = None
    fine: Decimal | None = None
    measures: str = ""
    reason: str = ""


@transaction.atomic
def serve_notice(
    violation: Violation, terms: Terms, *, by: "Person", revision: int | None = None, now: datetime | None = None
) -> Penalty:
    """Say what the violation costs and serve it on the person, or on the unit's head for the unit as a whole.

    ValidationError (`points`, `reason`, `fine`) for terms that the rule does not know.
    """
    moment = now or timezone.now()
    violation = lock_violation(violation, revision=revision)
    require_state(violation, ViolationStatus.RECORDED)
    require(may.can_serve_notice(by, violation), _(NOT_YOURS))
    reckoned = reckon(
        violation.violation_type, violation.person, violation.found_at,
        level=violation.level, self_reported=violation.self_reported, but=violation.pk,
    )  # fmt: skip
    proposed = reckoned.points if violation.violation_type_id else violation.proposed_points
    points = checked_points(terms, proposed, reckoned, is_free=violation.self_reported)
    addressee = violation.person or someone_for(
        ChainReader(timezone.localdate(moment)).chain(violation.unit_id).head, violation.unit
    )
    require(addressee.pk != by.pk, _("Nobody serves a notice on themself."))
    penalty = Penalty.objects.create(
        violation=violation, person=violation.person, addressee=addressee, rule=reckoned.rule, repeats=reckoned.repeats,
        factor=reckoned.factor, proposed_points=proposed, points=points, fine=terms.fine, measures=terms.measures,
        reason=terms.reason, noticed_at=moment, noticed_by=by,
    )  # fmt: skip
    end_deadline(violation.notice_deadline, now=moment)
    violation.proposed_points = proposed
    save_step(violation, ViolationStatus.NOTICED)
    _ask_receipt(penalty, by, now=moment)
    record("penalty.noticed", violation, by=by, detail={"points": points, "quote": terms.reason}, at=moment)
    return penalty


def checked_points(terms: Terms, proposed: int | None, reckoned: "Reckoned", *, is_free: bool) -> int:
    """The points of a notice, or what is wrong with its terms."""
    points = proposed if terms.points is None else terms.points
    rule = reckoned.rule
    if points is None:
        raise ValidationError({"points": _("The catalogue proposes nothing: say how many points")})
    if is_free and points:
        raise ValidationError({"points": _("What someone reported themself never costs points")})
    if not 0 <= points <= rule.at_most:
        raise ValidationError({"points": _("At most %(most)s points") % {"most": rule.at_most}})
    if proposed is not None and points != proposed and not terms.reason:
        raise ValidationError({"reason": _("Say why it is not the points proposed")})
    if terms.fine is not None and not rule.pay_deduction:
        raise ValidationError({"fine": _("Pay deductions are switched off")})
    return points


def _ask_receipt(penalty: Penalty, by: "Person", *, now: datetime) -> None:
    """The person owes it; for someone who cannot sign in, whoever served the notice sees that it reaches them."""
    violation, owner = penalty.violation, penalty.addressee
    penalty.receipt_deadline = open_deadline(
        DeadlineKind.RECEIPT,
        violation_subject(violation),
        owner=owner if owner.is_active else by,
        unit=violation.unit,
        starts_at=now,
        due_at=stage_due_at("receipt", now),
    )
    penalty.save(update_fields=["receipt_deadline"])
    _tell("penalty.noticed", penalty, [owner], by=by, now=now, withdraw_key=asked_key(penalty.receipt_deadline))


@transaction.atomic
def sign_notice(violation: Violation, *, by: "Person", password: str, now: datetime | None = None) -> Penalty:
    """The person has read it, and signs with their password; that is no consent. ValidationError (`password`)."""
    penalty = _begin_receipt(violation, may.can_sign_notice, by)
    if not by.check_password(password):
        raise ValidationError({"password": _("This is not your password")})
    penalty.witness = None
    return _received(penalty, Receipt.SIGNED, by, now=now or timezone.now())


@transaction.atomic
def record_paper(violation: Violation, *, by: "Person", photos: Sequence[Any], now: datetime | None = None) -> Penalty:
    """Signed on paper, by someone without an account; a picture of the signed notice proves it."""
    moment = now or timezone.now()
    penalty = _begin_receipt(violation, may.can_record_receipt, by)
    if not photos:
        raise ValidationError({"photos": _("Add a picture of the signed notice")})
    penalty.paper, penalty.witness = new_set(PAPER_KIND), None
    bind(penalty.paper, photos, by=by, purpose="document", now=moment)
    return _received(penalty, Receipt.PAPER, by, now=moment)


@transaction.atomic
def record_refusal(violation: Violation, *, by: "Person", witness: "Person", now: datetime | None = None) -> Penalty:
    """The person would not sign; `witness` saw it and is asked to confirm it themself. ValidationError (`witness`)."""
    moment = now or timezone.now()
    penalty = _begin_receipt(violation, may.can_record_receipt, by)
    if witness.pk in (by.pk, penalty.addressee_id) or not witness.is_active:
        raise ValidationError({"witness": _("The witness is a second person who can sign in")})
    penalty.receipt, penalty.receipt_by, penalty.witness = Receipt.REFUSED, by, witness
    penalty.save()
    save_step(penalty.violation)
    record("penalty.refused", penalty.violation, by=by, personal={"witness": witness.name}, at=moment)
    _tell("penalty.witness", penalty, [witness], by=by, now=moment, page="witness")
    return penalty


@transaction.atomic
def confirm_refusal(violation: Violation, *, by: "Person", now: datetime | None = None) -> Penalty:
    """The witness saw that the notice was shown and refused."""
    penalty = _begin_receipt(violation, may.can_witness_refusal, by)
    return _received(penalty, Receipt.REFUSED, penalty.receipt_by or by, now=now or timezone.now(), actor=by)


def _begin_receipt(violation: Violation, allowed: Any, by: "Person") -> Penalty:
    violation = lock_violation(violation)
    require_state(violation, ViolationStatus.NOTICED)
    penalty = lock_penalty(violation)
    require(allowed(by, penalty), _(NOT_YOURS))
    return penalty


def _received(penalty: Penalty, receipt: str, by: "Person", *, now: datetime, actor: "Person | None" = None) -> Penalty:
    """From now on the days to appeal count, working days of the plant's calendar."""
    penalty.receipt, penalty.receipt_by, penalty.received_at = receipt, by, now
    penalty.appeal_until = add_working_days(now, penalty.rule.appeal_days)
    penalty.save()
    end_deadline(penalty.receipt_deadline, now=now)
    save_step(penalty.violation)
    until = {"until": timezone.localdate(penalty.appeal_until)}
    record(f"penalty.received_{receipt}", penalty.violation, by=actor or by, detail=until, at=now)
    return penalty


def _tell(
    code: str,
    penalty: Penalty,
    people: Sequence["Person"],
    *,
    by: "Person",
    now: datetime,
    withdraw_key: str = "",
    page: str = "",
) -> None:
    """SECURITY: the message names neither the person nor the breach."""
    violation = penalty.violation
    params = {"number": violation.number, "unit": violation.unit.name, "by": by.name}
    link = violation_subject(violation).link + (f"{page}/" if page else "")
    notify(code, [one for one in people if one.is_active], params=params, link=link, withdraw_key=withdraw_key, now=now)
