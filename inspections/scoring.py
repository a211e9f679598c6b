"""Arithmetic of inspections, risk assessment and points: pure functions, figures in and out, no database.

What the figures are (bands, points, factors) comes from the catalogue; here is only what is done with them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

PASS, FAIL, NA = "pass", "fail", "na"
Number = int | float | Decimal

#: The values that the LEC method knows for likelihood, exposure and consequence (Kinney and Graham's scales as used here).
LEC_SCALES: dict[str, tuple[Decimal, ...]] = {
    "likelihood": tuple(map(Decimal, ("10", "6", "3", "1", "0.5", "0.2", "0.1"))),
    "exposure": tuple(map(Decimal, ("10", "6", "3", "2", "1", "0.5"))),
    "consequence": tuple(map(Decimal, ("100", "40", "15", "7", "3", "1"))),
}
MATRIX_SCALE = (1, 2, 3, 4, 5)


class NotOnScale(ValueError):
    """A value that the method's scale does not have, or a score that no band holds."""


@dataclass(frozen=True)
class Answer:
    """`result` is pass, fail or na; `points` what the item is worth; `cap` what a failure of a critical item leaves at most."""

    result: str
    points: int = 1
    cap: int | None = None


@dataclass(frozen=True)
class Score:
    """How a score came about: `reached` of `asked` points is `share` per cent; `cap` the lowest of failed critical items."""

    reached: int
    asked: int
    share: Decimal
    cap: int | None = None

    @property
    def value(self) -> Decimal:
        """What counts, in per cent to one decimal."""
        return self.share if self.cap is None else min(self.share, Decimal(self.cap).quantize(Decimal("0.1")))

    @property
    def is_capped(self) -> bool:
        return self.value < self.share


@dataclass(frozen=True)
class Band:
    """From `at_least` on, this level (its code) and its risk colour; the boundary belongs to the band."""

    at_least: Decimal
    level: str
    colour: str = ""


@dataclass(frozen=True)
class Assessed:
    """The outcome of a risk assessment."""

    score: Decimal
    level: str
    colour: str = ""


@dataclass(frozen=True)
class PointsRule:
    """What a breach is proposed to cost. `factors[n]` multiplies for the n-th repeat; the last one holds for all after it."""

    points: int | None = None
    by_level: Mapping[str, int] = field(default_factory=dict)
    factors: Sequence[Decimal] = (Decimal(1),)
    at_most: int | None = None


def score_inspection(answers: Iterable[Answer]) -> Score | None:
    """Percentage of the points reached among the items that applied, to one decimal; None when none applied.

    Items that are not applicable or not answered count neither for nor against. A failed critical item caps the whole.
    """
    asked = reached = 0
    caps = []
    for answer in answers:
        if answer.result in (PASS, FAIL):
            asked += answer.points
            reached += answer.points if answer.result == PASS else 0
        if answer.result == FAIL and answer.cap is not None:
            caps.append(answer.cap)
    if not asked:
        return None
    share = (Decimal(reached) * 100 / asked).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return Score(reached, asked, share, min(caps, default=None))


def assess_lec(*, likelihood: Number, exposure: Number, consequence: Number, bands: Iterable[Band]) -> Assessed:
    """D = L × E × C, and the band it falls into. NotOnScale for values that the method does not have."""
    given = {"likelihood": likelihood, "exposure": exposure, "consequence": consequence}
    score = Decimal(1)
    for name, value in given.items():
        exact = Decimal(str(value))
        if exact not in LEC_SCALES[name]:
            raise NotOnScale(f"{name} {value}")
        score *= exact
    return _banded(score, bands)


def assess_matrix(*, likelihood: int, severity: int, bands: Iterable[Band]) -> Assessed:
    """R = L × S on the 5 × 5 matrix, and the band it falls into."""
    for name, value in (("likelihood", likelihood), ("severity", severity)):
        if value not in MATRIX_SCALE:
            raise NotOnScale(f"{name} {value}")
    return _banded(Decimal(likelihood * severity), bands)


def propose_points(rule: PointsRule, *, repeats: int = 0, level: str = "") -> int | None:
    """Points for a breach that the same person committed `repeats` times before in the cycle; None when there is no rule.

    `level` is that of the hazard concerned, for breaches whose points follow it. Halves are rounded up.
    """
    base = rule.by_level.get(level) if rule.by_level else rule.points
    if base is None:
        return None
    factor = rule.factors[min(repeats, len(rule.factors) - 1)]
    points = int((base * factor).quantize(Decimal(1), ROUND_HALF_UP))
    return points if rule.at_most is None else min(points, rule.at_most)


def _banded(score: Decimal, bands: Iterable[Band]) -> Assessed:
    for band in sorted(bands, key=lambda band: band.at_least, reverse=True):
        if score >= band.at_least:
            return Assessed(score, band.level, band.colour)
    raise NotOnScale(f"no band for {score}")
