"""Making hazards: reported by anyone, or found by an inspection."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils import timezone

from inspections.choices import HazardStatus
from inspections.models import Hazard
from inspections.permissions import can_report_hazard
from responsibilities.chain import Chain, ChainReader, snapshot_chain
from responsibilities.choices import DeadlineKind, Field
from responsibilities.services.deadlines import Subject, open_deadline, stage_due_at
from responsibilities.services.owners import choose_assessor
from responsibilities.workflows import asked_key
from safetyplant.access.transitions import require
from safetyplant.attachments.services import bind, new_set
from safetyplant.audit.services import record
from safetyplant.intake.services import write_once
from safetyplant.notifications.services import notify
from safetyplant.numbering.services import next_number

if TYPE_CHECKING:
    from inspections.models import HazardCategory, Inspection
    from responsibilities.models import Level, Person, Place, Unit
    from safetyplant.documents.models import Clause

OWNER_KIND = "inspections.hazard"


@dataclass
class HazardReport:
    """What someone says about a danger. `found_at` is when it was seen; empty: now. `photos`: attachments or SHA-256."""

    title: str
    unit: "Unit"
    place: "Place | None" = None
    description: str = ""
    immediate_danger: bool = False
    stop_work: bool = False
    field: str = Field.PRODUCTION
    category: "HazardCategory | None" = None
    found_at: datetime | None = None
    photos: Sequence[Any] = ()
    client_id: UUID = dataclasses.field(default_factory=uuid4)

    def canonical(self) -> dict[str, Any]:
        """The body that decides whether two sendings are the same."""
        return {
            "title": self.title,
            "unit": self.unit.pk,
            "place": self.place.pk if self.place else None,
            "description": self.description,
            "immediate_danger": self.immediate_danger,
            "stop_work": self.stop_work,
            "field": str(self.field),
            "category": self.category.pk if self.category else None,
            "found_at": self.found_at.isoformat() if self.found_at else None,
            "photos": [getattr(photo, "sent_sha256", photo) for photo in self.photos],
        }


def report_hazard(report: HazardReport, *, by: "Person", now: datetime | None = None) -> tuple[Hazard, bool]:
    """Take a report from anyone; the safety officer owes an assessment. Returns the hazard and whether it is new.

    Immediate danger shortens the assessment to the hour; stopped work tells the whole chain at once. Raises DifferentBody
    when the same client id came with another body.
    """
    require(can_report_hazard(by))
    moment = now or timezone.now()

    def make(digest: str) -> Hazard:
        return _make_reported(report, digest, by, moment)

    return write_once(
        Hazard.objects, creator_field="reported_by", by=by, client_id=report.client_id, body=report.canonical(), make=make
    )


def _make_reported(report: HazardReport, digest: str, by: "Person", moment: datetime) -> Hazard:
    reader = ChainReader(timezone.localdate(moment))
    chain = reader.chain(report.unit.pk)
    assessor = choose_assessor(reader, report.unit)
    hazard = new_hazard(report, chain, by=by, now=moment)
    hazard.body_hash = digest
    hazard.holder = assessor
    hazard.due_at = stage_due_at("assess_danger" if report.immediate_danger or report.stop_work else "assess", moment)
    save_new(hazard, report.photos, by=by)
    hazard.assess_deadline = open_deadline(
        DeadlineKind.ASSESS,
        subject_of(hazard),
        owner=assessor,
        unit=report.unit,
        is_urgent=report.immediate_danger or report.stop_work,
        starts_at=moment,
        due_at=hazard.due_at,
    )
    hazard.save(update_fields=["assess_deadline"])
    record("hazard.reported", hazard, by=by, detail={"quote": report.description}, at=moment)
    _tell_reported(hazard, chain, assessor, by=by, now=moment)
    if report.stop_work:
        # Here, not at the top: the workflow needs the hazard that this module makes.
        from inspections.workflows.stops import stop_work  # noqa: PLC0415

        hazard = stop_work(hazard, by=by, now=moment)
    return hazard


def new_hazard(report: HazardReport, chain: Chain, *, by: "Person", now: datetime) -> Hazard:
    """An unsaved hazard with what every way of finding one has in common."""
    return Hazard(
        client_id=report.client_id,
        title=report.title,
        description=report.description,
        unit=report.unit,
        place=report.place,
        field=report.field,
        category=report.category,
        immediate_danger=report.immediate_danger,
        # A device whose clock runs ahead found it at the latest now.
        found_at=min(report.found_at or now, now),
        reported_at=now,
        reported_by=by,
        chain=snapshot_chain(chain),
        status=HazardStatus.REPORTED,
    )


def save_new(hazard: Hazard, photos: Sequence[Any], *, by: "Person", purpose: str = "before") -> None:
    """Number and save a new hazard with its photos. The number is taken last: its row lock is held until commit."""
    if photos:
        hazard.photos = new_set(OWNER_KIND)
        bind(hazard.photos, photos, by=by, purpose=purpose, now=hazard.reported_at)
    hazard.number = next_number("HZ", timezone.localdate(hazard.reported_at))
    hazard.save()


def subject_of(hazard: Hazard) -> Subject:
    return Subject(hazard.number, hazard.title, reverse("inspections:hazard-detail", args=[hazard.pk]))


def _tell_reported(hazard: Hazard, chain: Chain, assessor: "Person", *, by: "Person", now: datetime) -> None:
    params = params_of(hazard, by)
    people = [assessor, chain.head]
    if hazard.immediate_danger:
        people = [assessor, *chain.people]
    recipients = [person for person in people if person is not None and person.pk != by.pk]
    code = "hazard.danger" if hazard.immediate_danger else "hazard.reported"
    link = subject_of(hazard).link
    key = asked_key(hazard.assess_deadline)
    notify(code, recipients, params=params, link=link, urgent=hazard.immediate_danger, withdraw_key=key, now=now)


def params_of(hazard: Hazard, by: "Person") -> dict[str, Any]:
    where = hazard.place.name if hazard.place else hazard.unit.name
    return {"number": hazard.number, "title": hazard.title, "where": where, "unit": hazard.unit.name, "by": by.name}


@dataclass
class Found:
    """A failed item as a hazard: the item's defaults, and what the inspector said and did about it."""

    report: HazardReport
    item: "Clause | None"
    level: "Level"
    inspection: "Inspection"
    possibly_major: bool = False
    interim_control: str = ""
    fixed_on_spot: bool = False
    after_photos: Sequence[Any] = ()
