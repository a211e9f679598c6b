"""The clock of the demo's three months: lives of records take turns in the order of time, and the sweep runs between them.

A life is a generator. It yields the moment of its next step and is woken when the story has come to it; what would happen
after now never does, so that the records of today stand where such records stand today.
"""

import heapq
import io
import random
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from django.utils import timezone

from inspections.models import HazardCategory, ViolationType
from inspections.workflows import keep_treatments
from responsibilities.models import Deadline, Escalation, Level, Person
from responsibilities.sweep import sweep_deadlines
from responsibilities.workflows import answer_escalation
from safetyplant.attachments.models import Attachment
from safetyplant.attachments.services import receive
from safetyplant.demo.data.reports import ANSWERS
from safetyplant.demo.language import Language
from safetyplant.demo.organisation import SEED, Plant
from safetyplant.demo.pictures import picture
from safetyplant.documents.models import Clause, DocumentVersion
from safetyplant.documents.querysets import VersionQuerySet

Life = Generator[datetime, None, None]
DAYS = 92
#: When the sweep runs in the past; the last days see it every hour.
SWEEP_HOURS = (8, 12, 16, 20)
WATCHED = timedelta(days=2)


@dataclass
class Story:
    """Where the story is (`clock`), who is in it, and what waits for its moment."""

    plant: Plant
    clock: datetime = field(init=False)
    people: dict[int, Person] = field(default_factory=dict)
    levels: dict[str, Level] = field(default_factory=dict)
    categories: dict[str, HazardCategory] = field(default_factory=dict)
    breaches: dict[str, ViolationType] = field(default_factory=dict)
    standards: dict[str, DocumentVersion] = field(default_factory=dict)
    clauses: dict[str, list[Clause]] = field(default_factory=dict)
    #: Numbers of hazards whose escalations nobody answers by chance: the written story does.
    left_alone: set[str] = field(default_factory=set)
    _queue: list[tuple[datetime, int, Life]] = field(default_factory=list)
    _turn: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        self.clock = self.ago(days=DAYS)
        self.people = {person.pk: person for person in Person.objects.select_related("unit")}
        self.plant.known = {key: self.people[person.pk] for key, person in self.plant.known.items()}
        self.levels = {level.code: level for level in Level.objects.all()}
        self.categories = {category.code: category for category in HazardCategory.objects.all()}
        self.breaches = {kind.code: kind for kind in ViolationType.objects.order_by("valid_from")}
        published: VersionQuerySet = DocumentVersion.objects.filter(document__kind="standard", status="published")
        for version in published.select_related("document").prefetch_related("clauses").order_by("number"):
            self.standards[version.document.code] = version
            self.clauses[version.document.code] = list(version.clauses.all())

    @property
    def now(self) -> datetime:
        return self.plant.now

    @property
    def say(self) -> Language:
        return self.plant.say

    def who(self, key: str) -> Person:
        return self.plant.known[key]

    def ago(self, *, days: float = 0, hours: float = 0) -> datetime:
        return self.now - timedelta(days=days, hours=hours)

    def later(self, hours: float, *, by_day: bool = True) -> datetime:
        """So many hours from the clock; by day, unless that would carry it past now."""
        raw = self.clock + timedelta(hours=hours)
        moved = _by_day(raw) if by_day else raw
        return moved if self.clock < moved < self.now else raw

    def day(self, days: float) -> datetime:
        """A moment so many days ago, in working hours where possible."""
        raw = self.ago(days=days)
        moved = _by_day(raw)
        return moved if moved < self.now else raw

    def begin(self, life: Life) -> None:
        self._wake(life)

    def run(self) -> None:
        """Everything up to now, in the order of time; the last sweep is the present one."""
        ticks = iter(self._ticks())
        tick = next(ticks, None)
        while self._queue or tick is not None:
            if tick is not None and (not self._queue or tick <= self._queue[0][0]):
                self._sweep(tick)
                tick = next(ticks, None)
                continue
            self.clock, _turn, life = heapq.heappop(self._queue)
            self._wake(life)
        self.clock = self.now
        sweep_deadlines(now=self.now)

    def _wake(self, life: Life) -> None:
        moment = next(life, None)
        if moment is not None and moment < self.now:
            heapq.heappush(self._queue, (max(moment, self.clock), next(self._turn), life))

    def _ticks(self) -> list[datetime]:
        start = timezone.localtime(self.ago(days=DAYS)).replace(minute=0, second=0, microsecond=0)
        hours = (start + timedelta(hours=n) for n in range(1, DAYS * 24 + 1))
        return [at for at in hours if at < self.now and (at > self.now - WATCHED or at.hour in SWEEP_HOURS)]

    def _sweep(self, moment: datetime) -> None:
        self.clock = moment
        keep_treatments(now=moment)
        if not Deadline.objects.due_for_sweep(moment).exists() or not sweep_deadlines(now=moment).deadlines:
            return
        for escalation in Escalation.objects.filter(asked_at=moment).select_related("deadline").order_by("pk"):
            rng = random.Random(f"{SEED}:answer:{escalation.deadline.number}:{escalation.position}")  # noqa: S311
            if escalation.deadline.number not in self.left_alone and rng.random() < 0.85:
                self.begin(self._answer(escalation, rng))

    def _answer(self, escalation: Escalation, rng: random.Random) -> Life:
        """Most of those asked answer within the day; what is settled in the meantime needs no answer."""
        kind, words = rng.choice(ANSWERS)
        yield self.later(rng.uniform(2, 20))
        if Escalation.objects.waiting().filter(pk=escalation.pk).exists():
            by = self.people[escalation.addressee_id]
            answer_escalation(escalation, by=by, answer=kind, text=self.say(words), now=self.clock)

    def photo(self, scene: str, *, broken: bool, by: Person) -> Attachment:
        """A drawn photo as `by` would send it."""
        return receive(io.BytesIO(picture(scene, broken=broken)), by=by, now=self.clock)


def chance(*key: object) -> random.Random:
    """A source of choices of its own for each record, so that none depends on the order of events."""
    return random.Random(":".join(map(str, (SEED, *key))))  # noqa: S311  # not a secret


def _by_day(moment: datetime) -> datetime:
    """Evenings and nights become the next morning between eight and ten; the plant's days are longer than that of the office."""
    local = timezone.localtime(moment)
    hour = local.hour + local.minute / 60
    if hour >= 19:
        return (local + timedelta(days=1)).replace(hour=8, minute=int((hour - 19) * 10), second=local.second)
    if hour < 7:
        return local.replace(hour=9, minute=int(hour * 8), second=local.second)
    return local
