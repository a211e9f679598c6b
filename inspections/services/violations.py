"""Recording a breach of rules; the full process of consequences builds on this record."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.models import Violation
from inspections.permissions import can_record_violation_in
from inspections.services.penalties import choose_server, reckon, violation_subject
from responsibilities.chain import ChainReader, snapshot_chain
from responsibilities.choices import DeadlineKind, RoleCode
from responsibilities.services.deadlines import open_deadline, stage_due_at
from responsibilities.standing import standing_of
from responsibilities.workflows import asked_key
from safetyplant.access.exceptions import WrongState
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
#: Who can commit what the catalogue keeps for heads and leaders.
LEADERS = (RoleCode.UNIT_HEAD, RoleCode.FIELD_LEADER, RoleCode.LEADER, RoleCode.PARTY_SECRETARY, RoleCode.DIRECTOR)


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
    #: The person reported it themself: it is recorded and never costs points.
    self_reported: bool = False
    #: What a confirmed proposal says; else the catalogue proposes.
    points: int | None = None

    def canonical(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            name: getattr(getattr(self, name), "pk", None)
            for name in ("unit", "violation_type", "person", "place", "level", "clause", "inspection", "item")
        }
        body |= {"description": self.description, "clause_text": self.clause_text, "correction": self.correction}
        body["found_at"] = self.found_at.isoformat() if self.found_at else None
        # Said only where it is so: what was sent before there was this question stays the same body.
        body |= {"self_reported": True} if self.self_reported else {}
        body["photos"] = [getattr(photo, "sent_sha256", photo) for photo in self.photos]
        return body


def record_violation(data: ViolationData, *, by: "Person", now: datetime | None = None) -> tuple[Violation, bool]:
    """Record a breach with the points the catalogue proposes; the person and the unit's head are told. New or the same one.

    ValidationError (`person`) when the breach is one of leaders and the person is none. Someone above the recorder may be
    named: what it costs is then for the director to say, or for the office above the plant.
    """
    require(can_record_violation_in(by, data.unit), _("You may not record violations of this unit."))
    moment = now or timezone.now()
    data = _checked(data, by, moment)

    def make(digest: str) -> Violation:
        return _make(data, digest, by, moment)

    return write_once(
        Violation.objects, creator_field="recorded_by", by=by, client_id=data.client_id, body=data.canonical(), make=make
    )


def _make(data: ViolationData, digest: str, by: "Person", moment: datetime) -> Violation:
    reader = ChainReader(timezone.localdate(moment))
    chain, server = reader.chain(data.unit.pk), choose_server(reader, data.unit, data.person)
    if server is None and data.person is not None and chain.people:
        raise WrongState(_("Nobody here stands above %(name)s. Tell the office above the plant.") % {"name": data.person.name})
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
        self_reported=data.self_reported,
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
    _ask_notice(violation, server, by, now=moment)
    _tell(violation, [chain.head, *chain.contract_managers], by, now=moment)
    # SECURITY: the person stays outside the hashed text, so that lawful erasure does not break the chain.
    personal = {"person": data.person.name} if data.person else None
    record("violation.recorded", violation, by=by, detail={"unit": data.unit.name}, personal=personal, at=moment)
    return violation


def _found_at(data: ViolationData, moment: datetime) -> datetime:
    """Never later than it is written down, whatever the clock of a phone says."""
    return min(data.found_at or moment, moment)


def _proposed_points(data: ViolationData, moment: datetime) -> int | None:
    """By the catalogue's rule, unless a confirmed proposal says it."""
    if data.points is not None:
        return data.points
    reckoned = reckon(
        data.violation_type, data.person, _found_at(data, moment), level=data.level, self_reported=data.self_reported
    )
    return reckoned.points


def _checked(data: ViolationData, by: "Person", moment: datetime) -> ViolationData:
    """What one reports of oneself is self-reported; a breach of leaders is kept where they belong, whatever unit it was seen in.

    SECURITY: a leader's record would else be read by everyone who may see persons of that unit.
    """
    person, kind = data.person, data.violation_type
    if person is None:
        return data
    if person.pk == by.pk:
        data = dataclasses.replace(data, self_reported=True)
    if kind is None or not kind.for_leaders:
        return data
    if not standing_of(person, timezone.localdate(_found_at(data, moment))).holds(*LEADERS):
        message = _("%(name)s neither heads a unit nor is a leader: choose another breach") % {"name": person.name}
        raise ValidationError({"person": message})
    return dataclasses.replace(data, unit=person.unit or data.unit)


def _ask_notice(violation: Violation, server: "Person | None", by: "Person", *, now: datetime) -> None:
    """Whoever says what it costs has so many working days for it."""
    if server is None:
        return
    violation.notice_deadline = open_deadline(
        DeadlineKind.NOTICE,
        violation_subject(violation),
        owner=server,
        unit=violation.unit,
        starts_at=now,
        due_at=stage_due_at("notice", now),
    )
    violation.save(update_fields=["notice_deadline"])
    params = {"number": violation.number, "unit": violation.unit.name, "by": by.name}
    link, key = violation_subject(violation).link, asked_key(violation.notice_deadline)
    notify("penalty.to_serve", [server], params=params, link=link, withdraw_key=key, now=now)


def _tell(violation: Violation, answering: "Sequence[Person | None]", by: "Person", *, now: datetime) -> None:
    """The head, and of a contractor its contract manager.

    SECURITY: the message names no one; who it concerns is read on the page, by those who may.
    """
    params = {"number": violation.number, "unit": violation.unit.name, "by": by.name}
    link = reverse("inspections:violation-detail", args=[violation.pk])
    people = {person.pk: person for person in (violation.person, *answering) if person is not None}
    recipients = [person for person in people.values() if person.is_active and person.pk != by.pk]
    notify("violation.recorded", recipients, params=params, link=link, now=now)
