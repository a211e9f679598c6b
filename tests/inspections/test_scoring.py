from decimal import Decimal

import pytest

from inspections.catalogue import bands_in_force, points_rule_of
from inspections.models import PenaltyRule, RiskBand, ViolationType
from inspections.scoring import (
    Answer,
    Band,
    NotOnScale,
    PointsRule,
    assess_lec,
    assess_matrix,
    propose_points,
    score_inspection,
)
from tests.inspections.test_catalogue import NOW

LEC = [Band(Decimal(at), level) for at, level in ((0, "G3"), (70, "G2"), (160, "G1"), (320, "M"))]
MATRIX = [Band(Decimal(at), level) for at, level in ((1, "G3"), (9, "G2"), (15, "G1"), (20, "M"))]
RULE = PointsRule(points=3, factors=(Decimal(1), Decimal("1.5"), Decimal(2)), at_most=12)


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        ([], None),
        ([("na", 5), ("na", 1)], None),
        ([("pass", 1), ("pass", 2)], Decimal("100.0")),
        ([("fail", 1)], Decimal("0.0")),
        ([("pass", 1), ("fail", 2)], Decimal("33.3")),
        ([("pass", 2), ("fail", 1)], Decimal("66.7")),
        ([("pass", 1), ("fail", 1), ("na", 100)], Decimal("50.0")),
        ([("pass", 1), ("", 9)], Decimal("100.0")),
        ([("pass", 0), ("fail", 0)], None),
    ],
)
def test_score_is_the_share_of_points_that_applied(answers: list[tuple[str, int]], score: Decimal | None) -> None:
    found = score_inspection(Answer(*answer) for answer in answers)
    assert (found.value if found else None) == score


@pytest.mark.parametrize(
    ("likelihood", "exposure", "consequence", "score", "level"),
    [
        (10, 10, 100, "10000", "M"),
        (3, 6, 15, "270", "G1"),
        (10, "0.5", 15, "75.0", "G2"),
        (10, 1, 7, "70", "G2"),  # exactly on the boundary
        ("0.1", "0.5", 1, "0.05", "G3"),
        (6, 2, 3, "36", "G3"),
        (0.5, 6, 40, "120.0", "G2"),
    ],
)
def test_lec(likelihood: object, exposure: object, consequence: object, score: str, level: str) -> None:
    given = {"likelihood": likelihood, "exposure": exposure, "consequence": consequence}
    assessed = assess_lec(**{name: Decimal(str(value)) for name, value in given.items()}, bands=LEC)
    assert (assessed.score, assessed.level) == (Decimal(score), level)


@pytest.mark.parametrize(("score", "level"), [("69.99", "G2"), ("159.99", "G1"), ("319.99", "M")])
def test_just_below_a_boundary_is_the_band_below(score: str, level: str) -> None:
    bands = [Band(Decimal(score) + Decimal("0.01"), level), Band(Decimal(0), "below")]
    assert assess_lec(likelihood=1, exposure=1, consequence=1, bands=bands).level == "below"
    assert assess_lec(likelihood=10, exposure=10, consequence=100, bands=bands).level == level


@pytest.mark.parametrize(
    ("likelihood", "severity", "level"),
    [(1, 1, "G3"), (2, 4, "G3"), (3, 3, "G2"), (2, 5, "G2"), (3, 5, "G1"), (4, 4, "G1"), (4, 5, "M"), (5, 5, "M")],
)
def test_matrix(likelihood: int, severity: int, level: str) -> None:
    assessed = assess_matrix(likelihood=likelihood, severity=severity, bands=MATRIX)
    assert (assessed.score, assessed.level) == (likelihood * severity, level)


def test_values_off_the_scale_are_refused() -> None:
    with pytest.raises(NotOnScale, match="likelihood 7"):
        assess_lec(likelihood=7, exposure=1, consequence=1, bands=LEC)
    with pytest.raises(NotOnScale, match="severity 6"):
        assess_matrix(likelihood=1, severity=6, bands=MATRIX)
    with pytest.raises(NotOnScale, match="no band"):
        assess_matrix(likelihood=1, severity=1, bands=[])


@pytest.mark.parametrize(("repeats", "points"), [(0, 3), (1, 5), (2, 6), (7, 6)])
def test_points_grow_with_repetition(repeats: int, points: int) -> None:
    assert propose_points(RULE, repeats=repeats) == points


def test_points_have_a_limit_and_may_follow_the_level() -> None:
    assert propose_points(PointsRule(points=12, factors=RULE.factors, at_most=12), repeats=2) == 12
    by_level = PointsRule(by_level={"G3": 0, "M": 6}, factors=RULE.factors)
    assert [propose_points(by_level, level=level) for level in ("G3", "M", "")] == [0, 6, None]
    assert propose_points(PointsRule()) is None


def test_the_shipped_rules_meet_the_arithmetic(catalogue: None) -> None:
    on = NOW.date()
    assert assess_matrix(likelihood=4, severity=5, bands=bands_in_force("matrix", on)).colour == "red"
    assert assess_lec(likelihood=10, exposure=1, consequence=7, bands=bands_in_force("lec", on)).colour == "yellow"
    rule = points_rule_of(ViolationType.objects.get(code="VM01"), PenaltyRule.objects.in_force(on))
    assert rule.factors == RULE.factors
    assert propose_points(rule, level="G1", repeats=1) == 5


def test_a_newer_set_of_bands_replaces_the_old_one_whole(catalogue: None) -> None:
    RiskBand.objects.create(method="matrix", at_least=1, level_id="G1", valid_from=NOW.date())
    assert [band.level for band in bands_in_force("matrix", NOW.date())] == ["G1"]
    assert len(bands_in_force("matrix", NOW.date().replace(day=17))) == 4
