"""My work: what one person owes, in the order in which it falls due; and the place where other rooms add theirs.

    register_home_section(draft_inspections)          # from the room's AppConfig.ready()

A section is one card of the home page. It may cost one query; the page's budget is fixed by a test.
"""

from collections import Counter
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
    """What one owes in one stretch of time, as many as the list behind `url` shows.

    `rows` are the first of them, without the answers: those stand in their own card, with their choices.
    """

    key: str
    title: Text
    count: int
    is_capped: bool
    rows: tuple[HomeRow, ...]
    url: str
    answers: int = 0

    @property
    def is_cut(self) -> bool:
        return self.count - self.answers > len(self.rows)

    @property
    def target(self) -> str:
        """Down the page where all of it stands there, else to the list."""
        is_whole = self.rows and not self.answers and not self.is_cut
        return f"#{self.key}" if is_whole else self.url

    @property
    def count_text(self) -> str:
        return f"{self.count}+" if self.is_capped else str(self.count)


@dataclass(frozen=True)
class Asked:
    """What is late and asked of the reader, with the answers they may give; asked several `times`, one answer settles all."""

    escalation: Escalation
    title: str
    answers: tuple[Button, ...]
    times: int = 1


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
    DeadlineKind.VISIT: "clipboard-check",
    DeadlineKind.EXCUSE: "calendar-x",
    DeadlineKind.REPLY: "envelope",
    DeadlineKind.NOTICE: "envelope-paper",
    DeadlineKind.RECEIPT: "pen",
    DeadlineKind.APPEAL: "chat-left-text",
    DeadlineKind.PROPOSAL: "question-diamond",
    DeadlineKind.DUTY: "mortarboard",
    DeadlineKind.PROOF: "check2-square",
    DeadlineKind.PLAN: "journal-text",
    DeadlineKind.APPROVE: "calendar-check",
    DeadlineKind.PROGRESS: "graph-up-arrow",
    DeadlineKind.OUTSIDE: "send",
    DeadlineKind.PLACES: "signpost-split",
    DeadlineKind.ACCEPTANCE: "hourglass-split",
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
        DeadlineKind.VISIT: _("Inspect: %(title)s"),
        DeadlineKind.EXCUSE: _("Decide the excuse: %(title)s"),
        DeadlineKind.REPLY: _("Reply to: %(title)s"),
        DeadlineKind.NOTICE: _("Serve the penalty notice: %(title)s"),
        DeadlineKind.RECEIPT: _("Read and sign the penalty notice: %(title)s"),
        DeadlineKind.APPEAL: _("Decide the appeal: %(title)s"),
        DeadlineKind.PROPOSAL: _("Decide the proposed penalty: %(title)s"),
        DeadlineKind.DUTY: _("See to the duty after points: %(title)s"),
        DeadlineKind.PROOF: _("Check the proof of the duty: %(title)s"),
        DeadlineKind.PLAN: _("Write the treatment plan: %(title)s"),
        DeadlineKind.APPROVE: _("Approve the treatment plan: %(title)s"),
        DeadlineKind.PROGRESS: _("Report progress: %(title)s"),
        DeadlineKind.OUTSIDE: _("Report it outside: %(title)s"),
        DeadlineKind.PLACES: _("Check your places: %(title)s"),
        DeadlineKind.ACCEPTANCE: _("Look at it again before its acceptance ends: %(title)s"),
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
    mine = Deadline.objects.open().filter(owner=user)
    owed = list(mine.select_related("level").order_by("due_at", "pk")[: MOST + 1])
    found: dict[str, list[Deadline]] = {key: [] for key, _title in _titles()}
    for deadline in owed[:MOST]:
        found[_key_of(deadline.due_at, moment)].append(deadline)
    # The last row read may have more of its kind behind it.
    last = _key_of(owed[MOST].due_at, moment) if len(owed) > MOST else ""
    return [_group(key, title, found[key], is_capped=key == last) for key, title in _titles()]


