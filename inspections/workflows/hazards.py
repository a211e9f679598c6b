"""A hazard's life: reported → assessed and assigned → (its corrective action) → closed; or cancelled.

| from | to | who |
|---|---|---|
| reported | assigned (`assess_hazard`) | whoever assesses for the unit |
| found by an inspection | assigned at once (`found.assign_found`), or closed when fixed on the spot | the inspector |
| any open | another level (`change_level`, `decide_major`) | whoever assesses; the owning unit never lowers |
| any open | cancelled (`cancel_hazard`) | whoever assesses; before the assessment also the reporter |
| submitted → closed, and all between | mirrors the corrective action (`following.HazardSubject`) | |
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspections import permissions
from inspections.choices import OPEN_HAZARD, AssessMethod, HazardStatus
from inspections.models import Hazard
from inspections.services.hazards import params_of, reporters_of, subject_of
from inspections.workflows.following import mirror_action
from inspections.workflows.listing import follow_major
from inspections.workflows.locks import lock_hazard
from responsibilities.choices import DeadlineStatus, Field, LeaderField
from responsibilities.models import Level
from responsibilities.permissions import can_extend_far
from responsibilities.services.deadlines import fix_due_at, last_day_of, require_near
from responsibilities.services.owners import require_fixer
from responsibilities.workflows import assign_action, cancel_action, cancel_deadline, meet_deadline
from responsibilities.workflows.levels import change_action_level
from safetyplant.access.exceptions import StaleVersion, WrongState
from safetyplant.access.transitions import require, require_state
from safetyplant.audit.services import record
from safetyplant.notifications.services import notify

if TYPE_CHECKING:
    from inspections.models import HazardCategory
    from responsibilities.models import Person, Unit

RELATED = ("unit", "place", "level", "assess_deadline", "decide_deadline", "action", "photos", "reported_by")

OWN_LEVEL = gettext_lazy("The owning unit cannot lower a level. Ask the safety officer.")
#: Which field leader stands in the chain for each of the report's fields.
LEADER_FIELD = {Field.PRODUCTION: LeaderField.PRODUCTION, Field.SECURITY: LeaderField.SECURITY}


@dataclass
class Assessment:
    """What the assessor decides. `unit`/`owner` empty: the hazard's unit and whom the chain names; `due_at` empty: by level."""

    level: Level
    category: "HazardCategory"
    unit: "Unit | None" = None
    owner: "Person | None" = None
    assisting: "Sequence[Unit]" = ()
    method: str = AssessMethod.DIRECT
    inputs: dict[str, Any] = dataclasses.field(default_factory=dict)
    score: Any = None
    field: str = ""
    interim_control: str = ""
    due_at: datetime | None = None


@transaction.atomic
def assess_hazard(
    hazard: Hazard, assessment: Assessment, *, by: "Person", revision: int | None = None, now: datetime | None = None
) -> Hazard:
    """Set level and category and assign the fix: who, by when and who checks come from the chain and the level's term."""
    moment = now or timezone.now()
    hazard = _begin(hazard, permissions.can_assess_hazard, by, revision, HazardStatus.REPORTED)
    _check_assessment(assessment, assessment.unit or hazard.unit, by=by, now=moment)
    hazard.level, hazard.category = assessment.level, assessment.category
    hazard.field = assessment.field or hazard.field
    hazard.assess_method, hazard.assess_inputs, hazard.assess_score = assessment.method, assessment.inputs, assessment.score
    hazard.assessed_at, hazard.assessed_by = moment, by
    hazard.interim_control = assessment.interim_control
    if hazard.assess_deadline is not None:
        meet_deadline(hazard.assess_deadline, now=moment)
    detail = {"level": assessment.level.code, "score": str(assessment.score or "")}
    record("hazard.assessed", hazard, by=by, detail=detail, at=moment)
    assign_fix(hazard, assessment, by=by, now=moment)
    params = {**params_of(hazard, by), "level": assessment.level.code}
    notify("hazard.assessed", reporters_of(hazard, but=[by.pk]), params=params, link=subject_of(hazard).link, now=moment)
    return hazard


@transaction.atomic
def decide_major(
    hazard: Hazard, *, by: "Person", is_major: bool, reason: str, revision: int | None = None, now: datetime | None = None
) -> Hazard:
    """The safety officer's decision on a possibly major hazard: major, or serious as it stands.

    The second lowers what the item said: never by the owning unit, nor by whoever fixes it.
    """
    moment = now or timezone.now()
    hazard = _begin(hazard, permissions.can_decide_major, by, revision, *OPEN_HAZARD)
    if not is_major:
        require(not permissions.lowers_own_level(by, hazard), OWN_LEVEL)
    hazard.possibly_major = False
    if hazard.decide_deadline is not None and hazard.decide_deadline.status == DeadlineStatus.OPEN:
        meet_deadline(hazard.decide_deadline, now=moment)
    record("hazard.major_decided" if is_major else "hazard.not_major", hazard, by=by, detail={"quote": reason}, at=moment)
    hazard.revision += 1
    hazard.save()
    if is_major:
        major = Level.objects.get(is_major=True)
        hazard = change_level(hazard, by=by, level=major, reason=reason, now=moment)
    return hazard


