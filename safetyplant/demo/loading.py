"""Loading the demo data: once, whole, and the same at each first load of a day."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone, translation

from inspections.facts import fold_facts
from inspections.models import Hazard, Inspection, Violation
from responsibilities.models import Appointment, Deadline, Person, Place, Reminder, Unit
from safetyplant.audit.chain import seal_pending
from safetyplant.catalogue import load_catalogue
from safetyplant.demo.asking import begin_checks
from safetyplant.demo.breaching import begin_violations, publish_rules
from safetyplant.demo.inbox import settle_messages
from safetyplant.demo.inspecting import begin_inspections
from safetyplant.demo.language import Language
from safetyplant.demo.mapping import begin_maps
from safetyplant.demo.organisation import Plant, build_organisation
from safetyplant.demo.places import build_places
from safetyplant.demo.planning import begin_plans
from safetyplant.demo.reporting import begin_reports
from safetyplant.demo.story import Story
from safetyplant.demo.today import begin_cases


class NotEmpty(Exception):
    """The installation has people of its own; demo data would mix with them."""


@dataclass(frozen=True)
class Loaded:
    """How many of each were newly made: all zero when the demo data is there already."""

    units: int = 0
    people: int = 0
    appointments: int = 0
    places: int = 0
    inspections: int = 0
    hazards: int = 0
    violations: int = 0
    deadlines: int = 0
    reminders: int = 0

    @property
    def is_anything(self) -> bool:
        return any(asdict(self).values())


COUNTED = {
    "units": Unit,
    "people": Person,
    "appointments": Appointment,
    "places": Place,
    "inspections": Inspection,
    "hazards": Hazard,
    "violations": Violation,
    "deadlines": Deadline,
    "reminders": Reminder,
}


def load_demo(language: str = "en", *, now: datetime | None = None) -> Loaded:
    """Build the branch factory and its three months into an empty installation. Raises NotEmpty when it has other people."""
    if Person.objects.filter(is_demo=True).exists():
        return Loaded()
    if Unit.objects.exists() or Person.objects.exists():
        raise NotEmpty
    # Some texts (labels kept in the log) are written in the language of the moment.
    with translation.override(language), transaction.atomic():
        _load(Plant(Language(language), now or timezone.now()))
    fold_facts()
    seal_pending()
    return Loaded(**{name: model.objects.count() for name, model in COUNTED.items()})  # type: ignore[attr-defined]


def _load(plant: Plant) -> None:
    with connection.cursor() as cursor:
        # Thousands of one-row reads with many joins: planning them in every order would take longer than all the rest.
        cursor.execute("SET LOCAL join_collapse_limit = 1")
    load_catalogue()
    build_organisation(plant)
    build_places(plant)
    story = Story(plant)
    publish_rules(story)
    begin_inspections(story)
    begin_reports(story)
    begin_violations(story)
    begin_cases(story)
    begin_plans(story)
    begin_checks(story)
    begin_maps(story)
    story.run()
    settle_messages(story)
