"""What this room tells people, in words."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from responsibilities.answers import answer_label
from responsibilities.choices import DeadlineKind, DeadlineStatus
from responsibilities.home import task_title
from responsibilities.models import Deadline, Person
from responsibilities.schedules import DUE_NOW
from safetyplant.notifications.digests import DigestLine, DigestSection, register_digest_section
from safetyplant.notifications.types import MessageType, Params, register, register_validity
from safetyplant.shell.moments import due_text, span_text

DIGEST_LINES = 20
DEADLINE_CODES = ("deadline.due", "deadline.due_other", "deadline.late", "deadline.late_other", "deadline.answer")


def with_task(params: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The kind of a deadline put into words, verb first, in the reader's language."""
    return {**params, "task": task_title(params["kind"], params.get("title", ""))}


def for_owner(params: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The task, how it stands at that moment, and what to do if it cannot be done: only a fix may wait or ask for more time."""
    due = datetime.fromisoformat(params["due"]["at"])
    can_wait = at >= due + DUE_NOW and params["kind"] == DeadlineKind.FIX
    advice = _("If it cannot be done, ask for a later date or say what it waits for.") if can_wait else ""
    return {**with_task(params, at), "state": state_text(due, at), "advice": advice}


def for_others(params: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The same for whoever answers for it next."""
    due = datetime.fromisoformat(params["due"]["at"])
    advice = _("If it becomes late, you are asked about it.") if at < due + DUE_NOW else ""
    return {**with_task(params, at), "state": state_text(due, at), "advice": advice}


def state_text(due: datetime, at: datetime) -> str:
    """`Due in 12 h`, `Due now`, `3 days late`: what is true at a moment, whichever step of the schedule is told."""
    if at < due:
        return _("Due in %(span)s") % {"span": span_text(due - at)}
    if at - due < DUE_NOW:
        return _("Due now")
    return _("%(span)s late") % {"span": span_text(at - due)}


def with_answer(params: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The task, and what was answered about it, in the reader's language."""
    return {**with_task(params, at), "answer": answer_label(params.get("answer", ""), params["kind"])}


def is_deadline_open(params: Params) -> bool:
    """A notice of a deadline is true while that very version of it is open."""
    version = (
        Deadline.objects.filter(pk=int(params.get("deadline") or 0), status=DeadlineStatus.OPEN)
        .values_list("version", flat=True)
        .first()
    )
    return version is not None and version == params.get("version")


WHEN_AND_WHAT = gettext_lazy("%(number)s, due %(due)s. %(advice)s")
TYPES = (
    MessageType("deadline.due", gettext_lazy("%(state)s · %(task)s"), WHEN_AND_WHAT, "alarm", for_owner),
    MessageType(
        "deadline.due_other",
        pgettext_lazy("message", "%(state)s, with %(owner)s · %(task)s"),
        WHEN_AND_WHAT,
        "alarm",
        for_others,
    ),
    MessageType("deadline.late", gettext_lazy("%(state)s · %(task)s"), WHEN_AND_WHAT, "alarm-fill", for_owner),
    MessageType(
        "deadline.late_other",
        pgettext_lazy("message", "%(state)s, with %(owner)s · %(task)s"),
        WHEN_AND_WHAT,
        "alarm-fill",
        for_others,
    ),
    MessageType(
        "deadline.answer",
        gettext_lazy("Your answer is asked · %(task)s"),
        gettext_lazy("%(owner)s did not do it by %(due)s (%(number)s). Say why, and what happens now."),
        "chat-left-text",
        with_task,
    ),
    MessageType(
        "escalation.answered",
        gettext_lazy("%(by)s answered: %(answer)s · %(task)s"),
        pgettext_lazy("message", "%(number)s, late: %(text)s"),
        "chat-left-text",
        with_answer,
    ),
    MessageType(
        "action.assigned",
        gettext_lazy("Fix: %(title)s"),
        gettext_lazy("%(by)s gave you %(number)s to fix."),
        "wrench",
    ),
    MessageType(
        "action.submitted",
        gettext_lazy("Check the fix: %(title)s"),
        gettext_lazy("%(by)s says that %(number)s is fixed. Accept it or return it."),
        "check2-square",
    ),
    MessageType(
        "action.returned",
        gettext_lazy("Returned to you: %(title)s"),
        pgettext_lazy("message", "%(by)s on %(number)s: %(reason)s"),
        "arrow-return-left",
    ),
    MessageType(
        "action.verified",
        gettext_lazy("Closed: %(title)s"),
        gettext_lazy("%(by)s checked the fix of %(number)s and accepted it."),
        "check-circle",
    ),
    MessageType(
        "action.date_changed",
        gettext_lazy("New date: %(title)s"),
        gettext_lazy("%(number)s is due %(due)s now. %(by)s: %(reason)s"),
        "calendar-event",
    ),
    MessageType(
        "action.cancelled",
        gettext_lazy("Cancelled: %(title)s"),
        pgettext_lazy("message", "%(by)s on %(number)s: %(reason)s"),
        "slash-circle",
    ),
    MessageType(
        "extension.asked",
        gettext_lazy("Decide on a later date: %(title)s"),
        gettext_lazy("%(by)s asks for more time for %(number)s: %(reason)s"),
        "calendar-plus",
    ),
    MessageType(
        "extension.granted",
        gettext_lazy("Later date granted: %(title)s"),
        pgettext_lazy("message", "%(by)s on %(number)s: %(reason)s"),
        "calendar-check",
    ),
    MessageType(
        "extension.refused",
        gettext_lazy("Later date refused: %(title)s"),
        gettext_lazy("The date stays as it is. %(by)s on %(number)s: %(reason)s"),
        "calendar-x",
    ),
    MessageType(
        "person.suspended",
        gettext_lazy("%(name)s has no access any more"),
        gettext_lazy("%(by)s suspended it. Open tasks that now lie with the next above: %(count)s."),
        "person-slash",
    ),
    MessageType(
        "person.password_reset",
        gettext_lazy("Your password was reset"),
        gettext_lazy("%(by)s gave you a new temporary password. If you did not ask for it, tell your safety officer."),
        "key",
    ),
    MessageType(
        "work.handed_over",
        gettext_lazy("You take over the open tasks of %(name)s (%(count)s)"),
        gettext_lazy("The dates stay as they are. Look at what is late first."),
        "box-arrow-in-down",
    ),
)


def owed_today(person: Person, now: datetime) -> DigestSection | None:
    """What one owes, earliest first, for the daily mail."""
    owed = list(Deadline.objects.open().filter(owner=person).order_by("due_at", "pk")[: DIGEST_LINES + 1])
    if not owed:
        return None
    lines = [DigestLine(_line(deadline, now), deadline.link) for deadline in owed[:DIGEST_LINES]]
    if len(owed) > DIGEST_LINES:
        lines.append(DigestLine(_("More"), "/deadlines/?owner=me&state=open"))
    return DigestSection(_("What you owe"), lines)


def _line(deadline: Deadline, now: datetime) -> str:
    due = due_text(deadline.due_at, now=now)
    words = {"task": task_title(deadline.kind, deadline.title), "relative": due.relative, "absolute": due.absolute}
    return _("%(task)s (%(relative)s, %(absolute)s)") % words


def register_all() -> None:
    register(*TYPES)
    for code in DEADLINE_CODES:
        register_validity(code, is_deadline_open)
    register_digest_section(owed_today)
