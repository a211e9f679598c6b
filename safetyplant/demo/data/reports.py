"""What people report by themselves, outside inspections: three fields and a photo."""

from dataclasses import dataclass

from safetyplant.demo.language import Words


@dataclass(frozen=True)
class Report:
    """`kinds`: the places it can be at. Level and category are what the safety officer decides."""

    title: Words
    description: Words
    done: Words
    level: str
    category: str
    kinds: tuple[str, ...]
    scene: str = ""


def _r(level: str, category: str, kinds: str, title: Words, description: Words, done: Words, scene: str = "") -> Report:
    return Report(title, description, done, level, category, tuple(kinds.split()), scene)


REPORTS: tuple[Report, ...] = (
    _r("G2", "WELL", "well", ("Stuffing box leaks above the limit", "盘根盒渗漏超标"),
       ("Oil runs down the tree, about a cup an hour.", "原油沿采油树流下，每小时约一杯。"),
       ("Packing replaced, dry after two hours", "更换盘根，运行两小时无渗漏"), "flange"),
    _r("G3", "SIGN", "well", ("Well number plate fallen off", "井号牌掉落"),
       ("The plate lies in the grass.", "井号牌掉在草丛里。"), ("Plate put up again", "已重新安装")),
    _r("G1", "MECH", "well", ("Knocking noise from the gearbox", "减速箱有异响"),
       ("Louder at each turn since the night shift.", "夜班起每转一圈响声加重。"), ("Bearing replaced, quiet", "更换轴承，无异响")),
    _r("G2", "ENV", "well", ("Oil in the ditch below the flowline", "出油管线下方排水沟有油"),
       ("Ten metres of film on the water.", "水面油膜约十米。"), ("Clamp set, oil taken up", "打卡子堵漏，油污已回收"), "flange"),
    _r("G2", "MECH", "well", ("Belt guard rattles, one bolt left", "皮带护罩松动，仅剩一条螺栓"),
       ("It moves by hand.", "用手可晃动。"), ("Bolts fitted", "螺栓已补齐"), "guard"),
    _r("G2", "ELEC", "well area", ("Cabinet door does not close", "配电柜门关不上"),
       ("Rain gets in when the wind is from the east.", "刮东风时雨水进柜。"), ("Hinge set, seal renewed", "调整合页，更换密封"), "cabinet"),
    _r("G2", "HEIGHT", "well tank", ("Rung of the ladder loose", "爬梯踏棍松动"),
       ("Third from the top turns underfoot.", "从上数第三根踩上去会转。"), ("Rung welded", "踏棍已焊牢"), "ladder"),
    _r("G3", "SIGN", "area", ("Lamp over the door out", "门口照明灯不亮"),
       ("The steps are dark at night.", "夜间台阶看不清。"), ("Lamp replaced", "已换灯")),
    _r("G2", "FIRE", "area", ("Extinguisher below the green range", "灭火器压力低于绿区"),
       ("Needle at the edge of red.", "指针到红区边缘。"), ("Extinguisher changed", "已更换灭火器"), "extinguisher"),
    _r("G3", "SIGN", "area", ("Oil on the floor at the entrance", "门口地面有油"),
       ("Somebody slipped, no harm done.", "有人滑了一下，未受伤。"), ("Floor cleaned, mat laid", "地面清理，铺防滑垫")),
    _r("G2", "ELEC", "equipment area", ("Socket scorched", "插座烧糊"),
       ("Smells burnt when the heater is plugged in.", "插电暖器时有糊味。"), ("Socket and line replaced", "更换插座和线路"), "cabinet"),
    _r("G2", "PROC", "equipment vessel", ("Pump seal drips", "泵机封滴漏"),
       ("About twenty drops a minute.", "每分钟约二十滴。"), ("Seal replaced", "更换机封"), "flange"),
    _r("G1", "PROC", "vessel", ("Safety valve weeps below its set pressure", "安全阀低于定压即渗漏"),
       ("Heard on two rounds.", "两次巡检均听到。"), ("Valve replaced and calibrated", "更换校验合格安全阀"), "flange"),
    _r("G1", "TANK", "tank", ("Foam box plate rusted", "泡沫产生器玻璃罩锈蚀"),
       ("Rust flakes lie on the roof.", "罐顶有锈片。"), ("Foam box replaced", "已更换")),
    _r("G2", "TANK", "tank", ("Stair light of the tank broken", "罐区盘梯照明损坏"),
       ("Two of four lamps out.", "四盏坏两盏。"), ("Lamps replaced", "已更换灯具")),
    _r("G2", "TRAF", "vehicle", ("Tyre worn to the cord", "轮胎磨损露线"),
       ("Right rear, inner side.", "右后内侧。"), ("Tyre replaced", "已更换轮胎")),
    _r("G3", "TRAF", "vehicle", ("Reversing alarm silent", "倒车报警不响"),
       ("Works only after a knock.", "敲一下才响。"), ("Alarm replaced", "已更换")),
    _r("G2", "ELEC", "vehicle", ("Static strap of the tanker torn off", "罐车静电拖地带断"),
       ("Found at the gate.", "门岗检查发现。"), ("Strap replaced", "已更换"), "earthing"),
    _r("G1", "LIFT", "equipment vehicle", ("Hook latch of the crane broken", "吊钩防脱装置损坏"),
       ("The spring is gone.", "弹簧丢失。"), ("Latch replaced, load test passed", "更换防脱，载荷试验合格"), "sling"),
    _r("G2", "PPE", "area", ("First-aid box empty", "急救箱药品用完"),
       ("Only plasters left.", "只剩创可贴。"), ("Box filled", "已补充药品")),
    _r("G2", "GAS", "area", ("Portable gas detector does not charge", "便携式检测仪充不上电"),
       ("Both units at the post.", "岗位两台均如此。"), ("Batteries replaced, both tested", "更换电池并测试")),
    _r("G3", "SEC", "area well", ("Lock of the fence gate missing", "围栏门锁丢失"),
       ("Gate tied with wire.", "用铁丝拧着。"), ("Lock fitted", "已换锁")),
)  # fmt: skip
CANCEL_DUPLICATE: Words = ("Same danger as {number}, which is being fixed.", "与{number}为同一隐患，已在整改。")
CANCEL_NONE: Words = ("Checked on site: within the limit, nothing to fix.", "现场核实：在允许范围内，无需整改。")
RETURN_REASONS: tuple[Words, ...] = (
    ("The photo does not show the bolts. Take one from the other side.", "照片看不到螺栓，请从另一侧补拍。"),
    ("Still damp at the lower bolt. Tighten and wait a shift.", "下部螺栓仍有渗迹，请紧固后观察一个班。"),
    ("Sign is missing, otherwise good.", "其他合格，缺警示牌。"),
)
VERIFY_NOTES: tuple[Words, ...] = (
    ("Seen on site, good.", "现场复查合格。"),
    ("Photo is clear.", "照片清楚，同意销号。"),
    ("", ""),
)
WAIT_NOTES: tuple[tuple[str, Words], ...] = (
    ("parts", ("Area taped off, patrol every two hours", "现场拉警戒带，每两小时巡查一次")),
    ("shutdown", ("Load reduced, readings noted each hour", "降负荷运行，每小时记录一次参数")),
    ("money", ("Access closed, sign put up", "封闭通道，设置警示牌")),
)
EXTENSION_REASONS: tuple[Words, ...] = (
    ("The part comes on the truck of next Tuesday.", "配件下周二随车到货。"),
    ("Needs a shutdown, which is planned for next week.", "需停产处理，已列入下周计划。"),
)
EXTENSION_ANSWERS: tuple[Words, ...] = (
    ("Agreed, keep the tape up.", "同意，警戒不得撤除。"),
    ("No: take the spare from Station 7.", "不同意，先调采油7队备件。"),
)
ANSWERS: tuple[tuple[str, Words], ...] = (
    ("visit", ("I go there this afternoon.", "今天下午到现场。")),
    ("fix", ("The crew is on it, done by tonight.", "已安排班组，今晚完成。")),
    ("visit", ("Looked at it with the head; the part arrives tomorrow.", "已与队长现场查看，配件明天到。")),
)
