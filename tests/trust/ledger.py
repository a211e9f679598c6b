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
    """Inbox rows of the sweep without a reminder, or the other way round; deliveries missing or twice."""
    told = Message.objects.filter(dedupe_key__startswith="step:")
    faults = abs(told.count() - Reminder.objects.count())
    faults += Delivery.objects.values("message", "channel").annotate(n=Count("pk")).filter(n__gt=1).count()
    with_mail = told.filter(recipient__email__gt="", recipient__mail_mode="each")
    return faults + with_mail.filter(deliveries=None).count()
