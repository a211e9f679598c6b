"""An inspection's life: draft → submitted (its failed items become records) → acknowledged by the unit's head."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspections.choices import InspectionStatus, Result
from inspections.models import Hazard, Inspection, InspectionAnswer, Violation, ViolationType
from inspections.permissions import can_acknowledge_inspection, can_edit_inspection
from inspections.services.hazards import Found, HazardReport
from inspections.services.inspections import (
    FIXED,
    VIOLATION,
    FindingData,
    InspectionData,
    asked_answers,
    new_draft,
    require_startable,
    score_of,
)
from inspections.services.violations import ViolationData, record_violation
from inspections.workflows.faults import find_faults, person_named
from inspections.workflows.found import assign_found
from inspections.workflows.stops import stop_work
from inspections.workflows.visits import meet_visits
from responsibilities.chain import ChainReader, snapshot_chain
from responsibilities.choices import DeadlineKind, DeadlineStatus
from responsibilities.services.deadlines import Subject, open_deadline, stage_due_at, usual_level
from responsibilities.workflows import asked_key, meet_deadline
from safetyplant.access.exceptions import WrongState
from safetyplant.access.transitions import locked, require, require_state
from safetyplant.audit.services import record
from safetyplant.intake.services import DifferentBody, write_once
from safetyplant.notifications.services import notify
from safetyplant.numbering.services import next_number

if TYPE_CHECKING:
    from responsibilities.models import Person
    from safetyplant.documents.models import Clause

#: What is read along with an answer.
ITEM = ("item__checklist_item__category", "item__checklist_item__level", "item__checklist_item__shown_if")


class Incomplete(WrongState):
    """409: something is still to be answered or said; `faults` maps a position of the checklist to what is missing."""

    def __init__(self, faults: dict[int, str]) -> None:
        self.faults = faults
        message = ngettext("One answer is missing.", "%(count)d answers are missing.", len(faults)) % {"count": len(faults)}
        super().__init__(message)


def send_inspection(data: InspectionData, *, by: "Person", now: datetime | None = None) -> tuple[Inspection, bool]:
    """Start and submit a whole inspection in one transaction: refused, nothing of it stays, and its id serves the corrected one.

    Sent before as a draft with the same body, it is submitted now. Returns it and whether it is new.
    """
    moment = now or timezone.now()
    require_startable(data, by=by)

    def make(digest: str) -> Inspection:
        return submit_inspection(new_draft(data, digest, by=by, now=moment), by=by, now=moment)

    inspection, is_new = write_once(
        Inspection.objects, creator_field="created_by", by=by, client_id=data.client_id, body=data.canonical(), make=make
    )
    if inspection.status == InspectionStatus.DRAFT:
        inspection = submit_inspection(inspection, by=by, now=moment)
    return inspection, is_new


@transaction.atomic
def submit_inspection(inspection: Inspection, *, by: "Person", now: datetime | None = None) -> Inspection:
    """Submit a draft: number and score it, make a hazard or violation of each failed item, ask the head to acknowledge.

    Raises Incomplete when an item is unanswered or a failed one says nothing. The person who submitted it keeps the
    receipt; sending again is refused by the state.
    """
    moment = now or timezone.now()
    inspection = locked(Inspection.objects.select_related("unit", "place", "standard", "created_by"), inspection.pk)
    require_state(inspection, InspectionStatus.DRAFT)
    require(can_edit_inspection(by, inspection))
    answers = list(inspection.answers.select_related(*ITEM))
    faults = find_faults(inspection, answers, by=by)
    if faults:
        raise Incomplete(faults)
    answers = _drop_unasked(inspection, answers)
    reader = ChainReader(timezone.localdate(moment))
    chain = reader.chain(inspection.unit_id)
    _count(inspection, answers)
    inspection.status = InspectionStatus.SUBMITTED
    inspection.submitted_at, inspection.submitted_by = moment, by
    inspection.chain = snapshot_chain(chain)
    _make_findings(inspection, answers, reader, by=by, now=moment)
    meet_visits(inspection, by=by, now=moment)
    # Last: others who submit wait for this number's lock, and a clean inspection should not wait for someone's ten findings.
    inspection.number = next_number("INS", timezone.localdate(moment))
    _ask_acknowledgement(inspection, chain.above(by.pk, "unit_head"), moment)
    inspection.save()
    detail = {"score": str(inspection.score or ""), "failed": inspection.failed_count, "unit": inspection.unit.name}
    record("inspection.submitted", inspection, by=by, detail=detail, at=moment)
    _tell_head(inspection, by, now=moment)
    return inspection


@transaction.atomic
def acknowledge_inspection(inspection: Inspection, *, by: "Person", note: str = "", now: datetime | None = None) -> Inspection:
    """The unit's head has read it."""
    moment = now or timezone.now()
    inspection = locked(Inspection.objects.select_related("unit", "acknowledge_deadline"), inspection.pk)
    require(can_acknowledge_inspection(by, inspection), _("The head of the inspected unit acknowledges it."))
    require_state(inspection, InspectionStatus.SUBMITTED)
    inspection.status = InspectionStatus.ACKNOWLEDGED
    inspection.acknowledged_at, inspection.acknowledged_by = moment, by
    inspection.save()
    if inspection.acknowledge_deadline is not None and inspection.acknowledge_deadline.status == DeadlineStatus.OPEN:
        meet_deadline(inspection.acknowledge_deadline, now=moment)
    record("inspection.acknowledged", inspection, by=by, detail={"quote": note}, at=moment)
    return inspection


