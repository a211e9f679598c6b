"""The hazards the story of today is told by: each state, each level of escalation, something for every account.

Times are hours: `age` before now, steps each after the one before. Terms: minor 1 day, moderate 7, serious 15, major 30.
"""

from dataclasses import dataclass
from typing import Any

from safetyplant.demo.data.major import DIKE, VALVE
from safetyplant.demo.data.reports import CANCEL_DUPLICATE
from safetyplant.demo.language import Words

DAY = 24.0
Step = tuple[float, str, Any]


@dataclass(frozen=True)
class Case:
    """`place` as "unit/code". `is_watched`: nobody answers its escalations by chance."""

    key: str
    place: str
    by: str
    age: float
    title: Words
    description: Words
    level: str
    category: str
    steps: tuple[Step, ...]
    done: Words = ("Done and tested", "已处理并试验合格")
    scene: str = ""
    danger: bool = False
    stop: bool = False
    interim: Words = ("", "")
    is_watched: bool = True


NO_WORDS: Words = ("", "")
ASSESS: Step = (2, "assess", None)
WAIT_PARTS = ("parts", ("Unit stopped, gate chained, sign posted", "停机，护栏门锁链固定，挂警示牌"))

LATE: tuple[Case, ...] = (
    Case("motor", "S12/N12-17", "worker", 23.1 * DAY,
         ("Motor of the pumping unit has no earth connection", "抽油机电动机未接地"),
         ("The cable ends 20 cm above the strip; touched the casing with the tester, no connection.", "接地线距扁铁20厘米处断开，用仪表测不通。"),
         "G1", "ELEC",
         (ASSESS, (20, "start", None), (16 * DAY, "answer", ("visit", ("I go there with the electrician today.", "今天带电工到现场。")))),
         scene="earthing"),
    Case("vent", "S12/N12-21", "supervisor", 19.2 * DAY,
         ("Casing gas vented beside the control cabinet", "套管气在配电柜旁直接放空"),
         ("Gas smell at the cabinet when the wind is from the south.", "南风时配电柜处有油气味。"),
         "G1", "GAS", (ASSESS, (26, "start", None),
                       (30, "wait", ("parts", ("Well shut in at night, portable detector at the cabinet", "夜间关井，配电柜处放置便携式检测仪")))),
         ),
    Case("cage", "S12/N12-22", "supervisor2", 9.3 * DAY,
         ("Four cage bolts missing on the ladder", "爬梯护圈缺四条螺栓"), ("Hoop two and three move by hand.", "第二、三道护圈可晃动。"),
         "G2", "HEIGHT", (ASSESS, (10, "start", None), (60, "submit", None), (20, "return", None)), scene="ladder"),
    Case("sling", "HY/WO-5", "supervisor", 16.5 * DAY,
         ("Wire sling without tag in use on workover rig WO-5", "WO-5修井机使用无标牌钢丝绳套"),
         ("No tag, several broken wires near the eye.", "无标牌，绳眼处多根断丝。"),
         "G1", "LIFT", (ASSESS, (24, "start", None)), scene="sling"),
    Case("flame", "CS2/H-2", "worker2", 8.4 * DAY,
         ("Flame-out alarm of heater 2 not tested this quarter", "2号加热炉熄火报警本季度未试验"),
         ("The test card is empty since last quarter.", "试验卡自上季度起空白。"),
         "G2", "FIRE", (ASSESS, (12, "start", None),
                        (20, "wait", ("shutdown", ("Operator beside the heater at each start", "每次点炉专人值守")))), scene=""),
    Case("green", "MS7/MS7", "s07", 7.6 * DAY,
         ("Two extinguishers below the green range", "两具灭火器压力低于绿区"), ("Both by the separator.", "均在分离器旁。"),
         "G2", "FIRE", (ASSESS,), scene="extinguisher"),
    Case("plate", "S12/N12-39", "worker", 1.6 * DAY,
         ("Well number plate unreadable", "井号牌字迹脱落，无法辨认"), ("Only the last figure can be read.", "只能看清最后一位。"),
         "G3", "SIGN", ((1, "assess", None), (2, "reassign", ("head", "deputy12", ("He has the plates in store.", "备用井号牌在他处。"))))),
    Case("road", "TT/YARD", "tt", 11.2 * DAY,
         ("Gate of the vehicle yard does not stay open", "停车场大门无法固定"), ("Wind pushed it against a tanker.", "大风时门撞到罐车。"),
         "G2", "TRAF", (ASSESS, (30, "start", None)), is_watched=False),
    Case("ear", "IS3/HALL", "supervisor3", 10.4 * DAY,
         ("Noise sign at the pump hall missing", "泵房门口缺噪声警示标识"), ("Nail holes only.", "仅剩钉孔。"),
         "G2", "SIGN", (ASSESS, (40, "start", None)), is_watched=False),
    Case("pump", "CS2/P-12", "supervisor", 6.1 * DAY,
         ("Coupling guard of export pump P-12 misses two bolts", "P-12外输泵联轴器护罩缺两条螺栓"),
         ("Guard moves with the shaft.", "护罩随轴抖动。"),
         "G2", "MECH", (ASSESS, (10, "start", None), (48, "submit", None)), ("Bolts fitted, guard quiet", "螺栓补齐，护罩不再抖动"),
         scene="guard"),
)  # fmt: skip

