"""What people say in appeals, decisions, and about the duties that points bring."""

from safetyplant.demo.language import Words

APPEALS: tuple[Words, ...] = (
    ("I was told to go at once, and the permit was with the foreman.", "当时被要求马上去，作业票在班长手里。"),
    ("It was the first shift with the new belt; nobody had shown it to me.", "新安全带第一天用，没人教过我怎么系。"),
    ("The guard was off for the repair and I only pushed the tool back.", "护栏因检修拆下，我只是把工具推回去。"),
    ("I did walk the round; the reader at the last point was out of order.", "巡检我走了，最后一个点的读卡器坏了。"),
    ("It was not me, the shift had been swapped that night.", "不是我，那天夜里换了班。"),
)
#: Upheld, reduced, withdrawn: what the leader writes.
DECISIONS: tuple[tuple[str, Words], ...] = (
    (
        "reduce",
        ("The order to hurry came from above. The breach stands, with fewer points.", "催促来自上级，违章属实，从轻记分。"),
    ),
    ("uphold", ("The shift had been trained in May and signed for it.", "该班五月已培训并签字，维持。")),
    ("withdraw", ("The reader was out of order, as the log shows.", "系统日志显示读卡器确有故障，撤销。")),
    ("uphold", ("The camera shows the hand inside the guard.", "监控显示手已伸入护栏内，维持。")),
)
OTHER_POINTS: Words = ("Stopped by himself before anyone said a word.", "未经提醒自行停止作业。")
DUTY_NOTES: tuple[Words, ...] = (
    ("Talked for half an hour; both signed the record.", "谈话半小时，双方在记录上签字。"),
    ("A day at the training centre, sheet and result attached.", "在培训中心培训一天，附签到表和成绩。"),
)
DISMISSED: Words = ("The parts came late from the supplier; the head had asked in time.", "配件供货延误，负责人已及时申请。")
BAN_REASON: Words = (
    "A grave breach with the whole crew watching; off the site until trained and examined again.",
    "当众严重违章，影响恶劣，重新培训考核合格前禁止进场。",
)
