"""Items of standards: a clause of the document and, beside it, what its failure means."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db import transaction

from inspections.models import ChecklistItem
from safetyplant.catalogue import read_data
from safetyplant.documents.models import Clause, DocumentVersion
from safetyplant.documents.services import ClauseText, write_clauses

SCORING = Path(__file__).parents[1] / "data" / "scoring.json"
#: What an item says besides its clause and what refers to others, named as in `ChecklistItem`.
PLAIN = ("points", "possibly_major", "section", "section_zh", "score_cap", "photo_on_fail", "note_on_fail", "shown_on")


@dataclass(frozen=True)
class ItemText:
    """One line of a checklist; `category` and `level` are codes, the defaults of a hazard that its failure opens.

    `score_cap` (per cent) makes it critical. `reference` is the id of a published clause, `shown_if` the number of an earlier
    item, which must have been answered with `shown_on` for this one to be asked.
    """

    number: str
    text: str
    category: str
    level: str
    text_zh: str = ""
    points: int = 1
    possibly_major: bool = False
    section: str = ""
    section_zh: str = ""
    score_cap: int | None = None
    photo_on_fail: bool = False
    note_on_fail: bool = False
    reference: int | None = None
    shown_if: str = ""
    shown_on: str = ""


@cache
def usual_cap() -> int:
    """What a failed critical item leaves of a score unless its standard says otherwise, in per cent, as shipped."""
    return int(read_data(SCORING)["critical_cap"])


@transaction.atomic
def write_items(version: DocumentVersion, items: Iterable[ItemText]) -> None:
    """Replace a draft's items by these, in this order. WrongState once it is published."""
    rows = list(items)
    clauses = write_clauses(version, [ClauseText(row.number, row.text, row.text_zh) for row in rows])
    by_number = {clause.number: clause for clause in clauses}
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            clause=clause,
            category_id=row.category,
            level_id=row.level,
            reference_id=row.reference,
            shown_if=by_number[row.shown_if] if row.shown_if else None,
            **{name: getattr(row, name) for name in PLAIN},
        )
        for clause, row in zip(clauses, rows, strict=True)
    )


def items_of(version: DocumentVersion) -> list[ItemText]:
    """A version's items in reading order, to compare, to copy into a draft, to show in a form."""
    clauses = list(version.clauses.select_related("checklist_item").order_by("position"))
    numbers: dict[int | None, str] = {clause.pk: clause.number for clause in clauses}
    return [_item_text(clause, numbers) for clause in clauses]


def _item_text(clause: Clause, numbers: dict[int | None, str]) -> ItemText:
    item = clause.checklist_item
    return ItemText(
        number=clause.number,
        text=clause.text,
        text_zh=clause.text_zh,
        category=item.category_id,
        level=item.level_id,
        reference=item.reference_id,
        shown_if=numbers.get(item.shown_if_id, ""),
        **{name: getattr(item, name) for name in PLAIN},
    )
