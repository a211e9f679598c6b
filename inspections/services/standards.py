"""Items of standards: a clause of the document and, beside it, what its failure means."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from inspections.models import ChecklistItem
from safetyplant.documents.models import DocumentVersion
from safetyplant.documents.services import ClauseText, write_clauses


@dataclass(frozen=True)
class ItemText:
    """One line of a checklist; `category` and `level` are codes, the defaults of a hazard that its failure opens."""

    number: str
    text: str
    category: str
    level: str
    text_zh: str = ""
    points: int = 1
    possibly_major: bool = False


@transaction.atomic
def write_items(version: DocumentVersion, items: Iterable[ItemText]) -> None:
    """Replace a draft's items by these, in this order. WrongState once it is published."""
    rows = list(items)
    clauses = write_clauses(version, [ClauseText(row.number, row.text, row.text_zh) for row in rows])
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            clause=clause,
            category_id=row.category,
            level_id=row.level,
            possibly_major=row.possibly_major,
            points=row.points,
        )
        for clause, row in zip(clauses, rows, strict=True)
    )


def items_of(version: DocumentVersion) -> list[ItemText]:
    """A version's items in reading order, to compare, to copy into a draft, to show in a form."""
    clauses = version.clauses.select_related("checklist_item").order_by("position")
    return [
        ItemText(
            number=clause.number,
            text=clause.text,
            text_zh=clause.text_zh,
            category=clause.checklist_item.category_id,
            level=clause.checklist_item.level_id,
            points=clause.checklist_item.points,
            possibly_major=clause.checklist_item.possibly_major,
        )
        for clause in clauses
    ]
