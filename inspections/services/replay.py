"""Reckoning the accounts of points anew from the records: final penalties, points taken back, verified reports.

What was taken back and which reports were verified is read from the log, which nobody can change; amounts are reckoned from the
penalties and the rule. A difference is an entry that is missing, one too many, or one that says something else.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.choices import EntryKind
from inspections.models import Hazard, Penalty, PenaltyRule, PointsEntry
from responsibilities.models import Person
from safetyplant.access.transitions import locked
from safetyplant.audit.models import Event
from safetyplant.audit.services import record

#: A record behind entries: "violation" or "hazard", and its id.
Source = tuple[str, int]
#: Whose account of which year, because of which record.
Key = tuple[int, int, Source]


@dataclass(frozen=True)
class Step:
    """One thing that should stand in an account. `place` is that of its event in the log: clocks may differ, the log does not."""

    place: int
    person: int
    year: int
    source: Source
    points: int
    rule: int
    factor: Decimal
    #: Takes off as much as there is, at most `points`.
    is_credit: bool = False


@dataclass(frozen=True)
class Difference:
    """`kind`: missing, surplus or differs (another rule or factor, which no entry more can put right)."""

    kind: str
    key: Key
    expected: Any
    found: Any

    @property
    def missing_points(self) -> int:
        return 0 if self.kind == "differs" else int(self.expected) - int(self.found)


@dataclass(frozen=True)
class Replay:
    entries: int
    differences: list[Difference]


def replay_points() -> Replay:
    """A few reads, whatever the number of accounts: one more for each day on which a report was verified."""
    steps = sorted([*_charges(), *_taken_back(), *_credits()], key=lambda step: (step.place, step.source))
    expected = _add_up(steps)
    found = _found()
    differences = [*_of_points(expected, found), *_of_terms(steps)]
    return Replay(PointsEntry.objects.count(), sorted(differences, key=lambda each: (each.key, each.kind)))


def _charges() -> Iterator[Step]:
    final = Penalty.objects.filter(final_at__isnull=False, person__isnull=False)
    happened = _log("inspections.violation", FINAL, final)
    for penalty in final.select_related("violation").only(*TERMS).iterator(chunk_size=2000):
        if penalty.final_points:
            yield _charge(penalty, happened[penalty.pk][0] if penalty.pk in happened else 0)


#: With each of these a penalty becomes final.
FINAL = ("penalty.final", "penalty.upheld", "penalty.reduced", "penalty.withdrawn")


TERMS = (
    "person_id", "points", "decided_points", "rule_id", "factor", "violation__found_at",
)  # fmt: skip


def _charge(penalty: Penalty, place: int) -> Step:
    assert penalty.person_id is not None  # asked for above
    year = timezone.localdate(penalty.violation.found_at).year
    source = ("violation", penalty.pk)
    return Step(place, penalty.person_id, year, source, penalty.final_points, penalty.rule_id, penalty.factor)


def _taken_back() -> Iterator[Step]:
    happened = _log("inspections.violation", ("penalty.taken_back",), Penalty.objects.filter(final_at__isnull=False))
    for penalty in Penalty.objects.filter(pk__in=happened, person__isnull=False).select_related("violation").only(*TERMS):
        place, _at = happened[penalty.pk]
        charge = _charge(penalty, place)
        yield Step(place, charge.person, charge.year, charge.source, -charge.points, charge.rule, charge.factor)


def _credits() -> Iterator[Step]:
    happened = _log("inspections.hazard", ("hazard.report_verified",), Hazard.objects.filter(closed_at__isnull=False))
    rules = {day: PenaltyRule.objects.in_force(day) for day in {timezone.localdate(at) for _place, at in happened.values()}}
    for pk, person in Hazard.objects.filter(pk__in=happened).values_list("pk", "reported_by"):
        place, at = happened[pk]
        day = timezone.localdate(at)
        rule = rules[day]
        yield Step(place, person, day.year, ("hazard", pk), rule.credit_points, rule.pk, Decimal(1), is_credit=True)


def _log(subject_type: str, actions: Iterable[str], rows: Any) -> dict[int, tuple[int, datetime]]:
    """Where in the log, and when, it happened to which of these records; found by the subject's index."""
    events = Event.objects.filter(subject_type=subject_type, subject_id__in=rows.values("pk"), action__in=actions)
    found: Any = events.order_by("pk").values_list("subject_id", "pk", "at")
    return {pk: (place, at) for pk, place, at in found}


