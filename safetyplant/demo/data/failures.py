"""What inspectors write when an item fails, and what is written when it is put right, by standard and item."""

from dataclasses import dataclass

from safetyplant.demo.language import Words


@dataclass(frozen=True)
class Failure:
    """`wrong` as the inspector types it, `done` as the fixer does; `scene` names the drawn picture, `interim` what keeps
    people safe until it is fixed (asked of possibly major items)."""

    wrong: Words
    done: Words
    scene: str = ""
    interim: Words = ("", "")


def _f(wrong: str, wrong_zh: str, done: str, done_zh: str, scene: str = "", interim: str = "", interim_zh: str = "") -> Failure:
    return Failure((wrong, wrong_zh), (done, done_zh), scene, (interim, interim_zh))


WELLSITE: dict[int, tuple[Failure, ...]] = {
    1: (_f("Well number plate unreadable", "井号牌字迹脱落，无法辨认", "New plate fitted", "已更换井号牌"),
        _f("Rain has washed out the road to the site", "井场道路被雨水冲出深沟", "Road filled and rolled", "道路已填平压实")),
    2: (_f("Oily ground around the wellhead, dry grass by the fence", "井口周围有油污，围栏边有干草",
           "Oily soil removed, grass cut", "油污土已清运，杂草已清除"),),
    3: (_f("Crank guard gate broken, cannot be closed", "曲柄护栏门损坏，无法关闭",
           "New hinge pair and latch fitted, gate tested ten times", "更换合页和锁扣，开关试验十次正常", "guard"),
        _f("Guard rail 20 cm lower than required on the belt side", "皮带轮侧护栏高度不足，差20厘米",
           "Rail raised with a third bar", "护栏加高，增设一道横杆", "guard")),
    4: (_f("Belt guard held by one bolt, rubs on the belt", "皮带护罩仅剩一条螺栓，擦碰皮带", "Bolts fitted, belt tension set",
           "补齐螺栓，调整皮带松紧"),),
    5: (_f("Brake lever has no travel left, pad worn", "刹车行程到头，刹车片磨损", "Pads replaced, brake holds at any position",
           "更换刹车片，任意位置制动可靠"),),
    6: (_f("Safety mark on a crank pin nut has moved by 5 mm", "曲柄销螺母防松线错位5毫米", "Nut tightened and marked again",
           "螺母已紧固并重新画线"),),
    7: (_f("Three broken strands in the bridle at the hanger", "毛辫子悬绳器处断丝三根", "Bridle replaced", "已更换毛辫子"),),
    8: (_f("Four cage bolts missing on the ladder", "爬梯护圈缺四条螺栓", "Bolts fitted and torqued, climb limit sign put up",
           "螺栓补齐紧固，增设登高警示牌", "ladder"),),
    9: (_f("Two anchor bolts of the base loose, unit shakes", "底座两条地脚螺栓松动，机组振动", "Bolts tightened, base levelled",
           "地脚螺栓紧固，底座找平"),),
    10: (_f("Stuffing box leaks above the limit", "盘根盒渗漏超标", "Packing replaced, dry after two hours",
            "更换盘根，运行两小时无渗漏", "flange"),
         _f("Wellhead valve stiff, cannot be turned by hand", "井口阀门锈死，手动无法开关", "Valve greased and exercised",
            "阀门加注密封脂，开关灵活")),
    11: (_f("Casing gauge past its calibration date", "套压表超过检定期", "Calibrated gauge fitted", "已换检定合格压力表"),),
    12: (_f("Check valve of the flowline passes back", "出油管线单流阀不严", "Check valve replaced", "已更换单流阀"),),
    13: (_f("Motor of the pumping unit has no earth connection", "抽油机电动机未接地", "Earth cable fitted, 2.8 ohm measured",
            "补装接地线，实测2.8欧姆", "earthing"),),
    14: (_f("Control cabinet door not sealed, no shock warning sign", "配电柜门密封失效，无防触电标识",
            "Seal and sign renewed, cabinet locked", "更换密封条和标识，柜门上锁", "cabinet"),),
    15: (_f("Motor cable chafed at the junction box, insulation open", "电动机电缆在接线盒处磨破，绝缘外露",
            "Cable end remade and put into conduit", "重做电缆头并穿管保护", "cabinet"),),
    17: (_f("Casing gas vented beside the control cabinet", "套管气在配电柜旁直接放空", "Vent line led 15 m away, upwards",
            "放空管引至15米外高处"),),
    18: (_f("Wind sock torn off, H2S sign faded", "风向标脱落，硫化氢警示牌褪色", "Wind sock and sign renewed", "更换风向标和警示牌"),),
    19: (_f("Two extinguishers below the green range", "两具灭火器压力低于绿区", "Extinguishers refilled and sealed",
            "灭火器已充装并铅封", "extinguisher"),),
    20: (_f("Flowline hangs free over 6 m after the bank slid", "边坡滑塌，出油管线悬空6米", "Supports set, bank filled",
            "增设支墩，边坡回填"),
         _f("Pinhole in the flowline, oil on the ground", "出油管线腐蚀穿孔，地面有油", "Section cut out and welded in new",
            "更换腐蚀管段", "flange")),
    21: (_f("Heater lights only at the third try, flame-out trip slow", "水套炉三次点火才着，熄火保护动作迟缓",
            "Burner cleaned, trip tested", "清理燃烧器，熄火保护试验合格"),),
    22: (_f("Seal on the casing valve broken", "套管闸门铅封破损", "Sealed again, number recorded", "重新铅封并登记编号"),),
}  # fmt: skip

