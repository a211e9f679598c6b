"""Who was shown whose records in lists, exports and the plain API: a row for each record, one event for each request."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from inspections.permissions import can_view_violation_person
from inspections.services.penalties import log_views
from responsibilities.roles import Right
from safetyplant.audit.services import record

if TYPE_CHECKING:
    from inspections.models import Violation
    from responsibilities.models import Person

LIST, EXPORT, API = "list", "export", "api"


def log_shown(violations: "Iterable[Violation]", *, by: "Person", way: str, now: datetime | None = None) -> None:
    """Those of them whose person the reader was shown. Reads nothing: person, recorder and unit come with the rows."""
    named = [each for each in violations if each.person_id is not None and each.person_id != by.pk]
    _keep([each for each in named if can_view_violation_person(by, each)], by, way, now)


def log_exported(rows: Any, *, by: "Person", now: datetime | None = None) -> None:
    """All rows of an export, in one read of their ids; the same rows as the permission to see the person allows."""
    named = rows.filter(person__isnull=False).exclude(person=by).order_by()
    if not by.standing.everywhere(Right.VIEW_PERSONAL):
        named = named.filter(Q(recorded_by=by) | Q(unit__in=by.standing.unit_ids(Right.VIEW_PERSONAL)))
    _keep(list(named.select_related(None).only("pk", "person_id")), by, EXPORT, now)


def _keep(shown: "list[Violation]", by: "Person", way: str, now: datetime | None) -> None:
    if not shown:
        return
    with transaction.atomic():
        if log_views(shown, by=by, now=now):
            people = {each.person_id for each in shown}
            # SECURITY: how many, not which: whose records they were stands in the views, told to those people alone.
            record(
                "violation.persons_shown", by, by=by, detail={"way": way, "records": len(shown), "people": len(people)}, at=now
            )