def _add_up(steps: Iterable[Step]) -> dict[Key, int]:
    """What each record should come to in each account; a credit takes off at most what is there at its moment."""
    sums: dict[Key, int] = defaultdict(int)
    balances: dict[tuple[int, int], int] = defaultdict(int)
    for step in steps:
        account = (step.person, step.year)
        points = -min(step.points, max(balances[account], 0)) if step.is_credit else step.points
        balances[account] += points
        sums[(*account, step.source)] += points
    return sums


def _found() -> dict[Key, int]:
    rows = PointsEntry.objects.order_by().values_list("person", "year", "violation", "hazard").annotate(sum=Sum("points"))
    return {
        (person, year, ("violation", violation) if violation is not None else ("hazard", hazard)): points
        for person, year, violation, hazard, points in rows
    }


def _of_points(expected: dict[Key, int], found: dict[Key, int]) -> Iterator[Difference]:
    for key in expected.keys() | found.keys():
        due, has = expected.get(key, 0), found.get(key, 0)
        if due != has:
            yield Difference("missing" if key not in found else "surplus" if key not in expected else "points", key, due, has)


def _of_terms(steps: Iterable[Step]) -> Iterator[Difference]:
    """Charges that name another rule or factor than the notice."""
    due = {step.source[1]: step for step in steps if step.source[0] == "violation" and step.points > 0}
    rows = PointsEntry.objects.filter(kind=EntryKind.CHARGE).values_list("violation", "person", "year", "rule", "factor")
    for violation, person, year, rule, factor in rows:
        step = due.get(violation)
        if step is not None and (step.rule, step.factor) != (rule, factor):
            key = (person, year, ("violation", violation))
            yield Difference("differs", key, [step.rule, str(step.factor)], [rule, str(factor)])


def described(differences: Iterable[Difference]) -> Iterator[dict[str, Any]]:
    """Each as people look for it: by employee number and by the number of the record."""
    found = list(differences)
    people = dict(Person.objects.filter(pk__in={each.key[0] for each in found}).values_list("pk", "username"))
    numbers: dict[Source, str] = {}
    for name, model in (("violation", Penalty), ("hazard", Hazard)):
        field = "violation__number" if name == "violation" else "number"
        ids = {each.key[2][1] for each in found if each.key[2][0] == name}
        numbers |= {(name, pk): number for pk, number in model.objects.filter(pk__in=ids).values_list("pk", field)}
    for each in found:
        person, year, source = each.key
        yield {
            "difference": each.kind, "person": people[person], "year": year, source[0]: numbers.get(source, source[1]),
            "expected": each.expected, "found": each.found,
        }  # fmt: skip


@transaction.atomic
def repair_points(*, reason: str, now: datetime | None = None) -> int:
    """An entry more for each difference of points, with the reason; nothing is rewritten. Returns how many.

    ValidationError without a reason. Duties stay as they are: what someone owes is for a person to change.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why")})
    moment = now or timezone.now()
    people = {each.key[0] for each in replay_points().differences}
    for pk in sorted(people):
        locked(Person.objects, pk)
    # Read again: what became final in the meantime is no difference.
    wrong = [each for each in replay_points().differences if each.missing_points and each.key[0] in people]
    for each in wrong:
        _correct(each, reason, moment)
    return len(wrong)


def _correct(difference: Difference, reason: str, moment: datetime) -> None:
    person, year, (name, pk) = difference.key
    entry = PointsEntry.objects.create(
        person_id=person, year=year, kind=EntryKind.CORRECTION, points=difference.missing_points, **{f"{name}_id": pk},
        rule=PenaltyRule.objects.in_force(timezone.localdate(moment)), factor=Decimal(1), reason=reason, created_at=moment,
    )  # fmt: skip
    subject = entry.violation if entry.violation is not None else entry.hazard
    detail = {"points": entry.points, "year": year, "quote": reason}
    record("points.corrected", subject, by=None, detail=detail, personal={"person": entry.person.name}, at=moment)