METERING: dict[int, tuple[Failure, ...]] = {
    1: (_f("Emergency card on the wall is last year's", "上墙应急处置卡为上年版本", "Current card put up", "已更换现行版本"),),
    2: (_f("Ventilation fan does not start", "轴流风机无法启动", "Capacitor replaced, fan runs", "更换电容，风机运转正常"),),
    3: (_f("Gas detector past its calibration date", "可燃气体报警器超过检定期", "Calibrated and tested with gas",
           "已检定并通气试验"),),
    5: (_f("Level gauge of the separator fouled, limits not marked", "分离器液位计结垢，无上下限标识", "Cleaned and marked",
           "已清洗并标识上下限"),),
    6: (_f("Pressure gauge without red line", "压力表无红线", "Red line marked", "已标红线"),),
    8: (_f("Manifold valve 6 drips at the stem", "阀组6号阀阀杆渗漏", "Packing replaced", "更换填料", "flange"),),
    9: (_f("Gland of an explosion-proof lamp open", "防爆灯引入口未密封", "Gland sealed", "引入口密封胶泥已补", "cabinet"),),
    10: (_f("Bonding across a flange cut through", "法兰跨接线断开", "Bonding renewed, measured", "更换跨接线并测试", "earthing"),),
    12: (_f("Extinguisher below the green range, card not filled since last month", "灭火器压力不足，上月起未填检查卡",
            "Extinguisher changed, card filled", "更换灭火器，补填检查卡", "extinguisher"),),
    14: (_f("Steel hammer in the metering room", "计量间存放铁锤", "Taken away, bronze hammer hung up", "已移走，配铜锤"),),
    16: (_f("Trench cover broken at the door", "门口管沟盖板断裂", "Cover replaced", "更换盖板"),),
    17: (_f("Boxes stand in front of the emergency door", "安全门前堆放纸箱", "Cleared, floor marked", "已清理并划线"),),
    18: (_f("Patrol record of the night shift written in advance", "夜班巡检记录提前填写", "Talked through with the shift",
            "已对当班人员教育"),),
    20: (_f("Operator without antistatic clothing", "操作人员未穿防静电工服", "Clothing changed", "已更换防静电工服"),),
}  # fmt: skip

