"""Case 8, second half: two people change one record at the same moment; one wins, the other is told, nothing is overwritten."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from inspections import workflows as inspecting
from inspections.models import Hazard
from responsibilities import workflows as acting
from responsibilities.choices import AnswerKind
from responsibilities.models import CorrectiveAction, Deadline, Escalation, ExtensionRequest, Level, Person
from responsibilities.subjects import tell_handed
from responsibilities.sweep import sweep_deadlines
from safetyplant.access.exceptions import Refusal
from tests.factories.inspections import assigned
from tests.trust import invariants
from tests.trust.cast import Cast, make_cast
from tests.trust.result import Result

Step = Callable[[], Any]


def run_together(*, times: int) -> Result:
    """Each pair of steps `times` times, from two threads with connections of their own, through one barrier."""
    result = Result(8, "two-at-once")
    with result.timed():
        cast = make_cast()
        for _turn in range(times):
            for name, pair in PAIRS.items():
                _race(name, pair(cast), result)
            for name, pair in SIDE_BY_SIDE.items():
                _race(name, pair(cast), result, both_may=True)
            result.times += 1
        for fault in invariants.broken():
            result.fault(fault)
    result.figures["pairs"] = len(PAIRS) + len(SIDE_BY_SIDE)
    return result


def _race(name: str, steps: tuple[Step, Step], result: Result, *, both_may: bool = False) -> None:
    barrier, outcomes = threading.Barrier(2), ["", ""]

    def run(place: int) -> None:
        try:
            barrier.wait(10)
            steps[place]()
            outcomes[place] = "done"
        except (Refusal, PermissionDenied) as refusal:
            outcomes[place] = type(refusal).__name__
        except Exception as fault:  # noqa: BLE001 - a thread's fault would vanish with it
            outcomes[place] = f"{type(fault).__name__}: {fault}"
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    done, others = outcomes.count("done"), {outcome for outcome in outcomes if outcome != "done"}
    result.lost += done < 1
    result.extra += done > 1 and not both_may
    result.require(others <= {"WrongState", "StaleVersion", "NotAllowed"}, f"{name}: {outcomes}")
    result.require(done == 1 or (both_may and done == 2), f"{name}: {done} of two came through, {outcomes}")


def _fresh(cast: Cast) -> Hazard:
    return assigned(cast.station, cast.worker, assessor=cast.officer)


def _submitted(cast: Cast) -> CorrectiveAction:
    return acting.submit_fix(_fresh(cast).action, by=cast.head, note="Welded")


def accept_and_return(cast: Cast) -> tuple[Step, Step]:
    action, leader, officer = _submitted(cast), cast.leader, cast.officer
    return lambda: acting.verify_fix(action, by=leader), lambda: acting.return_fix(action, by=officer, reason="Leaks")


def accept_twice(cast: Cast) -> tuple[Step, Step]:
    action, leader, officer = _submitted(cast), cast.leader, cast.officer
    return lambda: acting.verify_fix(action, by=leader), lambda: acting.verify_fix(action, by=officer)


def submit_twice(cast: Cast) -> tuple[Step, Step]:
    action, head, director = _fresh(cast).action, cast.head, cast.director
    return lambda: acting.submit_fix(action, by=head, note="A"), lambda: acting.submit_fix(action, by=director, note="B")


def give_to_two(cast: Cast) -> tuple[Step, Step]:
    """Both pages showed the same revision."""
    action, leader, officer, worker, director = _fresh(cast).action, cast.leader, cast.officer, cast.worker, cast.director
    seen = action.revision
    return (
        lambda: acting.reassign_fix(action, by=leader, owner=worker, reason="A", revision=seen),
        lambda: acting.reassign_fix(action, by=officer, owner=director, reason="B", revision=seen),
    )


def two_levels(cast: Cast) -> tuple[Step, Step]:
    hazard = Hazard.objects.get(pk=_fresh(cast).pk)
    leader, officer, seen = cast.leader, cast.officer, hazard.revision
    first, second = Level.objects.get(code="G1"), Level.objects.get(code="G3")
    return (
        lambda: inspecting.change_level(hazard, by=leader, level=first, reason="A", revision=seen),
        lambda: inspecting.change_level(hazard, by=officer, level=second, reason="B", revision=seen),
    )


def cancel_and_start(cast: Cast) -> tuple[Step, Step]:
    action, leader, head = _fresh(cast).action, cast.leader, cast.head
    seen = action.revision
    return (
        lambda: acting.cancel_action(action, by=leader, reason="Twice", revision=seen),
        lambda: acting.start_fix(action, by=head, revision=seen),
    )


def grant_and_refuse(cast: Cast) -> tuple[Step, Step]:
    later = timezone.now() + timedelta(days=30)
    request: ExtensionRequest = acting.ask_extension(_fresh(cast).action, by=cast.head, due_at=later, reason="Parts")
    leader, officer = cast.leader, cast.officer
    return (
        lambda: acting.decide_extension(request, by=leader, grant=True),
        lambda: acting.decide_extension(request, by=officer, grant=False),
    )


def answer_and_submit(cast: Cast) -> tuple[Step, Step]:
    """The question is settled by either; one that moves the date and one that stops the clock meet on the same rows."""
    action = assigned(cast.station, cast.worker, assessor=cast.officer, now=timezone.now() - timedelta(days=9)).action
    sweep_deadlines()
    question = Escalation.objects.waiting().filter(deadline=action.deadline_id).earliest("pk")
    later, leader, head = timezone.now() + timedelta(days=9), cast.leader, cast.head
    return (
        lambda: acting.answer_escalation(question, by=leader, answer=AnswerKind.EXTEND, text="Parts", due_at=later),
        lambda: acting.submit_fix(action, by=head, note="Welded"),
    )


def release_and_hand_on(cast: Cast) -> tuple[Step, Step]:
    """The work is released while the releaser's tasks go to someone else."""
    hazard = inspecting.stop_work(_fresh(cast), by=cast.worker)
    leader, director, deadline = cast.leader, cast.director, hazard.release_deadline
    assert deadline is not None
    return lambda: inspecting.release_work(hazard, by=leader, note="Safe"), lambda: _hand_on(deadline, director)


def _hand_on(deadline: Deadline, owner: Person) -> None:
    with transaction.atomic():
        tell_handed(acting.hand_deadline(deadline, owner=owner, now=timezone.now()), by=None, now=timezone.now())


#: Both may come through, one after the other; neither may be broken off by the database.
SIDE_BY_SIDE: dict[str, Callable[[Cast], tuple[Step, Step]]] = {
    "answer and submit": answer_and_submit,
    "release and hand on": release_and_hand_on,
}
PAIRS: dict[str, Callable[[Cast], tuple[Step, Step]]] = {
    "accept and return": accept_and_return,
    "accept twice": accept_twice,
    "submit twice": submit_twice,
    "give to two": give_to_two,
    "two levels": two_levels,
    "cancel and start": cancel_and_start,
    "grant and refuse": grant_and_refuse,
}
