"""Starting inspections and saving what is answered, before they are submitted."""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.asking import Condition, asked_items
from inspections.choices import InspectionKind, InspectionStatus, Result
from inspections.models import Inspection, InspectionAnswer, PlannedVisit
from inspections.permissions import can_edit_inspection, can_inspect_unit, can_make_visit
from inspections.scoring import Answer, Score, score_inspection
from inspections.services.bans import require_admitted
from responsibilities.choices import Field, PlaceKind
from safetyplant.access.exceptions import WrongState
from safetyplant.access.transitions import locked, require, require_state
from safetyplant.attachments.choices import Purpose
from safetyplant.attachments.services import bind, new_set
from safetyplant.intake.services import write_once

if TYPE_CHECKING:
    from responsibilities.models import Person, Place, Unit
    from safetyplant.documents.models import DocumentVersion

HAZARD, VIOLATION, FIXED = "hazard", "violation", "fixed"


@dataclass
class FindingData:
    """What was typed about a failed item, until submission makes a record of it. Photos are SHA-256 of the bytes sent."""

    kind: str = HAZARD
    text: str = ""
    photos: Sequence[str] = ()
    after_photos: Sequence[str] = ()
    stop_work: bool = False
    interim_control: str = ""
    violation_type: str = ""
    person: str = ""
    correction: str = ""

    def as_draft(self) -> dict[str, Any]:
        return {**vars(self), "photos": list(self.photos), "after_photos": list(self.after_photos)}


@dataclass
class AnswerData:
    """The answer to an item of the standard (or, without one, a finding of a free inspection). `item` is a clause id."""

    item: int | None
    result: str
    note: str = ""
    finding: FindingData | None = None

    def canonical(self) -> dict[str, Any]:
        finding = self.finding.as_draft() if self.finding else None
        return {"item": self.item, "result": str(self.result), "note": self.note, "finding": finding}


@dataclass
class InspectionData:
    """Where, against what, by whom. `answers` may come with it (a phone sends all at once) or be saved later."""

    unit: "Unit"
    place: "Place | None" = None
    standard: "DocumentVersion | None" = None
    kind: str = InspectionKind.ROUTINE
    field: str = Field.PRODUCTION
    note: str = ""
    outside_body: str = ""
    inspectors: "Sequence[Person]" = ()
    started_at: datetime | None = None
    answers: Sequence[AnswerData] = ()
    #: The sheet it was written on by hand, page by page: SHA-256 of photos sent.
    scans: Sequence[str] = ()
    #: The planned visit it was begun from, by its id; one that is gone meanwhile or not for this person is passed over.
    visit: int | None = None
    client_id: UUID = dataclasses.field(default_factory=uuid4)

    def canonical(self) -> dict[str, Any]:
        # Absent rather than empty: bodies of before there were plans stay the same bodies.
        begun_from: dict[str, Any] = {"visit": self.visit} if self.visit is not None else {}
        if self.scans:
            begun_from["scans"] = list(self.scans)
        return {
            **begun_from,
            "unit": self.unit.pk,
            "place": self.place.pk if self.place else None,
            "standard": self.standard.pk if self.standard else None,
            "kind": str(self.kind),
            "field": str(self.field),
            "note": self.note,
            "outside_body": self.outside_body,
            "inspectors": sorted(person.pk for person in self.inspectors),
            "started_at": self.started_at.isoformat() if self.started_at else None,
            "answers": [answer.canonical() for answer in self.answers],
        }


def start_inspection(data: InspectionData, *, by: "Person", now: datetime | None = None) -> tuple[Inspection, bool]:
    """A draft for `by`, with the answers that came along. Returns it and whether it is new."""
    moment = now or timezone.now()
    require_startable(data, by=by)

    def make(digest: str) -> Inspection:
        return new_draft(data, digest, by=by, now=moment)

    return write_once(
        Inspection.objects, creator_field="created_by", by=by, client_id=data.client_id, body=data.canonical(), make=make
    )


def require_startable(data: InspectionData, *, by: "Person") -> None:
    """NotAllowed where one may not inspect, WrongState without a published standard, ValidationError for nameless outsiders.

    Nor together with someone who may not enter the site that day.
    """
    require(can_inspect_unit(by, data.unit), _("You may not inspect this unit."))
    if data.standard is not None and not data.standard.is_published:
        raise WrongState(_("This version of the standard is not published."))
    if data.kind == InspectionKind.EXTERNAL and not data.outside_body.strip():
        raise ValidationError({"outside_body": _("Say who the outside inspectors are")})
    seen_on = timezone.localdate(data.started_at) if data.started_at else timezone.localdate()
    require_admitted(data.inspectors, field="inspectors", day=seen_on)