COMBINED: dict[int, tuple[Failure, ...]] = {
    2: (_f("Truck let in without a spark arrester", "车辆未戴阻火帽入站", "Gate stock of arresters doubled, guard briefed",
           "门岗增配阻火帽，教育门卫"),),
    3: (_f("Fire road blocked by pipe sections", "消防道路堆放管材", "Pipes moved to the yard", "管材移至料场"),),
    5: (_f("Foam concentrate 300 litres below the required stock", "泡沫液储量不足，缺300升", "Foam topped up, test report filed",
           "补足泡沫液，检测报告归档"),),
    7: (_f("Low level trip of separator V-102 bypassed without approval", "V-102分离器低液位联锁摘除无审批",
           "Trip back in service and tested", "联锁恢复投用并试验", "", "Level watched by an operator on site",
           "安排专人现场盯守液位"),),
    8: (_f("Eleven standing alarms nobody can explain", "中控有11条长期报警无说明", "Alarms cleared or set anew",
           "逐条消除或重设"),),
    9: (_f("Level of separator V-101 hunts, gauge frozen", "V-101分离器液位波动，液位计失灵", "Transmitter replaced",
           "更换液位变送器"),),
    12: (_f("Coupling guard of the export pump misses two bolts", "外输泵联轴器护罩缺两条螺栓", "Bolts fitted", "螺栓已补齐", "guard"),
         _f("Seal of the export pump leaks", "外输泵机封渗漏", "Seal replaced", "更换机械密封", "flange")),
    11: (_f("Flame-out trip of the heater does not close the gas valve", "加热炉熄火联锁未能切断气阀",
            "Valve actuator replaced, trip tested three times", "更换执行机构，联锁试验三次合格", "",
            "Heater out of service until tested", "试验合格前停炉"),),
    13: (_f("Fan of the compressor room not linked to the detector", "压缩机房风机未与报警联锁", "Link restored and tested",
            "联锁恢复并试验"),),
    14: (_f("Two H2S detectors past their test date", "两台硫化氢探测器超期未标定", "Calibrated", "已标定"),),
    15: (_f("One breathing set at 18 MPa, below the limit", "一套空呼压力18兆帕，低于下限", "Cylinder filled", "气瓶已充装"),),
    16: (_f("Liquid seal of the flare low", "火炬水封液位低", "Seal filled, level marked", "补水并标识液位"),),
    17: (_f("Area drawing does not show the new pump", "防爆区域图未标新增泵", "Drawing revised", "图纸已修订"),),
    18: (_f("Rodent guard of the switch room missing", "配电室无挡鼠板", "Guard fitted", "已装挡鼠板", "cabinet"),),
    19: (_f("Earthing strip of the pump hall rusted through", "泵房接地扁铁锈断", "Strip welded in new", "更换接地扁铁", "earthing"),),
    20: (_f("Eyewash at the chemical store dry", "药剂间洗眼器无水", "Valve opened, weekly test begun", "恢复供水，每周试验"),),
    21: (_f("Cover of the oily water pit not closed", "污油池盖板未盖严", "Cover closed, vent freed", "盖板盖严，疏通通气孔"),),
    23: (_f("Two painters without entry training on file", "两名防腐工无入场教育记录", "Training held, record filed",
            "补做教育并归档"),),
    24: (_f("Set point of heater 1 changed without a change form", "1号加热炉设定值变更无审批", "Form filed, set point approved",
            "补办变更审批"),),
    25: (_f("Emergency card for tank overflow not at the post", "岗位无储罐冒顶处置卡", "Card issued", "已配发"),),
    26: (_f("Handover log of the night shift not signed", "夜班交接班记录未签字", "Signed, shift leader briefed", "补签并教育"),),
}  # fmt: skip

