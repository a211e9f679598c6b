"""A page asks the database a fixed number of questions, at most twelve, whatever there is to show (DESIGN §4.7)."""

from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inspections.models import (
    Duty,
    Hazard,
    Inspection,
    InspectionPlan,
    PlaceCheck,
    PlannedVisit,
    SiteBan,
    Violation,
    ViolationType,
)
from inspections.recurrence import END_OF_DAY
from inspections.services import ViolationData, record_violation
from inspections.workflows import submit_inspection
from responsibilities.choices import RoleCode
from responsibilities.models import Person, Place, SitePlan, Unit
from responsibilities.sweep import sweep_deadlines
from responsibilities.workflows import submit_fix
from safetyplant.attachments.services import receive
from safetyplant.documents.models import Document
from tests.factories.inspections import assigned, draft, reported
from tests.factories.major import Verifiers, approved, major, verifiers
from tests.factories.penalties import banned, made_final
from tests.factories.place_checks import answered, sent
from tests.factories.plans import plan
from tests.factories.responsibilities import PersonFactory, PlaceFactory, UnitFactory, appoint
from tests.factories.site_plans import planned
from tests.inspections.photos import photo

pytestmark = pytest.mark.usefixtures("catalogue")

BUDGET = 12
FEW, MANY = 5, 40
SAVEPOINT = ("SAVEPOINT", "RELEASE SAVEPOINT")

PAGES = {
    "home": "/",
    "inbox": "/inbox/",
    "dashboard": "/dashboard/",
    "hazard list": "/hazards/",
    "hazard detail": "/hazards/{hazard}/",
    "hazard new": "/hazards/new/",
    "major hazard": "/hazards/{major}/",
    "treatment": "/hazards/{major}/treatment/",
    "listed hazards": "/hazards/listed/",
    "board": "/hazards/board/",
    "dates of many": "/hazards/many/date/?hazard={hazard}",
    "owner of many": "/hazards/many/assign/?hazard={hazard}",
    "site plans": "/hazards/map/",
    "site map": "/hazards/map/{mapped}/",
    "places of a unit": "/units/{unit}/?tab=places",
    "places on a plan": "/units/{unit}/site-plans/{mapped}/points/",
    "hazard with a check": "/hazards/{asked}/",
    "check list": "/hazards/checks/",
    "check": "/hazards/checks/{check}/",
    "check new": "/hazards/{hazard}/checks/new/",
    "inspection list": "/inspections/",
    "inspection detail": "/inspections/{inspection}/",
    "inspection new": "/inspections/new/",
    "calendar": "/inspections/plans/",
    "coverage": "/inspections/plans/coverage/",
    "plan list": "/inspections/plans/all/",
    "plan detail": "/inspections/plans/{plan}/",
    "visit list": "/inspections/plans/visits/",
    "visit detail": "/inspections/plans/visits/{planned}/",
    "violation list": "/violations/",
    "violation detail": "/violations/{violation}/",
    "violation new": "/violations/new/",
    "final violation": "/violations/{final}/",
    "serve a notice": "/violations/{violation}/serve/",
    "own record": "/violations/record/",
    "record of a person": "/violations/people/{worker}/",
    "duties": "/violations/duties/",
    "duty": "/violations/duties/{duty}/",
    "proposals": "/violations/proposals/",
    "comparison": "/violations/comparison/",
    "penalty rule": "/violations/rule/",
    "posted": "/violations/posted/",
    "gate": "/violations/gate/",
    "site bans": "/violations/bans/",
    "site ban": "/violations/bans/{ban}/",
    "violation of a contractor": "/violations/{banned}/",
    "action list": "/actions/",
    "deadline list": "/deadlines/",
    "unit list": "/units/",
    "unit detail": "/units/{unit}/",
    "people list": "/people/",
    "person detail": "/people/{person}/",
    "standard list": "/standards/",
    "standard detail": "/standards/{standard}/",
    "standard versions": "/standards/{standard}/compare/",
    "regulations": "/regulations/",
    "search": "/search/?q=gate",
    "organisation": "/responsibilities/",
    "levels": "/standards/levels/",
    "reminder health": "/deadlines/health/",
}


