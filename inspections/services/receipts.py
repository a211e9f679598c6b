"""What has arrived of a record, by the hashes of its photos: a phone clears its own copy only after a receipt that lists them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from inspections.choices import InspectionStatus
from inspections.models import Hazard, Inspection, InspectionAnswer
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
    return receipts_of_inspections([inspection])[0]


def receipts_of_inspections(inspections: Sequence[Inspection]) -> list[Receipt]:
    """Two queries for all of them. Of a draft the photos are on their way: those received from its writer count as arrived."""
    announced = _announced(inspections)
    shas = {sha for wanted in announced.values() for sha in wanted}
    writers = {inspection.created_by_id for inspection in inspections}
    own = Attachment.objects.filter(uploaded_by__in=writers, sent_sha256__in=shas) if shas else Attachment.objects.none()
    arrived = set(own.values_list("uploaded_by", "sent_sha256", "set").distinct())
    received = {(writer, sha) for writer, sha, _set in arrived}
    bound = {(writer, sha) for writer, sha, in_set in arrived if in_set is not None}
    return [_receipt(each, announced[each.pk], received, bound) for each in inspections]


def _receipt(inspection: Inspection, wanted: list[str], received: set[tuple[int, str]], bound: set[tuple[int, str]]) -> Receipt:
    is_draft, writer = inspection.status == InspectionStatus.DRAFT, inspection.created_by_id
    arrived = received if is_draft else bound
    photos = tuple(sha for sha in wanted if (writer, sha) in arrived)
    missing = tuple(sha for sha in wanted if (writer, sha) not in arrived)
    return Receipt(inspection.client_id, inspection.number, not is_draft and not missing, photos, missing)


def _announced(inspections: Sequence[Inspection]) -> dict[int, list[str]]:
    """The hashes of its photos that each one names, in its order."""
    rows = InspectionAnswer.objects.filter(inspection__in=[each.pk for each in inspections]).exclude(draft={})
    announced: dict[int, list[str]] = {each.pk: [] for each in inspections}
    for pk, draft in rows.order_by("inspection", "position").values_list("inspection", "draft"):
        announced[pk] += [sha.lower() for name in ("photos", "after_photos") for sha in (draft or {}).get(name, ())]
    return {pk: list(dict.fromkeys(shas)) for pk, shas in announced.items()}


def receipt_of_hazard(hazard: Hazard) -> Receipt:
    photos = hazard.photos.attachments.order_by("pk").values_list("sent_sha256", flat=True) if hazard.photos else ()
    return Receipt(hazard.client_id, hazard.number, True, tuple(photos))
