"""The ground of gathering station 2 from above: what stands where, in the space of the drawn pictures (400 × 300)."""

from dataclasses import dataclass

from safetyplant.demo.language import Words

UNIT = "CS2"
NAME: Words = ("Station ground", "站区平面图")


@dataclass(frozen=True)
class Spot:
    """A place by its code, its middle in the picture, and how large it is drawn: two sides, or a radius."""

    code: str
    x: float
    y: float
    width: float
    height: float = 0


SPOTS: tuple[Spot, ...] = (
    *(Spot(f"T-{201 + at}", 70 + 62 * (at % 3), 62 + 62 * (at // 3), 22) for at in range(6)),
    *(Spot(f"V-{101 + at}", 286, 36 + 48 * at, 56, 18) for at in range(3)),
    *(Spot(f"H-{1 + at}", 356, 36 + 48 * at, 30, 24) for at in range(3)),
    *(Spot(f"P-{11 + at}", 196 + 34 * at, 206, 18, 26) for at in range(4)),
    Spot("LOAD", 92, 252, 104, 26),
    Spot("CCR", 350, 254, 60, 36),
    Spot("FOAM", 350, 196, 36, 26),
)
