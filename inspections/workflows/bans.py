"""A site ban of someone of a contractor, a measure of a penalty that was served.

violation with a penalty ──impose_ban──▶ in force from its first day, over after its last by itself
in force ──appeal_ban──▶ asked ──decide_ban──▶ upheld, shortened, or withdrawn (then lifted); never lengthened
in force ──lift_ban──▶ lifted, with a reason
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections import penalty_permissions as may
from inspections.choices import AppealDecision, ViolationStatus
from inspections.models import PenaltyRule, SiteBan, Violation
from inspections.services.bans import ban_subject
from inspections.services.penalties import find_judge
from inspections.workflows.violations import end_deadline, lock_violation, save_step
from responsibilities.calendar import add_working_days
from responsibilities.chain import ChainReader
from responsibilities.choices import DeadlineKind
from responsibilities.services.deadlines import open_deadline, stage_due_at
from responsibilities.services.owners import someone_for
from responsibilities.workflows import asked_key
from responsibilities.workflows.deadlines import lock_deadlines
from safetyplant.access.exceptions import StaleVersion, WrongState
from safetyplant.access.transitions import locked, require, require_state
from safetyplant.audit.services import record
from safetyplant.notifications.services import notify
from safetyplant.numbering.services import next_number

if TYPE_CHECKING:
    from responsibilities.models import Person

NOT_YOURS = "This is for someone else to do."
SERVED = (ViolationStatus.NOTICED, ViolationStatus.APPEALED, ViolationStatus.FINAL)


@dataclass(frozen=True)
class BanTerms:
    """Both days are days of the ban."""

    starts_on: date
    ends_on: date
    reason: str


@transaction.atomic
def impose_ban(
    violation: Violation, terms: BanTerms, *, by: "Person", revision: int | None = None, now: datetime | None = None
) -> SiteBan:
    """ValidationError (`starts_on`, `ends_on`, `reason`) for days that the rule does not know or that are taken already."""
    moment = now or timezone.now()
    violation = lock_violation(violation, revision=revision)
    require_state(violation, *SERVED)
    today = timezone.localdate(moment)
    rule = PenaltyRule.objects.in_force(today)
    require(may.can_ban(by, violation, rule), _(NOT_YOURS))
    person = violation.person
    assert person is not None  # asked by the permission
    check_terms(terms, rule, today)
    ban = SiteBan(
        number=next_number("SB", today), violation=violation, person=person, unit=person.unit or violation.unit,
        starts_on=terms.starts_on, ends_on=terms.ends_on, reason=terms.reason, imposed_at=moment, imposed_by=by,
        appeal_until=add_working_days(moment, rule.appeal_days),
    )  # fmt: skip
    try:
        with transaction.atomic():
            ban.save()
    except IntegrityError as fault:
        if "ban_one_at_a_time" not in str(fault):
            raise
        raise ValidationError({"starts_on": _("There is a site ban for some of these days already.")}) from fault
    save_step(violation)
    days = {"number": ban.number, "until": ban.ends_on.isoformat()}
    record("ban.imposed", ban, by=by, detail={**days, "quote": terms.reason}, personal={"person": person.name}, at=moment)
    record("violation.banned", violation, by=by, detail=days, at=moment)
    _tell("ban.imposed", ban, _concerned(ban, moment), by=by, now=moment)
    return ban


def check_terms(terms: BanTerms, rule: PenaltyRule, today: date) -> None:
    if not terms.reason:
        raise ValidationError({"reason": _("Give the reason")})
    if terms.starts_on < today:
        raise ValidationError({"starts_on": _("The day must not be in the past")})
    if terms.ends_on < terms.starts_on:
        raise ValidationError({"ends_on": _("The last day cannot be before the first.")})
    if (terms.ends_on - terms.starts_on).days >= rule.ban_days:
        raise ValidationError({"ends_on": _("A site ban lasts at most %(days)s days") % {"days": rule.ban_days}})


def require_ban(ban: SiteBan, step: str, now: datetime) -> None:
    """WrongState where a step (appeal, decide, lift) is not possible any more, or not yet."""
    is_over = ban.lifted_at is not None or (step == "lift" and ban.ends_on < timezone.localdate(now))
    if is_over:
        raise WrongState(_("This site ban is over already."))
    if step == "appeal" and ban.appealed_at is not None:
        raise WrongState(_("There is an appeal already."))
    if step == "appeal" and now > ban.appeal_until:
        raise WrongState(_("The days to appeal are over."))
    if step == "decide" and (ban.appealed_at is None or ban.decision):
        raise WrongState(_("No appeal waits for a decision."))


@transaction.atomic
def appeal_ban(ban: SiteBan, *, by: "Person", text: str, revision: int | None = None, now: datetime | None = None) -> SiteBan:
    """It stays in force until it is decided. WrongState once the days to appeal are over."""
    moment = now or timezone.now()
    ban = lock_ban(ban, revision=revision)
    require_ban(ban, "appeal", moment)
    require(may.can_appeal_ban(by, ban), _(NOT_YOURS))
    ban.appealed_at, ban.appealed_by, ban.appeal_text = moment, by, text
    reader = ChainReader(timezone.localdate(moment))
    # Nobody uninvolved left: the director has it on the desk until someone else is appointed, so that it is not forgotten.
    judge = find_judge(reader, ban.unit, ban.person, may.involved_in_ban(ban)) or reader.chain(ban.unit_id).director
    ban.appeal_deadline = open_deadline(
        DeadlineKind.APPEAL,
        ban_subject(ban),
        owner=someone_for(judge, ban.unit),
        unit=ban.unit,
        starts_at=moment,
        due_at=stage_due_at("appeal", moment),
    )
    _save(ban)
    record("ban.appealed", ban, by=by, detail={"quote": text}, at=moment)
    _tell("ban.appealed", ban, [ban.appeal_deadline.owner], by=by, now=moment, withdraw_key=asked_key(ban.appeal_deadline))
    return ban


@dataclass(frozen=True)
class BanDecision:
    """`ends_on` is the earlier last day, for `reduce` alone."""

    decision: str
    reason: str
    ends_on: date | None = None


@transaction.atomic
def decide_ban(
    ban: SiteBan, decision: BanDecision, *, by: "Person", revision: int | None = None, now: datetime | None = None
) -> SiteBan:
    """Uphold, shorten or withdraw; never lengthen. ValidationError (`reason`, `ends_on`)."""
    moment = now or timezone.now()
    ban = lock_ban(ban, revision=revision)
    require_ban(ban, "decide", moment)
    require(may.can_decide_ban(by, ban), _("Someone who had no part in it decides the appeal."))
    if not decision.reason:
        raise ValidationError({"reason": _("Give the reasons")})
    changes = {}
    if decision.decision == AppealDecision.REDUCE:
        if decision.ends_on is None or not ban.starts_on <= decision.ends_on < ban.ends_on:
            raise ValidationError({"ends_on": _("Choose an earlier last day, not before the first day of the ban")})
        changes = {"ends_on": [ban.ends_on.isoformat(), decision.ends_on.isoformat()]}
        ban.ends_on = decision.ends_on
    if decision.decision == AppealDecision.WITHDRAW:
        ban.lifted_at, ban.lifted_by, ban.lift_reason = moment, by, decision.reason
    ban.decision, ban.decide_reason, ban.decided_at, ban.decided_by = decision.decision, decision.reason, moment, by
    ban.appeal_deadline = end_deadline(ban.appeal_deadline, now=moment)
    _save(ban)
    record(
        f"ban.{DECIDED[AppealDecision(decision.decision)]}",
        ban,
        by=by,
        changes=changes,
        detail={"quote": decision.reason},
        at=moment,
    )
    _tell("ban.decided", ban, [*_concerned(ban, moment), ban.imposed_by], by=by, now=moment)
    return ban


DECIDED = {AppealDecision.UPHOLD: "upheld", AppealDecision.REDUCE: "shortened", AppealDecision.WITHDRAW: "withdrawn"}


@transaction.atomic
def lift_ban(ban: SiteBan, *, by: "Person", reason: str, revision: int | None = None, now: datetime | None = None) -> SiteBan:
    """Before its last day; an appeal that waits has nothing left to decide."""
    moment = now or timezone.now()
    ban = lock_ban(ban, revision=revision)
    today = timezone.localdate(moment)
    require_ban(ban, "lift", moment)
    require(may.can_lift_ban(by, ban, PenaltyRule.objects.in_force(today), today), _(NOT_YOURS))
    if not reason:
        raise ValidationError({"reason": _("Say why")})
    _lift(ban, by, reason, moment)
    return ban


def lift_bans_of(violation: Violation, *, by: "Person", reason: str, now: datetime) -> None:
    """The notice behind them was withdrawn. In the caller's transaction, with the violation locked."""
    for ban in SiteBan.objects.filter(violation=violation, lifted_at=None, ends_on__gte=timezone.localdate(now)).order_by("pk"):
        _lift(lock_ban(ban), by, reason, now)


