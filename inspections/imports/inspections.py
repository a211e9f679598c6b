"""Past inspections. Several rows can be one visit: the first makes it, the others add their notes, people and findings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspections.choices import InspectionKind
from inspections.imports.books import OPTIONS, Books, books_of
from inspections.imports.faults import NUMBER, PLACE, draft_rows, require_past, with_lines
from inspections.imports.fields import AREA_OF_WORK, OUTSIDE_BODY, unit_fields
from inspections.imports.visits import COUNT_LIMIT, Visit, count_failed, hold_visits, known_visits, new_visit, save_visits
from inspections.imports.words import KINDS
from inspections.models import Inspection
from responsibilities.choices import Field
from responsibilities.models import Place
from responsibilities.permissions import can_import_records
from safetyplant.reporting.imports.faults import faults_of, require_sound
from safetyplant.reporting.imports.parsers import Choice, DateTime, Integer, Many, Name, Number, Text
from safetyplant.reporting.imports.targets import Fault, ImportContext, ImportField, ImportRow, ImportTarget, RowOutcome

CHANGED = ("note", "outside_body", "score", "failed_count", "answered_count", "kind", "place")
Inspector = Inspection.inspectors.through


@dataclass
class Draft:
    row: ImportRow
    visit: Visit
    place: Place | None
    note: str
    inspectors: list[int] = field(default_factory=list)


def write_inspections(rows: Sequence[ImportRow], context: ImportContext) -> list[RowOutcome]:
    hold_visits(context)
    books = books_of(context)
    books.read_batch(rows)
    drafts, outcomes = draft_rows(rows, partial(_draft, books=books, context=context))
    known = known_visits(draft.visit for draft in drafts.values())
    made: dict[str, Inspection] = {}
    changed: dict[str, Inspection] = {}
    told = []
    for at, draft in drafts.items():
        key = draft.visit.key
        inspection = made.get(key) or known.get(key)
        if inspection is None:
            made[key] = inspection = _new(draft, books)
            told.append((at, inspection, RowOutcome.created))
        elif _add(inspection, draft):
            changed |= {key: inspection} if key in known else {}
            told.append((at, inspection, RowOutcome.updated))
        else:
            told.append((at, inspection, partial(RowOutcome.skipped, message=_("This inspection is there already."))))
    save_visits(list(made.values()), context)
    Inspection.objects.bulk_update(changed.values(), CHANGED, batch_size=500)
    _save_inspectors(drafts.values(), made | known)
    outcomes |= {at: tell(inspection.pk) for at, inspection, tell in told}
    return [outcomes[at] for at in range(len(rows))]


def examine_inspection(row: ImportRow, context: ImportContext) -> list[Fault]:
    faults = faults_of(lambda: require_past("started_at", row["started_at"], context))
    return faults + books_of(context).faults_of_unit(row, people={"inspectors": row["inspectors"] or ()})


def _draft(row: ImportRow, *, books: Books, context: ImportContext) -> Draft:
    require_sound(examine_inspection(row, context))
    unit = books.units.get(row["unit"], row["unit_name"])
    place = books.places.get(row["place"], unit)
    people = [books.people.get(name, unit, "inspectors") for name in row["inspectors"] or ()]
    note = with_lines(row["note"], (NUMBER, row["key"]), (PLACE, None if place else row["place"]), (_("Led by"), row["led_by"]))
    visit = Visit(unit.pk, timezone.localdate(row["started_at"]), row["key"] or "", row["place"] or "")
    return Draft(row, visit, place, note, [known.pk for known in people if known is not None])


def _new(draft: Draft, books: Books) -> Inspection:
    row = draft.row
    inspection = new_visit(draft.visit, row["started_at"], books, kind=row["kind"] or "", outside_body=row["outside_body"] or "")
    inspection.place = draft.place
    inspection.field = row["field"] or Field.PRODUCTION
    inspection.note = draft.note
    inspection.score = row["score"]
    count_failed(inspection, row["failed_count"] or 0)
    inspection.answered_count = max(inspection.answered_count, row["answered_count"] or 0)
    return inspection


def _add(inspection: Inspection, draft: Draft) -> bool:
    """Another row of the same visit: what it says more is added. True when it said anything more."""
    row = draft.row
    before = [getattr(inspection, name) for name in ("note", "outside_body", "score", "failed_count", "answered_count", "kind")]
    told = set(inspection.note.splitlines())
    fresh = [line for line in draft.note.splitlines() if line not in told]
    inspection.note = "\n".join(filter(None, [inspection.note, *fresh]))
    inspection.outside_body = inspection.outside_body or row["outside_body"] or ""
    if row["kind"] and inspection.kind == InspectionKind.ROUTINE:
        inspection.kind = row["kind"]
    inspection.place = inspection.place or draft.place
    inspection.score = row["score"] if inspection.score is None else inspection.score
    # The same count stands on every row of a visit, or its violations were counted before: it is not added up.
    count_failed(inspection, max(0, (row["failed_count"] or 0) - inspection.failed_count))
    inspection.answered_count = max(inspection.answered_count, row["answered_count"] or 0)
    after = [getattr(inspection, name) for name in ("note", "outside_body", "score", "failed_count", "answered_count", "kind")]
    return before != after or bool(draft.inspectors)


def _save_inspectors(drafts: Iterable[Draft], inspections: dict[str, Inspection]) -> None:
    pairs = {(inspections[draft.visit.key].pk, person) for draft in drafts for person in draft.inspectors}
    rows = [Inspector(inspection_id=inspection, person_id=person) for inspection, person in sorted(pairs)]
    Inspector.objects.bulk_create(rows, ignore_conflicts=True)


INSPECTIONS = ImportTarget(
    code="inspections",
    label=gettext_lazy("Inspections"),
    help=gettext_lazy("Past inspections. Rows of the same unit, place, day and number are one inspection."),
    fields=(
        ImportField(
            "key",
            gettext_lazy("Number of the inspection"),
            parser=Name(200),
            aliases=("编号", "检查编号", "检查单号", "检查表编号", "序号", "Inspection no", "Inspection number", "No"),
        ),
        *unit_fields("受检部门", "Structure", names=("Unit name", "Structure name")),
        ImportField(
            "place",
            gettext_lazy("Place"),
            parser=Name(),
            aliases=("地点", "检查地点", "检查部位", "部位", "位置", "场所", "井号", "Location"),
        ),
        ImportField(
            "started_at",
            gettext_lazy("Inspected on"),
            required=True,
            parser=DateTime(),
            aliases=("检查日期", "检查时间", "日期", "Inspection date", "Date", "Started"),
        ),
        ImportField(
            "kind",
            gettext_lazy("Kind"),
            parser=Choice(KINDS),
            aliases=("检查类型", "检查类别", "检查性质", "检查方式", "检查形式", "类型", "类别", "Type"),
        ),
        AREA_OF_WORK,
        ImportField(
            "inspectors",
            gettext_lazy("Inspectors"),
            parser=Many(),
            aliases=("检查人", "检查人员", "检查组成员", "参加人员", "参检人员", "Inspector"),
        ),
        ImportField(
            "led_by", gettext_lazy("Led by"), parser=Name(200), aliases=("带队领导", "带队人", "检查组长", "组长", "Team leader")
        ),
        OUTSIDE_BODY,
        ImportField(
            "note", gettext_lazy("Note"), parser=Text(), aliases=("备注", "检查内容", "检查情况", "检查结果", "Remarks", "Result")
        ),
        ImportField(
            "score",
            gettext_lazy("Score"),
            parser=Number(minimum=0, maximum=100),
            aliases=("得分", "分数", "评分", "检查得分", "总分"),
        ),
        ImportField(
            "failed_count",
            gettext_lazy("Number of findings"),
            parser=Integer(minimum=0, maximum=COUNT_LIMIT),
            aliases=("问题数", "问题数量", "隐患数", "隐患数量", "发现问题数", "不合格项数", "Findings", "Failed"),
        ),
        ImportField(
            "answered_count",
            gettext_lazy("Items checked"),
            parser=Integer(minimum=0, maximum=COUNT_LIMIT),
            aliases=("检查项数", "检查项目数", "Items"),
        ),
    ),
    options=OPTIONS,
    writer=write_inspections,
    may_import=can_import_records,
    examine=examine_inspection,
)
