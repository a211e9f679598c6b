"""What the importer is offered of this room: fields of units, people and places, the words of files, names of their columns."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from responsibilities import permissions
from responsibilities.choices import Grade, PlaceKind, RoleCode, Shift, UnitKind
from responsibilities.imports import examine_person, examine_place, write_people, write_places, write_units
from safetyplant.reporting.imports.parsers import Boolean, Choice, Name
from safetyplant.reporting.imports.targets import ImportField, ImportTarget, register_target

Words = dict[str, tuple[str, ...]]
# Kinds are options of other rooms' imports too: there the first word is shown on the page, in the reader's language.
Choices = dict[str, tuple[str | Promise, ...]]
UNIT_KINDS: Choices = {
    UnitKind.PLANT: (UnitKind.PLANT.label, "Plant", "厂", "总厂"),
    UnitKind.BRANCH: (UnitKind.BRANCH.label, "Branch factory", "Branch", "分厂", "采油厂"),
    UnitKind.WORKSHOP: (UnitKind.WORKSHOP.label, "Workshop", "车间", "工区", "作业区"),
    UnitKind.STATION: (UnitKind.STATION.label, "Station", "站", "站队", "联合站"),
    UnitKind.TEAM: (UnitKind.TEAM.label, "Team", "班", "班组", "队"),
    UnitKind.CONTRACTOR: (UnitKind.CONTRACTOR.label, "Contractor", "承包商", "外委单位", "相关方"),
}
PLACE_KINDS: Choices = {
    PlaceKind.WELL: (PlaceKind.WELL.label, "Well", "井", "油井", "水井"),
    PlaceKind.TANK: (PlaceKind.TANK.label, "Tank", "储罐", "罐"),
    PlaceKind.VESSEL: (PlaceKind.VESSEL.label, "Pressure vessel", "Vessel", "压力容器", "容器"),
    PlaceKind.VEHICLE: (PlaceKind.VEHICLE.label, "Vehicle", "车辆", "车"),
    PlaceKind.ROUTE: (PlaceKind.ROUTE.label, "Route", "Round", "路线", "巡检路线"),
    PlaceKind.AREA: (PlaceKind.AREA.label, "Area or building", "Area", "Building", "区域", "场所", "建筑物"),
    PlaceKind.EQUIPMENT: (PlaceKind.EQUIPMENT.label, "Other equipment", "Equipment", "设备", "其他设备"),
}
GRADES: Words = {Grade.MANAGER: ("Manager", "管理人员", "干部"), Grade.WORKER: ("Worker", "工人", "操作人员", "职工")}
SHIFTS: Words = {
    Shift.DAY: ("Day work", "白班", "长白班"),
    Shift.A: ("Shift A", "甲班", "一班"),
    Shift.B: ("Shift B", "乙班", "二班"),
    Shift.C: ("Shift C", "丙班", "三班"),
    Shift.D: ("Shift D", "丁班", "四班"),
}
# A deputy needs to know for whom, a field leader for what: those are appointed on their pages.
ROLES: Words = {
    RoleCode.DIRECTOR: ("Director", "厂长", "主要负责人"),
    RoleCode.LEADER: ("Leader in charge", "分管领导", "安全分管领导"),
    RoleCode.PARTY_SECRETARY: ("Party secretary", "党委书记", "书记"),
    RoleCode.UNIT_HEAD: ("Unit head", "Head", "单位负责人", "站长", "队长", "主任"),
    RoleCode.CONTRACT_MANAGER: ("Contract manager", "合同管理人", "承包商管理人", "属地监督负责人"),
    RoleCode.OFFICER: ("Safety officer", "安全员", "安全管理人员"),
    RoleCode.SUPERVISOR: ("Supervisor", "安全监督", "监督员"),
    RoleCode.LEADER_ON_DUTY: ("Leader on duty", "值班领导"),
    RoleCode.GATE_KEEPER: ("Gate keeper", "门卫", "门岗"),
}

UNITS = ImportTarget(
    code="units",
    label=gettext_lazy("Units"),
    fields=(
        ImportField(
            "code",
            gettext_lazy("Code"),
            required=True,
            parser=Name(32),
            aliases=("编码", "编号", "单位编码", "单位编号", "单位代码", "部门编码", "机构编码", "代码", "Unit code"),
        ),
        ImportField(
            "name",
            gettext_lazy("Name"),
            required=True,
            parser=Name(120),
            aliases=("名称", "单位", "单位名称", "部门", "部门名称", "机构名称", "Unit"),
        ),
        ImportField(
            "kind",
            gettext_lazy("Kind"),
            required=True,
            parser=Choice(UNIT_KINDS),
            aliases=("类型", "类别", "单位类型", "单位类别", "性质", "Type"),
        ),
        ImportField(
            "parent",
            gettext_lazy("Under"),
            parser=Name(),
            aliases=("上级", "上级单位", "上级部门", "上级编码", "上级编号", "所属单位", "隶属单位", "主管单位", "Parent"),
            help=gettext_lazy("Code or name of the unit above; empty for the top."),
        ),
    ),
    writer=write_units,
    key_fields=("code",),
    updates=True,
    may_import=permissions.can_manage_units,
)
PEOPLE = ImportTarget(
    code="people",
    label=gettext_lazy("People"),
    fields=(
        ImportField(
            "username",
            gettext_lazy("Employee number"),
            required=True,
            parser=Name(40),
            aliases=(
                "工号",
                "员工编号",
                "员工号",
                "职工编号",
                "职工号",
                "人员编号",
                "员工工号",
                "编号",
                "Employee no",
                "Staff ID",
            ),
        ),
        ImportField(
            "name",
            gettext_lazy("Name"),
            required=True,
            parser=Name(80),
            aliases=("姓名", "名字", "员工姓名", "职工姓名", "人员姓名", "Full name"),
        ),
        ImportField(
            "unit",
            gettext_lazy("Unit"),
            required=True,
            parser=Name(),
            aliases=(
                "单位",
                "所在单位",
                "所属单位",
                "工作单位",
                "单位名称",
                "部门",
                "所在部门",
                "所属部门",
                "基层队",
                "站队",
                "Department",
            ),
        ),
        ImportField(
            "post",
            gettext_lazy("Post"),
            parser=Name(120),
            aliases=("岗位", "岗位名称", "职务", "工种", "岗位（工种）", "Position"),
        ),
        ImportField(
            "grade",
            gettext_lazy("Grade"),
            parser=Choice(GRADES),
            aliases=("等级", "级别", "身份", "类别", "人员类别", "人员类型", "岗位类别", "用工类别", "员工类别", "干部/工人"),
        ),
        ImportField(
            "is_middle_level",
            gettext_lazy("Middle level or above"),
            parser=Boolean(),
            aliases=("中层以上", "中层及以上", "中层干部", "是否中层", "是否中层以上"),
        ),
        ImportField("shift", gettext_lazy("Shift"), parser=Choice(SHIFTS), aliases=("班次", "班组", "倒班", "轮班", "班别")),
        ImportField(
            "email", gettext_lazy("E-mail"), parser=Name(254), aliases=("邮箱", "电子邮箱", "电子邮件", "邮件", "Email", "Mail")
        ),
        ImportField(
            "phone",
            gettext_lazy("Phone"),
            parser=Name(32),
            aliases=("电话", "手机", "手机号", "手机号码", "联系电话", "联系方式", "电话号码", "Mobile"),
        ),
        ImportField(
            "role",
            gettext_lazy("Role"),
            parser=Choice(ROLES),
            aliases=("安全职责", "安全职务", "安全角色", "安全岗位", "角色", "Responsibility"),
            help=gettext_lazy("Appointed from the day of the import; deputies and field leaders are appointed on their pages."),
        ),
    ),
    writer=write_people,
    key_fields=("username",),
    may_import=permissions.can_manage_people,
    examine=examine_person,
)
PLACES = ImportTarget(
    code="places",
    label=gettext_lazy("Places"),
    fields=(
        ImportField(
            "unit",
            gettext_lazy("Unit"),
            required=True,
            parser=Name(),
            aliases=("单位", "所属单位", "所在单位", "单位名称", "部门", "所属部门", "管理单位", "站队", "基层队"),
        ),
        ImportField(
            "kind",
            gettext_lazy("Kind"),
            required=True,
            parser=Choice(PLACE_KINDS),
            aliases=("类型", "类别", "场所类型", "场所类别", "设备类型", "设备类别", "种类", "Type"),
        ),
        ImportField(
            "code",
            gettext_lazy("Code"),
            required=True,
            parser=Name(40),
            aliases=("编号", "编码", "井号", "代码", "场所编号", "设备编号", "设备位号", "位号", "车牌号", "Place code", "Well"),
        ),
        ImportField(
            "name",
            pgettext_lazy("place", "Name"),
            parser=Name(120),
            aliases=("名称", "地点", "场所", "场所名称", "地点名称", "设备名称", "装置名称", "井名", "Place", "Place name"),
        ),
    ),
    writer=write_places,
    key_fields=("unit", "code"),
    may_import=permissions.can_manage_units,
    examine=examine_place,
)


def register_all() -> None:
    for target in (UNITS, PEOPLE, PLACES):
        register_target(target)