def _lift(ban: SiteBan, by: "Person", reason: str, moment: datetime) -> None:
    ban.lifted_at, ban.lifted_by, ban.lift_reason = moment, by, reason
    ban.appeal_deadline = end_deadline(ban.appeal_deadline, now=moment, is_met=False)
    _save(ban)
    record("ban.lifted", ban, by=by, detail={"quote": reason}, at=moment)
    _tell("ban.lifted", ban, _concerned(ban, moment), by=by, now=moment)


def lock_ban(ban: SiteBan, *, revision: int | None = None) -> SiteBan:
    """Locked after its deadline; StaleVersion when it has changed since its reader saw `revision`."""
    lock_deadlines([SiteBan.objects.values_list("appeal_deadline_id", flat=True).get(pk=ban.pk)])
    related = ("person__unit", "unit__parent", "violation__penalty", "appeal_deadline", "imposed_by")
    ban = locked(SiteBan.objects.select_related(*related), ban.pk)
    if revision is not None and revision != ban.revision:
        raise StaleVersion(_("Someone else changed this in the meantime. Read the new state, then send again."))
    return ban


def _save(ban: SiteBan) -> None:
    ban.revision += 1
    ban.save()


def _concerned(ban: SiteBan, moment: datetime) -> "list[Person]":
    """The person, the head of the contractor, its contract managers and the head of the host."""
    chain = ChainReader(timezone.localdate(moment)).chain(ban.unit_id)
    heads = [link.person for link in chain.links if link.role in ("unit_head", "contract_manager") and link.is_alive]
    return [ban.person, *(person for person in heads if person is not None)]


def _tell(code: str, ban: SiteBan, people: "Iterable[Person]", *, by: "Person", now: datetime, withdraw_key: str = "") -> None:
    """SECURITY: the message names neither the person nor the breach; whoever appeals is not named either."""
    told = {person.pk: person for person in people if person.is_active and person.pk != by.pk}
    params = {"number": ban.number, "unit": ban.unit.name, "by": "" if by.pk in (ban.person_id, ban.appealed_by_id) else by.name}
    notify(code, list(told.values()), params=params, link=ban_subject(ban).link, withdraw_key=withdraw_key, now=now)