def new_draft(data: InspectionData, digest: str, *, by: "Person", now: datetime) -> Inspection:
    """The row with its answers; in the caller's transaction."""
    inspection = Inspection.objects.create(
        client_id=data.client_id,
        body_hash=digest,
        kind=data.kind,
        unit=data.unit,
        place=data.place,
        standard=data.standard,
        field=data.field,
        note=data.note,
        outside_body=data.outside_body if data.kind == InspectionKind.EXTERNAL else "",
        # The server trusts its own clock; the device's is kept as evidence.
        started_at=min(data.started_at or now, now),
        device_at=data.started_at,
        created_by=by,
    )
    inspection.inspectors.set({by, *data.inspectors})
    _note_visit(inspection, data.visit, by)
    if data.scans:
        inspection.photos = new_set("inspections.inspection")
        bind(inspection.photos, data.scans, by=by, purpose=Purpose.DOCUMENT, now=now)
        inspection.save(update_fields=["photos"])
    _write_answers(inspection, data.answers)
    return inspection


@transaction.atomic
def save_answers(
    inspection: Inspection, answers: Iterable[AnswerData], *, by: "Person", note: str | None = None, whole: bool = False
) -> Inspection:
    """Autosave: replaces what is answered for these items, leaves the others alone.

    `whole`: these are all findings of a free inspection, so that one taken off the page is gone.
    """
    inspection = locked(Inspection.objects.select_related("unit"), inspection.pk)
    require_state(inspection, InspectionStatus.DRAFT)
    require(can_edit_inspection(by, inspection))
    given = list(answers)
    _write_answers(inspection, given)
    if whole and inspection.standard_id is None:
        inspection.answers.filter(position__gt=len(given)).delete()
    if note is not None:
        inspection.note = note
        inspection.save(update_fields=["note"])
    return inspection


@transaction.atomic
def discard_draft(inspection: Inspection, *, by: "Person") -> None:
    """Throw away one's own draft, so that nothing half made stays behind; its client id is free again."""
    inspection = locked(Inspection.objects.select_related("unit"), inspection.pk)
    require_state(inspection, InspectionStatus.DRAFT)
    require(inspection.created_by_id == by.pk, _("Only whoever began this inspection writes in it."))
    inspection.delete()


def asked_answers(answers: Iterable[InspectionAnswer]) -> list[InspectionAnswer]:
    """Those whose items are asked, given the others; in the order of the checklist, their items read along."""
    given = sorted(answers, key=lambda answer: answer.position)
    conditions = (
        Condition(answer.item_id, item.shown_if_id, item.shown_on)
        for answer in given
        if answer.item_id is not None and (item := answer.checklist_item) is not None
    )
    asked = asked_items(conditions, {answer.item_id: answer.result for answer in given if answer.item_id is not None})
    return [answer for answer in given if answer.checklist_item is None or answer.item_id in asked]


def score_of(inspection: Inspection, answers: Iterable[InspectionAnswer]) -> Score | None:
    """How far the answers reach. A free inspection lists only what is wrong: a percentage of that would always be nought."""
    if inspection.standard_id is None:
        return None
    rows = ((answer.result, answer.checklist_item) for answer in answers)
    return score_inspection(Answer(result, item.points, item.score_cap) if item else Answer(result) for result, item in rows)


def _note_visit(inspection: Inspection, pk: int | None, by: "Person") -> None:
    """Link it to the visit it was begun from. A phone without signal may not know that it was taken back: no reason to refuse."""
    visit = PlannedVisit.objects.visible_to(by).select_related("plan", "unit", "place").filter(pk=pk).first() if pk else None
    if visit is not None and can_make_visit(by, visit) and covers(visit, inspection.unit, inspection.place):
        visit.inspections.add(inspection)


def covers(visit: PlannedVisit, unit: "Unit", place: "Place | None") -> bool:
    """An inspection there is one of this visit: of the unit as a whole, of its place, or of a stop of its route."""
    if visit.place is None:
        return visit.unit_id == unit.pk
    if visit.place.kind == PlaceKind.ROUTE:
        return place is not None and visit.place.stops.filter(place=place).exists()
    return place == visit.place


def _write_answers(inspection: Inspection, answers: Sequence[AnswerData]) -> None:
    if not answers:
        return
    positions = _positions(inspection)
    # By position: of two answers to one item the later one counts.
    rows: dict[int, InspectionAnswer] = {}
    for index, answer in enumerate(answers, start=1):
        if answer.item is None and positions:
            # Else a checklist would count as answered by answers to nothing.
            raise WrongState(_("Each answer of a checklist names its item."))
        if answer.item is not None and answer.item not in positions:
            raise WrongState(_("An answer belongs to another standard. Start the inspection again."))
        position = positions[answer.item] if answer.item is not None else index
        rows[position] = InspectionAnswer(
            inspection=inspection,
            item_id=answer.item,
            position=position,
            result=Result(answer.result),
            note=answer.note,
            draft=answer.finding.as_draft() if answer.finding else {},
        )
    InspectionAnswer.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["inspection", "position"],
        update_fields=["item", "result", "note", "draft"],
    )


def _positions(inspection: Inspection) -> dict[int | None, int]:
    if inspection.standard_id is None:
        return {}
    clauses = inspection.standard.clauses.order_by("position").values_list("pk", flat=True)  # type: ignore[union-attr]
    return {pk: position for position, pk in enumerate(clauses, start=1)}
