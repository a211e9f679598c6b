"""What is planned, reported and signed about the major hazards of the story."""

from typing import Any

DAY = 24.0
Step = tuple[float, str, Any]

DIKE: tuple[Step, ...] = (
    (30, "plan", (
        ("The leader in charge leads; the station digs, the maintenance team builds, the office of safety watches.",
         "由分管领导牵头，集输站负责清挖，维修队负责砌筑，安全科监督。"),
        ("Empty T-204 to 4 m; take the wall down over 6 m; rebuild it on a new footing; fill it with water for 24 hours.",
         "T-204罐降位至4米；拆除6米堤段；新做基础后重砌；充水24小时试漏。"),
        ("86,000 yuan from this year's safety spending; bricks and cement are in the store.",
         "列入本年度安全费用8.6万元，砖和水泥已到库。"),
        ("Tank kept below 4 m, sandbags along the crack, foam truck on call; both shifts drilled on 12 minutes to the dike valve.",
         "罐位控制在4米以下，裂缝处码放沙袋，泡沫车待命；两班已演练，12分钟内关闭堤外阀。"),
        27,
    )),
    (20, "approve", ("production", "equipment")),
    (10, "outside", ("regulator", "AJ-2026-31")),
    (30, "outside", ("congress", "ZDH-2026-7")),
    (36, "progress", (15, ("Tank emptied to 3.8 m, wall measured, contractor chosen. Sandbags are in place.",
                           "罐位已降至3.8米，完成测量并确定施工队，沙袋到位。"))),
    (6.2 * DAY, "progress", (45, ("Six metres of wall taken down, footing poured.", "已拆除6米堤段，完成基础浇筑。"))),
    (6.4 * DAY, "progress", (70, ("Wall built to two thirds, curing until Friday. The tank stays below 4 m.",
                                  "墙体砌至三分之二，养护至周五，罐位保持4米以下。"))),
)  # fmt: skip

FOAM_PLAN: Step = (20, "plan", (
    ("The station head leads; the instrument team changes the valve with the supplier.", "由站长牵头，仪表班会同厂家更换阀门。"),
    ("Isolate the line at the next shutdown, change the valve, give foam to T-201 as a test.",
     "利用停产切断管线，更换阀门，对T-201罐做泡沫喷射试验。"),
    ("32,000 yuan for valve and test, ordered.", "阀门及试验费3.2万元，已下订单。"),
    ("Foam trailer beside the tank with two people day and night; level below 6 m.", "泡沫拖车昼夜两人值守，罐位6米以下。"),
    28,
))  # fmt: skip
FOAM_PROGRESS: Step = (2.5 * DAY, "progress", (
    20, ("Valve ordered, shutdown asked for. The foam trailer stands by.", "阀门已订货，已申请停产，泡沫拖车值守。"),
))  # fmt: skip

VALVE: tuple[Step, ...] = (
    (28, "plan", (
        ("The leader in charge leads; the station isolates, the equipment team changes both valves.",
         "由分管领导牵头，集输站负责隔离，设备班更换两只呼吸阀。"),
        ("Take T-205 out of use, change both breathing valves, prove them at 1.5 times their setting.",
         "停用T-205罐，更换两只呼吸阀，按1.5倍定压校验。"),
        ("54,000 yuan from safety spending.", "安全费用列支5.4万元。"),
        ("Tank out of use, gauge read every hour, gas trench watched.", "停用该罐，每小时检尺，管沟专人监测。"),
        20,
    )),
    (18, "approve", ("production", "equipment")),
    (12, "outside", ("regulator", "AJ-2026-18")),
    (24, "outside", ("congress", "ZDH-2026-4")),
    (40, "progress", (40, ("Tank out of use, valves on site.", "罐已停用，阀门到货。"))),
    (6 * DAY, "progress", (85, ("Both valves changed, proof test on Monday.", "两只阀已更换，周一校验。"))),
    (3 * DAY, "submit", None),
    (14, "sign", ("production", ("Stood beside both valves while the tank was filled: they breathe.", "现场查看收油过程，两只阀动作正常。"))),
    (6, "sign", ("equipment", ("Certificates 2604 and 2605 seen, setting right.", "校验证书2604、2605齐全，定压正确。"))),
    (20, "verify", None),
)  # fmt: skip
