"""Starting inspections and saving what is answered, before they are submitted."""

import dataclasses
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.choices import InspectionKind, InspectionStatus, Result
from inspections.models import Inspection, InspectionAnswer, PlannedVisit
from inspections.permissions import can_edit_inspection, can_inspect_unit, can_make_visit
from inspections.scoring import Answer, Score, score_inspection
from inspections.services.bans import require_admitted
from inspections.services.items import Items
from responsibilities.chain import ChainReader
from responsibilities.choices import Field, PlaceKind
from safetyplant.access.exceptions import WrongState
from safetyplant.access.transitions import locked, require, require_state
from safetyplant.attachments.choices import Purpose
from safetyplant.attachments.services import bind, new_set
from safetyplant.intake.services import REFUSALS, Sent, Wanted, Written

if TYPE_CHECKING:
    from responsibilities.models import Person, Place, Unit
    from safetyplant.documents.models import DocumentVersion

#: For the thousands of answers that a morning's phones bring: the ORM takes longer to word a row than the database to write it.
STORE_ANSWERS = """
    INSERT INTO inspections_inspectionanswer (inspection_id, item_id, position, result, note, draft)
    SELECT * FROM unnest(%(inspections)s::bigint[], %(items)s::bigint[], %(positions)s::smallint[],
                         %(results)s::text[], %(notes)s::text[], %(drafts)s::jsonb[])
    ON CONFLICT (inspection_id, position) DO UPDATE
    SET item_id = EXCLUDED.item_id, result = EXCLUDED.result, note = EXCLUDED.note, draft = EXCLUDED.draft
"""
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

    @property
    def is_plain(self) -> bool:
        """Nothing follows from it but that its unit's head is told."""
        return not self.scans and self.visit is None and all(answer.result != Result.FAIL for answer in self.answers)

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


@dataclass
class Draft:
    """An inspection with its answers in order and the items they are about; stored, or about to be."""

    inspection: Inspection
    answers: list[InspectionAnswer]
    items: Items
    #: What it was made from, while it is not stored yet.
    data: InspectionData | None = None


class Readings:
    """What the inspections of one sending have in common, read once: chains of the day, items of their standards."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._items: dict[int | None, Items] = {}

    @cached_property
    def chains(self) -> ChainReader:
        return ChainReader(timezone.localdate(self.now))

    def items(self, standard: "DocumentVersion | None") -> Items:
        key = standard.pk if standard is not None else None
        if key not in self._items:
            self._items[key] = Items(standard)
        return self._items[key]


def start_inspection(data: InspectionData, *, by: "Person", now: datetime | None = None) -> tuple[Inspection, bool]:
    """A draft for `by`, with the answers that came along. Returns it and whether it is new."""
    return start_inspections([data], by=by, now=now)[0].or_raise()


def start_inspections(rows: Sequence[InspectionData], *, by: "Person", now: datetime | None = None) -> list[Written[Inspection]]:
    """The same for many at once; one that is refused leaves the others alone."""
    readings = Readings(now or timezone.now())

    def prepare(sent: Sent, digest: str) -> Draft:
        return new_draft(sent.data, digest, readings, by=by)

    return write_inspections(rows, prepare, lambda drafts: store_drafts(drafts, by=by, now=readings.now), by=by)


def write_inspections(
    rows: Sequence[InspectionData],
    prepare: Callable[[Sent, str], Draft],
    make: Callable[[list[Draft]], Sequence[Inspection]],
    *,
    by: "Person",
) -> list[Written[Inspection]]:
    """Those that may be begun are written once each (`Wanted`), in the order given; the others say why not.

    What is likely to hold others up (findings, photos, visits) goes by itself, so that the rest share one short transaction.
    """
    results: dict[int, Written[Inspection]] = {}
    for at, data in enumerate(rows):
        try:
            require_startable(data, by=by)
        except REFUSALS as refusal:
            results[at] = Written(refusal=refusal)
    wanted = Wanted(Inspection.objects, "created_by", by, prepare, make)
    left = [at for at in range(len(rows)) if at not in results]
    for group in ([at for at in left if rows[at].is_plain], *([at] for at in left if not rows[at].is_plain)):
        sent = [Sent(rows[at].client_id, rows[at].canonical(), rows[at]) for at in group]
        results |= zip(group, wanted.write(sent), strict=True)
    return [results[at] for at in range(len(rows))]


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


def new_draft(data: InspectionData, digest: str, readings: Readings, *, by: "Person") -> Draft:
    """A draft and its answers, nothing of it stored. WrongState where an answer is to no item of its standard."""
    now = readings.now
    inspection = Inspection(
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
    items = readings.items(data.standard)
    return Draft(inspection, _answers_of(inspection, data.answers, items), items, data)


def store_drafts(drafts: Sequence[Draft], *, by: "Person", now: datetime) -> list[Inspection]:
    """The rows with their answers, inspectors and photos, a statement for each kind of row; in the caller's transaction."""
    inspections = [draft.inspection for draft in drafts]
    for draft in drafts:
        if draft.data is not None and draft.data.scans:
            draft.inspection.photos = new_set("inspections.inspection")
            bind(draft.inspection.photos, draft.data.scans, by=by, purpose=Purpose.DOCUMENT, now=now)
    Inspection.objects.bulk_create(inspections)
    through = Inspection.inspectors.through
    people = {(draft.inspection.pk, person.pk) for draft in drafts for person in (by, *_colleagues(draft))}
    through.objects.bulk_create([through(inspection_id=pk, person_id=person) for pk, person in sorted(people)])
    for draft in drafts:
        if draft.data is not None and draft.data.visit:
            _note_visit(draft.inspection, draft.data.visit, by)
    _store_answers([answer for draft in drafts for answer in draft.answers])
    return inspections


