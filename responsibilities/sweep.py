"""The sweep: tells everyone what is due, once, and walks the chain when it is late.

PostgreSQL is the schedule. Each open deadline carries a cursor (`next_step_at`); the sweep claims the rows whose moment
has come (SKIP LOCKED, so that overlapping sweeps share the work), inserts ledger, inbox and outbox rows and moves the
cursor, all in one transaction per batch: killed in between, nothing is lost and nothing is said twice. The ledger's unique
key is the last guard. The cost follows what is due, not what exists. At its end deadlines whose schedule was changed move on.

The ledger keeps every step and occurrence; a sweep that catches up on several says them in one message (docs/adr/0014).
"""

import logging
import traceback
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from responsibilities.audience import Addressees
from responsibilities.chain import ChainReader
from responsibilities.choices import DeadlineKind
from responsibilities.models import CorrectiveAction, Deadline, Escalation, Heartbeat, Level, Person, Unit
from responsibilities.schedules import DUE_NOW, Occurrence, Step, due_occurrences, find_step, moment_of
from responsibilities.services.deadlines import Subject, new_deadline, stage_due_at
from responsibilities.services.schedules import ScheduleBook, period_of, place_cursor, recompute_cursors
from responsibilities.services.succession import hand_over_ended
from responsibilities.subjects import end_timed
from responsibilities.workflows.deadlines import told_of, withdraw_key
from safetyplant.notifications.services import Notice, notify_many

logger = logging.getLogger(__name__)

BATCH = 2000
#: A deadline that cannot be processed is looked at again after this, ever later up to some hours; it never stops the others.
RETRY_AFTER = timedelta(minutes=10)
RETRY_AT_MOST = timedelta(hours=6)
#: Counted no further: the column is small, and by then it has stood on the page of the engine for years.
FAILURES_COUNTED = 1000

INSERT_REMINDERS = """
    INSERT INTO responsibilities_reminder (deadline_id, version, position, occurrence, recipient_id, moment, created_at)
    SELECT deadline, version, position, occurrence, recipient, moment, %(now)s
    FROM unnest(%(deadline)s::bigint[], %(version)s::int[], %(position)s::int[], %(occurrence)s::int[],
                %(recipient)s::bigint[], %(moment)s::timestamptz[])
         AS due(deadline, version, position, occurrence, recipient, moment)
    ON CONFLICT DO NOTHING
    RETURNING deadline_id, version, position, occurrence, recipient_id
"""
MOVE_CURSORS = """
    UPDATE responsibilities_deadline AS d
    SET next_step_at = c.moment, next_position = c.position, next_occurrence = c.occurrence, sweep_failures = 0
    FROM unnest(%(id)s::bigint[], %(moment)s::timestamptz[], %(position)s::int[], %(occurrence)s::int[])
         AS c(id, moment, position, occurrence)
    WHERE d.id = c.id
"""


@dataclass
class SweepResult:
    """What was newly created: deadlines (answers asked), reminders (ledger rows), messages (inbox rows).

    A person gets one message about a deadline, however many of its steps the sweep caught up on.

    `failures` are deadlines put off, `moved` those that follow a changed schedule from now on, `handed` those that went to
    someone else because the appointment by which they had come was over, `ended` what rested until a moment that has come.
    """

    deadlines: int = 0
    reminders: int = 0
    messages: int = 0
    failures: int = 0
    moved: int = 0
    handed: int = 0
    ended: int = 0

    def add(self, other: "SweepResult") -> None:
        self.deadlines += other.deadlines
        self.reminders += other.reminders
        self.messages += other.messages
        self.failures += other.failures


@dataclass(frozen=True)
class Told:
    """One reminder to be written: this step of this deadline, to this person."""

    deadline: Deadline
    step: Step
    occurrence: Occurrence
    recipient_id: int
    is_asked: bool = False
    """This person is the one who owes an answer."""

    @property
    def key(self) -> tuple[int, int, int, int, int]:
        at = self.occurrence
        return (self.deadline.pk, self.deadline.version, at.position, at.occurrence, self.recipient_id)


