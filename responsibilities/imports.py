"""Units, people and places from a spreadsheet: what a row means, and each thing that can be wrong with it."""

from collections.abc import Callable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from responsibilities import permissions, services
from responsibilities.choices import Grade, PlaceKind, RoleCode, Shift, UnitKind
from responsibilities.models import Person, Place, Post, Unit
from responsibilities.services.appointments import appoint_person
from responsibilities.services.people import create_person
from safetyplant.access.exceptions import Refusal
from safetyplant.audit.services import record
from safetyplant.reporting.imports.parsers import Boolean, Choice, Name
from safetyplant.reporting.imports.targets import (
    Fault,
    ImportContext,
    ImportField,
    ImportRow,
    ImportTarget,
    RowOutcome,
    register_target,
)

Words = dict[str, tuple[str, ...]]
UNIT_KINDS: Words = {
    UnitKind.PLANT: ("Plant", "厂", "总厂"),
    UnitKind.BRANCH: ("Branch factory", "Branch", "分厂", "采油厂"),
    UnitKind.WORKSHOP: ("Workshop", "车间", "工区", "作业区"),
    UnitKind.STATION: ("Station", "站", "站队", "联合站"),
    UnitKind.TEAM: ("Team", "班", "班组", "队"),
    UnitKind.CONTRACTOR: ("Contractor", "承包商", "外委单位", "相关方"),
}
PLACE_KINDS: Words = {
    PlaceKind.WELL: ("Well", "井", "油井", "水井"),
    PlaceKind.TANK: ("Tank", "储罐", "罐"),
    PlaceKind.VESSEL: ("Pressure vessel", "Vessel", "压力容器", "容器"),
    PlaceKind.VEHICLE: ("Vehicle", "车辆", "车"),
    PlaceKind.ROUTE: ("Route", "Round", "路线", "巡检路线"),
    PlaceKind.AREA: ("Area or building", "Area", "Building", "区域", "场所", "建筑物"),
    PlaceKind.EQUIPMENT: ("Other equipment", "Equipment", "设备", "其他设备"),
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
    RoleCode.OFFICER: ("Safety officer", "安全员", "安全管理人员"),
    RoleCode.SUPERVISOR: ("Supervisor", "安全监督", "监督员"),
    RoleCode.LEADER_ON_DUTY: ("Leader on duty", "值班领导"),
}


class RowFault(Exception):
    """A row that cannot be taken: the field at fault, and why."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column, self.message = column, message


class RowFaults(Exception):
    """Everything that is wrong with a row, so that its owner mends it in one go."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults


class UnitFinder:
    """Units by code or name, read once a run; `add` keeps it true while units are made."""

    def __init__(self, by: Person | None) -> None:
        units = list(Unit.objects.visible_to(by) if by is not None else Unit.objects.all())
        self.by_code = {unit.code.casefold(): unit for unit in units}
        self.by_name: dict[str, list[Unit]] = {}
        for unit in units:
            self.by_name.setdefault(unit.name.casefold(), []).append(unit)

    def find(self, text: str, column: str) -> Unit:
        unit = self.get(text, column)
        if unit is None:
            raise RowFault(column, _("No unit has the code or name “%(text)s”.") % {"text": text})
        if not unit.is_active:
            raise RowFault(column, _("%(unit)s is closed. Choose a unit that is active.") % {"unit": unit.name})
        return unit

    def get(self, text: str, column: str) -> Unit | None:
        unit = self.by_code.get(text.casefold())
        if unit is not None:
            return unit
        named = self.by_name.get(text.casefold(), [])
        if len(named) > 1:
            raise RowFault(column, _("Several units are called “%(text)s”. Write the code instead.") % {"text": text})
        return named[0] if named else None

    def add(self, unit: Unit) -> None:
        self.by_code[unit.code.casefold()] = unit
        self.by_name.setdefault(unit.name.casefold(), []).append(unit)


def units_of(context: ImportContext) -> UnitFinder:
    if "units" not in context.memo:
        context.memo["units"] = UnitFinder(context.by)
    return context.memo["units"]


