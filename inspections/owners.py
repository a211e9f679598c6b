"""Who sees the photos of this room's records: whoever sees the record."""

from typing import Any

from django.db.models import Q

from inspections.models import Duty, Hazard, Inspection, InspectionAnswer, MajorTreatment, OutsideReport, PlaceAnswer, Violation
from safetyplant.attachments.owners import register_owner, register_wanted


def register_owners() -> None:
    register_owner("inspections.hazard", lambda user, set_id: _sees(Hazard, user, set_id))
    register_owner("inspections.inspection", lambda user, set_id: _sees(Inspection, user, set_id))
    register_owner("inspections.violation", lambda user, set_id: _sees(Violation, user, set_id))
    register_owner(
        "inspections.penalty", lambda user, set_id: Violation.objects.visible_to(user).filter(penalty__paper=set_id).exists()
    )
    register_owner("inspections.duty", lambda user, set_id: Duty.objects.visible_to(user).filter(proof=set_id).exists())
    register_owner("inspections.outsidereport", is_outside_report_visible)
    register_owner("inspections.placeanswer", lambda user, set_id: _sees(PlaceAnswer, user, set_id))
    register_wanted(is_in_draft)


def is_in_draft(attachment: Any) -> bool:
    """A photo taken for a draft stays as long as the draft does."""
    sha = attachment.sent_sha256
    mine = InspectionAnswer.objects.filter(inspection__created_by=attachment.uploaded_by_id, inspection__status="draft")
    return mine.filter(Q(draft__photos__contains=[sha]) | Q(draft__after_photos__contains=[sha])).exists()


def is_outside_report_visible(user: Any, set_id: int) -> bool:
    return OutsideReport.objects.filter(files_id=set_id, treatment__in=MajorTreatment.objects.visible_to(user)).exists()


def _sees(model: Any, user: Any, set_id: int) -> bool:
    return model.objects.visible_to(user).filter(photos_id=set_id).exists()
