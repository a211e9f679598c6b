"""A hazard's life: reported → assessed and assigned → (its corrective action) → closed; or cancelled.

| from | to | who |
|---|---|---|
| reported | assigned (`assess_hazard`) | whoever assesses for the unit |
| found by an inspection | assigned at once (`assign_found`), or closed when fixed on the spot | the inspector |
| any open | another level (`change_level`, `decide_major`) | whoever assesses; the owning unit never lowers |
| any open | cancelled (`cancel_hazard`) | whoever assesses; before the assessment also the reporter |
| submitted → closed, and all between | mirrors the corrective action (`HazardSubject`) | |
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections import permissions
from inspections.choices import AssessMethod, HazardStatus
from inspections.models import Hazard
from inspections.services.hazards import OWNER_KIND, Found, new_hazard, params_of, save_new, subject_of
from responsibilities.chain import ChainReader
from responsibilities.choices import ActionStatus, DeadlineKind, DeadlineStatus, Field, LeaderField
from responsibilities.models import CorrectiveAction, Deadline, Level
from responsibilities.services.deadlines import fix_due_at, open_deadline, stage_due_at
from responsibilities.services.owners import choose_assessor, require_fixer
from responsibilities.workflows import asked_key, assign_action, cancel_action, cancel_deadline, meet_deadline
from responsibilities.workflows.levels import change_action_level
from safetyplant.access.exceptions import StaleVersion, WrongState
from safetyplant.access.transitions import locked, require, require_state
from safetyplant.attachments.services import bind, new_set
from safetyplant.audit.services import record
from safetyplant.notifications.services import notify

if TYPE_CHECKING:
    from inspections.models import HazardCategory
    from responsibilities.models import Deadline, Person, Unit

RELATED = ("unit", "place", "level", "assess_deadline", "decide_deadline", "action", "photos", "reported_by")


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
    _check_assessment(assessment, assessment.unit or hazard.unit, now=moment)
    hazard.level, hazard.category = assessment.level, assessment.category
    hazard.field = assessment.field or hazard.field
    hazard.assess_method, hazard.assess_inputs, hazard.assess_score = assessment.method, assessment.inputs, assessment.score
    hazard.assessed_at, hazard.assessed_by = moment, by
    hazard.interim_control = assessment.interim_control
    if hazard.assess_deadline is not None:
        meet_deadline(hazard.assess_deadline, now=moment)
    detail = {"level": assessment.level.code, "score": str(assessment.score or "")}
    record("hazard.assessed", hazard, by=by, detail=detail, at=moment)
    _assign(hazard, assessment, by=by, now=moment)
    if hazard.reported_by_id != by.pk:
        params = {**params_of(hazard, by), "level": assessment.level.code}
        notify("hazard.assessed", [hazard.reported_by], params=params, link=subject_of(hazard).link, now=moment)
    return hazard


def assign_found(found: Found, reader: ChainReader, *, by: "Person", now: datetime) -> Hazard:
    """A failed item becomes a hazard with the item's level and goes straight to the one responsible.

    Fixed on the spot: closed at once, confirmed by the inspector, with before and after photos. Possibly major: assigned as
    serious with interim control; the safety officer owes a decision within the day.
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
    detail = {"inspection": found.inspection.number, "level": found.level.code, "quote": hazard.description}
    record("hazard.found", hazard, by=by, detail=detail, at=now)
    _assign(hazard, Assessment(found.level, found.report.category, interim_control=found.interim_control), by=by, now=now)  # type: ignore[arg-type]
    if found.possibly_major:
        _ask_decision(hazard, reader, by=by, now=now)
    return hazard


