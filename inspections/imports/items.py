"""The items of a standard as a spreadsheet: the columns of the export are those that the import reads (ADR 28).

The file is read by the importer of all records, as a dry run: its report names every faulty row and column. What was read is
then written into the draft as a whole.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspections.choices import Result
from inspections.forms.standards import LONGEST_HEADING, regulations
from inspections.imports.words import category_words, level_words
from inspections.models import HazardCategory
from inspections.services.standards import ItemText
from responsibilities.models import Level
from safetyplant.documents.forms import MOST_LINES
from safetyplant.reporting.exports import exportable, live
from safetyplant.reporting.imports import (
    Boolean,
    Choice,
    ImportContext,
    ImportField,
    ImportRow,
    ImportTarget,
    Integer,
    Name,
    RowOutcome,
)
from safetyplant.reporting.imports import Text as PlainText
from safetyplant.reporting.imports.parsers import Cell, CellStyle
from safetyplant.reporting.imports.report import ReportLine
from safetyplant.reporting.imports.running import ImportPlan, run_import
from safetyplant.reporting.imports.targets import Fault

LONGEST_TEXT = 4000
#: More lines of a report than anyone mends: the rest shows when these are mended.
MOST_FAULTS = 1000


class Text(PlainText):
    """Text as our exports write it: what they made inert is itself again."""

    def parse(self, cell: Cell, style: CellStyle) -> str:
        return live(super().parse(cell, style))


class Answer(Choice):
    """An answer to an item; "N/A" is one, not an empty cell."""

    placeholders_are_blank = False


def answer_words() -> dict[str, tuple[str, ...]]:
    return {
        Result.PASS: (str(Result.PASS.label), "OK", "Pass", "合格", "符合"),
        Result.FAIL: (str(Result.FAIL.label), "Fail", "Failed", "不合格", "不符合"),
        Result.NA: (str(Result.NA.label), "N/A", "Not applicable", "不适用"),
    }


HEADING, WORDING = Text(LONGEST_HEADING), Text(LONGEST_TEXT)
FIELDS = (
    ImportField("number", gettext_lazy("No."), parser=Name(32), aliases=("No", "Number", "序号", "编号", "项号")),
    ImportField("section", gettext_lazy("Section"), parser=HEADING, aliases=("Section in English", "Group")),
    ImportField("section_zh", gettext_lazy("Section in Chinese"), parser=HEADING, aliases=("分组", "项目组", "类别")),
    ImportField("text", gettext_lazy("Text in English"), parser=WORDING, aliases=("Item", "Item in English")),
    ImportField("text_zh", gettext_lazy("Text in Chinese"), parser=WORDING, aliases=("检查项", "检查内容", "检查项目")),
    ImportField("category", gettext_lazy("Category"), required=True, parser=Choice(category_words), aliases=("隐患类别", "分类")),
    ImportField("level", gettext_lazy("Level if it fails"), required=True, parser=Choice(level_words), aliases=("Level", "级别")),
    ImportField("points", gettext_lazy("Points"), parser=Integer(1, 100), aliases=("Weight", "分值", "权重")),
    ImportField("possibly_major", gettext_lazy("Possibly major"), parser=Boolean()),
    ImportField("score_cap", gettext_lazy("Score at most, if it fails (%)"), parser=Integer(0, 100), aliases=("Cap", "封顶分")),
    ImportField("photo_on_fail", gettext_lazy("Photo required when it fails"), parser=Boolean()),
    ImportField("note_on_fail", gettext_lazy("Note required when it fails"), parser=Boolean()),
    ImportField("reference", gettext_lazy("Clause behind it"), parser=Text(120), aliases=("Reference", "依据", "依据条款")),
    ImportField("shown_if", gettext_lazy("Ask only if item no."), parser=Name(32)),
    ImportField("shown_on", gettext_lazy("was answered"), parser=Answer(answer_words)),
)


def table_of(items: Sequence[ItemText]) -> Iterator[list[Any]]:
    """Headings and rows, in the reader's language."""
    citations = regulations()
    categories = {category.code: category.label for category in HazardCategory.objects.all()}
    levels = {level.code: level.word for level in Level.objects.all()}
    shown: dict[str, Callable[[ItemText], Any]] = {
        "category": lambda item: categories[item.category],
        "level": lambda item: levels[item.level],
        "reference": lambda item: citations.text_of(item.reference),
        "shown_on": lambda item: Result(item.shown_on).label if item.shown_on else "",
    }
    yield [str(column.label) for column in FIELDS]
    for item in items:
        values = (shown.get(column.name, lambda item, name=column.name: getattr(item, name))(item) for column in FIELDS)
        yield [exportable(value) for value in values]


