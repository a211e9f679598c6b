"""Open work that loses its person goes up the chain, at once and without asking whether anybody agrees (DESIGN §4.5)."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from responsibilities.chain import Chain, ChainReader
from responsibilities.choices import ActionStatus, DeadlineKind, DeadlineStatus
from responsibilities.models import CorrectiveAction, Deadline, Escalation, Person, Unit
from responsibilities.permissions import right_to_verify
from responsibilities.roles import Right
from responsibilities.services.owners import choose_verifier, someone_for
from responsibilities.standing import Standing, standing_of
from responsibilities.subjects import barred_from, tell_handed, tell_subject
from responsibilities.workflows.deadlines import hand_deadline
from safetyplant.access.exceptions import WrongState
from safetyplant.access.transitions import locked
from safetyplant.audit.services import record
from safetyplant.notifications.services import Notice, notify_many

if TYPE_CHECKING:
    from django.db.models import QuerySet

RUNNING = (DeadlineStatus.OPEN, DeadlineStatus.PAUSED)
ENDED = (ActionStatus.VERIFIED, ActionStatus.CANCELLED)
#: What it takes to do what a deadline asks for; anything else is for whoever answers for its unit.
NEEDED = {
    DeadlineKind.ASSESS: Right.ASSESS_HAZARD,
    DeadlineKind.RELEASE: Right.RELEASE_WORK,
    DeadlineKind.VISIT: Right.INSPECT,
    DeadlineKind.EXCUSE: Right.PLAN_VISITS,
    DeadlineKind.NOTICE: Right.SERVE_PENALTY,
    DeadlineKind.PROPOSAL: Right.SERVE_PENALTY,
    DeadlineKind.PROOF: Right.SERVE_PENALTY,
    DeadlineKind.APPEAL: Right.DECIDE_APPEAL,
    DeadlineKind.APPROVE: Right.CLOSE_MAJOR,
    DeadlineKind.OUTSIDE: Right.ASSESS_HAZARD,
    DeadlineKind.ACCEPTANCE: Right.ASSESS_HAZARD,
}


def hand_over_work(person: Person, *, by: Person | None, now: datetime, fixes: Q | None = None) -> int:
    """Everything this person may no longer do goes to the next above them; checks, to another who may check.

    For someone without access that is everything. For someone whose appointment is over it is what their standing of this
    day does not cover, and of the fixes they owe those of `fixes`. Runs in the caller's transaction, after the person lost
    their place in the chain. Returns how many deadlines changed hands; each new holder gets one message with their number.
    """
    reader = ChainReader(timezone.localdate(now))
    standing = standing_of(person, reader.on)
    received: Counter[int] = Counter()
    for action in _open_actions().filter(fixes or Q(), owner=person):
        owners = [] if standing.answers_for(action.unit) else people_above(reader.chain(action.unit_id, action.field), person)
        received += _first_possible(partial(_hand_fix, action, owner, reader, by=by, now=now) for owner in owners)
    for action in _open_actions().filter(verifier=person):
        if not standing.has_for(right_to_verify(action), action.unit):
            received += _first_possible(_ways_to_hand_check(action, person, reader, by=by, now=now))
    # A fix or a check goes with its action or stays with it, never its date alone.
    others = Deadline.objects.filter(owner=person, status__in=RUNNING, fix_of=None, check_of=None)
    for deadline in others.select_related("unit", "extension_decision__action"):
        if not _may_do(standing, deadline):
            owner = _next_for(deadline, person, reader)
            received += _first_possible([partial(_hand_other, deadline, owner, by=by, now=now)])
    _tell(received, person, now=now)
    return received.total()


def _may_do(standing: Standing, deadline: Deadline) -> bool:
    if deadline.kind == DeadlineKind.DECIDE:
        return standing.decides_for(deadline.unit)
    right = NEEDED.get(DeadlineKind(deadline.kind))
    return standing.has_for(right, deadline.unit) if right is not None else standing.answers_for(deadline.unit)


def _next_for(deadline: Deadline, person: Person, reader: ChainReader) -> Person | None:
    """The next above who may do it; assessing goes to the safety officer first. Nobody decides about what they asked."""
    above = people_above(reader.chain(deadline.unit_id, deadline.field), person)
    officer = reader.officer(deadline.unit_id)
    officers = [officer] if officer is not None and officer.pk != person.pk else []
    candidates = [*officers, *above] if deadline.kind == DeadlineKind.ASSESS else [*above, *officers]
    barred = _barred(deadline)
    fit = (other for other in candidates if other.pk not in barred and _may_do(standing_of(other, reader.on), deadline))
    return next(fit, next(iter(candidates), None))


def _barred(deadline: Deadline) -> set[int | None]:
    """Of a request for a later date: who asked for it, and who fixes; of what other rooms decide, whom they name."""
    request = getattr(deadline, "extension_decision", None)
    if request is not None:
        return {request.asked_by_id, request.action.owner_id, *request.action.fixer_ids}
    return barred_from(deadline)


def _first_possible(ways: Iterable[Callable[[], Counter[int]]]) -> Counter[int]:
    """The first handover that works: whoever is next above may be the only one left to check the fix, and the one after not.

    A plant where nobody is left to take something must still be able to lock someone out at once: what cannot be handed
    over stays where it is, and the sweep passes over whoever is inactive and tells the next it finds.
    """
    for hand_over in ways:
        try:
            with transaction.atomic():
                return hand_over()
        except WrongState:
            continue
    return Counter()


def hand_over_fixes(unit: Unit, leavers: Iterable[int], *, by: Person | None, now: datetime) -> int:
    """Fixes of a unit that the people `leavers` no longer answer for go to its nearest head. Returns how many."""
    reader = ChainReader(timezone.localdate(now))
    received: Counter[int] = Counter()
    actions = list(_open_actions().filter(unit=unit, owner__in=list(leavers)))
    for action in actions:
        head = reader.chain(unit.pk, action.field).head
        if head is not None and head.pk != action.owner_id:
            received += _first_possible([partial(_hand_fix, action, head, reader, by=by, now=now)])
    _tell(received, None, now=now, unit=unit)
    return received.total()


def next_above(chain: Chain, person: Person) -> Person | None:
    """The first living holder above this person's own place in the chain; whoever has no place there has the head above."""
    return next(iter(people_above(chain, person)), None)


