"""My work: what one person owes, in the order in which it falls due; and the place where other rooms add theirs.

    register_home_section(draft_inspections)          # from the room's AppConfig.ready()

A section is one card of the home page. It may cost one query; the page's budget is fixed by a test.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from responsibilities.choices import DeadlineKind
from responsibilities.models import CorrectiveAction, Deadline, Escalation
from responsibilities.panels import Button, answer_buttons
from responsibilities.roles import Right
from safetyplant.search.counts import CAP, count_text

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from responsibilities.models import Level, Person

Text = str | Promise
#: Rows shown per group; the rest stand in the list of deadlines, which the group links to.
MOST_ROWS = 25
#: Rows read at all: whoever owes more than this has other worries than the exact number.
MOST = 200


@dataclass(frozen=True)
class HomeRow:
    """One thing to do: a verb first, where a tap leads, when it is due if it is."""

    title: Text
    url: str
    icon: str = "arrow-right-circle"
    due: datetime | None = None
    level: "Level | None" = None
    note: Text = ""


@dataclass(frozen=True)
class HomeSection:
    """A card of the home page: rows, and perhaps a main button with progress ("4 of 9 wells")."""

    title: Text
    rows: Sequence[HomeRow] = ()
    text: Text = ""
    done: int | None = None
    total: int | None = None
    progress_text: Text = ""
    action_url: str = ""
    action_label: Text = ""
    more_url: str = ""
    order: int = 50


Section = Callable[[Any], HomeSection | None]
_sections: list[Section] = []


def register_home_section(section: Section) -> None:
    """`section(user)` gives what it has for this person, or None."""
    if section not in _sections:
        _sections.append(section)


def sections_for(user: "Person") -> list[HomeSection]:
    found = [section(user) for section in _sections]
    return sorted((section for section in found if section is not None), key=lambda section: section.order)


@dataclass(frozen=True)
class Group:
    """What one owes in one stretch of time. `count` counts all that were read, `rows` shows the first."""

    key: str
    title: Text
    count: int
    is_capped: bool
    rows: tuple[HomeRow, ...]
    url: str

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.rows)

    @property
    def count_text(self) -> str:
        return f"{self.count}+" if self.is_capped else str(self.count)


@dataclass(frozen=True)
class Asked:
    """An escalation asked of the reader, with the answers they may give."""

    escalation: Escalation
    title: str
    answers: tuple[Button, ...]


@dataclass(frozen=True)
class Charge:
    """How it stands in the units someone answers for: what others owe there and haven't done in time."""

    late: int
    oldest_due: datetime | None

    @property
    def late_text(self) -> str:
        return count_text(self.late)


ICONS = {
    DeadlineKind.FIX: "wrench",
    DeadlineKind.ASSESS: "clipboard-check",
    DeadlineKind.DECIDE: "calendar-check",
    DeadlineKind.VERIFY: "check2-square",
    DeadlineKind.ANSWER: "chat-left-text",
    DeadlineKind.ACKNOWLEDGE: "file-earmark-check",
    DeadlineKind.RELEASE: "sign-stop",
}


def task_title(kind: str, title: str) -> str:
    """What is owed, verb first: "Check the fix: …"."""
    return {
        DeadlineKind.FIX: _("Fix: %(title)s"),
        DeadlineKind.ASSESS: _("Assess: %(title)s"),
        DeadlineKind.DECIDE: _("Decide: %(title)s"),
        DeadlineKind.VERIFY: _("Check the fix: %(title)s"),
        DeadlineKind.ANSWER: pgettext("task", "Answer: %(title)s"),
        DeadlineKind.ACKNOWLEDGE: _("Take note: %(title)s"),
        DeadlineKind.RELEASE: _("Release the work: %(title)s"),
    }.get(DeadlineKind(kind), "%(title)s") % {"title": title}


def row_of(deadline: Deadline) -> HomeRow:
    return HomeRow(
        title=task_title(deadline.kind, deadline.title),
        url=deadline.link,
        icon=ICONS.get(DeadlineKind(deadline.kind), "alarm"),
        due=deadline.due_at,
        level=deadline.level,
        note=deadline.number,
    )


def groups_for(user: "Person", *, now: datetime | None = None) -> list[Group]:
    """Late, today, the next seven days, later: one query, which reads at most `MOST` rows of one person's index."""
    moment = now or timezone.now()
    # What was asked in an escalation stands in its own card, with its answers.
    mine = Deadline.objects.open().filter(owner=user, asked_by_escalation__isnull=True)
    owed = list(mine.select_related("level").order_by("due_at", "pk")[: MOST + 1])
    found: dict[str, list[Deadline]] = {key: [] for key, _title in _titles()}
    for deadline in owed[:MOST]:
        found[_key_of(deadline.due_at, moment)].append(deadline)
    groups = []
    for key, title in _titles():
        rows = found[key]
        # The last row read may have more of its kind behind it.
        is_capped = len(owed) > MOST and key == _key_of(owed[MOST].due_at, moment)
        url = f"{reverse('responsibilities:deadline-list')}?owner=me&state={'late' if key == 'late' else 'open'}"
        groups.append(Group(key, title, len(rows), is_capped, tuple(row_of(deadline) for deadline in rows[:MOST_ROWS]), url))
    return groups


def _titles() -> list[tuple[str, str]]:
    return [("late", _("Late")), ("today", _("Today")), ("week", _("Next 7 days")), ("later", _("Later"))]


def _key_of(due_at: datetime, now: datetime) -> str:
    if due_at < now:
        return "late"
    return "today" if due_at < _midnight(now) else "week" if due_at < _week(now) else "later"


def _midnight(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _week(now: datetime) -> datetime:
    return _midnight(now) + timedelta(days=7)


def asked_of(user: "Person") -> list[Asked]:
    """What this person is asked an answer about, oldest question first, each thing once: one answer settles them all."""
    waiting = Escalation.objects.waiting().filter(addressee=user).order_by("asked_at")
    rows = waiting.select_related("deadline__owner", "deadline__unit", "deadline__level", "answer_deadline")[:MOST_ROWS]
    found = list({escalation.deadline_id: escalation for escalation in reversed(list(rows))}.values())[::-1]
    fixes = set()
    if found:
        late = [escalation.deadline_id for escalation in found]
        fixes = set(CorrectiveAction.objects.filter(deadline__in=late).values_list("deadline_id", flat=True))
    return [
        Asked(
            escalation,
            task_title(escalation.deadline.kind, escalation.deadline.title),
            answer_buttons(user, escalation, has_action=escalation.deadline_id in fixes),
        )
        for escalation in found
    ]


def charge_of(user: "Person", *, now: datetime | None = None) -> Charge | None:
    """What is late in the units in one's charge; None for those who are in charge of none.

    Reads at most a thousand moments from the index of open deadlines: past that the figure says "1,000+".
    """
    if not user.standing.has(Right.VIEW_DASHBOARD):
        return None
    rows = Deadline.objects.late(now or timezone.now()).exclude(owner=user)
    if not user.standing.everywhere(Right.VIEW_DASHBOARD):
        rows = rows.filter(unit_id__in=user.standing.unit_ids(Right.VIEW_DASHBOARD))
    moments = list(rows.order_by("due_at", "pk").values_list("due_at", flat=True)[: CAP + 1])
    return Charge(len(moments), moments[0] if moments else None)


def open_deadlines(user: "Person") -> "QuerySet[Deadline]":
    """What one owes, for the figure beside "My work"; counted up to a hundred."""
    if not user.is_authenticated:
        return Deadline.objects.none()
    return Deadline.objects.open().filter(owner=user)[:100]
