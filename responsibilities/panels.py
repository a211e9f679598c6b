"""What comes next with a corrective action, for one reader: the card that every record with an action shows.

panel = action_panel(request.user, hazard.action)
{% include "responsibilities/_action_panel.html" with panel=panel %}      beside the story
{% include "responsibilities/_action_bar.html" with panel=panel %}        in the phone's bar, block action_bar

Heading, main button and bar follow what this reader owes: the fix, its check, a decision, an answer. What they merely may do
(a head in the place of a worker, a leader above) stands under "Other steps".
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from responsibilities import permissions
from responsibilities.answers import AT_A_DESK, answer_icon, answer_label
from responsibilities.choices import ActionStatus, AnswerKind, DeadlineStatus, ExtensionStatus
from responsibilities.lateness import Lateness, latest_answer, read_lateness
from responsibilities.models import CorrectiveAction, Deadline, Escalation, ExtensionRequest
from responsibilities.workflows.actions import FIXABLE, OPEN_STATES

if TYPE_CHECKING:
    from responsibilities.models import Person

Text = str | Promise
#: What one most likely does when the main thing cannot be done.
INSTEAD = {"submit": "wait", "verify": "return"}


@dataclass(frozen=True)
class Button:
    """One thing this reader may do now. At most one of a panel is primary."""

    verb: str
    label: Text
    icon: str
    url: str
    is_primary: bool = False


@dataclass(frozen=True)
class Question:
    """An escalation that waits for an answer, the oldest per person asked and thing that is late.

    `answers` are the reader's choices when it was asked of them; `instead_url` leads whoever may answer in their place.
    """

    escalation: Escalation
    is_mine: bool
    answers: tuple[Button, ...] = ()
    instead_url: str = ""

    @property
    def button(self) -> Button:
        """To the page of the answer, as one main thing to do."""
        address = reverse("responsibilities:escalation-answer", args=[self.escalation.pk])
        return Button("answer", _("Give your answer"), "chat-left-text", address, is_primary=True)


@dataclass(frozen=True)
class Promised:
    """The last answer about what still runs, for all who see the record."""

    by: str
    label: Text
    text: str


@dataclass(frozen=True)
class ActionPanel:
    """`tone` gives the card its edge (late, check or none); `due` is what runs now, `met_at` when it ended."""

    action: CorrectiveAction
    title: Text
    text: Text = ""
    tone: str = ""
    due: Deadline | None = None
    met_at: datetime | None = None
    buttons: tuple[Button, ...] = ()
    extension: ExtensionRequest | None = None
    questions: tuple[Question, ...] = field(default_factory=tuple)
    promised: Promised | None = None

    @property
    def primary(self) -> Button | None:
        """What the reader owes here first: a step of the fix, else an answer."""
        step = next((button for button in self.buttons if button.is_primary), None)
        return step or next((question.button for question in self.questions if question.is_mine), None)

    @property
    def instead(self) -> tuple[Button, ...]:
        """The one thing most likely in place of what the reader owes: a check is returned, a fix has to wait."""
        verb = INSTEAD.get(self.primary.verb) if self.primary else None
        return tuple(button for button in self.buttons if verb is not None and button.verb == verb)

    @property
    def others(self) -> tuple[Button, ...]:
        return tuple(button for button in self.buttons if not button.is_primary and button not in self.instead)

    @property
    def bar(self) -> tuple[Button, ...]:
        """What the phone's bar holds: what the reader owes, and left of it what may stand instead."""
        return (*self.instead, self.primary) if self.primary else ()


def action_panel(
    user: "Person",
    action: CorrectiveAction,
    *,
    without: Collection[str] = (),
    lateness: Lateness | None = None,
    now: datetime | None = None,
) -> ActionPanel:
    """`without` leaves out verbs the record offers itself; `lateness` is the ledger of its deadlines if it was read already.

    `action` should come with owner, verifier, unit, deadline and check_deadline selected.
    """
    moment = now or timezone.now()
    extension = _open_extension(action)
    due = _running(action)
    ledger = read_lateness([action.deadline_id, action.check_deadline_id]) if lateness is None else lateness
    buttons = tuple(button for button in _buttons(user, action, extension) if button.verb not in without)
    title, text = _words(user, action, buttons)
    return ActionPanel(
        action=action,
        title=title,
        text=text,
        tone=_tone(action, due, moment),
        due=due,
        met_at=action.submitted_at if action.status == ActionStatus.VERIFIED else None,
        buttons=buttons,
        extension=extension,
        questions=questions_for(user, ledger.waiting, fix_id=action.deadline_id),
        promised=_promised(ledger, due),
    )


