"""Stop work / shut in: one tap, the chain is told at once, and one named person may release."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.choices import OPEN_HAZARD
from inspections.models import Hazard
from inspections.permissions import can_release_work, can_stop_work
from inspections.services.hazards import params_of, subject_of
from inspections.workflows.locks import lock_hazard
from responsibilities.chain import ChainReader
from responsibilities.choices import DeadlineKind
from responsibilities.services.deadlines import open_deadline, stage_due_at
from responsibilities.workflows import asked_key, meet_deadline
from safetyplant.access.exceptions import WrongState
from safetyplant.access.transitions import locked, require, require_state
from safetyplant.audit.services import record
from safetyplant.notifications.services import notify

if TYPE_CHECKING:
    from responsibilities.models import Person


@transaction.atomic
def stop_work(hazard: Hazard, *, by: "Person", now: datetime | None = None) -> Hazard:
    """Stop the work or shut in: tells everyone of the chain, quiet hours or not, and names who may release it and owes that."""
    moment = now or timezone.now()
    hazard = locked(Hazard.objects.select_related("unit", "place", "level"), hazard.pk)
    require(can_stop_work(by, hazard))
    require_state(hazard, *OPEN_HAZARD)
    if hazard.is_stopped:
        raise WrongState(_("Work is stopped already."))
    chain = ChainReader(timezone.localdate(moment)).chain(hazard.unit_id)
    releaser = chain.head or chain.leader or chain.director or by
    hazard.stopped_at, hazard.stopped_by, hazard.releaser = moment, by, releaser
    hazard.released_at = hazard.released_by = None
    hazard.release_deadline = open_deadline(
        DeadlineKind.RELEASE,
        subject_of(hazard),
        owner=releaser,
        unit=hazard.unit,
        level=hazard.level,
        is_urgent=True,
        starts_at=moment,
        due_at=stage_due_at("release", moment),
    )
    hazard.revision += 1
    hazard.save()
    record("hazard.work_stopped", hazard, by=by, personal={"releaser": releaser.name}, at=moment)
    people = [person for person in chain.people if person.pk != by.pk]
    link, key = subject_of(hazard).link, asked_key(hazard.release_deadline)
    notify("hazard.work_stopped", people, params=params_of(hazard, by), link=link, urgent=True, withdraw_key=key, now=moment)
    return hazard


@transaction.atomic
def release_work(hazard: Hazard, *, by: "Person", note: str, now: datetime | None = None) -> Hazard:
    """The named releaser says what makes it safe again; the chain is told."""
    moment = now or timezone.now()
    hazard = lock_hazard(hazard, "unit", "place", "release_deadline")
    require(can_release_work(by, hazard), _("Only the named releaser, or someone above, may release the work."))
    if not hazard.is_stopped:
        raise WrongState(_("Work is not stopped here."))
    if hazard.release_deadline is not None:
        meet_deadline(hazard.release_deadline, now=moment)
    hazard.released_at, hazard.released_by = moment, by
    hazard.revision += 1
    hazard.save()
    record("hazard.work_released", hazard, by=by, detail={"quote": note}, at=moment)
    chain = ChainReader(timezone.localdate(moment)).chain(hazard.unit_id)
    people = [person for person in (*chain.people, hazard.stopped_by) if person is not None and person.pk != by.pk]
    notify("hazard.work_released", people, params=params_of(hazard, by), link=subject_of(hazard).link, urgent=True, now=moment)
    return hazard