def _colleagues(draft: Draft) -> "Sequence[Person]":
    return draft.data.inspectors if draft.data is not None else ()


def stored_draft(inspection: Inspection, readings: Readings) -> Draft:
    """What is stored of a draft, its answers read with their items."""
    items = readings.items(inspection.standard)
    answers = items.attach(inspection.answers.order_by("position"))
    for answer in answers:
        answer.inspection = inspection
    return Draft(inspection, answers, items)


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
    _store_answers(_answers_of(inspection, given, Items(inspection.standard)))
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


def _answers_of(inspection: Inspection, answers: Sequence[AnswerData], items: Items) -> list[InspectionAnswer]:
    """As rows, nothing of them stored; by position, so that of two answers to one item the later one counts."""
    rows: dict[int, InspectionAnswer] = {}
    for index, answer in enumerate(answers, start=1):
        if answer.item is None and items.by_id:
            # Else a checklist would count as answered by answers to nothing.
            raise WrongState(_("Each answer of a checklist names its item."))
        if answer.item is not None and answer.item not in items.by_id:
            raise WrongState(_("An answer belongs to another standard. Start the inspection again."))
        position = items.positions[answer.item] if answer.item is not None else index
        rows[position] = InspectionAnswer(
            inspection=inspection,
            item=items.by_id[answer.item] if answer.item is not None else None,
            position=position,
            result=Result(answer.result),
            note=answer.note,
            draft=answer.finding.as_draft() if answer.finding else {},
        )
    return [rows[position] for position in sorted(rows)]


def _store_answers(answers: list[InspectionAnswer]) -> None:
    """One statement, however many; an answer takes the place of an earlier one to its item."""
    columns: dict[str, list[Any]] = {
        "inspections": [answer.inspection.pk for answer in answers],
        "items": [answer.item_id for answer in answers],
        "positions": [answer.position for answer in answers],
        "results": [str(answer.result) for answer in answers],
        "notes": [answer.note for answer in answers],
        "drafts": [json.dumps(answer.draft) for answer in answers],
    }
    with connection.cursor() as cursor:
        cursor.execute(STORE_ANSWERS, columns)
