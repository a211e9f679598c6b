"""A failed item of an inspection becomes a hazard: assigned at once, or closed when it was fixed on the spot."""

from datetime import datetime
from typing import TYPE_CHECKING

from inspections.choices import AssessMethod, HazardStatus
from inspections.models import Hazard
from inspections.permissions import can_decide_major, lowers_own_level
from inspections.services.hazards import OWNER_KIND, Found, new_hazard, params_of, save_new, subject_of
from inspections.workflows.hazards import Assessment, assign_fix
from responsibilities.choices import DeadlineKind, RoleCode
from responsibilities.services.deadlines import fix_due_at, open_deadline, stage_due_at
from responsibilities.services.owners import choose_assessor
from responsibilities.workflows import asked_key
from safetyplant.attachments.services import bind, new_set
from safetyplant.audit.services import record
from safetyplant.notifications.services import notify

if TYPE_CHECKING:
    from responsibilities.chain import ChainReader
    from responsibilities.models import Person


def assign_found(found: Found, reader: "ChainReader", *, by: "Person", now: datetime) -> Hazard:
    """A failed item becomes a hazard with the item's level and goes straight to the one responsible.

    Fixed on the spot: closed at once, confirmed by the inspector, with before and after photos. Possibly major: assigned as
    serious with interim control, never closed on the spot; the safety officer owes a decision within the day.
    """
    hazard = new_hazard(found.report, reader.chain(found.report.unit.pk), by=by, now=now)
    hazard.item, hazard.inspection, hazard.level = found.item, found.inspection, found.level
    hazard.possibly_major, hazard.interim_control = found.possibly_major, found.interim_control
    hazard.assessed_at, hazard.assessed_by, hazard.assess_method = now, by, AssessMethod.DIRECT
    if found.fixed_on_spot:
        return _close_on_spot(hazard, found, by=by, now=now)
    # Saved without a fix for the length of this transaction only: the action needs the hazard's number.
    hazard.status = HazardStatus.REPORTED
    save_new(hazard, found.report.photos, by=by)
    detail = {"inspection": found.inspection.pk, "level": found.level.code, "quote": hazard.description}
    record("hazard.found", hazard, by=by, detail=detail, at=now)
    assign_fix(hazard, Assessment(found.level, found.report.category, interim_control=found.interim_control), by=by, now=now)  # type: ignore[arg-type]
    if found.possibly_major:
        _ask_decision(hazard, reader, by=by, now=now)
    return hazard


def _close_on_spot(hazard: Hazard, found: Found, *, by: "Person", now: datetime) -> Hazard:
    hazard.fixed_on_spot = True
    hazard.status = HazardStatus.CLOSED
    hazard.closed_at, hazard.closed_by, hazard.done_at = now, by, now
    hazard.first_due_at = fix_due_at(found.level, now)
    hazard.repeat_of = Hazard.objects.repeated_by(hazard).first()
    save_new(hazard, found.report.photos, by=by)
    if found.after_photos:
        if hazard.photos is None:
            hazard.photos = new_set(OWNER_KIND)
            hazard.save(update_fields=["photos"])
        bind(hazard.photos, found.after_photos, by=by, purpose="after", now=now)
    detail = {"inspection": found.inspection.pk, "level": found.level.code, "quote": hazard.description}
    record("hazard.fixed_on_spot", hazard, by=by, detail=detail, at=now)
    return hazard


def _ask_decision(hazard: Hazard, reader: "ChainReader", *, by: "Person", now: datetime) -> None:
    assessor = _choose_decider(hazard, reader)
    hazard.decide_deadline = open_deadline(
        DeadlineKind.DECIDE,
        subject_of(hazard),
        owner=assessor,
        unit=hazard.unit,
        level=hazard.level,
        starts_at=now,
        due_at=stage_due_at("decide_major", now),
        is_urgent=True,
    )
    hazard.save(update_fields=["decide_deadline"])
    link = subject_of(hazard).link
    key = asked_key(hazard.decide_deadline)
    notify("hazard.possibly_major", [assessor], params=params_of(hazard, by), link=link, urgent=True, withdraw_key=key, now=now)


def _choose_decider(hazard: Hazard, reader: "ChainReader") -> "Person":
    """The unit's safety officer, or the next above who may decide either way: the owning unit never lowers its own level."""
    assessor = choose_assessor(reader, hazard.unit)
    above = [link.person for link in reader.chain(hazard.unit_id).from_role(RoleCode.LEADER) if link.is_alive]
    candidates = [assessor, *(person for person in above if person is not None)]
    may_decide = (one for one in candidates if can_decide_major(one, hazard) and not lowers_own_level(one, hazard))
    return next(may_decide, assessor)
