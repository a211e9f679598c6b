"""The items of a checklist, read once for everything that is answered by it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from inspections.asking import Condition, asked_items
from inspections.models import InspectionAnswer

if TYPE_CHECKING:
    from safetyplant.documents.models import Clause, DocumentVersion

#: What is read along with an item.
RELATED = ("checklist_item__category", "checklist_item__level", "checklist_item__shown_if")


class Items:
    """A standard's items in their order, one query; without a standard (a free inspection) there are none."""

    def __init__(self, standard: "DocumentVersion | None") -> None:
        clauses = standard.clauses.select_related(*RELATED).order_by("position") if standard is not None else ()
        self.by_id: dict[int, Clause] = {clause.pk: clause for clause in clauses}
        #: From 1, by the id of the clause.
        self.positions = {pk: position for position, pk in enumerate(self.by_id, start=1)}
        self.conditions = [_condition(clause) for clause in self.by_id.values()]

    def asked(self, answers: Iterable[InspectionAnswer]) -> set[int]:
        """Ids of the items that are asked, answered or not."""
        return asked_items(self.conditions, {answer.item_id: answer.result for answer in answers if answer.item_id is not None})

    def asked_positions(self, answers: Iterable[InspectionAnswer]) -> set[int]:
        return {self.positions[pk] for pk in self.asked(answers)}

    def asked_among(self, answers: Iterable[InspectionAnswer]) -> list[InspectionAnswer]:
        """Those whose items are asked, in the order of the checklist. Of a free inspection: all."""
        given = sorted(answers, key=lambda answer: answer.position)
        if not self.by_id:
            return given
        asked = self.asked(given)
        return [answer for answer in given if answer.item_id is None or answer.item_id in asked]

    def attach(self, answers: Iterable[InspectionAnswer]) -> list[InspectionAnswer]:
        """These answers with their items at hand."""
        given = list(answers)
        for answer in given:
            if answer.item_id in self.by_id:
                answer.item = self.by_id[answer.item_id]
        return given


def _condition(clause: "Clause") -> Condition:
    item = getattr(clause, "checklist_item", None)
    return Condition(clause.pk, item.shown_if_id, item.shown_on) if item is not None else Condition(clause.pk)