@transaction.atomic
def decide_major(
    hazard: Hazard, *, by: "Person", is_major: bool, reason: str, revision: int | None = None, now: datetime | None = None
) -> Hazard:
    """The safety officer's decision on a possibly major hazard: major, or serious as it stands."""
    moment = now or timezone.now()
    hazard = _begin(hazard, permissions.can_decide_major, by, revision, *OPEN)
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
    hazard = _begin(hazard, permissions.can_assess_hazard, by, revision, *OPEN)
    require(permissions.can_change_level(by, hazard, level), _("The owning unit cannot lower a level. Ask the safety officer."))
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
    hazard = _begin(hazard, permissions.can_cancel_hazard, by, revision, *OPEN)
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
    if hazard.reported_by_id != by.pk:
        params = {**params_of(hazard, by), "reason": reason}
        notify("hazard.cancelled", [hazard.reported_by], params=params, link=subject_of(hazard).link, now=moment)
    return hazard


#: Which field leader stands in the chain for each of the report's fields.
LEADER_FIELD = {Field.PRODUCTION: LeaderField.PRODUCTION, Field.SECURITY: LeaderField.SECURITY}
#: How the hazard's state follows from that of its corrective action.
MIRROR = {
    ActionStatus.ASSIGNED: HazardStatus.ASSIGNED,
    ActionStatus.IN_PROGRESS: HazardStatus.IN_PROGRESS,
    ActionStatus.WAITING: HazardStatus.WAITING,
    ActionStatus.SUBMITTED: HazardStatus.SUBMITTED,
    ActionStatus.RETURNED: HazardStatus.RETURNED,
    ActionStatus.VERIFIED: HazardStatus.CLOSED,
    ActionStatus.CANCELLED: HazardStatus.CANCELLED,
}
OPEN = (
    HazardStatus.REPORTED,
    HazardStatus.ASSIGNED,
    HazardStatus.IN_PROGRESS,
    HazardStatus.WAITING,
    HazardStatus.SUBMITTED,
    HazardStatus.RETURNED,
)


class HazardSubject:
    """Keeps a hazard in line with its corrective action; called in the action's own transaction."""

    def action_changed(self, action: CorrectiveAction, *, by: "Person", now: datetime) -> None:
        hazard = locked(Hazard.objects.select_related("unit", "place", "reported_by"), action.hazard.pk)
        mirror_action(hazard, action)
        if action.status in (ActionStatus.VERIFIED, ActionStatus.CANCELLED):
            _end_with_action(hazard, now=now)
        if action.status == ActionStatus.VERIFIED:
            hazard.closed_at, hazard.closed_by = action.verified_at, action.verified_by
            if hazard.reported_by_id not in (by.pk, action.owner_id, action.submitted_by_id, action.created_by_id):
                link = subject_of(hazard).link
                notify("hazard.closed", [hazard.reported_by], params=params_of(hazard, by), link=link, now=now)
        if action.status == ActionStatus.CANCELLED:
            hazard.cancelled_at, hazard.cancelled_by = action.cancelled_at, action.cancelled_by
            hazard.cancel_reason = action.cancel_reason
        hazard.revision += 1
        hazard.save()


def deadline_handed(deadline: "Deadline", by: "Person | None", now: datetime) -> None:
    """The assessment or the release is with someone else, or due at another moment: the hazard says so too."""
    if deadline.kind == DeadlineKind.RELEASE:
        stopped = Hazard.objects.filter(release_deadline=deadline, released_at=None)
        stopped.update(releaser=deadline.owner, revision=F("revision") + 1)
    if deadline.kind != DeadlineKind.ASSESS:
        return
    hazard = Hazard.objects.select_for_update(of=("self",)).filter(assess_deadline=deadline, status=HazardStatus.REPORTED).first()
    if hazard is not None:
        hazard.holder, hazard.due_at = deadline.owner, deadline.due_at
        hazard.revision += 1
        hazard.save(update_fields=["holder", "due_at", "revision"])


def _end_with_action(hazard: Hazard, *, now: datetime) -> None:
    """With its fix ends whatever else was owed for the hazard. Stopped work is released by name first."""
    if hazard.is_stopped:
        raise WrongState(_("Work is still stopped here. Release it before the fix is accepted."))
    hazard.possibly_major = False
    if hazard.decide_deadline is not None and hazard.decide_deadline.status == DeadlineStatus.OPEN:
        cancel_deadline(hazard.decide_deadline, now=now)


