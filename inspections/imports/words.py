"""The words that files use for levels, categories, kinds and states, in both languages; codes match themselves."""

from inspections.choices import InspectionKind
from inspections.models import HazardCategory, ViolationType
from responsibilities.choices import Field, PlaceKind
from responsibilities.import_targets import PLACE_KINDS
from responsibilities.models import Level

Words = dict[str, tuple[str, ...]]

OPEN, CLOSED, CANCELLED = "open", "closed", "cancelled"
#: In which of three ways a past record stands; finer states are of no use for it.
STATES: Words = {
    CLOSED: (
        *("Closed", "Close", "Done", "Completed", "Complete", "Fixed", "Verified", "Resolved", "Rectified", "Final", "Finished"),
        *(
            "已关闭",
            "关闭",
            "已销号",
            "销号",
            "已整改",
            "整改完成",
            "已完成",
            "完成",
            "已验收",
            "已闭环",
            "闭环",
            "已复查",
            "合格",
        ),
    ),
    OPEN: (
        *("New", "Reported", "Assigned", "In progress", "Waiting", "Waiting for check", "Submitted", "Returned", "Pending"),
        *(
            "Active",
            "Overdue",
            "未整改",
            "待整改",
            "整改中",
            "待评估",
            "已下发",
            "待复查",
            "待验收",
            "未完成",
            "未关闭",
            "进行中",
        ),
        *("逾期", "超期", "退回", "未闭环", "新上报", "待处理", "处理中"),
    ),
    CANCELLED: ("Cancelled", "Canceled", "Void", "Withdrawn", "Rejected", "已取消", "取消", "作废", "已作废", "撤销", "已撤销"),
}
KINDS: Words = {
    InspectionKind.ROUTINE: ("Inspection", "Check", "检查", "日常检查", "例行检查", "专项检查", "综合检查", "定期检查"),
    InspectionKind.PATROL: ("Round", "巡检", "巡查", "夜查"),
    InspectionKind.LEADER: ("Leader's visit", "Leader visit", "领导检查", "领导带队检查", "带班检查"),
    InspectionKind.EXTERNAL: ("Finding of outside inspectors", "Audit", "外部检查", "上级检查", "政府检查", "督查", "审核"),
}
FIELDS: Words = {
    Field.PRODUCTION: ("Production safety and property", "生产安全", "生产", "生产安全与财产"),
    Field.WORK: ("Work safety outside and personal safety", "Personal safety", "劳动安全", "人身安全", "作业安全"),
    Field.SECURITY: ("Security and stability", "治安", "治安保卫", "综治维稳", "安保"),
}
#: Of places that an import makes: a route is a round of others, never made by itself.
MADE_PLACE_KINDS = {kind: words for kind, words in PLACE_KINDS.items() if kind != PlaceKind.ROUTE}
#: The four colours of risk and the words that go with them.
RISK_WORDS: Words = {
    "blue": ("Blue", "Low", "Low risk", "蓝", "蓝色", "低", "低风险"),
    "yellow": ("Yellow", "Medium", "一般风险", "黄", "黄色"),
    "orange": ("Orange", "High", "较大", "较大风险", "较大隐患", "橙", "橙色"),
    "red": ("Red", "Very high", "Major hazard", "重大", "重大风险", "重大隐患", "红", "红色"),
}


def level_words() -> Words:
    return {
        level.code: (level.name, level.name_zh, level.short, level.short_zh, *RISK_WORDS.get(level.colour, ()))
        for level in Level.objects.all()
    }


def category_words() -> Words:
    return {category.code: (category.name, category.name_zh) for category in HazardCategory.objects.all()}


def type_words() -> Words:
    return {each.code: (each.name, each.name_zh) for each in ViolationType.objects.order_by("valid_from")}
