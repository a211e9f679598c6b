"""Locking a hazard together with what is locked before it."""

from django.utils.translation import gettext as _

from inspections.models import Hazard
from inspections.services.acceptances import acceptance_deadline
from inspections.services.major import deadlines_of_treatment
from responsibilities.models import CorrectiveAction
from responsibilities.workflows.deadlines import lock_deadlines
from safetyplant.access.exceptions import StaleVersion
from safetyplant.access.transitions import locked

BELOW = ("action_id", "assess_deadline_id", "decide_deadline_id", "release_deadline_id")


def lock_hazard(hazard: Hazard, *related: str) -> Hazard:
    """The hazard, locked after its corrective action and its deadlines: the order of `responsibilities.workflows.deadlines`.

    The deadlines of its treatment as a major one and of its acceptance are among them.
    Else a fix submitted while its hazard is cancelled, or a release
    handed on while it is given, would each wait for the other, and the database would end one of them. StaleVersion when it got
    another action or deadline meanwhile: locking that now would be against the order.
    """
    below = Hazard.objects.values_list(*BELOW).get(pk=hazard.pk)
    action_id, *deadlines = below
    if action_id is not None:
        locked(CorrectiveAction.objects, action_id)
    lock_deadlines([*deadlines, *deadlines_of_treatment(hazard.pk), acceptance_deadline(hazard.pk)])
    hazard = locked(Hazard.objects.select_related(*related), hazard.pk)
    if below != tuple(getattr(hazard, name) for name in BELOW):
        raise StaleVersion(_("Someone else changed this hazard in the meantime. Read the new state, then send again."))
    return hazard
