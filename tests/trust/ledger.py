"""What the engine has told whom, in a form that two runs over the same plant have in common."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from responsibilities.choices import DeadlineKind
from responsibilities.models import Deadline, Escalation, Level, Reminder
from responsibilities.services.deadlines import Subject, open_deadline
from responsibilities.sweep import sweep_deadlines
from safetyplant.notifications.models import Delivery, Message
from tests.trust.cast import Cast, make_cast

KINDS = (DeadlineKind.FIX, DeadlineKind.ASSESS, DeadlineKind.VERIFY, DeadlineKind.DECIDE, DeadlineKind.ACKNOWLEDGE)
START = datetime(2026, 6, 1, 9, 0, tzinfo=timezone.get_default_timezone())

Row = tuple[Any, ...]


def make_deadlines(cast: Cast, count: int, *, start: datetime = START) -> None:
    """So many open deadlines of every kind and level, beginning and ending at different hours; the same ones each time."""
    levels = list(Level.objects.order_by("pk"))
    owners = [(cast.station, cast.head), (cast.station2, cast.head2), (cast.station, cast.worker), (cast.branch, cast.leader)]
    for number in range(count):
        unit, owner = owners[number % len(owners)]
        began = start + timedelta(minutes=37 * number)
        open_deadline(
            KINDS[number % len(KINDS)],
            Subject(f"T-{number:04}", f"Thing {number}", "/deadlines/"),
            owner=owner,
            unit=unit,
            level=levels[number % len(levels)],
            starts_at=began,
            due_at=began + timedelta(hours=(30, 72, 168, 12)[number % 4]),
        )


def plant_for(cast: Cast, turn: int, moment: datetime) -> None:
    """New deadlines every thirty moments, so that there is always something due."""
    if turn % 30 == 0:
        make_deadlines(cast, 60, start=moment)


def told_in_peace(moments: Iterable[datetime]) -> dict[str, Counter[Row]]:
    """What one undisturbed sweep a moment tells, on an empty database."""
    cast = make_cast()
    for turn, moment in enumerate(moments):
        plant_for(cast, turn, moment)
        sweep_deadlines(moment)
    return snapshot()


def reminders() -> Counter[Row]:
    """Ledger rows by what they are about; the answers asked are known by what they answer."""
    rows = Reminder.objects.values_list(
        "deadline__number", "deadline__kind", "deadline__due_at", "version", "position", "occurrence", "recipient__username"
    )
    return Counter(rows)


def messages() -> Counter[Row]:
    return Counter(
        Message.objects.values_list("recipient__username", "code", "params__number", "params__kind", "params__due__at")
    )


def escalations() -> Counter[Row]:
    return Counter(
        Escalation.objects.values_list("deadline__number", "deadline__kind", "version", "position", "addressee__username")
    )


def snapshot() -> dict[str, Counter[Row]]:
    return {"reminders": reminders(), "messages": messages(), "escalations": escalations(), "cursors": cursors()}


def cursors() -> Counter[Row]:
    return Counter(Deadline.objects.values_list("number", "kind", "due_at", "next_step_at", "next_position", "next_occurrence"))


def compare(wanted: dict[str, Counter[Row]], found: dict[str, Counter[Row]]) -> tuple[int, int]:
    """(lost, extra) over all tables."""
    lost = sum((wanted[name] - found[name]).total() for name in wanted)
    extra = sum((found[name] - wanted[name]).total() for name in wanted)
    return lost, extra


def unlike_their_ledger() -> int:
    """Reminders that no inbox row of the sweep tells, rows that tell none or tell it twice; deliveries missing or twice.

    A row tells what one sweep has caught up on: every reminder of its deadline and version to its reader of that moment.
    """
    told = Message.objects.filter(dedupe_key__startswith="step:")
    wanted, found = Counter(set(_by_telling().values())), _found()
    faults = (wanted - found).total() + (found - wanted).total()
    faults += Delivery.objects.values("message", "channel").annotate(n=Count("pk")).filter(n__gt=1).count()
    with_mail = told.filter(recipient__email__gt="", recipient__mail_mode="each")
    return faults + with_mail.filter(deliveries=None).count()


def _by_telling() -> dict[Row, Row]:
    """By deadline, version, reader and moment of telling: what one message has to tell.

    Answers owed by one person about one thing by one moment share a message, so they are known by what they are about.
    """
    about = {
        one.answer_deadline_id: (one.deadline_id, one.answer_deadline.owner_id, one.answer_deadline.due_at)
        for one in Escalation.objects.select_related("answer_deadline")
    }
    steps: dict[Row, set[Row]] = {}
    for deadline, version, reader, at, *step in Reminder.objects.values_list(
        "deadline", "version", "recipient", "created_at", "position", "occurrence"
    ):
        steps.setdefault((deadline, version, reader, at), set()).add(tuple(step))
    return {key: (about.get(key[0], key[0]), *key[1:3], frozenset(told)) for key, told in steps.items()}


def _found() -> Counter[Row]:
    """What the inbox rows of the sweep tell; a row without a reminder stands for itself."""
    wanted = _by_telling()
    rows = Message.objects.filter(dedupe_key__startswith="step:")
    keys = rows.values_list("params__deadline", "params__version", "recipient", "created_at")
    return Counter(wanted.get(key, key) for key in keys)