def follow_unit(unit: "Unit", successor: "Unit", by: "Person | None", now: datetime) -> None:
    """What is still open in a closed unit goes on in its successor; closed hazards stay with the unit they were found in."""
    Hazard.objects.open().filter(unit=unit).update(unit=successor)
    Hazard.objects.open().filter(lead_unit=unit).update(lead_unit=successor)
    Hazard.objects.open().filter(unit=successor, lead_unit=successor).update(lead_unit=None)


def is_seen_by_reporter(user: "Person", action_id: int) -> bool:
    """Whoever sees the hazard sees how it was fixed."""
    return Hazard.objects.visible_to(user).filter(action_id=action_id).exists()


#: A fix counts as done from its submission on, unless it is returned.
DONE = (ActionStatus.SUBMITTED, ActionStatus.VERIFIED)


def mirror_action(hazard: Hazard, action: CorrectiveAction) -> None:
    """Copy what lists need from the action: state, who has it now, what is due. Does not save."""
    hazard.status = MIRROR[ActionStatus(action.status)]
    hazard.waiting_for = action.waiting_for
    hazard.fixer = action.owner
    hazard.lead_unit_id = action.unit_id if action.unit_id != hazard.unit_id else None
    hazard.first_due_at = action.deadline.first_due_at
    hazard.done_at = action.submitted_at if action.status in DONE else None
    if action.status == ActionStatus.SUBMITTED and action.check_deadline is not None:
        hazard.holder, hazard.due_at = action.verifier, action.check_deadline.due_at
    elif action.status in (ActionStatus.VERIFIED, ActionStatus.CANCELLED):
        hazard.holder, hazard.due_at = None, None
    else:
        hazard.holder, hazard.due_at = action.owner, action.deadline.due_at


def _assign(hazard: Hazard, assessment: Assessment, *, by: "Person", now: datetime) -> None:
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


def _close_on_spot(hazard: Hazard, found: Found, *, by: "Person", now: datetime) -> Hazard:
    hazard.possibly_major = False
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
    detail = {"inspection": found.inspection.number, "level": found.level.code, "quote": hazard.description}
    record("hazard.fixed_on_spot", hazard, by=by, detail=detail, at=now)
    return hazard


def _ask_decision(hazard: Hazard, reader: ChainReader, *, by: "Person", now: datetime) -> None:
    assessor = choose_assessor(reader, hazard.unit)
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


def _check_assessment(assessment: Assessment, unit: "Unit", *, now: datetime) -> None:
    if assessment.level.is_major and not assessment.interim_control:
        raise ValidationError({"interim_control": _("Major: say what keeps people safe until it is fixed")})
    if assessment.due_at is not None and assessment.due_at <= now:
        raise ValidationError({"due_on": _("This day has passed. Choose today or later.")})
    if assessment.owner is not None:
        require_fixer(assessment.owner, unit)


def _begin(hazard: Hazard, allowed: Any, by: "Person", revision: int | None, *states: str) -> Hazard:
    _lock_below(hazard)
    hazard = locked(Hazard.objects.select_related(*RELATED), hazard.pk)
    require(allowed(by, hazard), _("This is for someone else to do."))
    require_state(hazard, *states)
    if revision is not None and revision != hazard.revision:
        raise StaleVersion(_("Someone else changed this hazard in the meantime. Read the new state, then send again."))
    return hazard


def _lock_below(hazard: Hazard) -> None:
    """What the room below locks before it tells this one, in its order: else a fix submitted while its hazard is cancelled
    (or an assessment handed on while it is made) would each wait for the other, and the database would end one of them.
    """
    if hazard.action_id is not None:
        locked(CorrectiveAction.objects, hazard.action_id)
    elif hazard.assess_deadline_id is not None:
        locked(Deadline.objects, hazard.assess_deadline_id)
