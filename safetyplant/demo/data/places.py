"""What is inspected there: wells, tanks, vessels, vehicles, buildings, and the rounds that string wells together."""

from dataclasses import dataclass

from responsibilities.choices import PlaceKind
from safetyplant.demo.language import Words


@dataclass(frozen=True)
class WellGroup:
    """The wells of a station: a prefix and their numbers on it."""

    unit: str
    prefix: str
    numbers: tuple[int, ...]
    routes: int


WELLS: tuple[WellGroup, ...] = (
    WellGroup("S03", "B3", tuple(range(3, 29)), 3),
    WellGroup("S07", "N7", tuple(range(1, 29)), 3),
    WellGroup("S12", "N12", (*range(10, 36), *range(37, 47)), 4),
    WellGroup("S15", "S15", tuple(range(1, 31)), 3),
)
WELL: Words = ("Well {code}", "{code}井")
ROUTE: Words = ("Route {number}, {unit}", "{unit}{number}号线路")


@dataclass(frozen=True)
class Thing:
    unit: str
    kind: str
    code: str
    name: Words


def _row(unit: str, kind: str, code: str, first: int, last: int, name: Words) -> tuple[Thing, ...]:
    return tuple(Thing(unit, kind, code.format(n=n), (name[0].format(n=n), name[1].format(n=n))) for n in range(first, last + 1))


THINGS: tuple[Thing, ...] = (
    *_row("CS2", PlaceKind.TANK, "T-{n}", 201, 206, ("Oil tank T-{n}", "T-{n}储油罐")),
    *_row("CS2", PlaceKind.VESSEL, "V-{n}", 101, 103, ("Three-phase separator V-{n}", "V-{n}三相分离器")),
    *_row("CS2", PlaceKind.EQUIPMENT, "H-{n}", 1, 3, ("Heater {n}", "{n}号加热炉")),
    *_row("CS2", PlaceKind.EQUIPMENT, "P-{n}", 11, 14, ("Export pump P-{n}", "P-{n}外输泵")),
    Thing("CS2", PlaceKind.AREA, "LOAD", ("Truck loading rack", "装车栈桥")),
    Thing("CS2", PlaceKind.AREA, "CCR", ("Central control room", "中控室")),
    Thing("CS2", PlaceKind.AREA, "FOAM", ("Foam pump house", "泡沫泵房")),
    *_row("IS3", PlaceKind.EQUIPMENT, "IP-{n}", 1, 4, ("Injection pump {n}", "{n}号注水泵")),
    *_row("IS3", PlaceKind.TANK, "WT-{n}", 1, 2, ("Water tank {n}", "{n}号清水罐")),
    Thing("IS3", PlaceKind.AREA, "HALL", ("Pump hall", "注水泵房")),
    Thing("S03", PlaceKind.AREA, "MS3", ("Metering room 3", "3号计量室")),
    Thing("S12", PlaceKind.AREA, "MS12", ("Metering room 12", "12号计量室")),
    Thing("S12", PlaceKind.VESSEL, "SV-12", ("Metering separator SV-12", "SV-12计量分离器")),
    Thing("S15", PlaceKind.AREA, "MS15", ("Metering room 15", "15号计量室")),
    Thing("MS7", PlaceKind.AREA, "MS7", ("Metering room 7", "7号计量室")),
    Thing("MS7", PlaceKind.VESSEL, "SV-7", ("Metering separator SV-7", "SV-7计量分离器")),
    *_row("TT", PlaceKind.VEHICLE, "TK-{n:02}", 1, 7, ("Oil tanker {n}", "{n}号油罐车")),
    *_row("TT", PlaceKind.VEHICLE, "TR-{n:02}", 1, 4, ("Flatbed truck {n}", "{n}号平板车")),
    *_row("TT", PlaceKind.VEHICLE, "CR-{n:02}", 1, 2, ("Crane truck {n}", "{n}号吊车")),
    Thing("TT", PlaceKind.AREA, "YARD", ("Vehicle yard", "停车场")),
    Thing("MW", PlaceKind.AREA, "WELD", ("Welding bay", "电焊间")),
    Thing("MW", PlaceKind.AREA, "HALL", ("Machine hall", "机修车间")),
    Thing("MW", PlaceKind.EQUIPMENT, "OC-1", ("Overhead crane", "桥式起重机")),
    Thing("MT", PlaceKind.AREA, "LAB", ("Oil laboratory", "原油化验室")),
    Thing("MT", PlaceKind.AREA, "CAL", ("Calibration room", "仪表校验室")),
    *_row("HY", PlaceKind.EQUIPMENT, "WO-{n}", 5, 6, ("Workover rig WO-{n}", "WO-{n}修井机")),
    Thing("DX", PlaceKind.AREA, "STORE", ("Paint store", "油漆库")),
    Thing("DX", PlaceKind.EQUIPMENT, "SC-1", ("Scaffold at tank T-203", "T-203罐脚手架")),
)

#: Who works where: unit, how the code begins, the post's English name. A station's wells are its patrol's.
WELL_POST = "Well patrol"
WORKED_BY: tuple[tuple[str, str, str], ...] = (
    ("CS2", "V-", "Dehydration operator"),
    ("CS2", "H-", "Heater operator"),
    ("CS2", "LOAD", "Oil loading operator"),
    ("CS2", "CCR", "Central control operator"),
    ("IS3", "IP-", "Injection pump operator"),
    ("IS3", "WT-", "Water treatment operator"),
    ("S03", "MS3", "Metering operator"),
    ("S12", "MS12", "Metering operator"),
    ("S15", "MS15", "Metering operator"),
    ("MS7", "MS7", "Metering operator"),
    ("TT", "TK-", "Tanker driver"),
    ("TT", "TR-", "Truck driver"),
    ("TT", "CR-", "Crane operator"),
    ("MW", "WELD", "Welder"),
    ("MW", "OC-", "Rigger"),
    ("MT", "LAB", "Laboratory tester"),
    ("MT", "CAL", "Instrument fitter"),
)