OPEN: tuple[Case, ...] = (
    Case("stuffing", "S15/S15-03", "s15", 3.1 * DAY,
         ("Stuffing box leaks above the limit", "盘根盒渗漏超标"), ("A cup an hour.", "每小时约一杯。"),
         "G2", "WELL", (ASSESS, (20, "start", None)), scene="flange"),
    Case("fireroad", "CS2/LOAD", "head2", 12 * DAY,
         ("Fire road to the tank farm broken up over 12 m", "通往罐区的消防道路损坏12米"),
         ("A fire engine would have to go round by the gate.", "消防车需绕行大门。"),
         "G1", "FIRE", (ASSESS, (24, "start", None),
                        (48, "wait", ("money", ("Way round by gate 2 marked and kept free", "2号门绕行路线已标识并保持畅通"))),
                        (5 * DAY, "ask", 10), (5, "grant", None))),
    Case("relief", "IS3/IP-2", "is3", 6.2 * DAY,
         ("Relief valve of injection pump 2 weeps", "2号注水泵安全阀渗漏"), ("Drips at 14 MPa.", "14兆帕时滴漏。"),
         "G2", "PROC", (ASSESS, (20, "start", None), (90, "ask", 5)), scene="flange"),
    Case("strap", "TT/TK-04", "tt", 5.4 * DAY,
         ("Static strap of tanker 4 worn through", "4号罐车静电拖地带磨断"), ("Does not touch the ground.", "已不触地。"),
         "G2", "ELEC", (ASSESS, (18, "start", None), (60, "ask", 5), (6, "refuse", None)), scene="earthing"),
    Case("dike", "CS2/T-204", "head2", 20 * DAY,
         ("Dike of tank T-204 cracked over 3 m", "T-204罐防火堤开裂3米"), ("Crack goes through, wet at the foot.", "裂缝贯穿，堤脚潮湿。"),
         "M", "TANK", (ASSESS, (12, "start", None), *DIKE), scene="dike",
         interim=("Tank level held below 4 m, sandbags along the crack", "罐位控制在4米以下，裂缝处码放沙袋")),
    Case("seal", "CS2/P-13", "worker2", 2.3 * DAY,
         ("Seal of export pump P-13 leaks", "P-13外输泵机封渗漏"), ("Thirty drops a minute.", "每分钟约三十滴。"),
         "G2", "PROC", (ASSESS, (8, "start", None), (20, "submit", None)), ("Seal replaced, dry after four hours", "更换机封，运行四小时无渗漏"),
         scene="flange"),
    Case("cabinet12", "S12/N12-31", "worker", 3.2 * DAY,
         ("Control cabinet door not sealed, water inside", "配电柜密封失效，柜内进水"), ("Drops on the terminals after the rain.", "雨后端子上有水珠。"),
         "G2", "ELEC", (ASSESS, (12, "start", None), (24, "submit", None), (16, "return", ("The lower seal is still the old one.", "下部密封条仍是旧的。"))),
         scene="cabinet"),
    Case("steps", "S12/MS12", "worker", 2.1 * DAY,
         ("Step to the metering room broken", "计量室门口台阶破损"), ("Edge came off, ankle height.", "边角脱落。"), "G2", "SIGN", (ASSESS,)),
    Case("lab", "MT/LAB", "mt", 4.2 * DAY,
         ("Fume hood of the laboratory draws too little", "化验室通风橱抽力不足"), ("Paper strip hardly moves.", "纸条几乎不动。"),
         "G2", "GAS", (ASSESS, (22, "start", None), (30, "wait", ("parts", ("Samples heated in the open bay only", "样品仅在敞开区加热"))),
                      (4, "accept", (21, ("The fan comes in three weeks; the other hood is enough until then.", "风机三周后到货，期间另一台通风橱可满足使用。"),
                                     ("Samples heated in the open bay only, two people present", "样品仅在敞开区加热，两人在场"))))),
    Case("lamp", "S12/N12-24", "deputy12", 2.4 * DAY,
         ("Lamp at the wellhead of N12-24 out", "N12-24井口照明灯不亮"), ("Dark at the valve in the night round.", "夜间巡检看不清阀门。"),
         "G2", "ELEC", (ASSESS, (4, "reassign", ("head", "worker", ("Your shift has the lamps.", "灯具在你班组。"))), (16, "start", None))),
    Case("glass", "CS2/H-3", "head2", 1.8 * DAY,
         ("Sight glass of heater 3 sooted", "3号加热炉看火孔积灰"), ("Flame cannot be seen.", "看不清火焰。"),
         "G2", "PROC", (ASSESS, (5, "reassign", ("head2", "worker2", ("Clean it at the next stop.", "下次停炉时清理。"))))),
    Case("weld", "MW/WELD", "equipment", 26.0,
         ("Curtain of the welding bay torn", "电焊间遮光帘破损"), ("Arc seen from the walkway.", "通道可见弧光。"),
         "G3", "PPE", ((2, "assess", None), (3, "start", None), (18, "submit", None)), ("New curtain hung", "已换新帘")),
    Case("guy", "HY/WO-6", "hy", 21.0,
         ("Guy line anchor of rig WO-6 pulled out by 30 cm", "WO-6修井机绷绳地锚拔出30厘米"),
         ("Ground soaked after the rain; mast leans.", "雨后地面松软，井架偏斜。"),
         "G1", "LIFT", ((0.5, "assess", None), (3, "start", None)), danger=True, stop=True,
         interim=("Crew off the floor, mast lowered", "人员撤离，放倒井架")),
)  # fmt: skip