TANK: dict[int, tuple[Failure, ...]] = {
    2: (_f("Breather valve sticks", "呼吸阀卡阻", "Valve cleaned and tested", "清洗并试验合格", "",
           "Filling rate halved, level below 8 m", "进油速度减半，液位控制在8米以下"),),
    3: (_f("Flame arrester fouled", "阻火器积垢", "Arrester cleaned", "已清洗阻火器"),),
    5: (_f("Gauge and dip differ by 9 cm", "液位计与检尺相差9厘米", "Gauge set anew", "已校准"),),
    6: (_f("Gauge hatch does not close", "量油孔盖关不严", "Gasket replaced", "更换垫片"),),
    8: (_f("One earthing point above 10 ohm", "一处接地点电阻大于10欧姆", "Electrode added, 4 ohm", "增打接地极，实测4欧姆", "earthing"),),
    9: (_f("Tread on the tank stair rusted through", "盘梯踏步锈穿", "Tread replaced", "更换踏步", "ladder"),),
    11: (_f("Gas detector in the dike shows a fault", "罐区一台可燃气探测器故障", "Sensor replaced", "更换探头"),),
    13: (_f("Weeds and rags inside the dike", "防火堤内有杂草和棉纱", "Cleared", "已清理"),),
    14: (_f("Damp spot at the foundation", "罐基础有渗迹", "Weld checked, foundation sealed", "焊缝检测，基础封堵", "dike"),),
    15: (_f("Hose of loading arm 2 cracked", "2号鹤管软管开裂", "Hose replaced", "更换软管", "flange"),),
    17: (_f("Truck loaded without wheel chocks", "装车未放垫木", "Chocks chained to the rack", "垫木链固定于栈桥"),),
    18: (_f("Driver's dangerous goods licence not checked", "未查验危险品驾驶员资质", "Checklist at the gate", "门岗增设查验表"),),
    19: (_f("Spill kit half empty", "吸油毡不足", "Kit filled", "已补齐"),),
    21: (_f("Camera 3 shows no picture", "3号摄像头无图像", "Camera replaced", "更换摄像头"),),
}  # fmt: skip

INJECTION: dict[int, tuple[Failure, ...]] = {
    1: (_f("Guard of the plunger pump off after repair", "注水泵检修后护罩未装", "Guard fitted", "护罩已装", "guard"),),
    3: (_f("Clamp of the high-pressure line loose, line shakes", "高压管线管卡松动，管线振动", "Clamps tightened, pad fitted",
           "管卡紧固加垫"),),
    4: (_f("Walkway leads past the high-pressure joints", "巡检通道正对高压接头", "Screen fitted, path moved", "加挡板，调整通道"),),
    5: (_f("Bearing of pump 3 runs at 82 °C", "3号泵轴承温度82℃", "Bearing greased, 61 °C", "加注润滑脂，降至61℃"),),
    6: (_f("Lube oil trip not tested this quarter", "润滑油压低停机保护本季未试验", "Tested, record filed", "已试验并记录"),),
    7: (_f("Ear protection not worn in the pump hall", "泵房内未戴护耳器", "Dispenser at the door", "门口设耳塞盒"),),
    8: (_f("Insulating gloves past their test date", "绝缘手套超过试验期", "Tested gloves issued", "更换合格手套"),),
    9: (_f("Earth cable of motor 2 loose", "2号电动机接地线松动", "Cable bolted and measured", "紧固并测试", "earthing"),),
    10: (_f("Hatch of water tank 1 without a lock", "1号清水罐人孔无锁", "Lock fitted", "已加锁", "ladder"),),
    11: (_f("No gloves in the dosing room", "加药间无防护手套", "Gloves issued", "已配手套"),),
    12: (_f("Hook latch of the hoist broken", "电动葫芦吊钩防脱损坏", "Latch replaced", "更换防脱装置", "sling"),),
    13: (_f("Extinguisher in the hall below the green range", "泵房灭火器压力不足", "Extinguisher changed", "已更换", "extinguisher"),),
    16: (_f("Two patrols missing in the night record", "夜班缺两次巡检记录", "Shift talked to", "已对当班教育"),),
}  # fmt: skip

