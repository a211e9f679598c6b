"""Changing what violations cost: from a day on, never backwards, so that past notices keep the rule they were served by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.models import PenaltyRule, RuleThreshold, ViolationType
from responsibilities.permissions import can_manage_catalogue
from safetyplant.access.transitions import require
from safetyplant.audit.services import record
from safetyplant.formats.days import day_text

if TYPE_CHECKING:
    from responsibilities.models import Person

RULE_FIELDS = (
    "second_factor", "further_factor", "at_most", "appeal_days", "linked_from", "linked_percent", "linked_least", "overdue_days",
    "pay_deduction", "posting", "posting_days", "ban_by", "ban_days", "credit_points", "credit_level",
)  # fmt: skip
TYPE_FIELDS = ("name", "name_zh", "points", "points_by_level", "fine", "measures", "measures_zh", "for_leaders", "is_active")


@dataclass(frozen=True)
class ThresholdText:
    """From so many points on this duty, due within so many days."""

    points: int
    duty: str
    days: int


@transaction.atomic
def change_rule(
    values: dict[str, Any], thresholds: Sequence[ThresholdText], *, valid_from: date, by: "Person", today: date | None = None
) -> PenaltyRule:
    """The next edition of the rule, from a day on. `values` names every field of `RULE_FIELDS`. ValidationError by field."""
    require(can_manage_catalogue(by))
    _refuse_past(valid_from, today)
    if len({each.points for each in thresholds}) != len(thresholds):
        raise ValidationError(_("Two thresholds have the same points"))
    if not Decimal(1) <= values["second_factor"] <= values["further_factor"]:
        raise ValidationError({"further_factor": _("Factors begin at 1 and never become less with repetition")})
    PenaltyRule.objects.order_by("pk").select_for_update().first()  # two changes at once follow each other
    before = PenaltyRule.objects.in_force(valid_from)
    last = PenaltyRule.objects.filter(valid_from=valid_from).aggregate(last=Max("edition"))["last"] or 0
    rule = PenaltyRule.objects.create(
        valid_from=valid_from, edition=last + 1, made_by=by, **{name: values[name] for name in RULE_FIELDS}
    )
    RuleThreshold.objects.bulk_create(RuleThreshold(rule=rule, **vars(each)) for each in thresholds)
    changes = _changes(before, rule, RULE_FIELDS)
    old, new = _in_words(before.thresholds.all()), _in_words(thresholds)
    if old != new:
        changes["thresholds"] = [old, new]
    record("penalty_rule.changed", rule, by=by, changes=changes, detail={"valid_from": day_text(valid_from)})
    return rule


@transaction.atomic
def change_type(
    kind: ViolationType, values: dict[str, Any], *, valid_from: date, by: "Person", today: date | None = None
) -> ViolationType:
    """Other terms for a breach from a day on; earlier violations keep theirs. `values` names every field of `TYPE_FIELDS`."""
    require(can_manage_catalogue(by))
    _refuse_past(valid_from, today)
    defaults = {name: values[name] for name in TYPE_FIELDS} | {"violation_class": kind.violation_class}
    changed, _created = ViolationType.objects.update_or_create(code=kind.code, valid_from=valid_from, defaults=defaults)
    detail = {"code": kind.code, "valid_from": day_text(valid_from)}
    record("violation_type.changed", changed, by=by, changes=_changes(kind, changed, TYPE_FIELDS), detail=detail)
    return changed


def _changes(before: Any, after: Any, names: Sequence[str]) -> dict[str, list[Any]]:
    pairs = {name: [getattr(before, name), getattr(after, name)] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _in_words(thresholds: Any) -> str:
    return ", ".join(f"{each.points}: {each.duty} ({each.days})" for each in sorted(thresholds, key=lambda each: each.points))


def _refuse_past(day: date, today: date | None) -> None:
    if day < (today or timezone.localdate()):
        raise ValidationError({"valid_from": _("The day must not be in the past")})
