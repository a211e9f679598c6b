"""What keeps an inspection from being submitted: nothing here changes anything."""

from django.utils.translation import gettext as _

from inspections.choices import Result
from inspections.models import ChecklistItem, InspectionAnswer
from inspections.services.inspections import FIXED, HAZARD, VIOLATION, Draft, FindingData
from responsibilities.models import Person
from responsibilities.roles import Right
from responsibilities.services.deadlines import usual_level


def find_faults(draft: Draft, *, by: Person) -> dict[int, str]:
    """What keeps the draft from being submitted, by position; empty when it is whole."""
    faults: dict[int, str] = {}
    answered = {answer.position: answer for answer in draft.answers}
    if draft.inspection.standard is not None:
        asked = draft.items.asked_positions(draft.answers)
        faults = {position: _("Choose OK, Fail or N/A") for position in asked if position not in answered}
    else:
        asked = set(answered)
    for position, answer in answered.items():
        if answer.result == Result.FAIL:
            fault = _finding_fault(answer, by) if position in asked else _unasked_fault(answer)
            faults |= {position: fault} if fault else {}
    return dict(sorted(faults.items()))


def _unasked_fault(answer: InspectionAnswer) -> str:
    """A failure is never dropped without a word, even where its item should not have been asked."""
    item = answer.checklist_item
    if item is None or item.shown_if is None:
        return ""
    words = {"number": item.shown_if.number, "answer": item.get_shown_on_display()}
    return _("Asked only where item %(number)s is “%(answer)s”. Change that answer, or choose N/A for this one.") % words


def _finding_fault(answer: InspectionAnswer, by: Person) -> str:
    finding = FindingData(**answer.draft) if answer.draft else FindingData()
    item = answer.checklist_item
    if not finding.text.strip():
        return _("Say what is wrong")
    if item is not None and (fault := _evidence_fault(answer, item, finding)):
        return fault
    if finding.stop_work and finding.kind != HAZARD:
        return _("Work is stopped for a hazard: choose “Hazard”, or take back “Stop work now”")
    if item is not None and item.possibly_major and (fault := _major_fault(finding)):
        return fault
    if finding.kind == VIOLATION and finding.person and person_named(finding, by) is None:
        return _("No one has this employee number: %(number)s") % {"number": finding.person}
    return _spot_fault(answer, item, finding, by) if finding.kind == FIXED else ""


def _evidence_fault(answer: InspectionAnswer, item: ChecklistItem, finding: FindingData) -> str:
    """What the item asks for besides what is wrong."""
    if item.photo_on_fail and not finding.photos and _takes_photos(answer):
        return _("This item asks for a photo when it fails")
    if item.note_on_fail and not answer.note.strip():
        return _("This item asks for a note when it fails")
    return ""


def _takes_photos(answer: InspectionAnswer) -> bool:
    """Not in a hazardous area, where no phone may be used."""
    place = answer.inspection.place
    return place is None or not place.no_phones


def _spot_fault(answer: InspectionAnswer, item: ChecklistItem | None, finding: FindingData, by: Person) -> str:
    """Closing on the spot asks for two different photos, and for somebody from outside the unit where it is grave."""
    has_both = bool(finding.photos and finding.after_photos)
    # Where no phone may be used, the inspector's word stands in for the pictures.
    if not has_both and _takes_photos(answer):
        return _("Fixed on the spot needs a photo before and one after")
    if set(finding.photos) & set(finding.after_photos):
        return _("The photo after is the same as the one before. Take a new one.")
    level = item.level if item else usual_level()
    if (level.is_urgent or level.is_major) and by.standing.has_for(Right.LEAD_FIX, answer.inspection.unit):
        return _("Serious, and in the unit you lead: record it as a hazard, so that someone else sees that it is safe")
    return ""


def _major_fault(finding: FindingData) -> str:
    """What may be major stays open until the officer has decided, whatever was done about it on the spot."""
    if finding.kind == FIXED:
        return _("Possibly major: record it as a hazard, also when it is fixed. The safety officer decides whether it was major")
    if finding.kind == HAZARD and not finding.interim_control.strip():
        return _("Possibly major: say what keeps people safe until it is fixed")
    return ""


def person_named(finding: FindingData, by: Person) -> Person | None:
    return Person.objects.visible_to(by).filter(username=finding.person).first() if finding.person else None
