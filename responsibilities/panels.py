"""What comes next with a corrective action, for one reader: the card that every record with an action shows.

panel = action_panel(request.user, hazard.action)
{% include "responsibilities/_action_panel.html" with panel=panel %}      beside the story
{% include "responsibilities/_action_bar.html" with panel=panel %}        in the phone's bar, block action_bar
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from responsibilities import permissions
from responsibilities.choices import ActionStatus, AnswerKind, DeadlineStatus, ExtensionStatus
from responsibilities.models import CorrectiveAction, Deadline, Escalation, ExtensionRequest
from responsibilities.workflows.actions import FIXABLE, OPEN_STATES

if TYPE_CHECKING:
    from responsibilities.models import Person

Text = str | Promise


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
    """An escalation that waits for an answer, the oldest per person asked.

    `answers` are the reader's choices when it was asked of them; `instead_url` leads whoever may answer in their place.
    """

    escalation: Escalation
    is_mine: bool
    answers: tuple[Button, ...] = ()
    instead_url: str = ""


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

    @property
    def primary(self) -> Button | None:
        return next((button for button in self.buttons if button.is_primary), None)

    @property
    def others(self) -> tuple[Button, ...]:
        return tuple(button for button in self.buttons if not button.is_primary)

    @property
    def bar(self) -> tuple[Button, ...]:
        """What the phone's bar holds: the main thing, and the one most likely instead of it, which stands left of it."""
        instead = tuple(button for button in self.others if button.verb in ("return", "wait"))[:1]
        return (*instead, self.primary) if self.primary else ()


def action_panel(
    user: "Person", action: CorrectiveAction, *, without: Collection[str] = (), now: datetime | None = None
) -> ActionPanel:
    """Two queries: the open extension and the questions that wait. `without` leaves out verbs the record offers itself.

    `action` should come with owner, verifier, unit, deadline and check_deadline selected.
    """
    moment = now or timezone.now()
    title, text = _words(user, action)
    extension = _open_extension(action)
    due = _running(action)
    return ActionPanel(
        action=action,
        title=title,
        text=text,
        tone=_tone(action, due, moment),
        due=due,
        met_at=action.submitted_at if action.status == ActionStatus.VERIFIED else None,
        buttons=tuple(button for button in _buttons(user, action, extension) if button.verb not in without),
        extension=extension,
        questions=_questions(user, action),
    )


def _words(user: "Person", action: CorrectiveAction) -> tuple[str, str]:
    """The heading and one sentence, said to this reader."""
    if action.status == ActionStatus.SUBMITTED:
        return _words_of_check(user, action)
    return _WORDS[action.status](user, action)


def _words_of_check(user: "Person", action: CorrectiveAction) -> tuple[str, str]:
    by = action.submitted_by.name if action.submitted_by else action.owner.name
    if permissions.can_verify_action(user, action):
        return _("Check this fix"), _(
            "%(name)s says it is fixed. Accept it only if you are sure; you may visit or ask for another photo."
        ) % {"name": by}
    return _("Waiting for check"), _("%(name)s checks it. The clock of the fix has stopped.") % {"name": action.verifier.name}


def _words_of_fix(user: "Person", action: CorrectiveAction) -> tuple[str, str]:
    if permissions.can_fix_action(user, action):
        return _("Fix this"), _("Put it right, take a photo of the result and submit it. %(name)s checks it.") % {
            "name": action.verifier.name
        }
    return _("With %(name)s") % {"name": action.owner.name}, _("%(name)s fixes it. %(checker)s checks it.") % {
        "name": action.owner.name,
        "checker": action.verifier.name,
    }


def _words_of_waiting(user: "Person", action: CorrectiveAction) -> tuple[str, str]:
    return str(action.get_waiting_for_display()), _("The clock goes on. Until it is fixed: %(control)s") % {
        "control": action.interim_control
    }


def _words_of_returned(user: "Person", action: CorrectiveAction) -> tuple[str, str]:
    if permissions.can_fix_action(user, action):
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
    found: list[Button] = []
    if action.status in FIXABLE and permissions.can_fix_action(user, action):
        found += _fixer_buttons(action, has_extension=extension is not None)
    if action.status == ActionStatus.SUBMITTED and permissions.can_verify_action(user, action):
        found += [
            _button(action, "verify", _("Accept and close"), "check-lg", is_primary=True),
            _button(action, "return", _("Return it"), "arrow-return-left"),
        ]
    if extension is not None and permissions.can_decide_extension(user, extension):
        is_primary = not any(button.is_primary for button in found)
        found.insert(0, _button(action, "decide", _("Decide on a later date"), "calendar-check", is_primary=is_primary))
    if action.status in FIXABLE and permissions.can_assign_action(user, action):
        found.append(_button(action, "reassign", _("Give it to someone else"), "person-up"))
    if action.status in OPEN_STATES and permissions.can_cancel_action(user, action):
        found.append(_button(action, "cancel", _("Cancel it"), "slash-circle"))
    return found


def _fixer_buttons(action: CorrectiveAction, *, has_extension: bool) -> list[Button]:
    found = [_button(action, "submit", _("Submit the fix"), "send-check", is_primary=True)]
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


def _questions(user: "Person", action: CorrectiveAction) -> tuple[Question, ...]:
    deadlines = [pk for pk in (action.deadline_id, action.check_deadline_id) if pk]
    waiting = Escalation.objects.filter(deadline__in=deadlines).waiting()
    oldest: dict[int, Escalation] = {}
    for escalation in waiting.select_related("addressee", "deadline__unit", "answer_deadline").order_by("asked_at", "pk"):
        oldest.setdefault(escalation.addressee_id, escalation)
    return tuple(_question(user, escalation, action) for escalation in oldest.values())


def _question(user: "Person", escalation: Escalation, action: CorrectiveAction) -> Question:
    if escalation.addressee_id == user.pk:
        has_action = escalation.deadline_id == action.deadline_id
        return Question(escalation, is_mine=True, answers=answer_buttons(user, escalation, has_action=has_action))
    may_answer = permissions.can_answer_escalation(user, escalation)
    address = reverse("responsibilities:escalation-answer", args=[escalation.pk]) if may_answer else ""
    return Question(escalation, is_mine=False, instead_url=address)


ANSWER_ICONS = {
    AnswerKind.FIX: "wrench",
    AnswerKind.EXTEND: "calendar-plus",
    AnswerKind.REASSIGN: "person-up",
    AnswerKind.VISIT: "geo-alt",
}


def possible_answers(user: "Person", escalation: Escalation, *, has_action: bool) -> list[AnswerKind]:
    """The answers this reader may give: moving the date is for those above, handing on needs a fix that can change hands."""
    found = [AnswerKind.FIX]
    if permissions.can_extend(user, escalation.deadline):
        found.append(AnswerKind.EXTEND)
    if has_action and permissions.can_reassign_for(user, escalation.deadline):
        found.append(AnswerKind.REASSIGN)
    return [*found, AnswerKind.VISIT]


def answer_buttons(user: "Person", escalation: Escalation, *, has_action: bool) -> tuple[Button, ...]:
    address = reverse("responsibilities:escalation-answer", args=[escalation.pk])
    return tuple(
        Button(kind.value, kind.label, ANSWER_ICONS[kind], f"{address}?answer={kind.value}")
        for kind in possible_answers(user, escalation, has_action=has_action)
    )
