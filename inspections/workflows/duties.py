"""What points bring: the duty of a threshold, seen to with proof and checked by another.

open ──do_duty──▶ done ──check_duty──▶ verified
                  done ──return_duty──▶ open      with a reason; the time of the check is given back
open, done ──cancel_duties──▶ cancelled           the points were taken back and the sum is below the threshold again
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections import penalty_permissions as may
from inspections.choices import DutyStatus
from inspections.models import Duty, PenaltyRule
from inspections.services.penalties import choose_checker, choose_doer, crossed, duty_subject
from inspections.workflows.violations import end_deadline
from responsibilities.chain import ChainReader
from responsibilities.choices import DeadlineKind
from responsibilities.services.deadlines import new_deadline, open_deadline, stage_due_at
from responsibilities.services.owners import someone_for
from responsibilities.services.schedules import place_cursor
from responsibilities.workflows import asked_key, meet_deadline, pause_deadline, resume_deadline
from responsibilities.workflows.deadlines import lock_deadlines
from safetyplant.access.exceptions import StaleVersion
from safetyplant.access.transitions import locked, require, require_state
from safetyplant.attachments.services import bind, new_set
from safetyplant.audit.services import record
from safetyplant.notifications.services import notify
from safetyplant.numbering.services import next_number

if TYPE_CHECKING:
    from inspections.models import PointsEntry
    from responsibilities.models import Deadline, Person

PROOF_KIND = "inspections.duty"
NOT_YOURS = "This is for someone else to do."


def open_duty(entry: "PointsEntry", *, before: int, now: datetime) -> Duty | None:
    """The duty of the highest threshold that this entry crosses, by the rule of today; each once a person and year.

    Runs in the caller's transaction, with the person locked.
    """
    rule = PenaltyRule.objects.in_force(timezone.localdate(now))
    threshold = crossed(rule, before, before + entry.points)
    person = entry.person
    if threshold is None or person.unit is None:
        return None
    known = Duty.objects.filter(person=person, year=entry.year, threshold=threshold.points)
    if known.exclude(status=DutyStatus.CANCELLED).exists():
        return None
    reader = ChainReader(timezone.localdate(now))
    duty = Duty(
        number=next_number("PD", timezone.localdate(now)), person=person, unit=person.unit, year=entry.year,
        threshold=threshold.points, kind=threshold.duty, entry=entry, created_at=now,
    )  # fmt: skip
    duty.deadline = _deadline(duty, reader, now=now, days=threshold.days)
    duty.save()
    # Its address is known only now.
    duty.deadline.link = duty_subject(duty).link
    duty.deadline.save(update_fields=["link"])
    record("duty.opened", duty, by=None, detail={"threshold": duty.threshold, "year": duty.year}, at=now)
    _tell("duty.opened", duty, [duty.deadline.owner], now=now, withdraw_key=asked_key(duty.deadline))
    _tell("duty.yours", duty, [person], now=now)
    return duty


def _deadline(duty: Duty, reader: ChainReader, *, now: datetime, days: int) -> "Deadline":
    owner = someone_for(choose_doer(reader, duty.unit, duty.person), duty.unit)
    subject = duty_subject(Duty(pk=0, number=duty.number))
    deadline = new_deadline(
        DeadlineKind.DUTY, subject, owner=owner, unit=duty.unit, starts_at=now, due_at=now + timedelta(days=days)
    )
    place_cursor(deadline)
    deadline.save()
    return deadline


@transaction.atomic
def do_duty(
    duty: Duty, *, by: "Person", note: str, photos: Sequence[Any], revision: int | None = None, now: datetime | None = None
) -> Duty:
    """Seen to: what was done, and the proof (attendance sheet, record of the talk, result). ValidationError (`photos`)."""
    moment = now or timezone.now()
    duty = _begin(duty, revision, may.can_do_duty, by, DutyStatus.OPEN)
    if not photos and duty.proof is None:
        raise ValidationError({"photos": _("Add the proof: a picture of the signed record, the attendance sheet or the result")})
    if duty.proof is None:
        duty.proof = new_set(PROOF_KIND)
    bind(duty.proof, photos, by=by, purpose="evidence", now=moment)
    duty.note, duty.done_at, duty.done_by = note, moment, by
    duty.deadline = pause_deadline(duty.deadline, now=moment)
    checker = someone_for(choose_checker(ChainReader(timezone.localdate(moment)), duty), duty.unit)
    duty.check_deadline = open_deadline(
        DeadlineKind.PROOF,
        duty_subject(duty),
        owner=checker,
        unit=duty.unit,
        starts_at=moment,
        due_at=stage_due_at("proof", moment),
    )
    _save(duty, DutyStatus.DONE)
    record("duty.done", duty, by=by, detail={"quote": note}, at=moment)
    _tell("duty.done", duty, [checker], by=by, now=moment, withdraw_key=asked_key(duty.check_deadline))
    return duty


@transaction.atomic
def check_duty(duty: Duty, *, by: "Person", revision: int | None = None, now: datetime | None = None) -> Duty:
    """The proof is good; by another than who saw to it."""
    moment = now or timezone.now()
    duty = _begin(duty, revision, may.can_check_duty, by, DutyStatus.DONE)
    duty.verified_at, duty.verified_by = moment, by
    duty.check_deadline = end_deadline(duty.check_deadline, now=moment)
    duty.deadline = meet_deadline(duty.deadline, now=moment)
    _save(duty, DutyStatus.VERIFIED)
    record("duty.verified", duty, by=by, at=moment)
    _tell("duty.verified", duty, [duty.person, duty.done_by], by=by, now=moment)
    return duty


@transaction.atomic
def return_duty(duty: Duty, *, by: "Person", reason: str, revision: int | None = None, now: datetime | None = None) -> Duty:
    """The proof is not good enough; whoever has it sees to it again."""
    moment = now or timezone.now()
    duty = _begin(duty, revision, may.can_check_duty, by, DutyStatus.DONE)
    end_deadline(duty.check_deadline, now=moment, is_met=True)
    duty.deadline = resume_deadline(duty.deadline, now=moment)
    owner = duty.deadline.owner
    duty.done_at = duty.done_by = duty.check_deadline = None
    _save(duty, DutyStatus.OPEN)
    record("duty.returned", duty, by=by, detail={"quote": reason}, at=moment)
    _tell("duty.returned", duty, [owner], by=by, now=moment, withdraw_key=asked_key(duty.deadline))
    return duty


def cancel_duties(person: "Person", year: int, *, balance: int, now: datetime) -> None:
    """Those above the sum that is left, unless they were checked already. Runs in the caller's transaction."""
    falling = Duty.objects.open().filter(person=person, year=year, threshold__gt=balance)
    for found in falling.order_by("pk"):
        duty = _begin(found, None, None, None, DutyStatus.OPEN, DutyStatus.DONE)
        end_deadline(duty.deadline, now=now, is_met=False)
        end_deadline(duty.check_deadline, now=now, is_met=False)
        duty.cancelled_at = now
        _save(duty, DutyStatus.CANCELLED)
        record("duty.cancelled", duty, by=None, at=now)


