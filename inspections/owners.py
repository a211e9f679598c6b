"""Who sees the photos of this room's records: whoever sees the record."""

from typing import Any

from inspections.models import Hazard, Inspection, Violation
from safetyplant.attachments.owners import register_owner


def register_owners() -> None:
    register_owner("inspections.hazard", lambda user, set_id: _sees(Hazard, user, set_id))
    register_owner("inspections.inspection", lambda user, set_id: _sees(Inspection, user, set_id))
    register_owner("inspections.violation", lambda user, set_id: _sees(Violation, user, set_id))


def _sees(model: Any, user: Any, set_id: int) -> bool:
    return model.objects.visible_to(user).filter(photos_id=set_id).exists()
