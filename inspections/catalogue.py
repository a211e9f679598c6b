"""What this room brings to the catalogue: hazard categories, violation types, risk bands, and seven standards."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from inspections.models import HazardCategory, PenaltyRule, RiskBand, RuleThreshold, ViolationType
from inspections.scoring import Band, PointsRule
from inspections.services.standards import ItemText, items_of, write_items
from safetyplant.catalogue import Counts, read_data, register, sync_rows
from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.models import Document
from safetyplant.documents.services import draft_version, publish_version

DATA = Path(__file__).parent / "data"


def bands_in_force(method: str, on: date) -> list[Band]:
    """The newest set of bands of a method (lec, matrix) on a day, the gravest first, for `scoring`."""
    newest = RiskBand.objects.filter(method=method, valid_from__lte=on).order_by("-valid_from").values("valid_from")[:1]
    rows = RiskBand.objects.filter(method=method, valid_from=newest).select_related("level").order_by("-at_least")
    return [Band(row.at_least, row.level_id, row.level.colour) for row in rows]


def points_rule_of(violation_type: ViolationType, rule: PenaltyRule) -> PointsRule:
    """What a breach costs by the rule of a day, for `scoring`."""
    factors = (Decimal(1), rule.second_factor, rule.further_factor)
    return PointsRule(violation_type.points, violation_type.points_by_level, factors, rule.at_most)


def load_categories(now: datetime) -> Counts:
    rows = [{**row, "position": position} for position, row in enumerate(read_data(DATA / "categories.json"), start=1)]
    return sync_rows(HazardCategory, rows, key=("code",))


def load_violation_types(now: datetime) -> Counts:
    rows = [
        {"points": None, "points_by_level": {}, "for_leaders": False, **row, "valid_from": date.fromisoformat(row["valid_from"])}
        for row in read_data(DATA / "violation_types.json")
    ]
    return sync_rows(ViolationType, rows, key=("code", "valid_from"))


def load_penalty_rule(now: datetime) -> Counts:
    """The rule as shipped, once: rules never change after they are made, and the officer's later ones stay."""
    data = read_data(DATA / "penalty_rule.json")
    thresholds = data.pop("thresholds")
    if PenaltyRule.objects.exists():
        return Counts(unchanged=1 + len(thresholds))
    rule = PenaltyRule.objects.create(**data)
    RuleThreshold.objects.bulk_create(RuleThreshold(rule=rule, **values) for values in thresholds)
    return Counts(created=1 + len(thresholds))


def load_risk_bands(now: datetime) -> Counts:
    rows = [
        {
            "method": row["method"],
            "at_least": Decimal(row["at_least"]),
            "level_id": row["level"],
            "valid_from": date.fromisoformat(row["valid_from"]),
        }
        for row in read_data(DATA / "risk_bands.json")
    ]
    return sync_rows(RiskBand, rows, key=("method", "at_least", "valid_from"))


def load_standards(now: datetime) -> Counts:
    files = sorted((DATA / "standards").glob("*.json"))
    return sum((load_standard(read_data(path), now=now) for path in files), Counts())


def load_standard(data: dict[str, Any], *, now: datetime) -> Counts:
    """One shipped checklist. Changed items make a new version; published ones are never touched.

    Compared with every version, not the newest: a version that an officer published stays in force until what is shipped
    has really changed.
    """
    titles = {"kind": DocumentKind.STANDARD, "code": data["code"], "title": data["title"], "title_zh": data["title_zh"]}
    counts = sync_rows(Document, [titles], key=("kind", "code"))
    document = Document.objects.get(kind=DocumentKind.STANDARD, code=data["code"])
    items = [_item(number, row) for number, row in enumerate(data["items"], start=1)]
    versions = list(document.versions.published())
    if any(items_of(version) == items for version in versions):
        return counts + Counts(unchanged=len(items))
    if document.versions.drafts().exists():
        return counts + Counts(skipped=len(items))
    draft = draft_version(document, by=None)
    write_items(draft, items)
    valid_from = None if versions else date.fromisoformat(data["valid_from"])
    publish_version(draft, by=None, valid_from=valid_from, now=now)
    return counts + Counts(created=len(items))


def _item(number: int, row: dict[str, Any]) -> ItemText:
    return ItemText(
        number=str(number),
        text=row["text"],
        text_zh=row["text_zh"],
        category=row["category"],
        level=row["level"],
        points=row["points"],
        possibly_major=row.get("possibly_major", False),
    )


register("hazard categories", load_categories, order=40)
register("violation types", load_violation_types, order=50)
register("penalty rule", load_penalty_rule, order=55)
register("risk bands", load_risk_bands, order=60)
register("standards", load_standards, order=70)
