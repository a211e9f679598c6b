"""Case 8: thousands of random steps through the lives of hazards, fixes, inspections and deadlines; nothing promised may break.

Hypothesis draws who tries what; the workflows decide whether it is allowed. An accepted step wrote to the log, a refused one
changed nothing, and after either every promise of `invariants` holds.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.reporting import with_reporter
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from inspections import workflows as inspecting
from inspections.facts import fold_facts
from inspections.models import ChecklistItem, Hazard, HazardCategory, Inspection
from inspections.services import FindingData, HazardReport
from inspections.workflows.hazards import Assessment
from responsibilities import workflows as acting
from responsibilities.models import CorrectiveAction, Escalation, ExtensionRequest, Level, Person
from responsibilities.services.people import restore_person, suspend_person
from responsibilities.sweep import sweep_deadlines
from safetyplant.access.exceptions import Refusal
from safetyplant.audit.models import Event
from tests.factories.inspections import draft, standard
from tests.trust import invariants
from tests.trust.cast import NAMES, Cast
from tests.trust.life_of_major import MajorLife
from tests.trust.result import Result

REFUSED = (Refusal, PermissionDenied, ValidationError)
STEPS_PER_LIFE = 50
#: Then it is looked whether the steps are enough; each run draws anew.
LIVES_A_RUN = 20
LEVELS = ("G3", "G2", "G1", "M")

actors = st.sampled_from(NAMES)
numbers = st.integers(0, 1000)
levels = st.sampled_from(LEVELS)
stubborn = st.booleans()


class Life(MajorLife, RuleBasedStateMachine):
    """One plant for some fifty steps, taken back at the end. `cast`, `result` belong to the run."""

    cast: ClassVar[Cast]
    result: ClassVar[Result]
    accepted: ClassVar[dict[str, int]] = {}
    refused: ClassVar[dict[str, int]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.now = timezone.now()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.after = invariants.fingerprint()
        self.was_thin = False

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    # Making records

    @initialize(actor=actors, number=numbers, level=levels, steps=st.integers(0, 6))
    def first_hazard(self, actor: str, number: int, level: str, steps: int) -> None:
        """A life begins with a hazard that has come some way already: random steps alone seldom get a major one to its end."""
        self.report(actor, number, False, False)
        for _step in range(steps):
            self.carry_on("director", 1, level)

    @precondition(lambda self: Hazard.objects.count() < 6)
    @rule(actor=actors, number=numbers, danger=st.booleans(), stop=st.booleans())
    def report(self, actor: str, number: int, danger: bool, stop: bool) -> None:
        unit = self.cast.units[number % 3]
        report = HazardReport(unit=unit, title="Guard gate broken", immediate_danger=danger, stop_work=stop)
        self.attempt("report", actor, False, lambda by: inspecting.report_hazard(report, by=by, now=self.now))

    @precondition(lambda self: Inspection.objects.count() < 2)
    @rule(actor=st.sampled_from(("supervisor", "leader", "head", "worker")), number=numbers, major=st.booleans())
    def inspect(self, actor: str, number: int, major: bool) -> None:
        version = standard()
        items = ChecklistItem.objects.filter(clause__version=version, possibly_major=major).order_by("clause__position")
        item = items[number % max(items.count(), 1) : number % max(items.count(), 1) + 1].first()
        position = item.clause.position if item else 1
        finding = FindingData(text="Valve leaks", interim_control="Watched by two", stop_work=number % 5 == 0)

        def visit(by: Person) -> None:
            inspection = draft(self.cast.station, by, failed={position: finding})
            inspecting.submit_inspection(inspection, by=by, now=self.now)

        self.attempt("inspect", actor, False, visit)

    @precondition(lambda self: Inspection.objects.filter(status="submitted").exists())
    @rule(actor=actors, persist=stubborn)
    def acknowledge(self, actor: str, persist: bool) -> None:
        inspection = Inspection.objects.filter(status="submitted").earliest("pk")
        self.attempt("acknowledge", actor, persist, lambda by: inspecting.acknowledge_inspection(inspection, by=by, now=self.now))

    # The hazard's own steps

    @precondition(lambda self: Hazard.objects.filter(status="reported").exists())
    @rule(actor=actors, number=numbers, level=levels, persist=stubborn)
    def assess(self, actor: str, number: int, level: str, persist: bool) -> None:
        control = "Watched by two" if level == "M" and number % 4 else ""
        owner = self.cast.head if number % 2 else None  # else a major one is the only leader's, who could not verify it
        category = HazardCategory.objects.get(code="MECH")
        found = Assessment(Level.objects.get(code=level), category, interim_control=control, owner=owner)
        reported = Hazard.objects.filter(status="reported").order_by("pk")
        hazard = reported[number % reported.count()]
        self.attempt("assess", actor, persist, lambda by: inspecting.assess_hazard(hazard, found, by=by, now=self.now))

    @rule(actor=actors, number=numbers, level=levels, persist=stubborn)
    def change_level(self, actor: str, number: int, level: str, persist: bool) -> None:
        hazard, new = self.hazard(number), Level.objects.get(code=level)
        self.attempt(
            "change level",
            actor,
            persist,
            lambda by: inspecting.change_level(
                hazard, by=by, level=new, reason="Seen", interim_control="Watched by two", now=self.now
            ),
        )

    @precondition(lambda self: Hazard.objects.filter(possibly_major=True).exists())
    @rule(actor=actors, is_major=st.booleans(), persist=stubborn)
    def decide_major(self, actor: str, is_major: bool, persist: bool) -> None:
        hazard = Hazard.objects.filter(possibly_major=True).earliest("pk")
        self.attempt(
            "decide major",
            actor,
            persist,
            lambda by: inspecting.decide_major(hazard, by=by, is_major=is_major, reason="Seen", now=self.now),
        )

    @rule(actor=actors, number=numbers)
    def cancel_hazard(self, actor: str, number: int) -> None:
        hazard = self.hazard(number)
        self.attempt(
            "cancel hazard", actor, False, lambda by: inspecting.cancel_hazard(hazard, by=by, reason="Twice", now=self.now)
        )

    @precondition(lambda self: CorrectiveAction.objects.exists())
    @rule(actor=actors, number=numbers, days=st.integers(-1, 40), persist=stubborn)
    def accept(self, actor: str, number: int, days: int, persist: bool) -> None:
        hazard, until = self.hazard(number), self.now + timedelta(days=days)
        self.attempt(
            "accept",
            actor,
            persist,
            lambda by: inspecting.accept_hazard(
                hazard, by=by, reason="Part comes", interim_control="Watched by two", until=until, now=self.now
            ),
        )

    @precondition(lambda self: Hazard.objects.filter(accepted_until__isnull=False).exists())
    @rule(actor=actors, persist=stubborn)
    def end_acceptance(self, actor: str, persist: bool) -> None:
        hazard = Hazard.objects.filter(accepted_until__isnull=False).earliest("pk")
        self.attempt(
            "end acceptance", actor, persist, lambda by: inspecting.end_acceptance(hazard, by=by, reason="Worse", now=self.now)
        )

    @rule(actor=actors, number=numbers)
    def stop_work(self, actor: str, number: int) -> None:
        hazard = self.hazard(number)
        self.attempt("stop work", actor, False, lambda by: inspecting.stop_work(hazard, by=by, now=self.now))

    @rule(actor=actors, number=numbers, persist=stubborn)
    def release_work(self, actor: str, number: int, persist: bool) -> None:
        hazard = self.hazard(number)
        self.attempt("release work", actor, persist, lambda by: inspecting.release_work(hazard, by=by, note="Safe", now=self.now))

    # The fix

    @precondition(lambda self: CorrectiveAction.objects.exists())
    @rule(actor=actors, number=numbers, persist=stubborn)
    def start(self, actor: str, number: int, persist: bool) -> None:
        action = self.action(number)
        self.attempt("start", actor, persist, lambda by: acting.start_fix(action, by=by, now=self.now))

    @precondition(lambda self: CorrectiveAction.objects.exists())
    @rule(actor=actors, number=numbers, persist=stubborn)
    def start_from_an_old_page(self, actor: str, number: int, persist: bool) -> None:
        action = self.action(number)
        before = self.accepted.get("stale", 0)
        self.attempt(
            "stale", actor, persist, lambda by: acting.start_fix(action, by=by, revision=action.revision - 1, now=self.now)
        )
        assert self.accepted.get("stale", 0) == before, "an old page overwrote what came after it"

    @precondition(lambda self: CorrectiveAction.objects.exists())
    @rule(actor=actors, number=numbers, persist=stubborn, reason=st.sampled_from(("parts", "shutdown", "money")))
    def wait(self, actor: str, number: int, persist: bool, reason: str) -> None:
        action = self.action(number)
        self.attempt(
            "wait",
            actor,
            persist,
            lambda by: acting.wait_fix(action, by=by, waiting_for=reason, interim_control="Fenced", now=self.now),
        )

    @precondition(lambda self: CorrectiveAction.objects.exists())
    @rule(actor=actors, number=numbers, persist=stubborn)
    def submit(self, actor: str, number: int, persist: bool) -> None:
        action = self.action(number)
        self.attempt("submit", actor, persist, lambda by: acting.submit_fix(action, by=by, note="Welded", now=self.now))

    @precondition(lambda self: CorrectiveAction.objects.filter(status="submitted").exists())
    @rule(actor=actors, persist=stubborn)
    def give_back(self, actor: str, persist: bool) -> None:
        action = CorrectiveAction.objects.filter(status="submitted").earliest("pk")
        self.attempt("return", actor, persist, lambda by: acting.return_fix(action, by=by, reason="Still leaks", now=self.now))

    @precondition(lambda self: CorrectiveAction.objects.exists())
    @rule(actor=actors, number=numbers, persist=stubborn)
    def verify(self, actor: str, number: int, persist: bool) -> None:
        action = self.action(number)
        self.attempt("verify", actor, persist, lambda by: acting.verify_fix(action, by=by, now=self.now))

    @precondition(lambda self: CorrectiveAction.objects.exists())
    @rule(actor=actors, number=numbers, to=actors, persist=stubborn)
    def reassign(self, actor: str, number: int, to: str, persist: bool) -> None:
        action, owner = self.action(number), getattr(self.cast, to)
        self.attempt(
            "reassign", actor, persist, lambda by: acting.reassign_fix(action, by=by, owner=owner, reason="Leave", now=self.now)
        )

    @precondition(lambda self: CorrectiveAction.objects.exists())
    @rule(actor=actors, number=numbers)
    def cancel_fix(self, actor: str, number: int) -> None:
        action = self.action(number)
        self.attempt("cancel fix", actor, False, lambda by: acting.cancel_action(action, by=by, reason="Twice", now=self.now))

    @precondition(lambda self: CorrectiveAction.objects.exists())
    @rule(actor=actors, number=numbers, days=st.integers(-5, 40), persist=stubborn)
    def ask_extension(self, actor: str, number: int, days: int, persist: bool) -> None:
        action, due = self.action(number), self.now + timedelta(days=days)
        self.attempt(
            "ask extension",
            actor,
            persist,
            lambda by: acting.ask_extension(action, by=by, due_at=due, reason="Parts", now=self.now),
        )

    @precondition(lambda self: ExtensionRequest.objects.exists())
    @rule(actor=actors, number=numbers, grant=st.booleans(), persist=stubborn)
    def decide_extension(self, actor: str, number: int, grant: bool, persist: bool) -> None:
        requests = ExtensionRequest.objects.order_by("-pk")
        request = requests[number % requests.count()]
        self.attempt(
            "decide extension", actor, persist, lambda by: acting.decide_extension(request, by=by, grant=grant, now=self.now)
        )

    @precondition(lambda self: Escalation.objects.exists())
    @rule(
        actor=actors,
        number=numbers,
        answer=st.sampled_from(("fix", "extend", "reassign", "visit")),
        to=actors,
        days=st.integers(1, 30),
        persist=stubborn,
    )
    def answer(self, actor: str, number: int, answer: str, to: str, days: int, persist: bool) -> None:
        escalations = Escalation.objects.order_by("-pk")
        escalation = escalations[number % escalations.count()]
        more: dict[str, Any] = {"extend": {"due_at": self.now + timedelta(days=days)}}.get(answer, {})
        if answer == "reassign":
            more = {"owner": getattr(self.cast, to)}
        more["text"] = "Seen to" if number % 7 else " "
        self.attempt(
            "answer", actor, persist, lambda by: acting.answer_escalation(escalation, by=by, answer=answer, now=self.now, **more)
        )

    @rule(actor=actors, number=numbers, level=levels)
    def carry_on(self, actor: str, number: int, level: str) -> None:
        """The next step a hazard waits for, by whoever may: without it random tries seldom come to an end."""
        hazard = self.hazard(number)
        if hazard.status == "reported":
            self.assess(actor, number, level, True)
        elif self.carry_on_major(hazard):
            return
        elif hazard.status == "submitted" and hazard.is_stopped:
            self.release_work(actor, number, True)
        elif hazard.status == "submitted":
            action = hazard.action
            self.attempt("verify", actor, True, lambda by: acting.verify_fix(action, by=by, now=self.now))
        elif hazard.action is not None:
            action = hazard.action
            self.attempt("submit", actor, True, lambda by: acting.submit_fix(action, by=by, note="Welded", now=self.now))

    # Time and people

    @rule(hours=st.one_of(st.integers(1, 30), st.integers(24, 24 * 20)))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        inspecting.keep_treatments(now=self.now)
        first, again = sweep_deadlines(self.now), sweep_deadlines(self.now)
        assert first.failures == 0, "a deadline could not be processed"
        assert (again.deadlines, again.reminders, again.messages) == (0, 0, 0), "the second sweep told something again"
        self.after = invariants.fingerprint()

    @precondition(lambda self: Person.objects.filter(is_active=False).count() < 3)
    @rule(actor=actors, whom=actors, persist=stubborn)
    def suspend(self, actor: str, whom: str, persist: bool) -> None:
        person = getattr(self.cast, whom)
        self.attempt("suspend", actor, persist, lambda by: suspend_person(person, by=by, reason="Left", now=self.now))

    @precondition(lambda self: Person.objects.filter(is_active=False).exists())
    @rule(actor=actors, number=numbers)
    def restore(self, actor: str, number: int) -> None:
        gone = Person.objects.filter(is_active=False).order_by("pk")
        person = gone[number % gone.count()]
        self.attempt("restore", actor, True, lambda by: restore_person(person, by=by, now=self.now))

    @rule()
    def fold(self) -> None:
        fold_facts()

    @invariant()
    def nothing_is_broken(self) -> None:
        self.result.times += 1
        self.was_thin = self.was_thin or invariants.is_thin()
        faults = invariants.broken() + ([] if self.was_thin else invariants.owed_by_nobody())
        assert not faults, "\n".join(faults)

    # How a step is tried

    def hazard(self, number: int) -> Hazard:
        rows = Hazard.objects.order_by("pk")
        return rows[number % rows.count()]

    def action(self, number: int) -> CorrectiveAction:
        rows = CorrectiveAction.objects.order_by("pk")
        return rows[number % rows.count()]

    def attempt(self, what: str, actor: str, persist: bool, step: Callable[[Person], Any]) -> None:
        """Let `actor` try; with `persist` the others after them, until someone may."""
        at = NAMES.index(actor)
        for name in (*NAMES[at:], *NAMES[:at]) if persist else (actor,):
            if self._try(what, getattr(self.cast, name), step):
                return

    def _try(self, what: str, by: Person, step: Callable[[Person], Any]) -> bool:
        last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        try:
            with transaction.atomic():
                step(by)
        except REFUSED:
            self.refused[what] = self.refused.get(what, 0) + 1
            assert invariants.fingerprint() == self.after, f"{what} was refused to {by.name} and changed something all the same"
            return False
        self.accepted[what] = self.accepted.get(what, 0) + 1
        assert by.is_active, f"{what}: {by.name} has no access and was let in"
        new = set(Event.objects.filter(pk__gt=last).values_list("actor", flat=True))
        assert by.pk in new, f"{what} by {by.name} left no trace in the log"
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        self.after = invariants.fingerprint()
        return True


def run_life(cast: Cast, *, steps: int, phases: str = "generate shrink", anew: bool = True) -> Result:
    """At least `steps` random steps. A broken promise comes with a story that breaks it, the shortest if `phases` says so.

    Not `anew`, the same lives are drawn each time, so that a commit is not judged by the draw.
    """
    result = Result(8, "life-cycle")
    machine = type("OneRun", (Life,), {"cast": cast, "result": result, "accepted": {}, "refused": {}})
    chosen = settings(
        max_examples=min(max(steps // STEPS_PER_LIFE, 1), LIVES_A_RUN),
        stateful_step_count=STEPS_PER_LIFE,
        deadline=None,
        derandomize=not anew,
        database=None,
        phases=[Phase[name] for name in phases.split()],
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    with result.timed(), with_reporter(lambda _text: None):  # the story comes in the result, not on standard output
        try:
            while result.times < steps and not result.faults:
                run_state_machine_as_test(machine, settings=chosen)
        except AssertionError as broken:
            story = "\n".join(getattr(broken, "__notes__", []))
            result.fault(f"{broken}\n{story}")
    result.figures = {"accepted": sum(machine.accepted.values()), "refused": sum(machine.refused.values())}  # type: ignore[attr-defined]
    result.figures["kinds"] = machine.accepted  # type: ignore[attr-defined]
    return result
