"""The report of an inspection: score, what was found, every answer, photos, who answers for the unit, signatures."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from inspections.models import Inspection
from inspections.papers.pictures import pictures_of
from inspections.views.inspection_story import InspectionStory, Line
from safetyplant.reporting.papers import Block, Facts, Paper, Pictures, Signatures, Table, Text


def inspection_paper(inspection: Inspection, story: InspectionStory, *, issuer: str, address: str) -> Paper:
    """`story` is what this reader may see: what is hidden from them on the page is hidden on paper."""
    return Paper(
        title=_("Inspection report"),
        number=inspection.number or _("Draft"),
        issuer=issuer,
        blocks=list(_blocks(inspection, story)),
        footer=f"{inspection} · {inspection.unit.name}",
        address=address,
    )


def _blocks(inspection: Inspection, story: InspectionStory) -> Iterator[Block]:
    yield Facts(_facts(inspection, story))
    if story.failed:
        rows = [_finding_row(line) for line in story.failed]
        yield Table(
            (_("Number"), _("What was found"), _("Level"), _("With"), _("Due")), rows, (4, 9, 3, 4, 4), _("What was found")
        )
    else:
        yield Text(_("Nothing failed."), _("What was found"))
    for name, lines in story.groups if inspection.standard_id else []:
        yield Table(("", _("Item"), _("Answer")), [_answer_row(line) for line in lines], (2, 18, 4), name)
    if pictures := pictures_of(_named_sets(story)):
        yield Pictures(pictures, _("Photos"))
    yield Facts([(line.title, line.person.name if line.person else _("Nobody")) for line in story.chain], _("Who answers"))
    yield Signatures(_signatures(inspection, story), _("Signatures"))


def _facts(inspection: Inspection, story: InspectionStory) -> list[tuple[str, Any]]:
    standard = inspection.standard
    counted = {"failed": inspection.failed_count, "answered": inspection.answered_count}
    return [
        (_("Unit"), inspection.unit.name),
        (_("Place"), inspection.place.name if inspection.place else ""),
        (_("Kind"), inspection.get_kind_display()),
        (_("Outside body"), inspection.outside_body),
        (_("Checklist"), f"{standard.document.label} · {standard.number}" if standard else _("Free inspection")),
        (_("Inspectors"), _(", ").join(person.name for person in story.inspectors)),
        (_("Started"), inspection.started_at),
        (_("Submitted"), inspection.submitted_at),
        (_("Score"), f"{inspection.score} %" if inspection.score is not None else ""),
        (_("Result"), _("%(failed)s failed of %(answered)s answered") % counted if standard else ""),
        (_("Note"), inspection.note),
    ]


def _finding_row(line: Line) -> list[Any]:
    hazard, violation = line.hazard, line.violation
    if hazard is not None:
        state = _("Fixed on the spot") if hazard.fixed_on_spot else hazard.holder.name if hazard.holder else ""
        return [hazard.number, hazard.title, hazard.level.label if hazard.level else _("Not assessed"), state, hazard.due_at]
    if violation is not None:
        kind = violation.violation_type.label if violation.violation_type else violation.description
        return [violation.number, kind, violation.level.label if violation.level else "", _("Violation"), ""]
    return ["", _("Recorded as a violation, which only those concerned may read."), "", "", ""]


def _answer_row(line: Line) -> list[Any]:
    item = line.answer.item
    said = item.label if item else line.answer.note
    note = f"\n{line.answer.note}" if item and line.answer.note and not line.is_hidden else ""
    return [item.number if item else "", f"{said}{note}", line.answer.get_result_display()]


def _named_sets(story: InspectionStory) -> dict[int, str]:
    records = [line.hazard or line.violation for line in story.failed]
    return {record.photos_id: record.number for record in records if record is not None and record.photos_id}


def _signatures(inspection: Inspection, story: InspectionStory) -> list[tuple[str, str, Any]]:
    inspectors = [(_("Inspector"), person.name, "") for person in story.inspectors]
    who = inspection.acknowledged_by.name if inspection.acknowledged_by else ""
    return [*inspectors, (_("Head of the unit"), who, inspection.acknowledged_at)]
