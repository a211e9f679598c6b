"""Three rules of the branch itself, invented, with numbered clauses that violations cite."""

from dataclasses import dataclass

from safetyplant.demo.language import Words


@dataclass(frozen=True)
class Rule:
    """`clauses` are (number, parent, words); `revised` replaces some of them in a second version, valid since fewer days."""

    code: str
    title: Words
    since: int
    clauses: tuple[tuple[str, str, Words], ...]
    revised: tuple[tuple[str, Words], ...] = ()
    revised_since: int = 0
    note: Words = ("", "")


RULES: tuple[Rule, ...] = (
    Rule("BH-S-01", ("Rules for entering stations and the well field", "进站入井场安全管理规定"), 520, (
        ("1", "", ("Scope: everyone who enters a station or well site of the branch, visitors and contractors included.",
                   "适用于进入本厂站场、井场的所有人员，含外来人员和承包商。")),
        ("2", "", ("Before entering", "进站前")),
        ("2.1", "2", ("Helmet, antistatic clothing and safety shoes are worn from the gate on.", "自门岗起穿戴安全帽、防静电工服和工鞋。")),
        ("2.2", "2", ("Visitors sign in and are told where to assemble.", "外来人员登记，并告知紧急集合点。")),
        ("3", "", ("Ignition sources", "火种管理")),
        ("3.1", "3", ("Lighters and matches stay at the gate.", "火柴、打火机一律留存门岗。")),
        ("3.2", "3", ("Mobile phones are not used in the pump, tank and metering areas.", "泵区、罐区、计量间内禁止使用手机。")),
        ("4", "", ("Temporary power", "临时用电")),
        ("4.1", "4", ("No lead is laid without approval, and none without residual-current protection.",
                      "未经批准不得接线，接线必须有漏电保护。")),
    )),
    Rule("BH-S-02", ("Rules for operating and patrolling pumping wells", "抽油机井操作与巡检管理规定"), 700, (
        ("1", "", ("Scope: all pumping wells of the branch.", "适用于本厂全部抽油机井。")),
        ("2", "", ("Operation", "操作")),
        ("2.1", "2", ("Nobody reaches inside the guard while the unit turns.", "机组运转时任何人不得进入护栏内。")),
        ("2.2", "2", ("The brake is set and pinned before any work on the unit.", "检修前必须刹车并插死刹锁销。")),
        ("3", "", ("Patrol", "巡检")),
        ("3.1", "3", ("Each well is visited every four hours; the record is made at the well.", "每四小时巡检一次，在井场当场记录。")),
        ("3.2", "3", ("What is found is reported at once, not at the end of the shift.", "发现问题立即上报，不得等到交班。")),
    ), (("3.1", ("Each well is visited every two hours in flood season, else every four; the record is made at the well.",
                 "汛期每两小时、其他时间每四小时巡检一次，在井场当场记录。")),), 45,
         ("Clause 3.1: two-hourly rounds in flood season.", "第3.1条：汛期改为两小时巡检。")),
    Rule("BH-S-03", ("Rules for contractors and permit work", "承包商与特殊作业管理规定"), 430, (
        ("1", "", ("Before work begins", "开工前")),
        ("1.1", "1", ("No hot work, entry, lifting or work at height without a signed permit.", "无票证不得动火、进受限空间、吊装、登高。")),
        ("1.2", "1", ("The risk talk is held on site and signed by everyone who works.", "现场交底，所有作业人员签字。")),
        ("2", "", ("During work", "作业中")),
        ("2.1", "2", ("The attendant does not leave and does nothing else.", "监护人不得离岗，不得兼做他事。")),
        ("2.2", "2", ("From 2 m on a harness is worn and hooked above head height.", "2米及以上系安全带，高挂低用。")),
        ("2.3", "2", ("Nobody stands under a load; rigging carries a valid tag.", "吊物下严禁站人，索具须有有效标牌。")),
        ("3", "", ("The host unit supervises and may stop the work at any time.", "属地单位负责监督，可随时叫停作业。")),
    )),
)  # fmt: skip
