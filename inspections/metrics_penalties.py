"""Read-only figures of penalties: accounts of points, unequal penalties, what is posted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, DecimalField, F, Max, Min, Q, Sum, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from inspections.choices import AppealDecision, EntryKind, Posting
from inspections.models import Penalty, PenaltyRule, PointsEntry, RecordView, RuleThreshold
from responsibilities.choices import UnitKind

if TYPE_CHECKING:
    from inspections.models import Violation
    from responsibilities.models import Person

MOST_ENTRIES = 200
MOST_GROUPS, MOST_LINES = 20, 6
MOST_POSTED = 100


@dataclass(frozen=True)
class Year:
    year: int
    points: int


@dataclass(frozen=True)
class Account:
    """A person's points: the sum of each year, and the entries behind them, the latest first."""

    years: list[Year]
    entries: list[PointsEntry]

    @property
    def present(self) -> int:
        this = timezone.localdate().year
        return next((year.points for year in self.years if year.year == this), 0)

    @property
    def earlier(self) -> list[Year]:
        this = timezone.localdate().year
        return [year for year in self.years if year.year != this]


def account_of(person: "Person") -> Account:
    rows = PointsEntry.objects.filter(person=person)
    related = ("violation__violation_type", "violation__unit", "hazard", "rule")
    entries = list(rows.select_related(*related).order_by("-created_at", "-pk")[:MOST_ENTRIES])
    sums = rows.order_by("-year").values_list("year").annotate(points=Sum("points"))
    return Account([Year(year, max(points, 0)) for year, points in sums], entries)


def views_of(person: "Person", limit: int) -> list[RecordView]:
    """Who looked at this person's records, the latest first."""
    rows = RecordView.objects.filter(person=person).select_related("viewer__unit", "violation")
    return list(rows.order_by("-seen_at", "-pk")[:limit])


def thresholds_on(day: date) -> list[RuleThreshold]:
    return list(PenaltyRule.objects.in_force(day).thresholds.all())


@dataclass(frozen=True)
class Unequal:
    """One clause or breach, the same time in the year, and its different penalties: the mildest first."""

    lines: Sequence[Penalty]
    least: int
    most: int

    @property
    def title(self) -> str:
        violation = self.lines[0].violation
        clause = violation.clause
        if clause is not None:
            return f"{clause.version.document.label} {clause.number}: {clause.label}"
        return violation.violation_type.label if violation.violation_type else violation.clause_text

    @property
    def time(self) -> int:
        return min(self.lines[0].repeats, 2) + 1


#: What counts after an appeal, or will when nobody appeals.
COUNTED = Coalesce(F("decided_points"), F("points"))
NONE = Value(0, output_field=DecimalField(max_digits=9, decimal_places=2))
FINED = Case(When(decision="", then=Coalesce(F("fine"), NONE)), default=Coalesce(F("decided_fine"), NONE))


def unequal_penalties(*, since: datetime) -> list[Unequal]:
    """Groups of penalties for the same clause (or breach, where none is cited) and time in the year that cost differently.

    What was withdrawn or self-reported says nothing about the penalty for a clause. Two queries, however many there are.
    """
    rows = Penalty.objects.filter(noticed_at__gte=since, violation__self_reported=False, person__isnull=False)
    rows = rows.exclude(decision=AppealDecision.WITHDRAW)
    rows = rows.filter(Q(violation__clause__isnull=False) | Q(violation__violation_type__isnull=False))
    keyed = rows.annotate(
        clause=F("violation__clause"),
        code=Case(When(violation__clause=None, then=F("violation__violation_type__code")), default=Value("")),
        time=Least(F("repeats"), Value(2)),
        counted=COUNTED,
        fined=FINED,
    )
    groups = keyed.values("clause", "code", "time").annotate(
        least=Min("counted"), most=Max("counted"), mild=Min("fined"), dear=Max("fined"), n=Count("pk")
    )
    unequal = groups.filter(Q(least__lt=F("most")) | Q(mild__lt=F("dear"))).order_by("-n", "clause", "code")[:MOST_GROUPS]
    found: list[Any] = list(unequal)
    return [_group(each, lines) for each, lines in _lines(keyed, found)]


def _lines(keyed: Any, found: list[Any]) -> list[tuple[Any, list[Penalty]]]:
    if not found:
        return []
    wanted = reduce(or_, (Q(clause=each["clause"], code=each["code"], time=each["time"]) for each in found))
    related = (
        "violation__clause__version__document", "violation__violation_type", "violation__unit", "violation__person", "noticed_by",
        "decided_by",
    )  # fmt: skip
    lines: dict[tuple[Any, ...], list[Penalty]] = {}
    for penalty in keyed.filter(wanted).select_related(*related).order_by("counted", "fined", "pk")[: MOST_GROUPS * 100]:
        lines.setdefault((penalty.clause, penalty.code, penalty.time), []).append(penalty)
    return [(each, lines.get((each["clause"], each["code"], each["time"]), [])) for each in found]


def _group(each: dict[str, Any], lines: list[Penalty]) -> Unequal:
    """The mildest and the hardest, so that both ends stand side by side."""
    half = MOST_LINES // 2
    shown = lines if len(lines) <= MOST_LINES else [*lines[:half], *lines[-half:]]
    return Unequal(shown, each["least"], each["most"])


@dataclass(frozen=True)
class PostedLine:
    """What a passer-by reads. `name` is empty where the rule posts the post alone."""

    violation: "Violation"
    name: str
    post: str
    points: int
    until: date


def posted_lines(rule: PenaltyRule, *, reader: "Person") -> list[PostedLine]:
    """Final penalties with points of the last days, unless taken back; nothing while posting is off.

    SECURITY: inside the plant: people of contractors read none, and the number and description stay with the record.
    """
    if rule.posting == Posting.OFF or (reader.unit is not None and reader.unit.kind == UnitKind.CONTRACTOR):
        return []
    since = timezone.now() - timedelta(days=rule.posting_days)
    charged = PointsEntry.objects.filter(kind=EntryKind.CHARGE, reversed_by=None, created_at__gte=since)
    related = ("violation__violation_type", "violation__unit", "person__post", "person__unit")
    return [
        PostedLine(
            violation=entry.violation,
            name=entry.person.name if rule.posting == Posting.NAME else "",
            post=entry.person.post.name if entry.person.post else str(entry.person.get_grade_display()),
            points=entry.points,
            until=timezone.localdate(entry.created_at) + timedelta(days=rule.posting_days),
        )
        for entry in charged.select_related(*related).order_by("-created_at", "-pk")[:MOST_POSTED]
        if entry.violation is not None
    ]
