"""Major hazards for tests, taken through their treatment by the workflows as in real life."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from inspections.models import Hazard, MajorTreatment
from inspections.services.major import TreatmentPlan
from inspections.workflows import approve_plan, propose_plan, sign_verification
from responsibilities.choices import RoleCode
from responsibilities.models import Person, Unit
from responsibilities.workflows import submit_fix
from tests.factories.inspections import assigned
from tests.factories.responsibilities import PersonFactory, appoint, manager


@dataclass
class Verifiers:
    checker: Person
    expert: Person


def verifiers(branch: Unit) -> Verifiers:
    """A field leader and an expert of the plant, who have nothing to do with the station."""
    checker = manager(username="checker", name="Chen Guang", unit=branch)
    appoint(checker, RoleCode.FIELD_LEADER, branch, field="equipment")
    return Verifiers(checker, PersonFactory(username="expert", name="Engineer Zhao", unit=branch))


def plan_text(now: datetime | None = None, *, days: int = 20) -> TreatmentPlan:
    return TreatmentPlan(
        responsibility="Li Weimin leads, the station carries it out",
        measures="Replace the dike wall and test it",
        funds="80,000 yuan from safety spending",
        due_at=(now or timezone.now()) + timedelta(days=days),
        contingency="Tank kept below half, foam truck on site",
    )


def major(unit: Unit, worker: Person, officer: Person, **kwargs: Any) -> Hazard:
    return assigned(unit, worker, assessor=officer, level="M", **kwargs)


def fresh(hazard: Hazard) -> Hazard:
    return Hazard.objects.select_related("action", "unit").get(pk=hazard.pk)


def approved(hazard: Hazard, people: Any, named: Verifiers, now: datetime | None = None) -> MajorTreatment:
    """Planned by whoever fixes it, approved by the director."""
    propose_plan(hazard, plan_text(now), by=hazard.action.owner, now=now)
    return approve_plan(hazard, by=people.director, checker=named.checker, expert=named.expert, now=now)


def handed_in(hazard: Hazard, people: Any, named: Verifiers, now: datetime | None = None) -> Hazard:
    approved(hazard, people, named, now)
    submit_fix(hazard.action, by=hazard.action.owner, note="Dike rebuilt", now=now)
    return fresh(hazard)


def verified(hazard: Hazard, people: Any, named: Verifiers, now: datetime | None = None) -> Hazard:
    hazard = handed_in(hazard, people, named, now)
    for person in (named.checker, named.expert):
        sign_verification(hazard, by=person, accepted=True, note="Seen, holds water", now=now)
    return fresh(hazard)
