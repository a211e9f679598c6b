"""What an inspection found, for its reader: each failed item with the record it became, as far as they may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from inspections.choices import InspectionKind, InspectionStatus, Result
from inspections.models import Hazard, Inspection, InspectionAnswer, OutsideLetter, Violation
from inspections.permissions import can_acknowledge_inspection, can_note_letter, can_reply_letter
from inspections.scoring import Score
from inspections.services.inspections import score_of
from inspections.views.hazard_story import ChainLine, chain_lines
from inspections.views.rounds import rounds_of
from responsibilities.models import Person, Place
from safetyplant.audit.history import Entry, history
from safetyplant.shell.templatetags.shell import when

Text = str | Promise


@dataclass(frozen=True)
class Line:
    """An answer; a failed one with its hazard or violation. `is_hidden`: the record is not for this reader."""

    answer: InspectionAnswer
    hazard: Hazard | None = None
    violation: Violation | None = None

    @property
    def is_hidden(self) -> bool:
        return self.answer.result == Result.FAIL and self.hazard is None and self.violation is None


@dataclass(frozen=True)
class InspectionStory:
    failed: list[Line]
    groups: list[tuple[str, list[Line]]]
    chain: list[ChainLine]
    facts: list[tuple[Text, Any]]
    entries: list[Entry]
    inspectors: Sequence[Person]
    can_acknowledge: bool
    rounds: list[Place]
    #: How the score came about; None where that is not known (imported ones) or it has none.
    score: Score | None = None
    #: The sheet on which it was written by hand.
    scans: Any = None
    letter: OutsideLetter | None = None
    can_note: bool = False
    can_reply: bool = False

    @property
    def photo_sets(self) -> list[Any]:
        records = [line.hazard or line.violation for line in self.failed]
        found = [record.photos for record in records if record is not None and record.photos is not None]
        return [self.scans, *found] if self.scans is not None else found


def tell_inspection(inspection: Inspection, user: Person) -> InspectionStory:
    lines = _lines(inspection, user)
    inspectors = list(inspection.inspectors.all())
    is_outside = inspection.kind == InspectionKind.EXTERNAL
    letters = OutsideLetter.objects.select_related("deadline__owner", "inspection__unit", "replied_by")
    letter = letters.filter(inspection=inspection).first() if is_outside else None
    return InspectionStory(
        failed=[line for line in lines if line.answer.result == Result.FAIL],
        groups=_grouped(lines),
        chain=chain_lines(inspection.chain, known=inspection.unit, is_over=inspection.status != InspectionStatus.SUBMITTED),
        facts=_facts(inspection, inspectors),
        entries=history(inspection),
        inspectors=inspectors,
        can_acknowledge=inspection.status == InspectionStatus.SUBMITTED and can_acknowledge_inspection(user, inspection),
        rounds=rounds_of(inspection, user),
        score=_score(inspection, lines),
        scans=inspection.photos,
        letter=letter,
        can_note=is_outside and letter is None and can_note_letter(user, inspection),
        can_reply=letter is not None and letter.replied_at is None and can_reply_letter(user, letter),
    )


def _lines(inspection: Inspection, user: Person) -> list[Line]:
    """SECURITY: what a failed item says is shown through its record alone, which the reader must be allowed to see."""
    hazards = Hazard.objects.filter(inspection=inspection).visible_to(user).select_related("level", "holder", "photos")
    violations = (
        Violation.objects.filter(inspection=inspection).visible_to(user).select_related("violation_type", "level", "photos")
    )
    hazard_of = {hazard.client_id: hazard for hazard in hazards}
    violation_of = {violation.client_id: violation for violation in violations}
    answers = inspection.answers.select_related("item__checklist_item__category", "item__checklist_item__level").order_by(
        "position"
    )
    ids = {answer.pk: finding_id(inspection, answer.position) for answer in answers}
    return [Line(answer, hazard_of.get(ids[answer.pk]), violation_of.get(ids[answer.pk])) for answer in answers]


def _score(inspection: Inspection, lines: list[Line]) -> Score | None:
    score = score_of(inspection, [line.answer for line in lines])
    return score if score is not None and score.value == inspection.score else None


def finding_id(inspection: Inspection, position: int) -> UUID:
    """The client id of a failed item's record, as `submit_inspection` derives it."""
    return uuid5(inspection.client_id, str(position))


def _grouped(lines: list[Line]) -> list[tuple[str, list[Line]]]:
    groups: dict[str, list[Line]] = {}
    for line in lines:
        item = line.answer.checklist_item
        groups.setdefault((item.heading or item.category.label) if item else "", []).append(line)
    return list(groups.items())


def _facts(inspection: Inspection, inspectors: Sequence[Person]) -> list[tuple[Text, Any]]:
    standard = inspection.standard
    words = {"title": standard.document.label, "number": standard.number} if standard else {}
    return [
        (_("Kind"), inspection.get_kind_display()),
        (_("Outside body"), inspection.outside_body),
        (_("Checklist"), _("%(title)s, version %(number)s") % words if standard else _("Free inspection")),
        (_("Inspectors"), _(", ").join(person.name for person in inspectors)),
        (_("Started"), when(inspection.started_at)),
        (_("Submitted"), when(inspection.submitted_at)),
        (pgettext("area of work", "Field"), inspection.get_field_display()),
        (_("Note"), inspection.note),
    ]