@dataclass
class ReadItems:
    """What a file holds: its items, sound when there are no `faults`; `notes` say what was left out."""

    items: list[ItemText] = field(default_factory=list)
    rows: int = 0
    faults: list[ReportLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_items(path: Path, *, by: Any) -> ReadItems:
    """Raises UnreadableFile when the file as a whole can't be used."""
    reader = _Reader()
    read = ReadItems()

    def keep(line: ReportLine) -> None:
        if len(read.faults) < MOST_FAULTS:
            read.faults.append(line)

    result = run_import(path, ImportPlan(reader.target(), by=by, dry_run=True), sink=keep)
    read.items, read.rows = reader.items, result.counts.rows
    read.notes = [str(note) for note in result.notes]
    if not read.faults and len(reader.items) + reader.headings > MOST_LINES:
        words = {"count": MOST_LINES}
        read.notes.append(_("A standard has at most %(count)d lines, headings included. Nothing can be written.") % words)
        read.items = []
    return read


class _Reader:
    """One file: rows to items, in their order."""

    def __init__(self) -> None:
        self.items: list[ItemText] = []
        self.headings = 0
        self._numbers: dict[str, str] = {}
        self._seen: set[str] = set()
        self._section = ("", "")
        self._citations = regulations()
        self._levels = {level.code: level for level in Level.objects.order_by("rank")}
        self._gravest = [level for level in self._levels.values() if not level.is_major][-1]

    def target(self) -> ImportTarget:
        label = gettext_lazy("Items of a standard")
        return ImportTarget("standard-items", label, FIELDS, writer=self._write, examine=self._examine)

    def _write(self, rows: Sequence[ImportRow], context: ImportContext) -> list[RowOutcome]:
        return [self._take(row, context) for row in rows]

    def _take(self, row: ImportRow, context: ImportContext) -> RowOutcome:
        faults = self._examine(row, context)
        if faults:
            (column, message), *more = faults
            return RowOutcome.error(column, message, more=more)
        number = str(len(self.items) + 1)
        self._numbers[row["number"] or ""] = number
        section = (row["section"] or "", row["section_zh"] or "")
        # A blank cell goes on with the section above, as merged cells and lists by hand mean it.
        if any(section) and section != self._section:
            self._section, self.headings = section, self.headings + 1
        self.items.append(
            ItemText(
                number=number,
                text=row["text"] or "",
                text_zh=row["text_zh"] or "",
                category=row["category"],
                level=row["level"],
                points=row["points"] or 1,
                possibly_major=bool(row["possibly_major"]),
                section=self._section[0],
                section_zh=self._section[1],
                score_cap=row["score_cap"],
                photo_on_fail=bool(row["photo_on_fail"]),
                note_on_fail=bool(row["note_on_fail"]),
                reference=self._citations.find(row["reference"]) if row["reference"] else None,
                shown_if=self._numbers.get(row["shown_if"] or "", "") if row["shown_if"] else "",
                shown_on=row["shown_on"] or "",
            )
        )
        return RowOutcome.created()

    def _examine(self, row: ImportRow, context: ImportContext) -> list[Fault]:
        faults = [*self._wording(row), *self._meaning(row), *self._condition(row)]
        if number := row["number"]:
            if number in self._seen:
                faults.append(("number", _("The number %(number)s stands twice") % {"number": number}))
            self._seen.add(number)
        return faults

    def _wording(self, row: ImportRow) -> Iterator[Fault]:
        if not (row["text"] or row["text_zh"] or row.unread & {"text", "text_zh"}):
            yield "text", _("Write the item in one of the two languages")

    def _meaning(self, row: ImportRow) -> Iterator[Fault]:
        level = self._levels.get(row["level"] or "")
        if level is not None and level.is_major:
            yield "level", _("No item opens as major at once: the safety officer decides that")
        elif level is not None and row["possibly_major"] and level != self._gravest:
            yield "level", _("A possibly major item opens as “%(level)s”: choose that level") % {"level": self._gravest.word}
        if row["reference"] and self._citations.find(row["reference"]) is None:
            yield "reference", _("No regulation has this clause. Write its code and number: HSE-07 2.4")

    def _condition(self, row: ImportRow) -> Iterator[Fault]:
        if row.unread & {"shown_if", "shown_on"}:
            return
        if bool(row["shown_if"]) != bool(row["shown_on"]):
            yield "shown_if", _("A condition names an item and an answer")
        elif row["shown_if"] and row["shown_if"] not in self._seen:
            yield "shown_if", _("There is no item of this number before it")
