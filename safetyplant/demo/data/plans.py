"""Which inspections are planned in the demo branch, by whom and how often."""

from dataclasses import dataclass

from inspections.choices import InspectionKind
from safetyplant.demo.language import Words


@dataclass(frozen=True)
class PlannedRound:
    """`targets` are codes of places or units; `rule` or so many `times` a month; `is_wide`: a plan of the whole branch."""

    title: Words
    targets: tuple[str, ...]
    inspectors: tuple[str, ...]
    rule: str = ""
    times: int = 0
    standard: str = ""
    kind: str = InspectionKind.ROUTINE
    is_wide: bool = False


PLANS: tuple[PlannedRound, ...] = (
    PlannedRound(
        ("Wells of Station 12, twice a week", "12号站油井检查（每周两次）"),
        ("S12/N12-45", "S12/N12-41"),
        ("supervisor", "supervisor2"),
        rule="FREQ=WEEKLY;BYDAY=MO,TH",
        standard="WELLSITE",
    ),
    PlannedRound(
        ("Route 3 of Station 12", "12号站3号路线巡检"),
        ("S12/R3",),
        ("supervisor",),
        rule="FREQ=WEEKLY;BYDAY=FR",
        kind=InspectionKind.PATROL,
    ),
    PlannedRound(
        ("Leaders at the front line", "领导到一线"),
        ("S12", "S03", "S07", "IS3", "CS2"),
        ("leader", "production", "director"),
        times=2,
        kind=InspectionKind.LEADER,
        is_wide=True,
    ),
)
EXCUSE = ("Sandstorm, the road to the wells was closed", "沙尘暴，井区道路封闭")
