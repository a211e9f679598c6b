"""Breaches of rules as supervisors write them down."""

from dataclasses import dataclass

from safetyplant.demo.language import Words


@dataclass(frozen=True)
class Breach:
    """`code` of the violation type; `whose`: a unit's crew, or the contractor as a whole (no person); `clause` of the
    branch's own rules as (document, number), where one was broken."""

    code: str
    what: Words
    correction: Words
    units: tuple[str, ...]
    has_person: bool = True
    clause: tuple[str, str] | None = None


def _b(code: str, units: str, what: Words, correction: Words, *, person: bool = True, clause: str = "") -> Breach:
    cited = tuple(clause.split()) if clause else None
    return Breach(code, what, correction, tuple(units.split()), person, cited)  # type: ignore[arg-type]


BREACHES: tuple[Breach, ...] = (
    _b("VO11", "S12 S07 S15 S03", ("Reached through the guard to feel the bearing while the unit ran", "抽油机运转时将手伸入护栏摸轴承"),
       ("Unit stopped, risk talked through on the spot", "停机，现场讲明风险"), clause="BH-S-02 2.1"),
    _b("VO16", "S12 S07 MW TT CS2 IS3 S03", ("Chin strap of the hard hat open", "安全帽未系下颏带"),
       ("Strap closed", "已系好")),
    _b("VO10", "CS2", ("Mobile phone in the pump area", "泵区使用手机"),
       ("Phone handed in at the gate", "手机交门岗保管"), clause="BH-S-01 3.2"),
    _b("VO14", "MW HY S03", ("Extension lead without protection across the yard", "院内私拉接线板，无漏电保护"),
       ("Lead taken off", "已拆除"), clause="BH-S-01 4.1"),
    _b("VO08", "HY DX MW", ("Worked at 3 m without a harness", "3米高处作业未系安全带"),
       ("Work stopped, harness fetched", "停止作业，系好安全带后恢复"), clause="BH-S-03 2.2"),
    _b("VO09", "HY MW", ("Stood under the load while the pump was lifted", "吊泵时站在吊物下方"),
       ("Zone cleared, signaller posted", "清出吊装区，增设指挥"), clause="BH-S-03 2.3"),
    _b("VO13", "CS2 TT", ("Began loading before the earth clamp was on", "未接静电接地即开始装车"),
       ("Pump stopped, clamp connected", "停泵，接好接地夹")),
    _b("VO17", "TT", ("Driver without seat belt at the gate", "驾驶员进站未系安全带"),
       ("Belt fastened", "已系好")),
    _b("VO19", "TT", ("Drove out without a dispatch slip", "无派车单出车"),
       ("Called back", "已召回")),
    _b("VO15", "CS2 IS3 S15", ("Opened the outlet before the bypass, against the card", "未按操作卡先开旁通"),
       ("Order repeated with the card in hand", "对照操作卡重新操作")),
    _b("VO12", "IS3 S07", ("Stood in front of the stem while opening a pressurised valve", "正对阀杆开带压阀门"),
       ("Shown again from the side", "侧身示范操作")),
    _b("VD04", "PT12 S07 MS7 S15", ("Patrol at 02:00 entered but not walked", "凌晨2点巡检未到位却填写记录"),
       ("Round walked again together", "重新巡检一遍"), clause="BH-S-02 3.1"),
    _b("VD05", "CS2 IS3", ("Watched a film at the control desk", "在中控台看视频"),
       ("Screen switched off", "已关闭")),
    _b("VD06", "S12 S03", ("Handed the shift over by telephone", "电话交接班"),
       ("Handover repeated face to face", "重新当面交接")),
    _b("VO02", "DX", ("Ground rust off the pipe without a hot work permit", "未办动火票打磨管线"),
       ("Work stopped, permit applied for", "停止作业，补办动火票"), person=False, clause="BH-S-03 1.1"),
    _b("VC03", "HY", ("Began pulling tubing without a risk talk", "未交底即开始起管"),
       ("Work stopped, talk held", "停工，补做交底"), person=False, clause="BH-S-03 1.2"),
    _b("VO07", "MW IS3", ("Changed a belt without lock and tag", "更换皮带未上锁挂牌"),
       ("Locked and tagged, then finished", "上锁挂牌后完成")),
)  # fmt: skip
TOTAL = 36
CANCEL_REASON: Words = ("Recorded for the wrong person: the gate register shows another name.", "登记有误：门岗记录为他人。")