def _promised(ledger: Lateness, due: Deadline | None) -> Promised | None:
    answer = latest_answer(ledger, [due.pk]) if due is not None and due.status == DeadlineStatus.OPEN else None
    if answer is None or answer.answered_by is None:
        return None
    return Promised(answer.answered_by.name, answer_label(answer.answer, answer.deadline.kind), answer.answer_text)


def owes_fix(user: "Person", action: CorrectiveAction) -> bool:
    return user.pk == action.owner_id and permissions.can_fix_action(user, action)


def owes_check(user: "Person", action: CorrectiveAction) -> bool:
    return user.pk == action.verifier_id and permissions.can_verify_action(user, action)


def rests(action: CorrectiveAction) -> bool:
    """Nobody has handed it in, and its clock stands all the same: its record lets it rest for a time."""
    return action.status in FIXABLE and action.deadline.status == DeadlineStatus.PAUSED


def _words(user: "Person", action: CorrectiveAction, buttons: tuple[Button, ...]) -> tuple[str, str]:
    """The heading and one sentence, said to this reader."""
    if rests(action):
        return _("The fix may wait"), _(
            "Its date stands still for now. %(name)s may fix it all the same; %(checker)s checks it."
        ) % (_names(action))
    if any(button.verb == "decide" and button.is_primary for button in buttons):
        return _("Decide on a later date"), _("%(name)s fixes it. %(checker)s checks it.") % _names(action)
    if action.status == ActionStatus.SUBMITTED:
        return _words_of_check(user, action)
    return _WORDS[action.status](user, action)


def _names(action: CorrectiveAction) -> dict[str, str]:
    return {"name": action.owner.name, "checker": action.verifier.name}


def _words_of_check(user: "Person", action: CorrectiveAction) -> tuple[str, str]:
    by = action.submitted_by.name if action.submitted_by else action.owner.name
    if owes_check(user, action):
        return _("Check this fix"), _(
            "%(name)s says it is fixed. Accept it only if you are sure; you may visit or ask for another photo."
        ) % {"name": by}
    text = _("%(name)s checks it. Until then the time for the fix does not run.")
    return _("Waiting for check"), text % {"name": action.verifier.name}


def _words_of_fix(user: "Person", action: CorrectiveAction) -> tuple[str, str]:
    if owes_fix(user, action):
        return _("Fix this"), _("Put it right and submit it, with a photo of the result if you can. %(name)s checks it.") % {
            "name": action.verifier.name
        }
    return _("With %(name)s") % {"name": action.owner.name}, _("%(name)s fixes it. %(checker)s checks it.") % _names(action)


def _words_of_waiting(user: "Person", action: CorrectiveAction) -> tuple[str, str]:
    return str(action.get_waiting_for_display()), _("The date stays as it is. Until it is fixed: %(control)s") % {
        "control": action.interim_control
    }


def _words_of_returned(user: "Person", action: CorrectiveAction) -> tuple[str, str]:
    if owes_fix(user, action):
        return _("Fix this again"), _("The check found it not good enough yet; the reason stands under “What happened”.")
    return _("Returned to %(name)s") % {"name": action.owner.name}, _("%(name)s puts it right and submits it again.") % {
        "name": action.owner.name
    }


def _words_of_end(user: "Person", action: CorrectiveAction) -> tuple[str, str]:
    if action.status == ActionStatus.CANCELLED:
        by = action.cancelled_by.name if action.cancelled_by else ""
        return _("Cancelled"), _("%(name)s cancelled it: %(reason)s") % {"name": by, "reason": action.cancel_reason}
    by = action.verified_by.name if action.verified_by else ""
    return _("Closed"), _("%(name)s checked the fix and accepted it.") % {"name": by}


_WORDS: dict[str, Callable[["Person", CorrectiveAction], tuple[str, str]]] = {
    ActionStatus.ASSIGNED: _words_of_fix,
    ActionStatus.IN_PROGRESS: _words_of_fix,
    ActionStatus.WAITING: _words_of_waiting,
    ActionStatus.RETURNED: _words_of_returned,
    ActionStatus.VERIFIED: _words_of_end,
    ActionStatus.CANCELLED: _words_of_end,
}


def _running(action: CorrectiveAction) -> Deadline | None:
    """The deadline whose clock runs: the verifier's while a fix waits for its check, else the fixer's."""
    if action.status == ActionStatus.CANCELLED:
        return None
    return action.check_deadline if action.status == ActionStatus.SUBMITTED else action.deadline


def _tone(action: CorrectiveAction, due: Deadline | None, now: datetime) -> str:
    if due is not None and due.status == DeadlineStatus.OPEN and due.due_at < now:
        return "late"
    return "check" if action.status == ActionStatus.SUBMITTED else ""


