"""API of what follows from a violation: the same workflows as the pages, one verb each."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field as Limits

from inspections import workflows
from inspections.api.schemas import Brief
from inspections.models import Violation
from inspections.permissions import can_view_named_person, can_view_violation_points
from inspections.services.penalties import log_views
from inspections.views.penalty_acts import limit_guesses
from inspections.views.penalty_story import PENALTY_RELATED
from inspections.workflows.appeals import Decision
from inspections.workflows.penalties import Terms
from responsibilities.models import Person
from safetyplant.rest.fields import Id, RequiredText, Sha256, Text, person_brief

penalties = Router(tags=["violations"])
Points = Annotated[int, Limits(ge=0, le=99)]
Money = Annotated[Decimal, Limits(ge=0, max_digits=9, decimal_places=2)]


class ServeIn(Schema):
    """`points` empty: as proposed; any other needs a `reason`. `fine` only while the rule allows pay deductions."""

    points: Points | None = None
    fine: Money | None = None
    measures: Text = ""
    reason: Text = ""


class SignIn(Schema):
    """The person's own password: a token alone signs nothing."""

    password: Annotated[str, Limits(min_length=1, max_length=128)]


class RefuseIn(Schema):
    witness: Id


class PaperIn(Schema):
    photos: list[Sha256] = Limits(min_length=1, max_length=6)


class AppealIn(Schema):
    text: RequiredText


class DecideIn(Schema):
    """`points` and `fine` are what is left, for `reduce` alone."""

    decision: Literal["uphold", "reduce", "withdraw"]
    reason: RequiredText
    points: Points | None = None
    fine: Money | None = None


class TakeBackIn(Schema):
    reason: RequiredText


class PenaltyOut(Schema):
    """`person`, points and reasons only for those who need to know them."""

    id: int
    number: str
    status: str
    person: Brief | None
    repeats: int | None
    factor: Decimal | None
    points: int | None
    fine: Decimal | None
    measures: str
    receipt: str
    received_at: datetime | None
    appeal_until: datetime | None
    appealed_at: datetime | None
    decision: str
    decided_points: int | None
    decided_at: datetime | None
    final_at: datetime | None


@penalties.get("/{pk}/penalty/", response=PenaltyOut, summary="What follows from a violation")
def get_penalty(request: HttpRequest, pk: Id) -> dict[str, Any]:
    return _penalty(request, get_object_or_404(_violations(request), pk=pk, penalty__isnull=False))


@penalties.post("/{pk}/serve/", response=PenaltyOut, summary="Say what it costs and serve the notice")
def serve(request: HttpRequest, pk: Id, data: ServeIn) -> dict[str, Any]:
    terms = Terms(data.points, data.fine, data.measures, data.reason)
    workflows.serve_notice(_one(request, pk), terms, by=request.user)
    return _again(request, pk)


@penalties.post("/{pk}/sign/", response=PenaltyOut, summary="Sign for the notice")
def sign(request: HttpRequest, pk: Id, data: SignIn) -> dict[str, Any]:
    limit_guesses(request)
    workflows.sign_notice(_one(request, pk), by=request.user, password=data.password)
    return _again(request, pk)


@penalties.post("/{pk}/paper/", response=PenaltyOut, summary="Keep a notice signed on paper")
def paper(request: HttpRequest, pk: Id, data: PaperIn) -> dict[str, Any]:
    workflows.record_paper(_one(request, pk), by=request.user, photos=data.photos)
    return _again(request, pk)


@penalties.post("/{pk}/refuse/", response=PenaltyOut, summary="Record a refused signature and its witness")
def refuse(request: HttpRequest, pk: Id, data: RefuseIn) -> dict[str, Any]:
    witness = get_object_or_404(Person.objects.visible_to(request.user).active(), pk=data.witness)
    workflows.record_refusal(_one(request, pk), by=request.user, witness=witness)
    return _again(request, pk)


@penalties.post("/{pk}/witness/", response={204: None}, summary="Confirm having seen a refusal")
def witness(request: HttpRequest, pk: Id) -> Any:
    rows = Violation.objects.to_be_witnessed_by(request.user)
    workflows.confirm_refusal(get_object_or_404(rows, pk=pk), by=request.user)
    return Status(204, None)


@penalties.post("/{pk}/appeal/", response=PenaltyOut, summary="Appeal")
def send_appeal(request: HttpRequest, pk: Id, data: AppealIn) -> dict[str, Any]:
    workflows.appeal(_one(request, pk), by=request.user, text=data.text)
    return _again(request, pk)


@penalties.post("/{pk}/decide/", response=PenaltyOut, summary="Decide the appeal")
def decide(request: HttpRequest, pk: Id, data: DecideIn) -> dict[str, Any]:
    decision = Decision(data.decision, data.reason, data.points, data.fine)
    workflows.decide_appeal(_one(request, pk), decision, by=request.user)
    return _again(request, pk)


@penalties.post("/{pk}/takeback/", response=PenaltyOut, summary="Take final points back")
def take_back(request: HttpRequest, pk: Id, data: TakeBackIn) -> dict[str, Any]:
    workflows.take_back_points(_one(request, pk), by=request.user, reason=data.reason)
    return _again(request, pk)


def _violations(request: HttpRequest) -> Any:
    rows = Violation.objects.visible_to(request.user)
    return rows.select_related("unit", "person__unit", "recorded_by", "violation_type", *PENALTY_RELATED).defer("search")


def _one(request: HttpRequest, pk: int) -> Violation:
    violation: Violation = get_object_or_404(_violations(request), pk=pk)
    return violation


def _again(request: HttpRequest, pk: int) -> dict[str, Any]:
    """As its sender may see it now: deciding may have been all that let them."""
    violation = _violations(request).filter(pk=pk).first()
    if violation is None:
        return _blank(Violation.objects.get(pk=pk))
    return _penalty(request, violation)


def _penalty(request: HttpRequest, violation: Violation) -> dict[str, Any]:
    penalty, user = violation.penalty, request.user
    sees_person = can_view_named_person(user, violation)
    if not (sees_person and can_view_violation_points(user, violation)):
        return _blank(violation)
    log_views([violation], by=user)
    names = (
        "repeats", "factor", "points", "fine", "measures", "receipt", "received_at", "appeal_until", "appealed_at", "decision",
        "decided_points", "decided_at", "final_at",
    )  # fmt: skip
    shown = {name: getattr(penalty, name) for name in names}
    return {
        "id": violation.pk,
        "number": violation.number,
        "status": violation.status,
        "person": person_brief(penalty.person),
        **shown,
    }


def _blank(violation: Violation) -> dict[str, Any]:
    """SECURITY: number and state, and nothing about whom it concerns or what it costs."""
    empty = dict.fromkeys((name for name in PenaltyOut.model_fields if name not in ("id", "number", "status")), None)
    return empty | {
        "id": violation.pk, "number": violation.number, "status": violation.status,
        "measures": "", "receipt": "", "decision": "",
    }  # fmt: skip