@dataclass
class Sweep:
    """One run over everything due at `now`. Reads the chain of the day and the schedules once."""

    now: datetime
    reader: ChainReader = field(init=False)
    addressees: Addressees = field(init=False)
    book: ScheduleBook = field(init=False)
    #: Of the answers in the present batch: what they are about, see `_subject`.
    asked_about: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reader = ChainReader(timezone.localdate(self.now))
        self.addressees = Addressees(self.reader)
        self.book = ScheduleBook()

    def run(self) -> SweepResult:
        # First, so that what is said today is said to those who answer today.
        # What rested until now goes on first: its reminders are due like any other.
        total = SweepResult(ended=end_timed(self.now), handed=hand_over_ended(now=self.now))
        while True:
            found, result = self._batch()
            total.add(result)
            if not found:
                break
        total.moved = recompute_cursors(now=self.now, book=self.book)
        return total

    def _batch(self) -> tuple[int, SweepResult]:
        """One claimed batch in one transaction; a batch that fails is tried again row by row."""
        failed: list[int] = []
        with transaction.atomic():
            claimed = self._claim()
            try:
                with transaction.atomic():
                    return len(claimed), self._process(claimed)
            except (DatabaseError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
                logger.exception("sweep: a batch of %s failed, trying its rows one by one", len(claimed))
            result = SweepResult()
            for deadline in claimed:
                result.add(self._alone(deadline, failed))
            self._put_off(failed)
        return len(claimed), result

    def _claim(self) -> list[Deadline]:
        due = Deadline.objects.due_for_sweep(self.now).select_for_update(skip_locked=True)
        claimed = list(due[:BATCH])
        # Thousands of deadlines are owed by a hundred people: each of these is read once a batch, not joined to every row.
        for name, model in (("owner", Person), ("level", Level), ("unit", Unit)):
            known = model._base_manager.in_bulk({getattr(deadline, f"{name}_id") for deadline in claimed} - {None})
            for deadline in claimed:
                if (pk := getattr(deadline, f"{name}_id")) is not None:
                    setattr(deadline, name, known[pk])
        return claimed

    def _alone(self, deadline: Deadline, failed: list[int]) -> SweepResult:
        try:
            with transaction.atomic():
                return self._process([deadline])
        except (DatabaseError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
            logger.error("sweep: deadline %s could not be processed\n%s", deadline.pk, traceback.format_exc())
            failed.append(deadline.pk)
            return SweepResult(failures=1)

    def _put_off(self, failed: list[int]) -> None:
        for deadline in Deadline.objects.filter(pk__in=failed):
            deadline.sweep_failures = min(deadline.sweep_failures + 1, FAILURES_COUNTED)
            deadline.next_step_at = self.now + min(RETRY_AFTER * deadline.sweep_failures, RETRY_AT_MOST)
            deadline.save(update_fields=["sweep_failures", "next_step_at"])

    def _process(self, claimed: list[Deadline]) -> SweepResult:
        told: list[Told] = []
        self.addressees.know_fixers(fixers_checked_by(claimed))
        self.asked_about = late_things_of(claimed)
        cursors = [(deadline.pk, self._walk(deadline, told)) for deadline in claimed]
        new = self._insert_reminders(told)
        self._move_cursors(cursors)
        messages = notify_many([self._notice(steps) for steps in in_one_message(t for t in told if t.key in new)], now=self.now)
        answers = self._ask_answers([t for t in told if t.is_asked])
        return SweepResult(deadlines=answers, reminders=len(new), messages=messages)

    def _walk(self, deadline: Deadline, told: list[Told]) -> Occurrence | None:
        """Collect what is to be told for one deadline up to now; returns its next cursor."""
        steps, period = self.book.steps(deadline.schedule_id), period_of(deadline)
        start_step = find_step(steps, deadline.next_position or 0)
        if start_step is None:
            return None
        occurrence = deadline.next_occurrence or 0
        start = Occurrence(moment_of(start_step, period, occurrence), start_step.position, occurrence)
        due, following = due_occurrences(steps, period, start, self.now)
        for at in due:
            step = find_step(steps, at.position)
            assert step is not None  # occurrences come from these steps
            people = self.addressees.of(deadline, step)
            # Only the level that is addressed owes the answer, the others just hear of it; and none is owed about an answer.
            asks = step.asks_answer and deadline.kind != DeadlineKind.ANSWER
            told.extend(Told(deadline, step, at, person, asks and person == people[0]) for person in people)
        return following

    def _insert_reminders(self, told: list[Told]) -> set[tuple[int, int, int, int, int]]:
        if not told:
            return set()
        with connection.cursor() as cursor:
            cursor.execute(
                INSERT_REMINDERS,
                {
                    "now": self.now,
                    "deadline": [t.deadline.pk for t in told],
                    "version": [t.deadline.version for t in told],
                    "position": [t.occurrence.position for t in told],
                    "occurrence": [t.occurrence.occurrence for t in told],
                    "recipient": [t.recipient_id for t in told],
                    "moment": [t.occurrence.moment for t in told],
                },
            )
            return set(cursor.fetchall())

    def _move_cursors(self, cursors: list[tuple[int, Occurrence | None]]) -> None:
        if not cursors:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                MOVE_CURSORS,
                {
                    "id": [pk for pk, _at in cursors],
                    "moment": [at.moment if at else None for _pk, at in cursors],
                    "position": [at.position if at else None for _pk, at in cursors],
                    "occurrence": [at.occurrence if at else None for _pk, at in cursors],
                },
            )

    def _notice(self, steps: list[Told]) -> Notice:
        """What these steps say to one person, at the moment of this sweep: a question before all else, else how it stands."""
        last = steps[-1]
        deadline, at = last.deadline, last.occurrence
        mine = last.recipient_id == deadline.owner_id
        late = self.now >= deadline.due_at + DUE_NOW
        is_asked = any(told.is_asked for told in steps)
        code = "deadline.answer" if is_asked else f"deadline.{'late' if late else 'due'}{'' if mine else '_other'}"
        return Notice(
            last.recipient_id,
            code,
            params=told_of(deadline),
            link=deadline.link,
            urgent=deadline.is_urgent,
            dedupe_key=f"step:{self._subject(deadline)}:{deadline.version}:{at.position}:{at.occurrence}",
            withdraw_key=withdraw_key(deadline.pk),
        )

    def _subject(self, deadline: Deadline) -> str:
        """What a message is about. Of several answers that one person owes about one thing by one moment only one speaks:
        a late sweep asks for them together, they climb together, and one answer settles them all."""
        late = self.asked_about.get(deadline.pk)
        return f"{deadline.pk}" if late is None else f"{late}/{deadline.owner_id}/{deadline.due_at.timestamp():.0f}"

    def _ask_answers(self, asked: list[Told]) -> int:
        """Each escalated level owes an answer, in a deadline of its own; asked once a step and version."""
        if not asked:
            return 0
        once = {_question(one): one for one in reversed(asked)}  # of a step caught up on several times, the first
        known = Escalation.objects.filter(deadline__in={one.deadline.pk for one in asked})
        known_keys = set(known.values_list("deadline_id", "version", "position"))
        new = [one for key, one in sorted(once.items()) if key not in known_keys]
        due_at = stage_due_at("answer", self.now) if new else self.now
        answers = Deadline.objects.bulk_create([self._answer(one, due_at) for one in new])
        Escalation.objects.bulk_create(
            Escalation(
                deadline=one.deadline,
                version=one.deadline.version,
                position=one.occurrence.position,
                addressee_id=one.recipient_id,
                answer_deadline=answer,
                asked_at=self.now,
            )
            for one, answer in zip(new, answers, strict=True)
        )
        return len(new)

    def _answer(self, asked: Told, due_at: datetime) -> Deadline:
        late = asked.deadline
        answer = new_deadline(
            DeadlineKind.ANSWER,
            Subject(late.number, late.title, late.link, late.is_personal),
            owner=self.addressees.person(asked.recipient_id),
            unit=late.unit,
            level=late.level,
            field=late.field,
            is_urgent=late.is_urgent,
            starts_at=self.now,
            due_at=due_at,
        )
        place_cursor(answer, self.book)
        return answer


def fixers_checked_by(deadlines: list[Deadline]) -> dict[int, set[int]]:
    """Of the checks among these: who has the fix or ever had a hand in it. One query a batch, none without a check in it."""
    checks = [deadline.pk for deadline in deadlines if deadline.kind == DeadlineKind.VERIFY]
    if not checks:
        return {}
    fixers: dict[int, set[int]] = {}
    names = ("check_deadline", "owner", "submitted_by", "fixers__person")
    for check, *people in CorrectiveAction.objects.filter(check_deadline__in=checks).values_list(*names):
        fixers.setdefault(check, set()).update(set(people) - {None})
    return fixers


def late_things_of(deadlines: list[Deadline]) -> dict[int, int]:
    """Of the answers among these: the late deadline each is about. One query a batch, none without an answer in it."""
    answers = [deadline.pk for deadline in deadlines if deadline.kind == DeadlineKind.ANSWER]
    if not answers:
        return {}
    return dict(Escalation.objects.filter(answer_deadline__in=answers).values_list("answer_deadline_id", "deadline_id"))


def in_one_message(told: Iterable[Told]) -> Iterable[list[Told]]:
    """The steps of one deadline that one person is told in this sweep, in the order in which they fell."""
    together: dict[tuple[int, int], list[Told]] = {}
    for one in told:
        together.setdefault((one.deadline.pk, one.recipient_id), []).append(one)
    return together.values()


def _question(asked: Told) -> tuple[int, int, int]:
    """What an answer is asked for once: a step of a version of a deadline."""
    return (asked.deadline.pk, asked.deadline.version, asked.occurrence.position)


def sweep_deadlines(now: datetime | None = None) -> SweepResult:
    """Tell what is due at `now` (default: this moment). Run again, it creates nothing more.

    The Celery beat task and `manage.py sweep_deadlines` are this function.
    """
    started = timezone.now()
    Heartbeat.objects.update_or_create(name="sweep", defaults={"started_at": started})
    result = Sweep(now or started).run()
    summary: dict[str, Any] = vars(result) | {"seconds": round((timezone.now() - started).total_seconds(), 3)}
    Heartbeat.objects.filter(name="sweep").update(finished_at=timezone.now(), result=summary)
    return result
