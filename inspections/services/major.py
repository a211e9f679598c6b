"""What the treatment of a major hazard is made of; `workflows.major` takes it from there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from inspections.choices import Addressee
from inspections.models import Hazard, MajorProgress, MajorTreatment, MajorVerification, OutsideReport
from responsibilities.chain import ChainReader
from responsibilities.choices import DeadlineKind
from responsibilities.services.deadlines import Subject, open_deadline, stage_due_at
from responsibilities.services.owners import choose_assessor
from safetyplant.numbering.services import next_number

if TYPE_CHECKING:
    from responsibilities.models import CorrectiveAction, Deadline, Person

#: Deadlines that a treatment points at; those of the reports outside come besides.
DEADLINES = (
    "plan_deadline_id", "approve_deadline_id", "checker_deadline_id", "expert_deadline_id", "progress_deadline_id",
)  # fmt: skip
OUTSIDE_KIND = "inspections.outsidereport"
RELATED = ("hazard__unit", "hazard__place", "hazard__level", "hazard__action__unit", "hazard__action__level", "checker", "expert")


@dataclass(frozen=True)
class TreatmentPlan:
    """The five implementations (catalogue.json `five_implementations`); `due_at` is their time limit."""

    responsibility: str
    measures: str
    funds: str
    due_at: datetime
    contingency: str


def treatment_of(hazard: Hazard) -> MajorTreatment | None:
    """The living treatment with all that its permissions ask; None for a hazard that is not major."""
    return MajorTreatment.objects.living().select_related(*RELATED).filter(hazard=hazard).first()


def deadlines_of_treatment(hazard_id: int) -> list[int]:
    """Everything that is or was owed about a living treatment, as the ids of its deadlines."""
    row = MajorTreatment.objects.living().filter(hazard=hazard_id).values_list("pk", *DEADLINES).first()
    if row is None:
        return []
    treatment, *found = row
    outside = OutsideReport.objects.filter(treatment=treatment).values_list("deadline_id", flat=True)
    return [pk for pk in (*found, *outside) if pk is not None]


def signatures(treatment: MajorTreatment) -> dict[str, MajorVerification]:
    """Those of the present round, by role."""
    return {each.role: each for each in treatment.verifications.filter(round=treatment.round).select_related("person")}


def subject_of_treatment(hazard: Hazard) -> Subject:
    return Subject(hazard.number, hazard.title, reverse("inspections:hazard-treatment", args=[hazard.pk]))


def new_treatment(hazard: Hazard, action: "CorrectiveAction", *, now: datetime) -> MajorTreatment:
    """Saved with all that it asks for at once: a plan, a first progress report, two reports outside."""
    reader = ChainReader(timezone.localdate(now))
    officer = choose_assessor(reader, hazard.unit)
    treatment = MajorTreatment(hazard=hazard, opened_at=now)
    treatment.plan_deadline = open_owed(DeadlineKind.PLAN, treatment, action, stage_due_at("major_plan", now), now=now)
    due_at = stage_due_at("major_progress", now)
    treatment.progress_deadline = open_owed(DeadlineKind.PROGRESS, treatment, action, due_at, now=now)
    told_by = stage_due_at("major_outside", now)
    told = [open_owed(DeadlineKind.OUTSIDE, treatment, action, told_by, owner=officer, now=now) for _each in Addressee]
    # The number last: its row stays locked until the commit.
    treatment.number = next_number("LS", timezone.localdate(now))
    treatment.save()
    MajorProgress.objects.create(treatment=treatment, week=1, due_at=due_at)
    for addressee, deadline in zip(Addressee, told, strict=True):
        OutsideReport.objects.create(treatment=treatment, addressee=addressee, deadline=deadline)
    return treatment


def open_owed(
    kind: str,
    treatment: MajorTreatment,
    action: "CorrectiveAction",
    due_at: datetime,
    *,
    now: datetime,
    owner: "Person | None" = None,
) -> "Deadline":
    """A deadline about it; whoever fixes the hazard owes it, unless another `owner` does."""
    return open_deadline(
        kind,
        subject_of_treatment(treatment.hazard),
        owner=owner or action.owner,
        unit=action.unit,
        level=action.level,
        field=action.field,
        starts_at=now,
        due_at=due_at,
    )


def next_progress(treatment: MajorTreatment, last: MajorProgress, *, now: datetime) -> MajorProgress:
    """The one after this, in the same rhythm; after a gap a whole period from now."""
    due_at = stage_due_at("major_progress", last.due_at)
    if due_at <= now:
        due_at = stage_due_at("major_progress", now)
    return MajorProgress.objects.create(treatment=treatment, week=last.week + 1, due_at=due_at)


def progress_period(now: datetime) -> timedelta:
    return stage_due_at("major_progress", now) - now
