"""Who serves, decides and checks; what a violation is proposed to cost; what a person's year adds up to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from inspections.catalogue import points_rule_of
from inspections.choices import AppealDecision
from inspections.models import PenaltyRule, RuleThreshold, Violation
from inspections.penalty_permissions import involved_in
from inspections.scoring import propose_points
from responsibilities.chain import ChainReader
from responsibilities.choices import RoleCode, UnitKind
from responsibilities.models import Appointment, Person
from responsibilities.permissions import is_outranked
from responsibilities.services.deadlines import Subject
from responsibilities.standing import standing_of

if TYPE_CHECKING:
    from inspections.models import Duty, Penalty, ViolationType
    from responsibilities.models import Level, Unit

FIRST = Decimal(1)


@dataclass(frozen=True)
class Reckoned:
    """How the points of a violation came about: the rule, the earlier ones of its kind in the year, the factor for them."""

    rule: PenaltyRule
    repeats: int
    factor: Decimal
    points: int | None


def reckon(
    kind: "ViolationType | None",
    person: "Person | None",
    found_at: datetime,
    *,
    level: "Level | None" = None,
    self_reported: bool = False,
    but: int | None = None,
) -> Reckoned:
    """By the rule of the day on which it was found: more for the same breach by the same person again in that calendar year.

    What was withdrawn, cancelled or reported by oneself counts for nothing. `but`: the violation itself.
    """
    rule = PenaltyRule.objects.in_force(timezone.localdate(found_at))
    repeats = _earlier(kind, person, found_at, but=but) if kind is not None and person is not None else 0
    factor = (FIRST, rule.second_factor, rule.further_factor)[min(repeats, 2)]
    if self_reported:
        return Reckoned(rule, repeats, FIRST, 0)
    if kind is None:
        return Reckoned(rule, repeats, FIRST, None)
    points = propose_points(points_rule_of(kind, rule), repeats=repeats, level=level.code if level else "")
    return Reckoned(rule, repeats, factor, points)


def _earlier(kind: "ViolationType", person: "Person", found_at: datetime, *, but: int | None) -> int:
    year_began = timezone.localtime(found_at).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    same = Violation.objects.filter(person=person, violation_type__code=kind.code, self_reported=False)
    earlier = same.filter(found_at__gte=year_began, found_at__lt=found_at).exclude(status="cancelled")
    if but is not None:
        earlier = earlier.exclude(pk=but)
    return earlier.exclude(penalty__decision=AppealDecision.WITHDRAW).count()


def violation_subject(violation: Violation) -> Subject:
    """SECURITY: neither the person nor the breach: deadlines are read in mails and on lists."""
    link = reverse("inspections:violation-detail", args=[violation.pk])
    return Subject(violation.number, violation.number, link, is_personal=True)


def duty_subject(duty: "Duty") -> Subject:
    return Subject(duty.number, duty.number, reverse("inspections:duty-detail", args=[duty.pk]), is_personal=True)


def host_of(unit: "Unit") -> "Unit":
    """The unit whose officer deals with it: for a contractor the unit it works for."""
    while unit.kind == UnitKind.CONTRACTOR and unit.parent is not None:
        unit = unit.parent
    return unit


def upper_office() -> "Person | None":
    name = settings.UPPER_OFFICE_EMPLOYEE
    return Person.objects.active().filter(username=name).first() if name else None


def choose_server(reader: ChainReader, unit: "Unit", person: "Person | None") -> "Person | None":
    """Who says what a violation costs: the host's safety officer, or the first above who does not rank below the person.

    For the director that is the office above the plant; None when it is not known here.
    """
    host = host_of(unit)
    candidates = [reader.officer(host.pk), *(link.person for link in reader.chain(host.pk).from_role(RoleCode.LEADER))]
    for candidate in candidates:
        if candidate is None or not candidate.is_active or (person is not None and candidate.pk == person.pk):
            continue
        if person is None or not is_outranked(candidate, person):
            return candidate
    return upper_office()


def choose_judge(reader: ChainReader, penalty: "Penalty") -> "Person | None":
    """Who decides an appeal: the leader in charge or the director, whoever took no part and does not rank below the person.

    Where both did, another leader of the plant who took none, the office above it, and last the safety officer.
    """
    return find_judge(reader, penalty.violation.unit, penalty.addressee, involved_in(penalty))


def find_judge(reader: ChainReader, unit: "Unit", person: "Person", barred: set[int | None]) -> "Person | None":
    """For a person of this unit; `barred` took part in it."""
    above = [link.person for link in reader.chain(unit.pk).from_role(RoleCode.LEADER)]
    fit = [one for one in above if one is not None and _is_fit(one, unit, barred, reader)]
    by_rank = [one for one in fit if not is_outranked(one, person)]
    others = [one for one in _other_leaders(reader, unit) if _is_fit(one, unit, barred, reader)]
    office = upper_office()
    last = [one for one in (office, *others, reader.officer(host_of(unit).pk)) if one is not None and one.pk not in barred]
    return next(iter([*by_rank, *last, *fit]), None)


def _is_fit(person: "Person", unit: "Unit", barred: set[int | None], reader: ChainReader) -> bool:
    return person.is_active and person.pk not in barred and not standing_of(person, reader.on).leads_fixes(unit)


def _other_leaders(reader: ChainReader, unit: "Unit") -> list["Person"]:
    held = Appointment.objects.covering(reader.on).select_related("person__unit")
    roles = [RoleCode.PARTY_SECRETARY, RoleCode.FIELD_LEADER]
    return [each.person for each in held.filter(role__in=roles, unit__in=unit.ancestor_ids).order_by("role", "pk")]


def choose_doer(reader: ChainReader, unit: "Unit", person: "Person") -> "Person | None":
    """Who sees to a duty: the head of the person's unit, or the next above when that is the person."""
    return reader.chain(unit.pk).above(person.pk, RoleCode.UNIT_HEAD) or reader.officer(unit.pk)


