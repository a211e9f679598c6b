"""Past hazards: closed or cancelled as their records say, or reported anew where the owner of the file wants that."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspections.choices import HazardStatus
from inspections.imports.books import HAZARD_SERIES, OPTIONS, Books, books_of, imported_key, numbers_for
from inspections.imports.faults import NUMBER, PLACE, draft_rows, refused, require_past, with_lines
from inspections.imports.fields import AREA_OF_WORK, unit_fields
from inspections.imports.words import CANCELLED, CLOSED, OPEN, STATES, category_words, level_words
from inspections.models import Hazard
from inspections.services import HazardReport
from inspections.workflows import report_hazard
from responsibilities.choices import Field
from responsibilities.models import Place, Unit
from responsibilities.permissions import can_import_records
from safetyplant.audit.services import Row, record_many
from safetyplant.reporting.imports.faults import RowFault, faults_of, require_sound
from safetyplant.reporting.imports.parsers import Boolean, Choice, Date, DateTime, Many, Name, Text
from safetyplant.reporting.imports.targets import (
    Fault,
    ImportContext,
    ImportField,
    ImportOption,
    ImportRow,
    ImportTarget,
    Outcome,
    RowOutcome,
)

TITLE_CHARS = 200
MEASURES = gettext_lazy("Measures")
DUE = gettext_lazy("Due in the earlier records")
FIXED = gettext_lazy("Fixed on")
ASSISTING = gettext_lazy("Assisting units")
PEOPLE = ("reported_by", "responsible", "closed_by")


@dataclass
class Draft:
    """What a row becomes. `report`: it is reported anew, as a living hazard."""

    row: ImportRow
    hazard: Hazard | None = None
    report: HazardReport | None = None
    personal: dict[str, str] = field(default_factory=dict)
    notes: list[str | Promise] = field(default_factory=list)


def write_hazards(rows: Sequence[ImportRow], context: ImportContext) -> list[RowOutcome]:
    books = books_of(context)
    books.read_batch(rows)
    drafts, outcomes = draft_rows(rows, partial(_draft, books=books, context=context))
    _save([draft for draft in drafts.values() if draft.hazard is not None], context)
    for at, draft in drafts.items():
        try:
            hazard = draft.hazard or _report(draft, context)
        except RowFault as fault:
            outcomes[at] = fault.outcome
        else:
            outcomes[at] = RowOutcome(Outcome.CREATED, str(hazard.pk), message=" ".join(map(str, draft.notes)))
    return [outcomes[at] for at in range(len(rows))]


def examine_hazard(row: ImportRow, context: ImportContext) -> list[Fault]:
    books, is_anew = books_of(context), _is_anew(row, context)
    faults = faults_of(*(partial(require_past, name, row[name], context) for name in ("found_at", "done_at", "closed_at")))
    if is_anew and context.by is None:
        faults.append(("status", _("Open hazards are reported by the person who imports them: name one (--by).")))
    faults += books.faults_of_unit(row, people={} if is_anew else {name: (row[name],) for name in PEOPLE})
    unit = books.units.known(row["unit"] or "")
    if is_anew and unit is not None and not unit.is_active:
        faults.append(("unit", _("%(unit)s is closed. Choose a unit that is active.") % {"unit": unit.name}))
    return faults


def _is_anew(row: ImportRow, context: ImportContext) -> bool:
    return row["status"] == OPEN and bool(context.options.get("keep_open"))


def _draft(row: ImportRow, *, books: Books, context: ImportContext) -> Draft:
    require_sound(examine_hazard(row, context))
    unit = books.units.get(row["unit"], row["unit_name"])
    place = books.places.get(row["place"], unit)
    draft = Draft(row)
    if _is_anew(row, context):
        draft.report = _living(row, unit, place)
        draft.notes.append(_("Reported anew: its safety officer has to assess it."))
    else:
        _fill(draft, unit, place, row["status"] or CLOSED, books)
    return draft


def _living(row: ImportRow, unit: Unit, place: Place | None) -> HazardReport:
    told = (
        (_("Found by"), row["reported_by"]),
        (_("Responsible"), row["responsible"]),
        (_("Level in the earlier records"), row["level"]),
    )
    return HazardReport(
        title=_title(row),
        unit=unit,
        place=place,
        description=_description(row, place, *told),
        field=row["field"] or Field.PRODUCTION,
        found_at=row["found_at"],
    )


def _report(draft: Draft, context: ImportContext) -> Hazard:
    assert draft.report is not None
    report = draft.report
    with transaction.atomic():
        hazard, _new = refused("unit", lambda: report_hazard(report, by=context.by, now=context.now))
        hazard.imported_key = imported_key("hazards", draft.row)
        hazard.save(update_fields=["imported_key"])
    return hazard


def _fill(draft: Draft, unit: Unit, place: Place | None, state: str, books: Books) -> None:
    row, found_at = draft.row, draft.row["found_at"]
    people = {name: books.people.get(row[name], unit, name) for name in PEOPLE}
    draft.personal = {name: known.name for name, known in people.items() if known is not None}
    nobody = books.people.nobody()
    closer = people["closed_by"]
    draft.hazard = Hazard(
        title=_title(row),
        description=_description(row, place),
        unit=unit,
        place=place,
        field=row["field"] or Field.PRODUCTION,
        category_id=row["category"],
        level_id=row["level"],
        found_at=found_at,
        reported_at=found_at,
        reported_by_id=people["reported_by"].pk if people["reported_by"] else nobody,
        fixer_id=people["responsible"].pk if people["responsible"] else None,
        fixed_on_spot=bool(row["fixed_on_spot"]),
        interim_control=row["interim_control"] or "",
        chain_id=books.chains.snapshot_id(unit.pk, timezone.localdate(found_at)),
        is_past=True,
        imported_key=imported_key("hazards", row),
        **_ending(draft, state, closer.pk if closer else None, nobody),
    )


def _ending(draft: Draft, state: str, closer_id: int | None, nobody: int) -> dict[str, Any]:
    """How it ended. Without a day of its own an end is put on the day of finding, where it makes nothing late."""
    row = draft.row
    at: datetime = row["closed_at"] or row["done_at"] or row["found_at"]
    if state == CANCELLED:
        reason = row["cancel_reason"] or _("Cancelled in the earlier records.")
        return {
            "status": HazardStatus.CANCELLED,
            "cancelled_at": at,
            "cancelled_by_id": closer_id or nobody,
            "cancel_reason": reason,
        }
    if state == OPEN:
        draft.notes.append(_("Open in the file, taken over as closed: past records are not worked on."))
    if at < row["found_at"]:
        draft.notes.append(_("Closed before it was found; taken over as it is written."))
    return {"status": HazardStatus.CLOSED, "closed_at": at, "closed_by_id": closer_id}


def _title(row: ImportRow) -> str:
    text = " ".join(row["title"].split())
    return text if len(text) <= TITLE_CHARS else f"{text[: TITLE_CHARS - 1]}…"


def _description(row: ImportRow, place: Place | None, *told: tuple[str | Promise, object]) -> str:
    """The due date stays a text: a past hazard has none that could be missed."""
    whole = row["title"] if len(row["title"]) > TITLE_CHARS else ""
    text = "\n".join(filter(None, [whole, row["description"]]))
    return with_lines(
        text,
        (NUMBER, row["number"]),
        (PLACE, None if place else row["place"]),
        (MEASURES, row["measures"]),
        (DUE, row["due"]),
        (FIXED, timezone.localdate(row["done_at"]) if row["done_at"] else None),
        (ASSISTING, "、".join(row["assisting"] or ())),
        *told,
    )


def _save(drafts: list[Draft], context: ImportContext) -> None:
    hazards = [draft.hazard for draft in drafts if draft.hazard is not None]
    days = [timezone.localdate(hazard.found_at) for hazard in hazards]
    for hazard, number in zip(hazards, numbers_for(HAZARD_SERIES, days), strict=True):
        hazard.number = number
    Hazard.objects.bulk_create(hazards)
    record_many(
        Row("hazard.imported", draft.hazard, by=context.by, personal=draft.personal or None, at=context.now) for draft in drafts
    )


HAZARDS = ImportTarget(
    code="hazards",
    label=gettext_lazy("Hazards"),
    help=gettext_lazy("Past hazards: they come closed (or cancelled), remind no one and are never late."),
    fields=(
        ImportField(
            "number",
            gettext_lazy("Earlier number"),
            parser=Name(100),
            aliases=("编号", "隐患编号", "问题编号", "序号", "No", "Hazard no"),
        ),
        ImportField(
            "title",
            gettext_lazy("What is wrong"),
            required=True,
            parser=Text(),
            aliases=(
                "隐患描述",
                "隐患名称",
                "隐患内容",
                "问题描述",
                "存在问题",
                "Hazard",
                "Title",
                "Finding",
                "Problem",
                "Description",
            ),
        ),
        ImportField(
            "description",
            gettext_lazy("Description"),
            parser=Text(),
            aliases=("详细描述", "情况说明", "备注", "Details", "Remarks", "Note"),
        ),
        *unit_fields("责任部门", "责任单位", "Station", names=("Unit name",)),
        ImportField(
            "place",
            gettext_lazy("Place"),
            parser=Name(),
            aliases=(
                "地点",
                "隐患地点",
                "隐患部位",
                "隐患位置",
                "检查地点",
                "部位",
                "位置",
                "场所",
                "设备名称",
                "井号",
                "Location",
                "Equipment",
            ),
        ),
        ImportField(
            "level",
            gettext_lazy("Level"),
            required=True,
            parser=Choice(level_words),
            aliases=("风险等级", "隐患等级", "隐患级别", "等级", "级别", "Risk level", "Severity", "Grade"),
        ),
        ImportField(
            "category",
            gettext_lazy("Category"),
            parser=Choice(category_words),
            aliases=("隐患类别", "隐患类型", "问题类别", "问题类型", "类别", "类型", "分类", "Type"),
        ),
        AREA_OF_WORK,
        ImportField(
            "found_at",
            gettext_lazy("Found"),
            required=True,
            parser=DateTime(),
            aliases=(
                "发现日期",
                "发现时间",
                "检查日期",
                "上报日期",
                "上报时间",
                "日期",
                "Found on",
                "Date found",
                "Date",
                "Reported on",
            ),
        ),
        ImportField(
            "reported_by",
            gettext_lazy("Found by"),
            parser=Name(),
            aliases=("上报人", "发现人", "检查人", "检查人员", "排查人", "报告人", "Reported by", "Finder"),
        ),
        ImportField(
            "responsible",
            gettext_lazy("Responsible"),
            parser=Name(),
            aliases=("整改负责人", "整改责任人", "整改人", "责任人", "负责人", "Responsible person", "Owner", "Assigned to"),
        ),
        ImportField("assisting", gettext_lazy("Assisting units"), parser=Many(), aliases=("协助单位", "配合单位", "协办单位")),
        ImportField(
            "measures", gettext_lazy("Measures"), parser=Text(), aliases=("整改措施", "整改要求", "治理措施", "Corrective action")
        ),
        ImportField(
            "interim_control", gettext_lazy("Interim control"), parser=Text(), aliases=("临时措施", "防范措施", "管控措施")
        ),
        ImportField(
            "due",
            gettext_lazy("Due"),
            parser=Date(),
            aliases=(
                "整改期限",
                "整改时限",
                "限期",
                "限期整改日期",
                "要求完成日期",
                "要求完成时间",
                "计划完成日期",
                "Due date",
                "Deadline",
            ),
        ),
        ImportField(
            "done_at",
            gettext_lazy("Fixed on"),
            parser=DateTime(),
            aliases=("整改日期", "整改时间", "整改完成日期", "整改完成时间", "实际完成日期", "完成日期", "完成时间", "Fixed"),
        ),
        ImportField(
            "closed_at",
            gettext_lazy("Closed"),
            parser=DateTime(),
            aliases=("关闭日期", "销号日期", "复查日期", "验收日期", "Closed on", "Date closed", "Verified on"),
        ),
        ImportField(
            "closed_by",
            gettext_lazy("Checked by"),
            parser=Name(),
            aliases=("复查人", "验收人", "验证人", "销号人", "Verified by", "Closed by"),
        ),
        ImportField(
            "status",
            gettext_lazy("State"),
            parser=Choice(STATES),
            aliases=("状态", "整改状态", "整改情况", "当前状态", "Status"),
            help=gettext_lazy("open, closed or cancelled; closed where nothing is said."),
        ),
        ImportField("cancel_reason", gettext_lazy("Reason for cancelling"), parser=Text(), aliases=("取消原因", "作废原因")),
        ImportField(
            "fixed_on_spot", gettext_lazy("Fixed on the spot"), parser=Boolean(), aliases=("现场整改", "立即整改", "即查即改")
        ),
    ),
    options=(
        *OPTIONS,
        ImportOption(
            "keep_open",
            gettext_lazy("Report open hazards anew"),
            help=gettext_lazy("They become living hazards with deadlines and messages. Otherwise they come as closed."),
        ),
    ),
    writer=write_hazards,
    may_import=can_import_records,
    examine=examine_hazard,
)
