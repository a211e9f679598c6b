"""An inspection's life: draft → submitted (its failed items become records) → acknowledged by the unit's head."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.db import connection, transaction
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
    Draft,
    FindingData,
    InspectionData,
    Readings,
    new_draft,
    score_of,
    store_drafts,
    stored_draft,
    write_inspections,
)
from inspections.services.violations import ViolationData, record_violation
from inspections.workflows.faults import find_faults, person_named
from inspections.workflows.found import assign_found
from inspections.workflows.stops import stop_work
from inspections.workflows.visits import meet_visits
from responsibilities.chain import Chain, ChainReader, snapshot_chain
from responsibilities.choices import DeadlineKind, DeadlineStatus
from responsibilities.services.deadlines import Subject, new_deadline, open_deadlines, stage_due_at, usual_level
from responsibilities.workflows import asked_key, meet_deadline
from safetyplant.access.exceptions import WrongState
from safetyplant.access.transitions import locked, require, require_state
from safetyplant.audit.services import Row, record, record_many
from safetyplant.intake.services import REFUSALS, DifferentBody, Sent, Written
from safetyplant.notifications.services import Notice, notify_many
from safetyplant.numbering.services import reserve_numbers

if TYPE_CHECKING:
    from responsibilities.models import Person
    from safetyplant.documents.models import Clause

#: What submission sets, for a whole queue in one statement.
WRITE_SUBMISSIONS = """
    UPDATE inspections_inspection AS i
    SET status = s.status, submitted_at = s.submitted_at, submitted_by_id = s.submitted_by, chain_id = s.chain, number = s.number,
        acknowledge_deadline_id = s.deadline, score = s.score, answered_count = s.answered, failed_count = s.failed
    FROM unnest(%(id)s::bigint[], %(status)s::text[], %(submitted_at)s::timestamptz[], %(submitted_by)s::bigint[],
                %(chain)s::bigint[], %(number)s::text[], %(deadline)s::bigint[], %(score)s::numeric[],
                %(answered)s::int[], %(failed)s::int[])
         AS s(id, status, submitted_at, submitted_by, chain, number, deadline, score, answered, failed)
    WHERE i.id = s.id