def _take(row: ImportRow, context: ImportContext, write: Callable[[ImportRow, ImportContext], RowOutcome]) -> RowOutcome:
    """One row in a savepoint of its own, so that a faulty row leaves nothing behind."""
    try:
        with transaction.atomic():
            return write(row, context)
    except RowFault as fault:
        return RowOutcome.error(fault.column, fault.message)
    except RowFaults as found:
        (column, message), *more = found.faults
        return RowOutcome.error(column, message, more=more)
    except ValidationError as fault:
        column, message = first_fault(fault)
        return RowOutcome.error(column, message)
    except Refusal as refusal:
        return RowOutcome.error("", str(refusal.message))


def first_fault(fault: ValidationError) -> tuple[str, str]:
    return all_faults(fault)[0]


def all_faults(fault: ValidationError) -> list[tuple[str, str]]:
    """One per field, the row as a whole under ""."""
    if not hasattr(fault, "error_dict"):
        return [("", " ".join(fault.messages))]
    return [
        ("" if column == "__all__" else column, " ".join(message for error in errors for message in error.messages))
        for column, errors in fault.error_dict.items()
    ]


# --- units ---------------------------------------------------------------------------------------------------------------


def write_units(rows: Sequence[ImportRow], context: ImportContext) -> list[RowOutcome]:
    """Parents may stand below their children in the file: rows wait until the unit above them is there."""
    finder, outcomes = units_of(context), {}
    waiting = list(enumerate(rows))
    while waiting:
        ready = [(at, row) for at, row in waiting if not row["parent"] or _knows(finder, row["parent"])]
        if not ready:
            break
        for at, row in ready:
            outcomes[at] = _take(row, context, _write_unit)
        taken = {at for at, _row in ready}
        waiting = [(at, row) for at, row in waiting if at not in taken]
    for at, row in waiting:
        outcomes[at] = _without_parent(row, [row for _at, row in waiting])
    return [outcomes[at] for at in range(len(rows))]


def _knows(finder: UnitFinder, text: str) -> bool:
    return text.casefold() in finder.by_code or text.casefold() in finder.by_name


def _without_parent(row: ImportRow, waiting: list[ImportRow]) -> RowOutcome:
    """Nothing above it exists: the unit above is nowhere, could not be made itself, or the rows stand under each other."""
    above = {_key(each["code"]): each for each in waiting} | {_key(each["name"]): each for each in waiting}
    seen: set[str] = set()
    current: ImportRow | None = row
    while current is not None:
        if _key(current["code"]) in seen:
            return RowOutcome.error("parent", _("These units stand under each other in a circle."))
        seen.add(_key(current["code"]))
        current = above.get(_key(current["parent"]))
    return RowOutcome.error("parent", _("No unit has the code or name “%(text)s”.") % {"text": row["parent"]})


def _key(text: str | None) -> str:
    return (text or "").casefold()


def _write_unit(row: ImportRow, context: ImportContext) -> RowOutcome:
    finder = units_of(context)
    parent = finder.find(row["parent"], "parent") if row["parent"] else None
    if parent is not None:
        _require_unit(context, parent, "parent")
    known = finder.by_code.get(row["code"].casefold())
    if known is not None:
        return _update_unit(known, row, parent, context)
    unit = services.create_unit(row["name"], code=row["code"], kind=row["kind"], parent=parent, by=context.by)
    finder.add(unit)
    return RowOutcome.created(unit.pk)


def _update_unit(unit: Unit, row: ImportRow, parent: Unit | None, context: ImportContext) -> RowOutcome:
    is_same = unit.name == row["name"] and unit.parent_id == (parent.pk if parent else None)
    if is_same:
        return RowOutcome.skipped(unit.pk, _("This unit is there already."))
    if row.existing is None:
        raise RowFault("code", _("Another unit has this code: %(unit)s.") % {"unit": unit.name})
    _require_unit(context, unit, "code")
    if unit.name != row["name"]:
        unit = services.rename_unit(unit, name=row["name"], by=context.by)
    if parent is not None and unit.parent_id != parent.pk:
        unit = services.move_unit(unit, parent=parent, by=context.by)
    units_of(context).add(unit)
    return RowOutcome.updated(unit.pk)