@dataclass
class Plant:
    """A small plant that grows: each step adds as many records of every kind as it says."""

    people: SimpleNamespace
    branch: Unit
    station: Unit
    named: Verifiers
    made: int = 0

    def grow(self, until: int) -> None:
        for number in range(self.made, until):
            self._add(number)
        self.made = until
        sweep_deadlines(timezone.now() + timedelta(days=4))
        connection.cursor().execute("ANALYZE")

    def _add(self, number: int) -> None:
        them = self.people
        unit = UnitFactory(name=f"Team {number}", parent=self.branch)
        PersonFactory(name=f"Colleague {number}", unit=unit)
        place = PlaceFactory(unit=self.station)
        reported(self.station, them.worker, title=f"Gate {number} bent", place=place)
        hazard = assigned(self.station, them.worker, assessor=them.officer, title=f"Gate {number} broken", place=place)
        approved(major(self.station, them.worker, them.officer, title=f"Dike {number} cracked"), them, self.named)
        self._ask(hazard, place, unit)
        if number % 3 == 0:
            submit_fix(hazard.action, by=them.head, note="Welded", now=timezone.now())
        inspection = draft(self.station, them.supervisor, place=place)
        self._draw(number, place)
        submit_inspection(inspection, by=them.supervisor)
        plan(self.station, [them.supervisor], them.officer, now=timezone.now(), due_time=END_OF_DAY)
        kind = ViolationType.objects.first()
        record_violation(
            ViolationData(unit=self.station, description=f"No helmet {number}", violation_type=kind, person=them.worker),
            by=them.leader,
        )
        grave = {"code": "VO03"} if number % 2 else {"code": "VO10", "points": number % 5, "reason": "Seen"}
        culprit = PersonFactory(name=f"Culprit {number}", unit=self.station)
        made_final(self.station, them.supervisor, them.officer, culprit, **grave)
        contractor = UnitFactory(name=f"Contractor {number}", kind="contractor", parent=self.station)
        banned(contractor, them.supervisor, them.officer, PersonFactory(unit=contractor), them.leader)
        Document.objects.create(kind="regulation", code=f"R{number}", title=f"Rule {number}")

    def _ask(self, hazard: Hazard, place: Place, unit: Unit) -> None:
        """The first check grows with the plant; each later one is a check of its own."""
        them, elsewhere = self.people, PlaceFactory(unit=unit)
        appoint(PersonFactory(unit=unit), RoleCode.UNIT_HEAD, unit)
        places = [PlaceFactory(unit=self.station) for _number in range(2)]
        check = sent(hazard, them.officer, [*places, elsewhere])
        answered(check, places[0], "found", them.head)
        answered(check, places[1], "na", them.head, note="None there", photos=[receive(photo("teal"), by=them.head)])

    def _draw(self, number: int, place: Place) -> None:
        """The first plan gets every place; each later one is a plan of its own."""
        first = SitePlan.objects.order_by("pk").first() or planned(self.station, self.people.officer)
        first.points.create(place=place, x=number, y=number)
        planned(self.station, self.people.officer, {place: (5, 5)}, name=f"Area {number}")

    def addresses(self) -> dict[str, str]:
        """Of the first records of each kind, the same ones at both sizes."""
        first = {
            "hazard": Hazard.objects.filter(action__isnull=False).exclude(level="M").earliest("pk"),
            "major": Hazard.objects.filter(level="M").earliest("pk"),
            "inspection": Inspection.objects.earliest("pk"),
            "check": PlaceCheck.objects.earliest("pk"),
            "asked": PlaceCheck.objects.earliest("pk").hazard,
            "mapped": SitePlan.objects.earliest("pk"),
            "violation": Violation.objects.earliest("pk"),
            "plan": InspectionPlan.objects.earliest("pk"),
            "planned": PlannedVisit.objects.earliest("pk"),
            "unit": self.station,
            "person": self.people.head,
            "worker": self.people.worker,
            "final": Violation.objects.filter(status="final").earliest("pk"),
            "ban": SiteBan.objects.earliest("pk"),
            "banned": SiteBan.objects.earliest("pk").violation,
            "duty": Duty.objects.earliest("pk"),
            "standard": Document.objects.filter(kind="standard").earliest("pk"),
        }
        return {name: path.format(**{key: row.pk for key, row in first.items()}) for name, path in PAGES.items()}


@pytest.fixture
def plant(people: SimpleNamespace, branch: Unit, station: Unit) -> Plant:
    return Plant(people, branch, station, verifiers(branch))


def count_queries(person: Person, addresses: dict[str, str]) -> dict[str, list[str]]:
    """What each page asks, session and person included, once caches that live with the process are warm."""
    client = Client()
    client.force_login(person)
    asked = {}
    for name, path in addresses.items():
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path)
        assert response.status_code == 200, f"{name}: {response.status_code}"
        asked[name] = [query["sql"] for query in queries if not query["sql"].startswith(SAVEPOINT)]
    return asked


def test_pages_keep_their_budget_at_both_sizes(plant: Plant) -> None:
    plant.grow(FEW)
    few = count_queries(plant.people.director, plant.addresses())
    plant.grow(MANY)
    many = count_queries(plant.people.director, plant.addresses())

    grown = {name: (len(few[name]), len(asked)) for name, asked in many.items() if len(asked) != len(few[name])}
    over = {name: len(asked) for name, asked in many.items() if len(asked) > BUDGET}
    assert (grown, over) == ({}, {}), "(pages whose queries grow with the records: few, many; pages over twelve)"


def test_a_growing_page_would_be_found(plant: Plant) -> None:
    with CaptureQueriesContext(connection) as queries:
        list(Person.objects.all())
    assert len(queries) == 1