def _group(key: str, title: Text, owed: list[Deadline], *, is_capped: bool) -> Group:
    rows = [deadline for deadline in owed if deadline.kind != DeadlineKind.ANSWER]
    shown = tuple(row_of(deadline) for deadline in rows[:MOST_ROWS])
    narrowed = "state=late" if key == "late" else f"state=open&due={key}"
    url = f"{reverse('responsibilities:deadline-list')}?owner=me&{narrowed}"
    return Group(key, title, len(owed), is_capped, shown, url, answers=len(owed) - len(rows))


def _titles() -> list[tuple[str, str]]:
    return [("late", _("Late")), ("today", _("Today")), ("week", _("Next 7 days")), ("later", _("Later"))]


def _key_of(due_at: datetime, now: datetime) -> str:
    return next((key for key, until in ends_of(now).items() if due_at < until), "later")


def ends_of(now: datetime) -> dict[str, datetime]:
    """When each stretch ends, which is where the next one begins; what comes "later" has no end."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return {"late": now, "today": midnight, "week": midnight + timedelta(days=7)}


@dataclass(frozen=True)
class AskedCard:
    """The answers one owes. `count` counts each question, as the list of deadlines does; `rows` each late thing once."""

    rows: list[Asked]
    count: int
    is_capped: bool
    url: str

    @property
    def count_text(self) -> str:
        return f"{self.count}+" if self.is_capped else str(self.count)

    @property
    def is_cut(self) -> bool:
        return self.is_capped or self.count > sum(row.times for row in self.rows)


def asked_of(user: "Person") -> AskedCard:
    """What this person is asked an answer about, oldest question first, each thing once: one answer settles them all."""
    waiting = Escalation.objects.waiting().filter(addressee=user).order_by("asked_at", "pk")
    related = ("deadline__owner", "deadline__unit", "deadline__level", "answer_deadline")
    asked = list(waiting.select_related(*related)[: MOST + 1])
    times = Counter(escalation.deadline_id for escalation in asked[:MOST])
    first = list({escalation.deadline_id: escalation for escalation in reversed(asked[:MOST])}.values())[::-1]
    url = f"{reverse('responsibilities:deadline-list')}?owner=me&state=open&kind={DeadlineKind.ANSWER}"
    return AskedCard(_asked(user, first[:MOST_ROWS], times), sum(times.values()), len(asked) > MOST, url)


def _asked(user: "Person", found: list[Escalation], times: dict[int, int]) -> list[Asked]:
    fixes = set()
    if found:
        late = [escalation.deadline_id for escalation in found]
        fixes = set(CorrectiveAction.objects.filter(deadline__in=late).values_list("deadline_id", flat=True))
    return [
        Asked(
            escalation,
            task_title(escalation.deadline.kind, escalation.deadline.title),
            answer_buttons(user, escalation, has_action=escalation.deadline_id in fixes),
            times[escalation.deadline_id],
        )
        for escalation in found
    ]


def charge_of(user: "Person", *, now: datetime | None = None) -> Charge | None:
    """What is late in the units in one's charge; None for those who are in charge of none.

    Reads at most a thousand moments from the index of open deadlines: past that the figure says "1,000+".
    """
    if not user.standing.has(Right.VIEW_DASHBOARD):
        return None
    rows = Deadline.objects.known_to(user).late(now or timezone.now()).exclude(owner=user)
    if not user.standing.everywhere(Right.VIEW_DASHBOARD):
        rows = rows.filter(unit_id__in=user.standing.unit_ids(Right.VIEW_DASHBOARD))
    moments = list(rows.order_by("due_at", "pk").values_list("due_at", flat=True)[: CAP + 1])
    return Charge(len(moments), moments[0] if moments else None)


def open_deadlines(user: "Person") -> "QuerySet[Deadline]":
    """What one owes, for the figure beside "My work"; counted up to a hundred."""
    if not user.is_authenticated:
        return Deadline.objects.none()
    return Deadline.objects.open().filter(owner=user)[:100]
