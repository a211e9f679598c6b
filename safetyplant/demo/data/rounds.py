"""Which rounds are walked how often, by whom, and what is written beside them."""

from dataclasses import dataclass

from inspections.choices import InspectionKind
from responsibilities.choices import PlaceKind
from safetyplant.demo.data.failures import Failure
from safetyplant.demo.language import Words

SUPERVISORS = ("supervisor", "supervisor", "supervisor2", "supervisor3")
LEADERS = ("leader", "leader", "production", "security", "secretary", "director")


@dataclass(frozen=True)
class RoundPlan:
    """A kind of round: `weight` of them in each cycle; `kinds` of places it goes to (none: the unit as a whole)."""

    unit: str
    standard: str
    weight: int
    kinds: tuple[str, ...] = ()
    inspectors: tuple[str, ...] = SUPERVISORS
    kind: str = InspectionKind.ROUTINE


WELLS, AREAS = (PlaceKind.WELL,), (PlaceKind.AREA,)
PLANS: tuple[RoundPlan, ...] = (
    RoundPlan("S12", "WELLSITE", 5, WELLS),
    RoundPlan("S03", "WELLSITE", 3, WELLS),
    RoundPlan("S07", "WELLSITE", 4, WELLS),
    RoundPlan("S15", "WELLSITE", 3, WELLS),
    RoundPlan("S03", "METERING", 1, AREAS),
    RoundPlan("S12", "METERING", 1, AREAS),
    RoundPlan("S15", "METERING", 1, AREAS),
    RoundPlan("MS7", "METERING", 2, AREAS),
    RoundPlan("CS2", "COMBINED", 4, (PlaceKind.AREA, PlaceKind.VESSEL, PlaceKind.EQUIPMENT)),
    RoundPlan("CS2", "TANK", 3, (PlaceKind.TANK,)),
    RoundPlan("IS3", "INJECTION", 3, (PlaceKind.EQUIPMENT, PlaceKind.AREA)),
    RoundPlan("MW", "PERMIT", 2, AREAS),
    RoundPlan("HY", "PERMIT", 3, (PlaceKind.EQUIPMENT,)),
    RoundPlan("DX", "PERMIT", 2, (PlaceKind.EQUIPMENT, PlaceKind.AREA)),
    RoundPlan("TT", "", 3, (PlaceKind.VEHICLE, PlaceKind.AREA)),
    RoundPlan("MT", "", 1, AREAS),
    RoundPlan("S07", "MGMTAUDIT", 1),
    RoundPlan("TT", "MGMTAUDIT", 1),
    RoundPlan("MT", "MGMTAUDIT", 1),
    RoundPlan("MW", "MGMTAUDIT", 1),
    RoundPlan("S12", "", 2, WELLS, LEADERS, InspectionKind.LEADER),
    RoundPlan("CS2", "", 2, AREAS, LEADERS, InspectionKind.LEADER),
    RoundPlan("S03", "", 1, WELLS, LEADERS, InspectionKind.LEADER),
    RoundPlan("IS3", "", 1, AREAS, LEADERS, InspectionKind.LEADER),
    RoundPlan("S12", "WELLSITE", 2, WELLS, ("head",), InspectionKind.PATROL),
    RoundPlan("S15", "WELLSITE", 1, WELLS, ("s15",), InspectionKind.PATROL),
    RoundPlan("CS2", "TANK", 1, (PlaceKind.TANK,), ("head2",), InspectionKind.PATROL),
    RoundPlan("CS2", "COMBINED", 1, AREAS, ("officer",), InspectionKind.EXTERNAL),
)
OUTSIDE_BODIES: tuple[Words, ...] = (
    ("Safety audit group of the plant", "采油厂安全督查组"),
    ("County fire brigade", "县消防救援大队"),
)
NOTES: tuple[Words, ...] = (
    ("", ""),
    ("", ""),
    ("Weather dry, wind from the north-west.", "天气晴，西北风。"),
    ("Shift friendly and well prepared.", "当班人员配合，准备充分。"),
    ("Second half of the site next week.", "另一半区域下周检查。"),
    ("Rain in the night, roads heavy.", "夜间有雨，道路泥泞。"),
)


def _v(wrong: str, wrong_zh: str, done: str, done_zh: str, scene: str = "") -> Failure:
    return Failure((wrong, wrong_zh), (done, done_zh), scene)


VISIT_FINDINGS: tuple[Failure, ...] = (
    _v("Escape way half blocked by drums", "疏散通道被油桶占用一半", "Drums moved", "油桶已移走"),
    _v("New people do not know the alarm number", "新员工不知道报警电话", "Numbers put up and asked again", "张贴电话并复问"),
    _v("Fire blanket missing from its box", "灭火毯箱内缺灭火毯", "Blanket put in", "已补放", "extinguisher"),
    _v("Wheel nut of a truck loose", "货车一颗轮胎螺母松动", "Nuts tightened and marked", "螺母紧固并画线"),
    _v("Crane hook without latch", "吊钩缺防脱装置", "Latch fitted", "已装防脱", "sling"),
    _v("Handrail of the steps gives way", "台阶扶手松动", "Handrail welded", "扶手已焊牢", "ladder"),
    _v("Cable joint lies in a puddle", "电缆接头泡在积水里", "Joint raised and sealed", "接头架高密封", "cabinet"),
    _v("Meeting minutes without owner and date", "会议纪要无责任人和期限", "Minutes completed", "已补全"),
    _v("Grease pit without cover", "地沟无盖板", "Cover laid", "已盖好"),
)