PERMIT: dict[int, tuple[Failure, ...]] = {
    2: (_f("Risk talk not signed by two of the crew", "两名作业人员未签交底", "Talk repeated, all signed", "重新交底并签字"),),
    6: (_f("Attendant without mark, away for ten minutes", "监护人未佩戴标识，离岗十分钟", "Work stopped, attendant replaced",
           "停止作业，更换监护人"),),
    7: (_f("Welder's certificate not at hand", "焊工证未随身携带", "Certificate shown and copied", "已出示并留存复印件"),),
    8: (_f("Drain 8 m from the fire point not covered", "距动火点8米地沟未封盖", "Covered with wet felt", "湿毛毡封盖"),),
    9: (_f("Only one extinguisher at the fire point", "动火点仅一具灭火器", "Second one and hose laid out", "增配一具并铺设水带", "extinguisher"),),
    10: (_f("Oxygen and acetylene 3 m apart", "氧气乙炔瓶间距3米", "Moved to 8 m and chained", "移至8米并固定"),),
    13: (_f("Harness hooked at foot height", "安全带挂点低于脚面", "Lifeline set above head height", "设置高位生命线", "ladder"),),
    14: (_f("Wire sling without tag in use", "使用无标牌钢丝绳套", "Sling scrapped, tagged one issued", "报废，更换有标牌绳套", "sling"),
         _f("Outrigger on soft ground without a pad", "支腿在松软地面未垫板", "Steel pad laid", "铺设钢垫板", "sling")),
    15: (_f("Temporary cable across the road without cover", "临时电缆过路未防护", "Cable bridge laid", "加过路护板", "cabinet"),),
    17: (_f("Camera of the permit work not switched on", "作业记录仪未开机", "Switched on", "已开机"),),
    18: (_f("Permit of yesterday not closed", "昨日作业票未关闭", "Site checked, permit closed", "现场检查后关闭"),),
}  # fmt: skip

MGMTAUDIT: dict[int, tuple[Failure, ...]] = {
    1: (_f("Responsibility letters of three new people not signed", "三名新调入人员未签责任书", "Signed and filed", "已补签归档"),),
    3: (_f("Two decisions of the May meeting not followed up", "例会两项决议未闭环", "Both closed with date", "两项均已闭环"),),
    5: (_f("Risk map older than a year", "四色图超过一年未更新", "Map revised with the crew", "已组织修订"),),
    6: (_f("Training hours of shift C below plan", "C班培训学时不足", "Two sessions held", "补训两次"),),
    7: (_f("Three-level card of a transferred operator incomplete", "转岗员工三级教育卡不全", "Card completed", "已补全"),),
    8: (_f("Crane certificate runs out within the month", "起重机操作证本月到期", "Renewal booked", "已报名复审"),),
    10: (_f("No drill this half-year in the team", "班组本半年未演练", "Drill held", "已演练"),),
    11: (_f("Glove ledger not kept since spring", "手套发放台账春季后未登记", "Ledger brought up to date", "已补登"),),
    12: (_f("Contractor not assessed last quarter", "上季度未考核承包商", "Assessed", "已考核"),),
    14: (_f("Duty record of two nights empty", "两晚带班记录空白", "Head explained, recorded", "已说明并记录"),),
    15: (_f("Notice board shows last month's hazards", "公示栏仍为上月隐患", "Board renewed", "已更新"),),
}  # fmt: skip

FAILURES: dict[str, dict[int, tuple[Failure, ...]]] = {
    "WELLSITE": WELLSITE,
    "METERING": METERING,
    "COMBINED": COMBINED,
    "TANK": TANK,
    "INJECTION": INJECTION,
    "PERMIT": PERMIT,
    "MGMTAUDIT": MGMTAUDIT,
}
#: Failures of items that open a possibly major hazard; the random rounds leave them to the written story.
POSSIBLY_MAJOR = {("COMBINED", 7), ("COMBINED", 11), ("TANK", 2)}