FRESH: tuple[Case, ...] = (
    Case("gas", "CS2/FOAM", "worker2", 0.4,
         ("Smell of gas at the pipe trench", "管沟处有油气味"), ("Detector beeped twice, then stopped.", "检测仪报警两声后停止。"),
         "", "", (), danger=True),
    Case("rail", "IS3/HALL", "supervisor2", 2.2,
         ("Handrail of the stair to the pump hall loose", "泵房楼梯扶手松动"), ("Third post turns.", "第三根立柱可转动。"), "", "", (), scene="ladder"),
    Case("cable", "S12/MS12", "worker", 5.0,
         ("Cable lies across the walkway", "电缆横穿通道"), ("From the compressor to the door, no cover.", "从空压机到门口，无防护。"), "", "", (),
         scene="cabinet"),
    Case("bank", "S07/N7-14", "s07", 9.5,
         ("Bank beside the well road slides", "井场路边坡滑塌"), ("A lorry would not get through.", "货车无法通过。"), "", "", ()),
)  # fmt: skip

CLOSED: tuple[Case, ...] = (
    Case("repeat1", "S12/N12-38", "worker", 71 * DAY, ("Stuffing box leaks above the limit", "盘根盒渗漏超标"),
         ("Oil on the cellar wall.", "方井壁有油。"), "G2", "WELL",
         (ASSESS, (10, "start", None), (60, "submit", None), (20, "verify", None)), ("Packing replaced", "更换盘根"), scene="flange"),
    Case("repeat2", "S12/N12-38", "worker", 43 * DAY, ("Stuffing box leaks again", "盘根盒再次渗漏"),
         ("Four weeks after the last packing.", "距上次更换盘根四周。"), "G2", "WELL",
         (ASSESS, (10, "start", None), (70, "submit", None), (24, "verify", None)), ("Packing replaced, rod polished", "更换盘根，抛光光杆"),
         scene="flange"),
    Case("repeat3", "S12/N12-38", "head", 12 * DAY, ("Stuffing box leaks a third time", "盘根盒第三次渗漏"),
         ("Rod seems bent.", "光杆疑似弯曲。"), "G2", "WELL",
         (ASSESS, (16, "start", None), (80, "submit", None), (30, "verify", None)), ("Polished rod replaced", "更换光杆"), scene="flange"),
    Case("duplicate", "S12/N12-17", "supervisor3", 20 * DAY, ("No earth at the motor of N12-17", "N12-17井电机无接地"),
         ("Seen on the patrol.", "巡检时发现。"), "", "", ((5, "cancel", CANCEL_DUPLICATE),)),
    Case("stopped", "HY/WO-5", "supervisor", 47 * DAY, ("Brake of rig WO-5 slips under load", "WO-5修井机刹车带载打滑"),
         ("Block came down by half a metre.", "游车下滑半米。"), "G1", "MECH",
         ((0.5, "assess", None), (3, "start", None), (30, "submit", None), (2, "release", ("Load test held, crew briefed", "载荷试验合格，已交底")),
          (6, "verify", None)), ("Brake bands replaced, load test passed", "更换刹带，载荷试验合格"), danger=True, stop=True,
         interim=("Rig shut down, hook on the ground", "停机，大钩落地")),
    Case("breathing", "CS2/T-205", "supervisor", 62 * DAY,
         ("Both breathing valves of tank T-205 stuck", "T-205罐两只呼吸阀均卡死"),
         ("The roof drew in by two fingers when oil was taken.", "付油时罐顶内凹两指。"), "M", "TANK",
         (ASSESS, (10, "start", None), *VALVE), ("Both valves replaced and proved", "更换两只呼吸阀并校验合格"),
         interim=("Tank out of use, valves chained shut, sign posted", "停用该罐，阀门上锁链，挂警示牌")),
    Case("extended", "MT/CAL", "mt", 40 * DAY, ("Pressure bench of the calibration room leaks", "校验室压力台漏油"),
         ("Oil under the bench.", "台下有油。"), "G2", "PROC",
         (ASSESS, (30, "start", None), (9 * DAY, "answer", ("extend", ("Pump ordered, five days more.", "泵已订货，延期五天。"))),
          (4 * DAY, "submit", None), (20, "verify", None)), ("Hand pump replaced", "更换手压泵")),
    Case("late", "TT/CR-01", "tt", 55 * DAY, ("Outrigger lock of crane 1 bent", "1号吊车支腿锁销弯曲"),
         ("Pin has to be hammered in.", "需用锤子打入。"), "G2", "LIFT",
         (ASSESS, (30, "start", None), (11.2 * DAY, "submit", None), (20, "verify", None)), ("Pin and bushing replaced", "更换锁销和衬套"),
         scene="sling", is_watched=False),
)  # fmt: skip
CASES = (*LATE, *OPEN, *FRESH, *CLOSED)