def _buttons(user: "Person", action: CorrectiveAction, extension: ExtensionRequest | None) -> list[Button]:
    """What this reader may do; primary is at most one, and only what they owe themself."""
    found: list[Button] = []
    if action.status in FIXABLE and permissions.can_fix_action(user, action):
        found += _fixer_buttons(action, is_own=owes_fix(user, action), has_extension=extension is not None)
    if action.status == ActionStatus.SUBMITTED and permissions.can_verify_action(user, action):
        found += [
            _button(action, "verify", _("Accept and close"), "check-lg", is_primary=owes_check(user, action)),
            _button(action, "return", _("Return it"), "arrow-return-left"),
        ]
    if extension is not None and permissions.can_decide_extension(user, extension):
        is_own = extension.deadline.owner_id == user.pk and not any(button.is_primary for button in found)
        found.insert(0, _button(action, "decide", _("Decide on a later date"), "calendar-check", is_primary=is_own))
    if action.status in FIXABLE and permissions.can_assign_action(user, action):
        found.append(_button(action, "reassign", _("Give it to someone else"), "person-up"))
    if _may_get_date(action, extension) and permissions.can_change_date(user, action):
        found.append(_button(action, "date", _("Change the date"), "calendar-event"))
    if action.status in OPEN_STATES and permissions.can_cancel_action(user, action):
        found.append(_button(action, "cancel", _("Cancel it"), "slash-circle"))
    return found


def _may_get_date(action: CorrectiveAction, extension: ExtensionRequest | None) -> bool:
    """Not while it rests or somebody decides on the date that was asked for."""
    return action.status in FIXABLE and extension is None and action.deadline.status == DeadlineStatus.OPEN


def _fixer_buttons(action: CorrectiveAction, *, is_own: bool, has_extension: bool) -> list[Button]:
    found = [_button(action, "submit", _("Submit the fix"), "send-check", is_primary=is_own)]
    if action.status != ActionStatus.IN_PROGRESS:
        found.append(_button(action, "start", _("I have started"), "play"))
    if action.status != ActionStatus.WAITING:
        found.append(_button(action, "wait", _("It has to wait"), "hourglass-split"))
    if not has_extension:
        found.append(_button(action, "extend", _("Ask for a later date"), "calendar-plus"))
    return found


def _button(action: CorrectiveAction, verb: str, label: Text, icon: str, *, is_primary: bool = False) -> Button:
    return Button(verb, label, icon, reverse("responsibilities:action-act", args=[action.pk, verb]), is_primary)


def _open_extension(action: CorrectiveAction) -> ExtensionRequest | None:
    return action.extensions.filter(status=ExtensionStatus.ASKED).select_related("asked_by", "deadline__owner").first()


def questions_for(user: "Person", waiting: Iterable[Escalation], *, fix_id: int | None = None) -> tuple[Question, ...]:
    """What waits for an answer, oldest first, each late thing once per person asked; the reader's own stand first.

    `fix_id` is the deadline of the fix: the only one that can go to someone else.
    """
    oldest: dict[tuple[int, int], Escalation] = {}
    for escalation in waiting:
        oldest.setdefault((escalation.addressee_id, escalation.deadline_id), escalation)
    found = [_question(user, escalation, has_action=escalation.deadline_id == fix_id) for escalation in oldest.values()]
    return tuple(sorted(found, key=lambda question: not question.is_mine))


def _question(user: "Person", escalation: Escalation, *, has_action: bool) -> Question:
    if escalation.addressee_id == user.pk:
        return Question(escalation, is_mine=True, answers=answer_buttons(user, escalation, has_action=has_action))
    may_answer = permissions.can_answer_escalation(user, escalation)
    address = reverse("responsibilities:escalation-answer", args=[escalation.pk]) if may_answer else ""
    return Question(escalation, is_mine=False, instead_url=address)


def possible_answers(user: "Person", escalation: Escalation, *, has_action: bool) -> list[AnswerKind]:
    """The answers this reader may give: moving the date is for those above, handing on needs a fix that can change hands."""
    found = [AnswerKind.FIX]
    if permissions.can_extend(user, escalation.deadline):
        found.append(AnswerKind.EXTEND)
    if has_action and permissions.can_reassign_for(user, escalation.deadline):
        found.append(AnswerKind.REASSIGN)
    return found if escalation.deadline.kind in AT_A_DESK else [*found, AnswerKind.VISIT]


def answer_buttons(user: "Person", escalation: Escalation, *, has_action: bool) -> tuple[Button, ...]:
    address, kind = reverse("responsibilities:escalation-answer", args=[escalation.pk]), escalation.deadline.kind
    return tuple(
        Button(answer.value, answer_label(answer, kind), answer_icon(answer, kind), f"{address}?answer={answer.value}")
        for answer in possible_answers(user, escalation, has_action=has_action)
    )
