"""An escalated level answers: fix, extend, reassign or visit."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from responsibilities.choices import AnswerKind, DeadlineStatus
from responsibilities.models import CorrectiveAction, Escalation
from responsibilities.permissions import can_answer_escalation, can_extend, can_extend_far
from responsibilities.services.deadlines import last_day_for, require_later, require_near
from responsibilities.subjects import tell_handed
from responsibilities.workflows.actions import finish_step, reassign_fix
from responsibilities.workflows.deadlines import lock_deadlines, meet_deadline, move_deadline, withdraw_key
from responsibilities.workflows.extensions import move_fix
from safetyplant.access.exceptions import WrongState
from safetyplant.access.transitions import locked, require
from safetyplant.audit.services import record
from safetyplant.notifications.services import cancel, notify

if TYPE_CHECKING:
    from responsibilities.models import Person

ANSWERED = "escalation.answered"


@transaction.atomic
def answer_escalation(
    escalation: Escalation,
    *,
    by: "Person",
    answer: str,
    text: str = "",
    due_at: datetime | None = None,
    owner: "Person | None" = None,
    now: datetime | None = None,
) -> Escalation:
    """Settle an escalation with an answer; extending moves the date, reassigning hands the fix to `owner`.

    Raises NotAllowed unless `by` was asked (or stands above), WrongState when it is settled already, ValidationError when
    an extension comes without a later date or a reassignment without someone to take a fix over.
    """
    moment = now or timezone.now()
    action = _lock_below(escalation)
    escalation = locked(Escalation.objects.select_related("deadline", "answer_deadline"), escalation.pk)
    require(can_answer_escalation(by, escalation), _("This question was asked of someone else."))
    if answer == AnswerKind.EXTEND:
        require(can_extend(by, escalation.deadline), _("Only someone above may move the date. Ask for an extension instead."))
    if escalation.settled_at is not None:
        raise WrongState(_("This question is settled already."))
    if escalation.suspended_at is not None:
        raise WrongState(
            _("The date stands still: the fix was handed in, or the hazard is accepted for a time. You may be asked again.")
        )
    _check_answer(escalation, action, answer, by=by, text=text, due_at=due_at, owner=owner, now=moment)
    for asked in _asked_alike(escalation):
        _settle_with(asked, by=by, answer=answer, text=text, now=moment)
    escalation.refresh_from_db()
    detail = {"answer": AnswerKind(answer).value, "quote": text, "due": due_at.isoformat() if due_at else ""}
    if answer == AnswerKind.EXTEND and due_at is not None:
        _extend(escalation, action, by=by, due_at=due_at, detail=detail, now=moment)
    else:
        record(ANSWERED, action or escalation.deadline, by=by, detail=detail, at=moment)
    if answer == AnswerKind.REASSIGN and owner is not None and action is not None:
        reassign_fix(action, by=by, owner=owner, reason=text, now=moment)
    _tell_answered(escalation, action, by=by, now=moment)
    return escalation


def _lock_below(escalation: Escalation) -> CorrectiveAction | None:
    """The fix it is about (or whose check it is about), its deadline and the answers owed, in the order of `deadlines`.

    A fix handed in at the same moment locks its deadline first and settles the question then: see there.
    """
    late = escalation.deadline_id
    found = CorrectiveAction.objects.filter(Q(deadline=late) | Q(check_deadline=late)).values_list("pk", flat=True).first()
    related = ("unit", "owner", "verifier", "level", "deadline", "check_deadline")
    action = locked(CorrectiveAction.objects.select_related(*related), found) if found is not None else None
    waiting = Escalation.objects.waiting().filter(deadline=late)
    lock_deadlines([late, *waiting.values_list("answer_deadline_id", flat=True)])
    return action


def _check_answer(
    escalation: Escalation,
    action: CorrectiveAction | None,
    answer: str,
    *,
    by: "Person",
    text: str,
    due_at: datetime | None,
    owner: "Person | None",
    now: datetime,
) -> None:
    """An answer that says or changes nothing must not silence the question, nor an extension bring the date forward."""
    if not text.strip():
        raise ValidationError({"text": _("Say what you will do, or have done.")})
    if answer == AnswerKind.EXTEND:
        if due_at is None:
            raise ValidationError({"due_on": _("Choose the new date.")})
        late = escalation.deadline
        require_later(late, due_at, now=now)
        is_far_allowed = can_extend_far(by, late.unit)
        require_near(due_at, last_day=last_day_for(late), is_far_allowed=is_far_allowed, now=now)
    if answer == AnswerKind.REASSIGN:
        if action is None or action.deadline_id != escalation.deadline_id:
            raise WrongState(_("There is no fix here that could go to someone else."))
        if owner is None:
            raise ValidationError({"owner": _("Choose who does it now.")})


def _asked_alike(escalation: Escalation) -> list[Escalation]:
    """This question and the earlier ones to the same person about the same thing: one answer is an answer to all of them."""
    alike = Escalation.objects.waiting().filter(deadline=escalation.deadline_id, addressee=escalation.addressee_id)
    return list(alike.select_related("answer_deadline").select_for_update(of=("self",)).order_by("pk"))


def _settle_with(escalation: Escalation, *, by: "Person", answer: str, text: str, now: datetime) -> None:
    escalation.answer, escalation.answer_text = answer, text
    escalation.answered_at, escalation.answered_by, escalation.settled_at = now, by, now
    escalation.save()
    if escalation.answer_deadline.status == DeadlineStatus.OPEN:
        meet_deadline(escalation.answer_deadline, now=now)
    # What asked them is answered, though the late thing itself may go on.
    cancel(withdraw_key(escalation.deadline_id), recipient=escalation.addressee_id, now=now)


def _extend(
    escalation: Escalation,
    action: CorrectiveAction | None,
    *,
    by: "Person",
    due_at: datetime,
    detail: dict[str, Any],
    now: datetime,
) -> None:
    """Another date for a fix, for the check of one, or for what its own room asked for: each record shows it."""
    if action is not None and action.deadline_id == escalation.deadline_id:
        move_fix(action, ANSWERED, by=by, due_at=due_at, detail=detail, now=now)
        return
    changes = {"due_at": [escalation.deadline.due_at.isoformat(), due_at.isoformat()]}
    deadline = move_deadline(escalation.deadline, due_at=due_at, now=now)
    if action is not None:
        finish_step(action, ANSWERED, by=by, now=now, changes=changes, detail=detail)
    else:
        record(ANSWERED, deadline, by=by, changes=changes, detail=detail, at=now)
        tell_handed(deadline, by=by, now=now)


def _tell_answered(escalation: Escalation, action: CorrectiveAction | None, *, by: "Person", now: datetime) -> None:
    """Those who wait for it hear what was answered: who owes the late thing, who checks it and gave it, who else was asked."""
    late = escalation.deadline
    others = late.escalations.values_list("addressee_id", flat=True).distinct()
    concerned = {late.owner_id, *others}
    if action is not None:
        concerned |= {action.verifier_id, action.created_by_id}
    params = {"by": by.name, "answer": escalation.answer, "kind": late.kind, "number": late.number, "title": late.title}
    params["text"] = escalation.answer_text
    notify("escalation.answered", concerned - {by.pk}, params=params, link=late.link, now=now)
