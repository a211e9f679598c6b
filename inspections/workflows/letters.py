"""A letter of outside inspectors: noted (its reply is owed from then on) → replied."""

from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.choices import InspectionKind
from inspections.models import Inspection, OutsideLetter
from inspections.permissions import can_note_letter, can_reply_letter
from inspections.workflows.inspections import subject_of
from responsibilities.chain import ChainReader
from responsibilities.choices import DeadlineKind
from responsibilities.models import Person
from responsibilities.services.deadlines import Subject, open_deadline
from responsibilities.services.owners import choose_assessor
from responsibilities.workflows import meet_deadline
from responsibilities.workflows.deadlines import lock_deadlines
from safetyplant.access.exceptions import WrongState
from safetyplant.access.transitions import locked, require
from safetyplant.audit.services import record


@transaction.atomic
def note_letter(
    inspection: Inspection, *, number: str, reply_due_on: date, by: Person, now: datetime | None = None
) -> OutsideLetter:
    """Keep the document's number and ask the unit's safety officer, else its chain, for the reply. Once an inspection."""
    moment = now or timezone.now()
    inspection = locked(Inspection.objects.select_related("unit", "place"), inspection.pk)
    require(can_note_letter(by, inspection), _("You may not note this."))
    if inspection.kind != InspectionKind.EXTERNAL or OutsideLetter.objects.filter(inspection=inspection).exists():
        raise WrongState(_("A letter is noted once, with a finding of outside inspectors."))
    due_at = timezone.make_aware(datetime.combine(reply_due_on, time(18)))
    if due_at <= moment:
        raise ValidationError({"reply_due_on": _("This day is over. Choose one that is still to come.")})
    subject = subject_of(inspection)
    deadline = open_deadline(
        DeadlineKind.REPLY,
        Subject(number[:32], f"{inspection.outside_body}, {subject.title}", subject.link),
        owner=choose_assessor(ChainReader(timezone.localdate(moment)), inspection.unit),
        unit=inspection.unit,
        starts_at=moment,
        due_at=due_at,
    )
    letter = OutsideLetter.objects.create(
        inspection=inspection, number=number, reply_due_on=reply_due_on, deadline=deadline, noted_by=by, noted_at=moment
    )
    record("inspection.letter_noted", inspection, by=by, detail={"letter": number}, at=moment)
    return letter


@transaction.atomic
def reply_letter(letter: OutsideLetter, *, reply: str, by: Person, now: datetime | None = None) -> OutsideLetter:
    """Answered: what was written back, or under which number."""
    moment = now or timezone.now()
    lock_deadlines([letter.deadline_id])
    letter = locked(OutsideLetter.objects.select_related("inspection__unit", "deadline"), letter.pk)
    require(can_reply_letter(by, letter), _("This is for someone else to do."))
    if letter.replied_at is not None:
        raise WrongState(_("It is answered already."))
    letter.reply, letter.replied_at, letter.replied_by = reply, moment, by
    letter.save()
    meet_deadline(letter.deadline, now=moment)
    record("inspection.letter_replied", letter.inspection, by=by, detail={"quote": reply}, at=moment)
    return letter
