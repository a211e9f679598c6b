"""What has arrived of a record, by the hashes of its photos: a phone clears its own copy only after a receipt that lists them."""

from dataclasses import dataclass
from uuid import UUID

from inspections.choices import InspectionStatus
from inspections.models import Hazard, Inspection
from safetyplant.attachments.models import Attachment


@dataclass(frozen=True)
class Receipt:
    """`photos` are SHA-256 of the bytes sent, of those that arrived; `missing` of those announced and still to come.

    `complete`: the record is submitted and all its photos are evidence of it; nothing of it is needed on the phone any more.
    """

    client_id: UUID
    number: str | None
    complete: bool
    photos: tuple[str, ...]
    missing: tuple[str, ...] = ()


def receipt_of_inspection(inspection: Inspection) -> Receipt:
    """Two queries. Of a draft the photos are on their way: those received from its writer count as arrived."""
    wanted = _announced(inspection)
    own = Attachment.objects.filter(uploaded_by=inspection.created_by_id, sent_sha256__in=wanted)
    is_draft = inspection.status == InspectionStatus.DRAFT
    if not is_draft:
        own = own.bound()
    arrived = set(own.values_list("sent_sha256", flat=True))
    photos = tuple(sha for sha in wanted if sha in arrived)
    missing = tuple(sha for sha in wanted if sha not in arrived)
    return Receipt(inspection.client_id, inspection.number, not is_draft and not missing, photos, missing)


def _announced(inspection: Inspection) -> list[str]:
    drafts = inspection.answers.order_by("position").values_list("draft", flat=True)
    shas = (sha.lower() for draft in drafts for name in ("photos", "after_photos") for sha in (draft or {}).get(name, ()))
    return list(dict.fromkeys(shas))


def receipt_of_hazard(hazard: Hazard) -> Receipt:
    photos = hazard.photos.attachments.order_by("pk").values_list("sent_sha256", flat=True) if hazard.photos else ()
    return Receipt(hazard.client_id, hazard.number, True, tuple(photos))