def people_above(chain: Chain, person: Person) -> list[Person]:
    """The living holders above this person's own place, nearest first, then the others of the chain from the top down."""
    links = chain.links
    places = [at for at, link in enumerate(links) if person.pk in _held_by(link.person, link.acting_for)]
    above = links[places[-1] + 1 :] if places else links
    others = [link.person for link in (*above, *reversed(links)) if link.is_alive and link.person is not None]
    return list({other.pk: other for other in others if other.pk != person.pk}.values())


def _held_by(*people: Person | None) -> set[int]:
    return {person.pk for person in people if person is not None}


def _open_actions() -> "QuerySet[CorrectiveAction]":
    return CorrectiveAction.objects.exclude(status__in=ENDED).select_related("unit", "level").order_by("pk")


def _lock(action: CorrectiveAction) -> CorrectiveAction:
    related = ("unit", "owner", "verifier", "level", "deadline", "check_deadline")
    return locked(CorrectiveAction.objects.select_related(*related), action.pk)


def _hand_fix(action: CorrectiveAction, owner: Person, reader: ChainReader, *, by: Person | None, now: datetime) -> Counter[int]:
    action = _lock(action)
    old, action.owner = action.owner, owner
    action.deadline = hand_deadline(action.deadline, owner=owner, now=now)
    if owner.pk == action.verifier_id:
        # SECURITY: nobody checks their own fix, also when it came to them by a handover.
        _change_verifier(action, reader, now=now)
    _save(action, "action.handed_over", old=old, new=owner, by=by, now=now)
    return Counter([owner.pk])


def _hand_check(action: CorrectiveAction, reader: ChainReader, *, by: Person | None, now: datetime) -> Counter[int]:
    action = _lock(action)
    old = action.verifier
    _change_verifier(action, reader, now=now)
    if action.verifier_id == old.pk:
        return Counter()
    _save(action, "action.check_handed_over", old=old, new=action.verifier, by=by, now=now)
    # Before the fix is submitted its check is nobody's work yet.
    return Counter([action.verifier_id] if action.status == ActionStatus.SUBMITTED else [])


def _ways_to_hand_check(
    action: CorrectiveAction, person: Person, reader: ChainReader, *, by: Person | None, now: datetime
) -> list[Callable[[], Counter[int]]]:
    """To another who may check. Where only the one who has the fix could, and only by a handover has it, they check it:
    someone in the chain who had a hand in it anyway takes it.
    """
    people = reader.chain(action.unit_id, action.field).people
    others = [other for other in people if other.pk in action.fixer_ids and other.pk not in (person.pk, action.owner_id)]
    return [
        partial(_hand_check, action, reader, by=by, now=now),
        *(partial(_hand_both, action, other, reader, by=by, now=now) for other in others),
    ]


def _hand_both(action: CorrectiveAction, owner: Person, reader: ChainReader, *, by: Person | None, now: datetime) -> Counter[int]:
    received = _hand_fix(action, owner, reader, by=by, now=now)
    return received + _hand_check(action, reader, by=by, now=now)


def _change_verifier(action: CorrectiveAction, reader: ChainReader, *, now: datetime) -> None:
    verifier = choose_verifier(reader, action.unit, action.level, action.owner, action.field, nor=action.fixer_ids)
    if verifier.pk == action.verifier_id:
        return
    action.verifier = verifier
    check = action.check_deadline
    if check is not None and check.status in RUNNING:
        action.check_deadline = hand_deadline(check, owner=action.verifier, now=now)


def _save(action: CorrectiveAction, event: str, *, old: Person, new: Person, by: Person | None, now: datetime) -> None:
    action.revision += 1
    action.save(update_fields=["owner", "verifier", "revision"])
    record(event, action, by=by, personal={"old": old.name, "new": new.name}, at=now)
    tell_subject(CorrectiveAction.objects.select_related("deadline", "check_deadline").get(pk=action.pk), by=by or new, now=now)


def _hand_other(deadline: Deadline, owner: Person | None, *, by: Person | None, now: datetime) -> Counter[int]:
    owner = someone_for(owner, deadline.unit)
    deadline = hand_deadline(deadline, owner=owner, now=now)
    Escalation.objects.unsettled().filter(answer_deadline=deadline).update(addressee=owner)
    tell_handed(deadline, by=by, now=now)
    return Counter([owner.pk])


def _tell(received: Counter[int], person: Person | None, *, now: datetime, unit: Unit | None = None) -> None:
    link = reverse("responsibilities:deadline-list")
    source = person.name if person is not None else unit.name if unit is not None else ""
    notices = [
        Notice(pk, "work.handed_over", {"name": source, "count": count}, f"{link}?owner={pk}&state=open")
        for pk, count in received.items()
    ]
    notify_many(notices, now=now)
