"""What became of what was late: who was told, who was asked, and what was answered, read from the sweep's ledger.

ledger = read_lateness([action.deadline_id, action.check_deadline_id])
ledger.waiting        # escalations without an answer, for the card
ledger.entries()      # lines for `{% timeline %}`, to be sorted in with the audit's
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from responsibilities.answers import answer_icon, answer_label, late_thing
from responsibilities.models import Escalation, Reminder
from safetyplant.shell.moments import day_text

#: Told again each week for years, a single thing could fill pages: the newest are enough.
MOST_REMINDERS = 300
ANSWERED = "escalation.answered"


@dataclass(frozen=True)
class LateEntry:
    """One line of the timeline, beside those of the audit. `actor` is empty: the sentence names everyone."""

    time: datetime
    html: SafeString
    icon: str
    tone: str = ""
    quote: str = ""
    actor: Any = None
    #: Several steps told in one run keep the order in which they were due.
    rank: datetime | None = None


@dataclass(frozen=True)
class Lateness:
    """The ledger of some deadlines: reminders and escalations, each oldest first."""

    reminders: Sequence[Reminder] = field(default_factory=tuple)
    escalations: Sequence[Escalation] = field(default_factory=tuple)

    @property
    def waiting(self) -> list[Escalation]:
        return [one for one in self.escalations if one.settled_at is None and one.suspended_at is None]

    def only(self, *deadline_ids: int | None) -> "Lateness":
        return Lateness(
            [one for one in self.reminders if one.deadline_id in deadline_ids],
            [one for one in self.escalations if one.deadline_id in deadline_ids],
        )

    def without(self, *deadline_ids: int | None) -> "Lateness":
        return Lateness(
            [one for one in self.reminders if one.deadline_id not in deadline_ids],
            [one for one in self.escalations if one.deadline_id not in deadline_ids],
        )

    def entries(self) -> list[LateEntry]:
        return [*self._told(), *self._answered()]

    def _told(self) -> Iterable[LateEntry]:
        asked = {(one.deadline_id, one.version, one.position): one for one in self.escalations}
        for key, group in groupby(self.reminders, key=lambda one: (one.deadline_id, one.version, one.position)):
            told = list(group)
            escalation = asked.get(key)
            if escalation is None and not _is_late(told[-1], asked):
                continue
            yield _told_line(told, escalation)

    def _answered(self) -> Iterable[LateEntry]:
        """One line per answer, though it may settle several questions."""
        seen = set()
        for one in self.escalations:
            key = (one.deadline_id, one.addressee_id, one.answered_at)
            if one.answer and key not in seen:
                seen.add(key)
                yield _answer_line(one)


def read_lateness(deadline_ids: Iterable[int | None]) -> Lateness:
    """Two queries over the ledger's own indexes, whatever the number of deadlines."""
    ids = [pk for pk in deadline_ids if pk]
    if not ids:
        return Lateness()
    reminders = Reminder.objects.filter(deadline__in=ids).select_related("deadline", "recipient")
    escalations = Escalation.objects.filter(deadline__in=ids).order_by("asked_at", "pk")
    related = ("addressee", "answered_by", "deadline__unit", "deadline__owner", "answer_deadline")
    return Lateness(
        list(reminders.order_by("deadline", "version", "position", "occurrence", "pk")[:MOST_REMINDERS]),
        list(escalations.select_related(*related)),
    )


def _is_late(reminder: Reminder, asked: dict[tuple[int, int, int], Escalation]) -> bool:
    """Told after the date. Of a version that was replaced the date is gone: late is what came after its first question."""
    deadline = reminder.deadline
    if reminder.version == deadline.version and reminder.moment >= deadline.due_at:
        return True
    return any(
        pk == deadline.pk and version == reminder.version and position < reminder.position for pk, version, position in asked
    )


def _told_line(told: list[Reminder], escalation: Escalation | None) -> LateEntry:
    last = told[-1]
    names = list(dict.fromkeys(one.recipient.name for one in told))
    times = len({one.occurrence for one in told})
    words: dict[str, Any] = {"thing": late_thing(last.deadline.kind), "names": _bold(names)}
    if escalation is not None:
        words["asked"] = _bold([escalation.addressee.name])
        others = [name for name in names if name != escalation.addressee.name]
        words["names"] = _bold(others)
        sentence = (
            _("%(thing)s was late. %(asked)s was asked for an answer, %(names)s was told.")
            if others
            else _("%(thing)s was late. %(asked)s was asked for an answer.")
        )
    elif times > 1:
        words |= {"times": times, "first": day_text(told[0].created_at)}
        sentence = ngettext(
            "%(thing)s was still late. %(names)s was told %(times)s time, first on %(first)s.",
            "%(thing)s was still late. %(names)s was told %(times)s times, first on %(first)s.",
            times,
        )
    else:
        sentence = _("%(thing)s was late. %(names)s was told.")
    return LateEntry(last.created_at, _filled(sentence, words), "alarm-fill", "bad", rank=last.moment)


def _answer_line(escalation: Escalation) -> LateEntry:
    by, asked, kind = escalation.answered_by, escalation.addressee, escalation.deadline.kind
    assert by is not None
    assert escalation.answered_at is not None  # both guarded by the constraint escalation_answer_whole
    words = {"by": _bold([by.name]), "asked": _bold([asked.name]), "answer": str(answer_label(escalation.answer, kind))}
    is_own = by.pk == asked.pk
    sentence = _("%(by)s answered: %(answer)s.") if is_own else _("%(by)s answered in place of %(asked)s: %(answer)s.")
    icon = answer_icon(escalation.answer, kind)
    return LateEntry(escalation.answered_at, _filled(sentence, words), icon, "now", escalation.answer_text)


def _bold(names: list[str]) -> SafeString:
    return format_html_join(_(", "), "<b>{}</b>", ((name,) for name in names))


def _filled(sentence: str, words: dict[str, Any]) -> SafeString:
    # SECURITY: the sentence comes from our own code and translations; every value in it is escaped here.
    return mark_safe(sentence % {name: conditional_escape(value) for name, value in words.items()})  # noqa: S308


def merged(audited: Iterable[Any], ledger: Lateness) -> list[Any]:
    """The audit's lines and the ledger's as one story, newest first. Answers stand with their words, so once."""
    told = [entry for entry in audited if entry.event.action != ANSWERED]
    # Of what was told at one moment the audit's own order stays: it comes newest first already.
    return sorted(
        [*told, *ledger.entries()], key=lambda entry: (entry.time, getattr(entry, "rank", None) or entry.time), reverse=True
    )


def latest_answer(ledger: Lateness, deadline_ids: Iterable[int | None]) -> Escalation | None:
    """The last answer about what still runs: what the one who was asked has promised."""
    ids = set(deadline_ids)
    found = [one for one in ledger.escalations if one.answer and one.deadline_id in ids]
    return max(found, key=lambda one: (one.answered_at, one.pk), default=None)