def _drop_unasked(inspection: Inspection, answers: list[InspectionAnswer]) -> list[InspectionAnswer]:
    """What was answered before another answer made it pointless is no evidence; a failure among it was refused before."""
    asked = asked_answers(answers)
    if len(asked) < len(answers):
        inspection.answers.exclude(pk__in=[answer.pk for answer in asked]).delete()
    return asked


def _count(inspection: Inspection, answers: list[InspectionAnswer]) -> None:
    score = score_of(inspection, answers)
    inspection.score = score.value if score is not None else None
    inspection.answered_count = len(answers)
    inspection.failed_count = sum(a.result == Result.FAIL for a in answers)


def _ask_acknowledgement(inspection: Inspection, head: "Person | None", moment: datetime) -> None:
    if head is None:
        return
    inspection.acknowledge_deadline = open_deadline(
        DeadlineKind.ACKNOWLEDGE,
        subject_of(inspection),
        owner=head,
        unit=inspection.unit,
        starts_at=moment,
        due_at=stage_due_at("acknowledge", moment),
    )


def subject_of(inspection: Inspection) -> Subject:
    where = inspection.place.name if inspection.place else inspection.unit.name
    return Subject(inspection.number or "", where, reverse("inspections:inspection-detail", args=[inspection.pk]))


def _tell_head(inspection: Inspection, by: "Person", *, now: datetime) -> None:
    if inspection.acknowledge_deadline is None:
        return
    subject = subject_of(inspection)
    params = {"number": subject.number, "where": subject.title, "by": by.name, "failed": inspection.failed_count}
    head, key = inspection.acknowledge_deadline.owner_id, asked_key(inspection.acknowledge_deadline)
    notify("inspection.submitted", [head], params=params, link=subject.link, withdraw_key=key, now=now)


def _make_findings(
    inspection: Inspection, answers: list[InspectionAnswer], reader: ChainReader, *, by: "Person", now: datetime
) -> None:
    """Hazards first, then violations: whoever takes numbers of several series takes them in one order (HZ, VI, INS)."""
    failed = [answer for answer in answers if answer.result == Result.FAIL]
    for answer in sorted(failed, key=lambda answer: answer.draft.get("kind") == VIOLATION):
        _make_finding(inspection, answer, reader, by=by, now=now)


def _make_finding(
    inspection: Inspection, answer: InspectionAnswer, reader: ChainReader, *, by: "Person", now: datetime
) -> Hazard | Violation:
    """One record per failed item. Its client id follows from the inspection's, so that it too is made once."""
    finding = FindingData(**answer.draft)
    item = answer.checklist_item
    client_id = uuid5(inspection.client_id, str(answer.position))
    _require_unused(client_id, by)
    if finding.kind == VIOLATION:
        return _make_violation(inspection, answer, finding, client_id, by=by, now=now)
    text = _said(answer, finding)
    first, _dot, rest = text.partition("\n")
    report = HazardReport(
        title=first[:200],
        description=(first[200:] + rest).strip(),
        unit=inspection.unit,
        place=inspection.place,
        field=inspection.field,
        category=item.category if item else None,
        found_at=inspection.started_at,
        immediate_danger=finding.stop_work,
        photos=finding.photos,
        client_id=client_id,
    )
    level = item.level if item else usual_level()
    found = Found(
        report=report,
        item=answer.item,
        level=level,
        inspection=inspection,
        possibly_major=bool(item and item.possibly_major),
        interim_control=finding.interim_control,
        fixed_on_spot=finding.kind == FIXED,
        after_photos=finding.after_photos,
    )
    hazard = assign_found(found, reader, by=by, now=now)
    return stop_work(hazard, by=by, now=now) if finding.stop_work and hazard.is_open else hazard


def _said(answer: InspectionAnswer, finding: FindingData) -> str:
    """What is wrong, with the note that its item asks for: whoever gets the record does not see the inspection's answers."""
    item, note = answer.checklist_item, answer.note.strip()
    text = finding.text.strip()
    return f"{text}\n{note}" if item is not None and item.note_on_fail and note else text


def _require_unused(client_id: UUID, by: "Person") -> None:
    """A client that used the id of a finding for a record of its own hears so, instead of breaking a unique key."""
    taken = Hazard.objects.filter(reported_by=by, client_id=client_id).exists()
    if taken or Violation.objects.filter(recorded_by=by, client_id=client_id).exists():
        raise DifferentBody(_("A record of yours has the id of a finding of this inspection. Send it under a new id."))


def _make_violation(
    inspection: Inspection, answer: InspectionAnswer, finding: FindingData, client_id: Any, *, by: "Person", now: datetime
) -> Violation:
    kind = ViolationType.objects.in_force(timezone.localdate(now)).filter(code=finding.violation_type).first()
    person = person_named(finding, by)
    item: Clause | None = answer.item
    violation, _new = record_violation(
        ViolationData(
            unit=inspection.unit,
            place=inspection.place,
            description=_said(answer, finding),
            violation_type=kind,
            person=person,
            correction=finding.correction,
            found_at=inspection.started_at,
            inspection=inspection,
            item=item,
            clause=item,
            photos=finding.photos,
            client_id=client_id,
        ),
        by=by,
        now=now,
    )
    return violation
