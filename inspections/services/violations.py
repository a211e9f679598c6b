"""Recording a breach of rules; the full process of consequences builds on this record."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.catalogue import points_rule_of
from inspections.choices import ViolationStatus
from inspections.models import Violation
from inspections.permissions import can_record_violation_in
from inspections.scoring import propose_points
from responsibilities.chain import ChainReader, snapshot_chain
from safetyplant.access.transitions import require
from safetyplant.attachments.services import bind, new_set
from safetyplant.audit.services import record
from safetyplant.intake.services import write_once
from safetyplant.notifications.services import notify
from safetyplant.numbering.services import next_number

if TYPE_CHECKING:
    from inspections.models import Inspection, ViolationType
    from responsibilities.models import Level, Person, Place, Unit
    from safetyplant.documents.models import Clause

OWNER_KIND = "inspections.violation"


@dataclass
class ViolationData:
    """What happened, who did it (a person, or the unit or contractor as a whole), and what was put right on the spot."""

    unit: "Unit"
    description: str
    violation_type: "ViolationType | None" = None
    person: "Person | None" = None
    place: "Place | None" = None
    level: "Level | None" = None
    clause: "Clause | None" = None
    clause_text: str = ""
    correction: str = ""
    found_at: datetime | None = None
    inspection: "Inspection | None" = None
    item: "Clause | None" = None
    photos: Sequence[Any] = ()
    client_id: UUID = dataclasses.field(default_factory=uuid4)

    def canonical(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            name: getattr(getattr(self, name), "pk", None)
            for name in ("unit", "violation_type", "person", "place", "level", "clause", "inspection", "item")
        }
        body |= {"description": self.description, "clause_text": self.clause_text, "correction": self.correction}
        body["found_at"] = self.found_at.isoformat() if self.found_at else None
        body["photos"] = [getattr(photo, "sent_sha256", photo) for photo in self.photos]
        return body


def record_violation(data: ViolationData, *, by: "Person", now: datetime | None = None) -> tuple[Violation, bool]:
    """Record a breach with the points the catalogue proposes; the person and the unit's head are told. New or the same one."""
    require(can_record_violation_in(by, data.unit), _("You may not record violations of this unit."))
    moment = now or timezone.now()

    def make(digest: str) -> Violation:
        return _make(data, digest, by, moment)

    return write_once(
        Violation.objects, creator_field="recorded_by", by=by, client_id=data.client_id, body=data.canonical(), make=make
    )


def _make(data: ViolationData, digest: str, by: "Person", moment: datetime) -> Violation:
    chain = ChainReader(timezone.localdate(moment)).chain(data.unit.pk)
    violation = Violation(
        client_id=data.client_id,
        body_hash=digest,
        unit=data.unit,
        place=data.place,
        person=data.person,
        violation_type=data.violation_type,
        level=data.level,
        clause=data.clause,
        clause_text=data.clause_text,
        description=data.description,
        correction=data.correction,
        proposed_points=_proposed_points(data, moment),
        found_at=_found_at(data, moment),
        recorded_at=moment,
        recorded_by=by,
        inspection=data.inspection,
        item=data.item,
        chain=snapshot_chain(chain),
    )
    if data.photos:
        violation.photos = new_set(OWNER_KIND)
        bind(violation.photos, data.photos, by=by, purpose="evidence", now=moment)
    violation.number = next_number("VI", timezone.localdate(moment))
    violation.save()
    _tell(violation, chain.head, by, now=moment)
    # SECURITY: the person stays outside the hashed text, so that lawful erasure does not break the chain.
    personal = {"person": data.person.name} if data.person else None
    record("violation.recorded", violation, by=by, detail={"unit": data.unit.name}, personal=personal, at=moment)
    return violation


def _found_at(data: ViolationData, moment: datetime) -> datetime:
    """Never later than it is written down, whatever the clock of a phone says."""
    return min(data.found_at or moment, moment)


def _proposed_points(data: ViolationData, moment: datetime) -> int | None:
    """By the catalogue's rule: more for the same breach by the same person again in the calendar year, whenever it is sent."""
    if data.violation_type is None:
        return None
    found_at = _found_at(data, moment)
    earlier = Violation.objects.filter(
        person=data.person,
        violation_type__code=data.violation_type.code,
        found_at__gte=timezone.localtime(found_at).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0),
        found_at__lt=found_at,
    ).exclude(status=ViolationStatus.CANCELLED)
    repeats = earlier.count() if data.person else 0
    return propose_points(points_rule_of(data.violation_type), repeats=repeats, level=data.level.code if data.level else "")


def _tell(violation: Violation, head: "Person | None", by: "Person", *, now: datetime) -> None:
    """SECURITY: the message names no one; who it concerns is read on the page, by those who may."""
    params = {"number": violation.number, "unit": violation.unit.name, "by": by.name}
    link = reverse("inspections:violation-detail", args=[violation.pk])
    recipients = [person for person in (violation.person, head) if person is not None and person.is_active and person.pk != by.pk]
    notify("violation.recorded", recipients, params=params, link=link, now=now)