def choose_checker(reader: ChainReader, duty: "Duty") -> "Person | None":
    """Who checks its proof: the safety officer, or the next above who neither did it nor owes it."""
    host, barred = host_of(duty.unit), {duty.person_id, duty.done_by_id}
    candidates = [reader.officer(host.pk), *(link.person for link in reader.chain(host.pk).from_role(RoleCode.LEADER))]
    return next((one for one in candidates if one is not None and one.is_active and one.pk not in barred), None)


def linked_points(rule: PenaltyRule, points: int) -> int:
    """What a unit head answers for of a member's points."""
    share = (Decimal(points) * rule.linked_percent / 100).quantize(Decimal(1), ROUND_HALF_UP)
    return max(int(share), rule.linked_least)


def crossed(rule: PenaltyRule, before: int, after: int) -> RuleThreshold | None:
    """The highest threshold that was not reached before and is now; the duties below it are contained in it."""
    reached = [each for each in rule.thresholds.all() if before < each.points <= after]
    return max(reached, key=lambda each: each.points, default=None)


LOG_VIEWS = """
    INSERT INTO inspections_recordview (violation_id, person_id, viewer_id, day, seen_at)
    SELECT violation, person, %(viewer)s, %(day)s, %(now)s
    FROM unnest(%(violations)s::bigint[], %(people)s::bigint[]) AS seen(violation, person)
    ON CONFLICT DO NOTHING
"""


def log_views(violations: Iterable[Violation], *, by: "Person", now: datetime | None = None) -> int:
    """Keep that someone was shown whose violations these are: once a day, and not of one's own. Returns how many are new."""
    shown = [violation for violation in violations if violation.person_id is not None and violation.person_id != by.pk]
    if not shown:
        return 0
    moment = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            LOG_VIEWS,
            {
                "violations": [violation.pk for violation in shown],
                "people": [violation.person_id for violation in shown],
                "viewer": by.pk,
                "day": timezone.localdate(moment),
                "now": moment,
            },
        )
        return cursor.rowcount
