"""The moves of a major hazard's treatment in the random lives of case 8."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from inspections import workflows as inspecting
from inspections.choices import LISTED, MajorStatus
from inspections.models import Hazard, MajorTreatment
from inspections.services.major import TreatmentPlan, treatment_of
from responsibilities.models import Person
from tests.trust.cast import NAMES, Cast

actors = st.sampled_from(NAMES)
numbers = st.integers(0, 1000)
stubborn = st.booleans()


def is_any_listed(_life: Any) -> bool:
    return MajorTreatment.objects.filter(status__in=LISTED).exists()


class MajorLife:
    """Mixed into the plant of case 8, which tries the moves and looks at what they leave."""

    cast: Cast
    now: datetime
    attempt: Callable[[str, str, bool, Callable[[Person], Any]], None]

    def listed(self, number: int) -> Hazard:
        rows = Hazard.objects.filter(treatments__status__in=LISTED).order_by("pk")
        return rows[number % rows.count()]

    @precondition(is_any_listed)
    @rule(actor=actors, number=numbers, days=st.integers(-3, 60), persist=stubborn)
    def propose_plan(self, actor: str, number: int, days: int, persist: bool) -> None:
        hazard = self.listed(number)
        plan = TreatmentPlan("The head leads", "New dike wall", "80,000", self.now + timedelta(days=days), "Tank half full")
        self.attempt("propose plan", actor, persist, lambda by: inspecting.propose_plan(hazard, plan, by=by, now=self.now))

    @precondition(is_any_listed)
    @rule(actor=actors, number=numbers, persist=stubborn)
    def return_plan(self, actor: str, number: int, persist: bool) -> None:
        hazard = self.listed(number)
        self.attempt("return plan", actor, persist, lambda by: inspecting.return_plan(hazard, by=by, reason="Thin", now=self.now))

    @precondition(is_any_listed)
    @rule(actor=actors, number=numbers, checker=actors, expert=actors, persist=stubborn)
    def approve_plan(self, actor: str, number: int, checker: str, expert: str, persist: bool) -> None:
        hazard, named = self.listed(number), {"checker": getattr(self.cast, checker), "expert": getattr(self.cast, expert)}
        self.attempt("approve plan", actor, persist, lambda by: inspecting.approve_plan(hazard, by=by, now=self.now, **named))

    @precondition(is_any_listed)
    @rule(actor=actors, number=numbers, checker=actors, expert=actors, persist=stubborn)
    def name_verifiers(self, actor: str, number: int, checker: str, expert: str, persist: bool) -> None:
        hazard, named = self.listed(number), {"checker": getattr(self.cast, checker), "expert": getattr(self.cast, expert)}
        self.attempt("name verifiers", actor, persist, lambda by: inspecting.name_verifiers(hazard, by=by, now=self.now, **named))

    @precondition(is_any_listed)
    @rule(actor=actors, number=numbers, accepted=st.booleans(), persist=stubborn)
    def sign(self, actor: str, number: int, accepted: bool, persist: bool) -> None:
        hazard = self.listed(number)
        self.attempt(
            "sign",
            actor,
            persist,
            lambda by: inspecting.sign_verification(hazard, by=by, accepted=accepted, note="Seen", now=self.now),
        )

    @precondition(is_any_listed)
    @rule(actor=actors, number=numbers, percent=st.integers(0, 100), persist=stubborn)
    def report_progress(self, actor: str, number: int, percent: int, persist: bool) -> None:
        hazard = self.listed(number)
        self.attempt(
            "progress",
            actor,
            persist,
            lambda by: inspecting.report_progress(hazard, by=by, text="Half built", percent=percent, now=self.now),
        )

    def carry_on_major(self, hazard: Hazard) -> bool:
        """The next step its treatment waits for, by whoever may. Whether there was one."""
        treatment = treatment_of(hazard)
        if treatment is None or not treatment.is_listed:
            return False
        if treatment.status == MajorStatus.PLANNING:
            plan = TreatmentPlan("The head leads", "New dike wall", "80,000", self.now + timedelta(days=20), "Tank half full")
            self.attempt("propose plan", "head", True, lambda by: inspecting.propose_plan(hazard, plan, by=by, now=self.now))
        elif treatment.status == MajorStatus.PROPOSED:
            named = {"checker": self.cast.leader, "expert": self.cast.worker2}
            self.attempt(
                "approve plan", "director", True, lambda by: inspecting.approve_plan(hazard, by=by, now=self.now, **named)
            )
        elif hazard.status == "submitted" and treatment.verifications.filter(round=treatment.round).count() < 2:
            self.attempt(
                "sign",
                "leader",
                True,
                lambda by: inspecting.sign_verification(hazard, by=by, accepted=True, note="Seen", now=self.now),
            )
        else:
            return False
        return True
