"""The check that the motor without earth gave cause to: at which wells it is asked, and what was seen there."""

from safetyplant.demo.data.places import WELLS
from safetyplant.demo.language import Words

PLACE = "S12/N12-17"
TITLE: Words = ("Is the motor of the pumping unit earthed?", "抽油机电动机接地是否完好？")
HOW: Words = (
    "Look along the strip to the electrode and measure: 4 ohms or less. Fine means connected, tight and measured.",
    "沿扁铁查至接地极并测量，不大于4欧姆。连接牢固、实测合格方为无此问题。",
)
DONE: Words = ("Strip welded on, measured 2 ohms", "重新焊接扁铁，实测2欧姆")
#: Ten wells of each oil station, by code; the one of the hazard itself is not asked.
ASKED: dict[str, tuple[str, ...]] = {
    group.unit: tuple(f"{group.prefix}-{number:02}" for number in group.numbers if f"{group.prefix}-{number:02}" != "N12-17")[:10]
    for group in WELLS
    if group.unit in ("S07", "S12", "S15")
}
FOUND: dict[str, Words] = {
    "S07/N7-04": ("Bolt at the strip rusted through, 30 ohms measured.", "扁铁连接螺栓锈断，实测30欧姆。"),
    "S12/N12-14": ("Strip torn off by the digger, lying beside the base.", "扁铁被挖掘机扯断，掉在基础旁。"),
}
NOT_HERE: dict[str, Words] = {
    "S07/N7-09": ("Flows by itself, no pumping unit.", "自喷井，无抽油机。"),
}
#: Station 7 answers all, station 12 half of them, station 15 none yet.
FINE: tuple[str, ...] = (
    *(f"S07/{code}" for code in ASKED["S07"] if f"S07/{code}" not in FOUND and f"S07/{code}" not in NOT_HERE),
    *(f"S12/{code}" for code in ASKED["S12"][:5] if f"S12/{code}" not in FOUND),
)