def _begin(duty: Duty, revision: int | None, allowed: Any, by: "Person | None", *states: str) -> Duty:
    ids = Duty.objects.values_list("deadline_id", "check_deadline_id").get(pk=duty.pk)
    lock_deadlines(ids)
    related = ("person__unit", "unit__parent", "deadline__owner", "check_deadline", "done_by", "proof")
    duty = locked(Duty.objects.select_related(*related), duty.pk)
    if revision is not None and revision != duty.revision:
        raise StaleVersion(_("Someone else changed this in the meantime. Read the new state, then send again."))
    require_state(duty, *states)
    require(allowed is None or allowed(by, duty), _(NOT_YOURS))
    return duty


def _save(duty: Duty, status: str) -> None:
    duty.status = status
    duty.revision += 1
    duty.save()


def _tell(
    code: str, duty: Duty, people: "Sequence[Person | None]", *, now: datetime, by: "Person | None" = None, withdraw_key: str = ""
) -> None:
    """SECURITY: the message names neither the person nor the points."""
    told = [one for one in people if one is not None and one.is_active and one != by]
    params = {"number": duty.number, "unit": duty.unit.name, "by": by.name if by else ""}
    notify(code, told, params=params, link=duty_subject(duty).link, withdraw_key=withdraw_key, now=now)
