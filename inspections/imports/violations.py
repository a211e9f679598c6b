"""Past violations: final at once, with the inspection they were found in where the file knows its day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspections.choices import ViolationStatus
from inspections.imports.books import OPTIONS, VIOLATION_SERIES, Books, books_of, imported_key, numbers_for
from inspections.imports.faults import NUMBER, PLACE, draft_rows, require_past, with_lines
from inspections.imports.fields import OUTSIDE_BODY, unit_fields
from inspections.imports.visits import Visit, count_violations, hold_visits, known_visits, new_visit, save_visits
from inspections.imports.words import CANCELLED, STATES, level_words, type_words
from inspections.models import Inspection, Violation, ViolationType
from responsibilities.models import Place, Unit
from responsibilities.permissions import can_import_records
from safetyplant.audit.services import Row, record_many
from safetyplant.reporting.imports.faults import faults_of, require_sound
from safetyplant.reporting.imports.parsers import Choice, Date, DateTime, Integer, Name, Text
from safetyplant.reporting.imports.targets import Fault, ImportContext, ImportField, ImportRow, ImportTarget, RowOutcome

MOST_POINTS = 32_767
COMPANY = gettext_lazy("Company")


@dataclass
class Draft:
    row: ImportRow
    violation: Violation
    visit: Visit | None = None
    personal: dict[str, str] = field(default_factory=dict)


def write_violations(rows: Sequence[ImportRow], context: ImportContext) -> list[RowOutcome]:
    hold_visits(context)
    books = books_of(context)
    books.read_batch(rows)
    drafts, outcomes = draft_rows(rows, partial(_draft, books=books, context=context))
    _link(list(drafts.values()), books, context)
    _save(list(drafts.values()), context)
    outcomes |= {at: RowOutcome.created(draft.violation.pk) for at, draft in drafts.items()}
    return [outcomes[at] for at in range(len(rows))]


def examine_violation(row: ImportRow, context: ImportContext) -> list[Fault]:
    faults: list[Fault] = []
    if not row["description"] and not row["clause_text"] and not row.unread & {"description", "clause_text"}:
        faults.append(("description", _("Say what happened, or which clause was broken.")))
    faults += faults_of(lambda: require_past("found_at", row["found_at"], context))
    if row["inspection_date"] and row["inspection_date"] > timezone.localdate(context.now):
        faults.append(("inspection_date", _("This day is still to come.")))
    return faults + books_of(context).faults_of_unit(row, people={name: (row[name],) for name in ("person", "recorded_by")})


def _draft(row: ImportRow, *, books: Books, context: ImportContext) -> Draft:
    require_sound(examine_violation(row, context))
    unit = books.units.get(row["unit"], row["unit_name"])
    place = books.places.get(row["place"], unit)
    draft = Draft(row, _violation(row, unit, place, books, context))
    person = books.people.get(row["person"], unit, "person")
    if person is not None:
        draft.violation.person_id = person.pk
        # SECURITY: outside the hashed text, so that lawful erasure does not break the chain.
        draft.personal = {"person": person.name}
    if row["inspection_date"] or row["inspection_key"]:
        day = row["inspection_date"] or timezone.localdate(row["found_at"])
        draft.visit = Visit(unit.pk, day, row["inspection_key"] or "", row["place"] or "")
    return draft


def _violation(row: ImportRow, unit: Unit, place: Place | None, books: Books, context: ImportContext) -> Violation:
    found_at = row["found_at"]
    nobody = books.people.nobody()
    recorder = books.people.get(row["recorded_by"], unit, "recorded_by")
    clause = row["clause_text"] or ""
    violation = Violation(
        status=ViolationStatus.FINAL,
        unit=unit,
        place=place,
        violation_type_id=_type_id(row["violation_type"], timezone.localdate(found_at), context),
        level_id=row["level"],
        clause_text=clause,
        description=with_lines(
            row["description"] or _("Item %(item)s was not met.") % {"item": clause},
            (NUMBER, row["number"]),
            (PLACE, None if place else row["place"]),
            (COMPANY, row["company"]),
        ),
        correction=row["correction"] or "",
        proposed_points=row["points"],
        found_at=found_at,
        recorded_at=found_at,
        recorded_by_id=recorder.pk if recorder else nobody,
        chain_id=books.chains.snapshot_id(unit.pk, timezone.localdate(found_at)),
        is_past=True,
        imported_key=imported_key("violations", row),
    )
    if row["status"] == CANCELLED:
        violation.status = ViolationStatus.CANCELLED
        violation.cancelled_at, violation.cancelled_by_id = found_at, nobody
        violation.cancel_reason = _("Cancelled in the earlier records.")
    return violation


def _type_id(code: str | None, day: date, context: ImportContext) -> int | None:
    """The version of the type that was in force on the day, else its first."""
    if code is None:
        return None
    if "types" not in context.memo:
        versions: dict[str, list[tuple[date, int]]] = {}
        for type_code, since, pk in ViolationType.objects.order_by("valid_from").values_list("code", "valid_from", "pk"):
            versions.setdefault(type_code, []).append((since, pk))
        context.memo["types"] = versions
    dated: list[tuple[date, int]] = context.memo["types"][code]
    return next((pk for since, pk in reversed(dated) if since <= day), dated[0][1])


def _link(drafts: Sequence[Draft], books: Books, context: ImportContext) -> None:
    """Find or make the inspections of the batch."""
    visits = {visit for draft in drafts if (visit := draft.visit) is not None}
    if not visits:
        return
    known = known_visits(visits | {visit.of_unit for visit in visits})
    made: dict[str, Inspection] = {}
    for draft in drafts:
        if draft.visit is None:
            continue
        visit = draft.visit if draft.visit.key in known else draft.visit.of_unit
        inspection = known.get(visit.key) or made.get(visit.key)
        if inspection is None:
            inspection = made[visit.key] = _visit_of(draft, visit, books)
        draft.violation.inspection = inspection
    save_visits(list(made.values()), context)


def _visit_of(draft: Draft, visit: Visit, books: Books) -> Inspection:
    """It begins when its first finding was made, if that was on its day, else at the beginning of the day."""
    at = draft.row["found_at"]
    if timezone.localdate(at) != visit.day:
        at = timezone.localtime(at).replace(
            year=visit.day.year, month=visit.day.month, day=visit.day.day, hour=0, minute=0, second=0, microsecond=0
        )
    return new_visit(visit, at, books, outside_body=draft.row["outside_body"] or "")


def _save(drafts: Sequence[Draft], context: ImportContext) -> None:
    violations = [draft.violation for draft in drafts]
    days = [timezone.localdate(violation.found_at) for violation in violations]
    for violation, number in zip(violations, numbers_for(VIOLATION_SERIES, days), strict=True):
        violation.number = number
    for violation in violations:
        # The inspection has its id only since it was saved.
        if violation.inspection is not None:
            violation.inspection_id = violation.inspection.pk
    Violation.objects.bulk_create(violations)
    count_violations({violation.inspection_id for violation in violations if violation.inspection_id is not None})
    record_many(
        Row("violation.imported", draft.violation, by=context.by, personal=draft.personal or None, at=context.now)
        for draft in drafts
    )


VIOLATIONS = ImportTarget(
    code="violations",
    label=gettext_lazy("Violations"),
    help=gettext_lazy("Past violations: final at once, without notice or message. Inspections they belong to are found or made."),
    fields=(
        ImportField("number", gettext_lazy("Earlier number"), parser=Name(100), aliases=("编号", "违章编号", "序号", "No")),
        *unit_fields("责任单位", "责任部门", "违章单位", "Structure", names=("Unit name", "Structure name")),
        ImportField(
            "place",
            gettext_lazy("Place"),
            parser=Name(),
            aliases=("地点", "违章地点", "作业地点", "部位", "位置", "场所", "Location"),
        ),
        ImportField(
            "company",
            gettext_lazy("Company"),
            parser=Name(200),
            aliases=("承包商", "外委单位", "Contractor", "Company name", "Operator"),
        ),
        ImportField(
            "person",
            gettext_lazy("Person"),
            parser=Name(),
            aliases=("违章人", "违章人员", "违章者", "当事人", "责任人", "姓名", "工号", "Offender", "Employee"),
            help=gettext_lazy("Employee number or name."),
        ),
        ImportField(
            "violation_type",
            gettext_lazy("Type"),
            parser=Choice(type_words),
            aliases=("违章类型", "违章类别", "违章性质", "三违类别", "类型", "类别", "Violation type"),
        ),
        ImportField(
            "level",
            gettext_lazy("Level"),
            parser=Choice(level_words),
            aliases=("等级", "级别", "违章等级", "Severity", "Enforcement code"),
        ),
        ImportField(
            "clause_text",
            gettext_lazy("Clause or item broken"),
            parser=Name(200),
            aliases=("违反条款", "条款", "依据", "违反规定", "检查项", "Clause", "Item", "Rule"),
        ),
        ImportField(
            "description",
            gettext_lazy("What happened"),
            parser=Text(),
            aliases=("违章描述", "违章事实", "违章内容", "违章行为", "问题描述", "Description", "Violation"),
        ),
        ImportField(
            "correction",
            gettext_lazy("Correction made on the spot"),
            parser=Text(),
            aliases=("纠正措施", "整改措施", "现场纠正", "处理措施", "现场处理"),
        ),
        ImportField(
            "points",
            gettext_lazy("Points"),
            parser=Integer(minimum=0, maximum=MOST_POINTS),
            aliases=("记分", "扣分", "考核分数", "考核分", "记分分值", "违章记分", "Score"),
        ),
        ImportField(
            "found_at",
            gettext_lazy("Found"),
            required=True,
            parser=DateTime(),
            aliases=("发现日期", "发现时间", "违章日期", "违章时间", "日期", "Issue date", "Found on", "Date", "Violation date"),
        ),
        ImportField(
            "recorded_by",
            gettext_lazy("Recorded by"),
            parser=Name(),
            aliases=("检查人", "查处人", "记录人", "上报人", "Inspector"),
        ),
        ImportField(
            "status",
            gettext_lazy("State"),
            parser=Choice(STATES),
            aliases=("状态", "Status"),
            help=gettext_lazy("Only cancelled matters here."),
        ),
        ImportField(
            "inspection_date",
            gettext_lazy("Day of the inspection"),
            parser=Date(),
            aliases=("检查日期", "检查时间", "Inspection date"),
            help=gettext_lazy("Finds or makes the inspection of the unit on this day."),
        ),
        ImportField(
            "inspection_key",
            gettext_lazy("Number of the inspection"),
            parser=Name(200),
            aliases=("检查编号", "检查单号", "Inspection no", "Inspection number"),
            help=gettext_lazy("Tells several inspections of a unit on one day apart."),
        ),
        OUTSIDE_BODY,
    ),
    options=OPTIONS,
    writer=write_violations,
    may_import=can_import_records,
    examine=examine_violation,
)