@transaction.atomic
def change_level(
    hazard: Hazard,
    *,
    by: "Person",
    level: Level,
    reason: str,
    interim_control: str = "",
    revision: int | None = None,
    now: datetime | None = None,
) -> Hazard:
    """Another level for an assigned hazard: date and verifier follow from it. The owning unit never lowers it.

    A major hazard says what keeps people safe until it is fixed: ValidationError without it.
    """
    moment = now or timezone.now()
    hazard = _begin(hazard, permissions.can_assess_hazard, by, revision, *OPEN_HAZARD)
    require(permissions.can_change_level(by, hazard, level), OWN_LEVEL)
    if hazard.action is None:
        raise WrongState(_("Assess the hazard first."))
    if hazard.level_id == level.pk:
        raise WrongState(_("The hazard has this level already."))
    hazard.interim_control = interim_control.strip() or hazard.interim_control
    if level.is_major and not hazard.interim_control:
        raise ValidationError({"interim_control": _("Major: say what keeps people safe until it is fixed")})
    old, hazard.level = hazard.level, level
    hazard.revision += 1
    hazard.save()
    changes = {"level": [old.code if old else "", level.code]}
    record("hazard.level_changed", hazard, by=by, changes=changes, detail={"level": level.code, "quote": reason}, at=moment)
    change_action_level(hazard.action, level=level, by=by, now=moment)
    return Hazard.objects.select_related(*RELATED).get(pk=hazard.pk)


@transaction.atomic
def cancel_hazard(
    hazard: Hazard, *, by: "Person", reason: str, revision: int | None = None, now: datetime | None = None
) -> Hazard:
    """A duplicate or no hazard at all; the reason stays. Stopped work must be released first."""
    moment = now or timezone.now()
    hazard = _begin(hazard, permissions.can_cancel_hazard, by, revision, *OPEN_HAZARD)
    if hazard.is_stopped:
        raise WrongState(_("Work is still stopped here. Release it first."))
    for deadline in (hazard.assess_deadline, hazard.decide_deadline):
        if deadline is not None and deadline.status == DeadlineStatus.OPEN:
            cancel_deadline(deadline, now=moment)
    if hazard.action is not None:
        cancel_action(hazard.action, by=by, reason=reason, now=moment)
        hazard.refresh_from_db()
    hazard.status = HazardStatus.CANCELLED
    hazard.possibly_major = False
    hazard.cancelled_at, hazard.cancelled_by, hazard.cancel_reason = moment, by, reason
    hazard.holder, hazard.due_at = None, None
    hazard.revision += 1
    hazard.save()
    record("hazard.cancelled", hazard, by=by, detail={"quote": reason}, at=moment)
    params = {**params_of(hazard, by), "reason": reason}
    notify("hazard.cancelled", reporters_of(hazard, but=[by.pk]), params=params, link=subject_of(hazard).link, now=moment)
    return hazard


def assign_fix(hazard: Hazard, assessment: Assessment, *, by: "Person", now: datetime) -> None:
    """Open the corrective action of a numbered hazard and save what it says of the hazard."""
    unit = assessment.unit or hazard.unit
    hazard.repeat_of = Hazard.objects.repeated_by(hazard).first()
    action = assign_action(
        "hazard",
        subject_of(hazard),
        unit=unit,
        level=assessment.level,
        field=LEADER_FIELD.get(Field(hazard.field), ""),
        owner=assessment.owner,
        assisting=assessment.assisting,
        interim_control=assessment.interim_control,
        due_at=assessment.due_at or fix_due_at(assessment.level, now),
        by=by,
        now=now,
    )
    hazard.action = action
    mirror_action(hazard, action)
    hazard.revision += 1
    hazard.save()
    follow_major(hazard, action, by=by, now=now)


def _check_assessment(assessment: Assessment, unit: "Unit", *, by: "Person", now: datetime) -> None:
    if assessment.level.is_major and not assessment.interim_control:
        raise ValidationError({"interim_control": _("Major: say what keeps people safe until it is fixed")})
    if assessment.due_at is not None and assessment.due_at <= now:
        raise ValidationError({"due_on": _("This day has passed. Choose today or later.")})
    if assessment.due_at is not None:
        is_far_allowed = can_extend_far(by, unit)
        last_day = last_day_of(assessment.level, now)
        require_near(assessment.due_at, last_day=last_day, is_far_allowed=is_far_allowed, now=now)
    if assessment.owner is not None:
        require_fixer(assessment.owner, unit)


def _begin(hazard: Hazard, allowed: Any, by: "Person", revision: int | None, *states: str) -> Hazard:
    hazard = lock_hazard(hazard, *RELATED)
    require(allowed(by, hazard), _("This is for someone else to do."))
    require_state(hazard, *states)
    if revision is not None and revision != hazard.revision:
        raise StaleVersion(_("Someone else changed this hazard in the meantime. Read the new state, then send again."))
    return hazard