"""


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
    return send_inspections([data], by=by, now=now)[0].or_raise()


def send_inspections(rows: Sequence[InspectionData], *, by: "Person", now: datetime | None = None) -> list[Written[Inspection]]:
    """The same for many at once, in the order given; one that is refused leaves the others alone."""
    readings = Readings(now or timezone.now())

    def prepare(sent: Sent, digest: str) -> Draft:
        return _whole(new_draft(sent.data, digest, readings, by=by), by=by)

    def make(drafts: list[Draft]) -> list[Inspection]:
        store_drafts(drafts, by=by, now=readings.now)
        return _submit(drafts, readings, by=by)

    return [_submitted(written, readings, by=by) for written in write_inspections(rows, prepare, make, by=by)]


def _submitted(written: Written[Inspection], readings: Readings, *, by: "Person") -> Written[Inspection]:
    """What was there already, as a draft, is submitted now."""
    if written.record is None or written.record.status != InspectionStatus.DRAFT:
        return written
    try:
        return Written(submit_inspection(written.record, by=by, readings=readings), written.is_new)
    except REFUSALS as refusal:
        return Written(refusal=refusal)


@transaction.atomic
def submit_inspection(
    inspection: Inspection, *, by: "Person", now: datetime | None = None, readings: Readings | None = None
) -> Inspection:
    """Submit a draft: number and score it, make a hazard or violation of each failed item, ask the head to acknowledge.

    Raises Incomplete when an item is unanswered or a failed one says nothing. The person who submitted it keeps the
    receipt; sending again is refused by the state. `readings`: what was read already for others of the same moment.
    """
    readings = readings or Readings(now or timezone.now())
    inspection = locked(Inspection.objects.select_related("unit", "place", "standard", "created_by"), inspection.pk)
    require_state(inspection, InspectionStatus.DRAFT)
    require(can_edit_inspection(by, inspection))
    draft = stored_draft(inspection, readings)
    stored = len(draft.answers)
    _whole(draft, by=by)
    if len(draft.answers) < stored:
        inspection.answers.exclude(pk__in=[answer.pk for answer in draft.answers]).delete()
    return _submit([draft], readings, by=by)[0]


def _whole(draft: Draft, *, by: "Person") -> Draft:
    """Incomplete unless all is answered. What another answer made pointless is no evidence and dropped; a failure among it was
    a fault."""
    faults = find_faults(draft, by=by)
    if faults:
        raise Incomplete(faults)
    draft.answers = draft.items.asked_among(draft.answers)
    return draft


def _submit(drafts: Sequence[Draft], readings: Readings, *, by: "Person") -> list[Inspection]:
    """Whole drafts that are stored and ours (just made, or locked), each kind of row in one statement for all of them."""
    now = readings.now
    inspections = [draft.inspection for draft in drafts]
    chains = {draft.inspection.unit_id: readings.chains.chain(draft.inspection.unit_id) for draft in drafts}
    snapshots = {unit: snapshot_chain(chain) for unit, chain in chains.items()}
    for draft in drafts:
        _count(draft)
        draft.inspection.status = InspectionStatus.SUBMITTED
        draft.inspection.submitted_at, draft.inspection.submitted_by = now, by
        draft.inspection.chain = snapshots[draft.inspection.unit_id]
        _make_findings(draft, readings.chains, by=by, now=now)
    meet_visits(inspections, by=by, now=now)
    # Last: others who submit wait for this number's lock, and a clean inspection should not wait for someone's ten findings.
    numbers = reserve_numbers("INS", timezone.localdate(now), len(inspections))
    for inspection, number in zip(inspections, numbers, strict=True):
        inspection.number = number
    _ask_acknowledgement(inspections, chains, by=by, now=now)
    _write_submissions(inspections)
    record_many(_event(inspection, by, now) for inspection in inspections)
    notify_many([_notice(each, by) for each in inspections if each.acknowledge_deadline is not None], now=now)
    return inspections


def _event(inspection: Inspection, by: "Person", now: datetime) -> Row:
    detail = {"score": str(inspection.score or ""), "failed": inspection.failed_count, "unit": inspection.unit.name}
    return Row("inspection.submitted", inspection, by, detail=detail, at=now)


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


def _count(draft: Draft) -> None:
    inspection, answers = draft.inspection, draft.answers
    score = score_of(inspection, answers)
    inspection.score = score.value if score is not None else None
    inspection.answered_count = len(answers)
    inspection.failed_count = sum(a.result == Result.FAIL for a in answers)


def _ask_acknowledgement(inspections: Sequence[Inspection], chains: dict[int, Chain], *, by: "Person", now: datetime) -> None:
    """A deadline for the head of each one's unit, or whoever stands above where there is none or it is the inspector."""
    heads = {unit: chain.above(by.pk, "unit_head") for unit, chain in chains.items()}
    due_at = stage_due_at("acknowledge", now) if any(heads.values()) else now
    owed = {
        inspection.pk: new_deadline(
            DeadlineKind.ACKNOWLEDGE, subject_of(inspection), owner=head, unit=inspection.unit, starts_at=now, due_at=due_at
        )
        for inspection in inspections
        if (head := heads[inspection.unit_id]) is not None
    }
    open_deadlines(list(owed.values()))
    for inspection in inspections:
        inspection.acknowledge_deadline = owed.get(inspection.pk)


def subject_of(inspection: Inspection) -> Subject:
    where = inspection.place.name if inspection.place else inspection.unit.name
    return Subject(inspection.number or "", where, reverse("inspections:inspection-detail", args=[inspection.pk]))


def _notice(inspection: Inspection, by: "Person") -> Notice:
    subject, asked = subject_of(inspection), inspection.acknowledge_deadline
    params = {"number": subject.number, "where": subject.title, "by": by.name, "failed": inspection.failed_count}
    return Notice(asked.owner_id, "inspection.submitted", params, subject.link, withdraw_key=asked_key(asked))


def _make_findings(draft: Draft, reader: ChainReader, *, by: "Person", now: datetime) -> None:
    """Hazards first, then violations: whoever takes numbers of several series takes them in one order (HZ, VI, INS)."""
    failed = [answer for answer in draft.answers if answer.result == Result.FAIL]
    for answer in sorted(failed, key=lambda answer: answer.draft.get("kind") == VIOLATION):
        _make_finding(draft.inspection, answer, reader, by=by, now=now)


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


def _write_submissions(inspections: Sequence[Inspection]) -> None:
    """What submission has set in drafts that are locked or just made, in one statement."""
    columns: dict[str, list[Any]] = {
        "id": [each.pk for each in inspections],
        "status": [str(each.status) for each in inspections],
        "submitted_at": [each.submitted_at for each in inspections],
        "submitted_by": [each.submitted_by_id for each in inspections],
        "chain": [each.chain_id for each in inspections],
        "number": [each.number for each in inspections],
        "deadline": [each.acknowledge_deadline_id for each in inspections],
        "score": [each.score for each in inspections],
        "answered": [each.answered_count for each in inspections],
        "failed": [each.failed_count for each in inspections],
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE_SUBMISSIONS, columns)
