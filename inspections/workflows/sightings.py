"""Seen again: a known hazard gets a note instead of a twin.

| from | to | who |
|---|---|---|
| any open hazard | the same, with a note (`see_again`) | whoever sees the hazard |
| one's own report, not assessed, nobody in danger | cancelled, and a note on the other (`merge_report`) | its reporter |
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.choices import OPEN_HAZARD, HazardStatus
from inspections.models import Hazard, Sighting
from inspections.permissions import can_merge_report, can_report_hazard
from inspections.services.hazards import OWNER_KIND, params_of, subject_of
from inspections.workflows.hazards import cancel_hazard
from safetyplant.access.transitions import locked, require, require_state
from safetyplant.attachments.services import bind, new_set
from safetyplant.audit.services import record
from safetyplant.intake.services import write_once
from safetyplant.notifications.services import notify

if TYPE_CHECKING:
    from responsibilities.models import Person


@dataclass
class Seen:
    """What someone says who saw it too. `photos`: attachments or SHA-256."""

    text: str
    photos: Sequence[Any] = ()
    client_id: UUID = field(default_factory=uuid4)

    def canonical(self, hazard: Hazard) -> dict[str, Any]:
        return {
            "hazard": hazard.pk,
            "text": self.text,
            "photos": [getattr(photo, "sent_sha256", photo) for photo in self.photos],
        }


def see_again(hazard: Hazard, seen: Seen, *, by: "Person", now: datetime | None = None) -> tuple[Sighting, bool]:
    """Note it on the hazard and tell whoever has it now. Returns the note and whether it is new; sent twice, it is one.

    The caller has read the hazard through `visible_to`.
    """
    require(can_report_hazard(by))
    moment = now or timezone.now()
    return write_once(
        Sighting.objects,
        creator_field="person",
        by=by,
        client_id=seen.client_id,
        body=seen.canonical(hazard),
        make=lambda digest: _note(hazard, seen, digest, by=by, now=moment),
    )


@transaction.atomic
def merge_report(report: Hazard, into: Hazard, *, by: "Person", now: datetime | None = None) -> Sighting:
    """Their own report is the same as another hazard: it is cancelled, and what it says and shows goes to the other one."""
    moment = now or timezone.now()
    require(can_merge_report(by, report), _("This is for someone else to do."))
    require_state(report, HazardStatus.REPORTED)
    photos = [photo.sent_sha256 for photo in report.photos.attachments.order_by("pk")] if report.photos else []
    cancel_hazard(report, by=by, reason=_("The same as %(number)s.") % {"number": into.number}, now=moment)
    seen = Seen(report.description or report.title, photos, report.client_id)
    sighting, _is_new = see_again(into, seen, by=by, now=moment)
    sighting.report = report
    sighting.save(update_fields=["report"])
    return sighting


def _note(hazard: Hazard, seen: Seen, digest: str, *, by: "Person", now: datetime) -> Sighting:
    hazard = locked(Hazard.objects.select_related("unit", "place", "photos", "holder"), hazard.pk)
    require_state(hazard, *OPEN_HAZARD)
    if seen.photos and hazard.photos is None:
        hazard.photos = new_set(OWNER_KIND)
        # Not `revision`: whoever is about to assess it need not read a new state for it.
        hazard.save(update_fields=["photos"])
    if seen.photos:
        bind(hazard.photos, seen.photos, by=by, purpose="before", now=now)  # type: ignore[arg-type]
    sighting = Sighting.objects.create(
        hazard=hazard, client_id=seen.client_id, body_hash=digest, person=by, text=seen.text, seen_at=now
    )
    record("hazard.seen_again", hazard, by=by, detail={"quote": seen.text, "photos": len(seen.photos)}, at=now)
    if hazard.holder is not None and hazard.holder_id != by.pk:
        link = subject_of(hazard).link
        notify("hazard.seen_again", [hazard.holder], params=params_of(hazard, by), link=link, now=now)
    return sighting
