"""The logging page of an inspection as a whole: its items by section, or the findings of a free one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property

from inspections.asking import asked_items
from inspections.forms.inspections import TAP_OF, TAPS, FindingForm, blank_offers, offers_for
from inspections.models import Inspection, InspectionAnswer
from inspections.services import AnswerData
from inspections.services.inspections import HAZARD
from responsibilities.models import Person
from safetyplant.documents.models import Clause, DocumentVersion

FREE_ROWS_AHEAD = 1


class Checklist:
    """The logging page of a draft as forms: `groups` of items, or free findings one after another."""

    def __init__(self, inspection: Inspection, user: Person, *, data: Any = None, files: Any = None) -> None:
        answers = list(inspection.answers.order_by("position"))
        self.standard, self.user, self.data, self.files = inspection.standard, user, data, files
        self.answers = {answer.position: answer for answer in answers}
        self.offers = offers_for(inspection, user, answers if data is None else ())
        self.items: list[FindingForm] = self._item_forms() if self.standard else self._free_forms()
        self.note = data.get("note", "") if data is not None else inspection.note

    def _form(self, prefix: str, position: int, item: Clause | None = None) -> FindingForm:
        answer = self.answers.get(position)
        bound = {"data": self.data, "files": self.files} if self.data is not None else {}
        return FindingForm(**bound, prefix=prefix, initial=initial_of(answer), offers=self.offers, item=item, position=position)

    def _item_forms(self) -> list[FindingForm]:
        clauses = self.standard.clauses.select_related(  # type: ignore[union-attr]
            "checklist_item__category", "checklist_item__level", "checklist_item__shown_if"
        ).order_by("position")
        return [self._form(f"i{clause.pk}", position, clause) for position, clause in enumerate(clauses, start=1)]

    def _free_forms(self) -> list[FindingForm]:
        count = len(self.answers) + FREE_ROWS_AHEAD
        if self.data is not None:
            sent = str(self.data.get("rows", ""))
            count = min(int(sent), 200) if sent.isascii() and sent.isdigit() and len(sent) < 5 else count
        return [self._form(f"f{position}", position) for position in range(1, count + 1)]

    @property
    def groups(self) -> list["ItemGroup"]:
        """Items by section, else by category, in the order in which the checklist first names each."""
        found: dict[str, list[FindingForm]] = {}
        for form in self.items:
            item = form.checklist_item
            found.setdefault((item.heading or item.category.label) if item else "", []).append(form)
        return [ItemGroup(name, forms_, [form for form in forms_ if form.prefix in self.asked]) for name, forms_ in found.items()]

    @cached_property
    def asked(self) -> set[str]:
        """The prefixes of the items to be answered: conditions may leave some out. A failure stays to be seen in any case."""
        conditions = [form.condition for form in self.items if form.condition is not None]
        results = {form.item.pk: TAPS[form.tap].value for form in self.items if form.item is not None and form.tap in TAPS}
        asked = asked_items(conditions, results)
        return {form.prefix for form in self.items if form.item is None or form.item.pk in asked or form.tap == "fail"}

    @property
    def is_free(self) -> bool:
        return self.standard is None

    @property
    def answered(self) -> int:
        return sum(group.answered for group in self.groups) if not self.is_free else len(self.answers)

    @property
    def failed(self) -> int:
        return sum(form.tap == "fail" for form in self.items) if not self.is_free else len(self.answers)

    def is_valid(self) -> bool:
        # Every form, not only up to the first fault: each cleans what came with it.
        faulty = [form for form in self.items if not form.is_valid()]
        return not faulty

    def typed(self) -> Sequence[AnswerData]:
        """The answers as far as they are given; call after `is_valid`, valid or not."""
        return [answer for form in self.items if (answer := form.answer()) is not None]

    def mark(self, faults: dict[int, str]) -> None:
        """Put what the submission misses beside its item."""
        for form in self.items:
            form.fault = faults.get(form.position, "")

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        """Address of the item on the page, its number, what is missing."""
        found = []
        for form in self.items:
            number = form.item.number if form.item else str(form.position)
            errors = [form.fault] if form.fault else []
            if form.is_bound:
                errors += [error for messages in form.errors.values() for error in messages]
            found += [(f"item-{form.prefix}", number, error) for error in errors]
        return found

    @property
    def fault_groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The same by what is missing: seventeen unanswered items are one line."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for target, number, error in self.faults:
            groups.setdefault(error, []).append((target, number))
        return list(groups.items())


class BlankChecklist(Checklist):
    """The same forms with nothing in them, for a phone that fills them in without us. `standard` None: one free finding."""

    def __init__(self, standard: DocumentVersion | None, user: Person) -> None:
        self.standard, self.user, self.data, self.files = standard, user, None, None
        self.answers, self.note = {}, ""
        self.offers = blank_offers(user)
        self.items = self._item_forms() if standard else self._free_forms()


@dataclass(frozen=True)
class ItemGroup:
    """`asked` are those of its `forms` that wait for an answer or have one; the others depend on another answer."""

    name: str
    forms: list[FindingForm]
    asked: list[FindingForm]

    @property
    def answered(self) -> int:
        return sum(bool(form.tap) for form in self.asked)

    @property
    def failed(self) -> int:
        return sum(form.tap == "fail" for form in self.forms)

    @property
    def is_done(self) -> bool:
        """Nothing left to do or to correct here: the group may be folded."""
        return self.answered == len(self.asked) and not self.failed and not any(form.fault for form in self.forms)


def initial_of(answer: InspectionAnswer | None) -> dict[str, Any]:
    if answer is None:
        return {"kind": HAZARD}
    return {"kind": HAZARD, **(answer.draft or {}), "result": TAP_OF.get(answer.result, ""), "note": answer.note}
