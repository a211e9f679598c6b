"""The treatment of a major hazard: the same steps as on its page."""

from datetime import date
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from pydantic import Field as Limits

from inspections import workflows
from inspections.choices import Addressee
from inspections.models import Hazard, MajorTreatment
from inspections.services.major import TreatmentPlan, treatment_of
from responsibilities.models import Person
from safetyplant.attachments.limits import MAX_PHOTOS
from safetyplant.rest.fields import Id, Moment, RequiredText, Sha256, Text, person_brief

treatments = Router(tags=["hazards"])


class Brief(Schema):
    id: int
    name: str


class TreatmentOut(Schema):
    """`revision` is that of the hazard. `progress` is the last percentage reported."""

    hazard: int
    revision: int
    number: str
    status: str
    opened_at: Any
    responsibility: str
    measures: str
    funds: str
    plan_due_at: Any
    contingency: str
    approved_at: Any
    checker: Brief | None
    expert: Brief | None
    progress: int | None
    ended_at: Any


class PlanIn(Schema):
    """The five implementations; `due_at` is the time limit."""

    responsibility: RequiredText
    measures: RequiredText
    funds: RequiredText
    due_at: Moment
    contingency: RequiredText
    revision: int | None = None


class VerifiersIn(Schema):
    """Another leader and an expert, neither of whom had a hand in the fix."""

    checker: Id
    expert: Id
    note: Text = ""
    revision: int | None = None


class ReturnPlanIn(Schema):
    reason: RequiredText
    revision: int | None = None


class SignIn(Schema):
    accepted: bool
    note: RequiredText
    revision: int | None = None


class ProgressIn(Schema):
    text: RequiredText
    percent: Annotated[int, Limits(ge=0, le=100)]
    revision: int | None = None


class OutsideIn(Schema):
    """`files`: SHA-256 of the pages of the document."""

    addressee: Addressee
    reported_on: date
    document_number: Annotated[RequiredText, Limits(max_length=60)]
    files: list[Sha256] = Limits(min_length=1, max_length=MAX_PHOTOS)


@treatments.get("/{pk}/treatment/", response=TreatmentOut, summary="How the treatment of a major hazard stands")
def get_treatment(request: HttpRequest, pk: Id) -> dict[str, Any]:
    return _treatment(_one(request, pk))


@treatments.post("/{pk}/plan/", response=TreatmentOut, summary="Hand in the treatment plan")
def plan(request: HttpRequest, pk: Id, data: PlanIn) -> dict[str, Any]:
    given = data.dict()
    revision = given.pop("revision")
    workflows.propose_plan(_one(request, pk), TreatmentPlan(**given), by=request.user, revision=revision)
    return _treatment(_one(request, pk))


@treatments.post("/{pk}/return-plan/", response=TreatmentOut, summary="Return the treatment plan with a reason")
def return_plan(request: HttpRequest, pk: Id, data: ReturnPlanIn) -> dict[str, Any]:
    workflows.return_plan(_one(request, pk), by=request.user, reason=data.reason, revision=data.revision)
    return _treatment(_one(request, pk))


@treatments.post("/{pk}/approve-plan/", response=TreatmentOut, summary="Approve the plan and name who verifies the fix")
def approve_plan(request: HttpRequest, pk: Id, data: VerifiersIn) -> dict[str, Any]:
    hazard = _one(request, pk)
    workflows.approve_plan(hazard, by=request.user, note=data.note, revision=data.revision, **_named(request, data))
    return _treatment(_one(request, pk))


@treatments.post("/{pk}/verifiers/", response=TreatmentOut, summary="Name others to verify the fix")
def name_verifiers(request: HttpRequest, pk: Id, data: VerifiersIn) -> dict[str, Any]:
    hazard = _one(request, pk)
    workflows.name_verifiers(hazard, by=request.user, revision=data.revision, **_named(request, data))
    return _treatment(_one(request, pk))


@treatments.post("/{pk}/sign/", response=TreatmentOut, summary="Verify the fix, or object; by the two who were named")
def sign(request: HttpRequest, pk: Id, data: SignIn) -> dict[str, Any]:
    workflows.sign_verification(_one(request, pk), by=request.user, **data.dict())
    return _treatment(_one(request, pk))


@treatments.post("/{pk}/progress/", response=TreatmentOut, summary="Report progress")
def report_progress(request: HttpRequest, pk: Id, data: ProgressIn) -> dict[str, Any]:
    workflows.report_progress(_one(request, pk), by=request.user, **data.dict())
    return _treatment(_one(request, pk))


@treatments.post("/{pk}/outside/", response=TreatmentOut, summary="Record the report to the regulator or the workers' congress")
def report_outside(request: HttpRequest, pk: Id, data: OutsideIn) -> dict[str, Any]:
    workflows.record_outside_report(_one(request, pk), by=request.user, **data.dict())
    return _treatment(_one(request, pk))


def _one(request: HttpRequest, pk: int) -> Hazard:
    """404 outside the reader's scope."""
    hazard: Hazard = get_object_or_404(Hazard.objects.visible_to(request.user).defer("search"), pk=pk)
    return hazard


def _named(request: HttpRequest, data: VerifiersIn) -> dict[str, Person]:
    """SECURITY: among people whom the reader may see, so that ids of others cannot be probed."""
    people = Person.objects.visible_to(request.user).active()
    return {"checker": get_object_or_404(people, pk=data.checker), "expert": get_object_or_404(people, pk=data.expert)}


NAMES = ("number", "status", "opened_at", "responsibility", "measures", "funds", "plan_due_at", "contingency", "approved_at")


def _treatment(hazard: Hazard) -> dict[str, Any]:
    treatment: MajorTreatment | None = treatment_of(hazard)
    if treatment is None:
        raise Http404
    last = treatment.progress.filter(written_at__isnull=False).order_by("-week").values_list("percent", flat=True).first()
    return {
        "hazard": hazard.pk,
        "revision": treatment.hazard.revision,
        **{name: getattr(treatment, name) for name in NAMES},
        "checker": person_brief(treatment.checker),
        "expert": person_brief(treatment.expert),
        "progress": last,
        "ended_at": treatment.ended_at,
    }