def _require_unit(context: ImportContext, unit: Unit | None, column: str) -> None:
    if context.by is None:
        return
    if unit is None or not permissions.can_manage_unit(context.by, unit):
        raise RowFault(column, _("This unit is for someone else to manage."))


# --- people --------------------------------------------------------------------------------------------------------------


def write_people(rows: Sequence[ImportRow], context: ImportContext) -> list[RowOutcome]:
    numbers = [row["username"] for row in rows]
    context.memo["people"] = {
        person.username: person for person in Person.objects.filter(username__in=numbers).select_related("unit")
    }
    return [_take(row, context, _write_person) for row in rows]


#: What a file says of a person themselves, besides unit, post and role, which are records of their own.
OF_PERSON = ("username", "name", "email", "phone")


def examine_person(row: ImportRow, context: ImportContext) -> list[Fault]:
    """The unit that is not there, and each field that the person could not be saved with. Never asks who is there already."""
    faults: list[Fault] = []
    if row["unit"]:
        try:
            units_of(context).find(row["unit"], "unit")
        except RowFault as fault:
            faults.append((fault.column, fault.message))
    said = {name: row[name] for name in OF_PERSON if row[name]}
    try:
        Person(**said).clean_fields(exclude={field.name for field in Person._meta.fields} - set(said))
    except ValidationError as fault:
        faults += all_faults(fault)
    return faults


def _write_person(row: ImportRow, context: ImportContext) -> RowOutcome:
    if faults := examine_person(row, context):
        raise RowFaults(faults)
    unit = units_of(context).find(row["unit"], "unit")
    known: dict[str, Person] = context.memo["people"]
    person = known.get(row["username"])
    if person is not None:
        if person.name == row["name"] and person.unit_id == unit.pk:
            return RowOutcome.skipped(person.pk, _("This person is there already."))
        raise RowFault("username", _("Someone else has this employee number: %(name)s.") % {"name": person.name})
    person, _secret = create_person(
        by=context.by,
        # Each person gets a temporary password from the safety officer when they first need it.
        with_password=False,
        username=row["username"],
        name=row["name"],
        unit=unit,
        post=_post(row["post"], unit, context),
        grade=row["grade"] or Grade.WORKER,
        is_middle_level=bool(row["is_middle_level"]),
        shift=row["shift"] or Shift.DAY,
        email=row["email"] or "",
        phone=row["phone"] or "",
    )
    known[person.username] = person
    if row["role"]:
        _appoint(person, row["role"], unit, context)
    return RowOutcome.created(person.pk)


def _post(name: str | None, unit: Unit, context: ImportContext) -> Post | None:
    if not name:
        return None
    post, is_new = Post.objects.get_or_create(unit=unit, name=name)
    if is_new:
        record("post.created", post, by=context.by, detail={"name": post.name, "unit": unit.name})
    return post


def _appoint(person: Person, role: str, unit: Unit, context: ImportContext) -> None:
    try:
        appoint_person(person, role=role, unit=unit, by=context.by, starts_on=context.now.date())
    except ValidationError as fault:
        raise RowFault("role", first_fault(fault)[1]) from fault


# --- places --------------------------------------------------------------------------------------------------------------


def write_places(rows: Sequence[ImportRow], context: ImportContext) -> list[RowOutcome]:
    return [_take(row, context, _write_place) for row in rows]


def _write_place(row: ImportRow, context: ImportContext) -> RowOutcome:
    unit = units_of(context).find(row["unit"], "unit")
    _require_unit(context, unit, "unit")
    name = row["name"] or row["code"]
    known = Place.objects.filter(unit=unit, code__iexact=row["code"]).first()
    if known is not None:
        if (known.name, known.kind) == (name, row["kind"]):
            return RowOutcome.skipped(known.pk, _("This place is there already."))
        raise RowFault("code", _("This unit has a place with this code already: %(place)s.") % {"place": known.name})
    place = Place(unit=unit, kind=row["kind"], code=row["code"], name=name)
    place.full_clean()
    place.save()
    record("place.created", place, by=context.by, detail={"name": place.name, "unit": unit.name})
    return RowOutcome.created(place.pk)


# --- what the importer is offered ----------------------------------------------------------------------------------------

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
)


def register_all() -> None:
    for target in (UNITS, PEOPLE, PLACES):
        register_target(target)
