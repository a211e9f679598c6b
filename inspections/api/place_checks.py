"""Checks of similar places: sent, answered, cancelled like on their pages."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field as Limits

from inspections import workflows
from inspections.choices import CheckStatus, PlaceResult
from inspections.models import Hazard, PlaceAnswer, PlaceCheck
from inspections.permissions import can_send_check
from inspections.services.place_checks import MOST_PLACES, CheckData, PlaceSeen, places_to_check
from safetyplant.access.transitions import require
from safetyplant.attachments.limits import MAX_PHOTOS
from safetyplant.reporting.keyset import Sort
from safetyplant.rest.fields import Id, Moment, RequiredLine, RequiredText, Sha256, Text, person_brief
from safetyplant.rest.ids import each_of
from safetyplant.rest.pages import DEFAULT_LIMIT, PageOut, page_of

checks = Router(tags=["place checks"])
NEWEST = Sort("sent", "sent", ("-sent_at",))
ANSWER_RELATED = ("place__unit", "share__deadline__owner", "answered_by")


class Brief(Schema):
    id: int
    name: str


class PlaceAnswerOut(Schema):
    """`answer` is empty until it is given; `hazard` is what was found there. `owed_by` owes it until the check's date."""

    place: int
    unit: int
    owed_by: Brief
    answer: str
    note: str
    hazard: int | None
    answered_at: Any
    answered_by: Brief | None


class PlaceCheckOut(Schema):
    id: int
    number: str
    hazard: int
    unit: int
    title: str
    description: str
    status: str
    sent_at: Any
    sent_by: Brief
    due_at: Any
    closed_at: Any
    revision: int


class PlaceCheckDetailOut(PlaceCheckOut):
    """`answers` are those of the places whose records the caller may see."""

    answers: list[PlaceAnswerOut]


class PlaceCheckPage(PageOut):
    results: list[PlaceCheckOut]


class PlaceCheckIn(Schema):
    client_id: UUID
    hazard: Id
    title: RequiredLine
    description: Text = ""
    places: Annotated[list[Id], Limits(min_length=1, max_length=MOST_PLACES)]
    due_at: Moment


class PlaceSeenIn(Schema):
    """`note` says what was found, or why it does not apply (then it must be given). `danger` stops the work there."""

    place: Id
    answer: PlaceResult
    note: Text = ""
    danger: bool = False
    photos: Annotated[list[Sha256], Limits(max_length=MAX_PHOTOS)] = []


class CancelIn(Schema):
    reason: RequiredText
    revision: int | None = None


@checks.get("/", response=PlaceCheckPage, summary="Checks of similar places, the latest first")
def list_checks(
    request: HttpRequest, status: CheckStatus | None = None, cursor: str = "", limit: int = DEFAULT_LIMIT
) -> dict[str, Any]:
    rows = _checks(request) if status is None else _checks(request).filter(status=status)
    return page_of(request, rows, NEWEST, _check, cursor=cursor, limit=limit)


@checks.post(
    "/", response={200: PlaceCheckDetailOut, 201: PlaceCheckDetailOut}, summary="Send a check to places like that of a hazard"
)
def send_check(request: HttpRequest, data: PlaceCheckIn) -> Any:
    hazard = get_object_or_404(Hazard.objects.visible_to(request.user).select_related("unit"), pk=data.hazard)
    require(can_send_check(request.user, hazard), _("Officers, leaders and the unit's head send a check to other places."))
    places = each_of(places_to_check(request.user, hazard).select_related("unit"), data.places, field="places")
    given = CheckData(hazard, data.title, places, data.due_at, data.description, data.client_id)
    check, is_new = workflows.send_check(given, by=request.user)
    return Status(201 if is_new else 200, _detail(request, check.pk))


@checks.get("/{pk}/", response=PlaceCheckDetailOut, summary="One check with its answers")
def get_check(request: HttpRequest, pk: Id) -> dict[str, Any]:
    return _detail(request, pk)


@checks.post("/{pk}/answer/", response=PlaceCheckDetailOut, summary="Say what was seen at one place, once")
def answer_place(request: HttpRequest, pk: Id, data: PlaceSeenIn) -> dict[str, Any]:
    check = get_object_or_404(_checks(request), pk=pk)
    answer = get_object_or_404(_answers(request, check), place=data.place)
    seen = PlaceSeen(answer, data.answer, data.note, danger=data.danger, photos=data.photos)
    workflows.answer_places(check, [seen], by=request.user)
    return _detail(request, pk)


@checks.post("/{pk}/cancel/", response=PlaceCheckDetailOut, summary="Cancel a check with a reason")
def cancel_check(request: HttpRequest, pk: Id, data: CancelIn) -> dict[str, Any]:
    check = get_object_or_404(_checks(request), pk=pk)
    workflows.cancel_check(check, by=request.user, **data.dict())
    return _detail(request, pk)


def _checks(request: HttpRequest) -> Any:
    return PlaceCheck.objects.visible_to(request.user).select_related("sent_by", "unit")


def _answers(request: HttpRequest, check: PlaceCheck) -> Any:
    return PlaceAnswer.objects.visible_to(request.user).filter(place_check=check).select_related(*ANSWER_RELATED).order_by("pk")


def _detail(request: HttpRequest, pk: int) -> dict[str, Any]:
    check = get_object_or_404(_checks(request), pk=pk)
    return {**_check(check), "answers": [_answer(each) for each in _answers(request, check)]}


def _check(check: PlaceCheck) -> dict[str, Any]:
    names = ("number", "title", "description", "status", "sent_at", "due_at", "closed_at", "revision")
    return {
        "id": check.pk,
        "hazard": check.hazard_id,
        "unit": check.unit_id,
        "sent_by": person_brief(check.sent_by),
        **{name: getattr(check, name) for name in names},
    }


def _answer(each: PlaceAnswer) -> dict[str, Any]:
    return {
        "place": each.place_id,
        "unit": each.unit_id,
        "owed_by": person_brief(each.share.deadline.owner),
        "answer": each.answer,
        "note": each.note,
        "hazard": each.hazard_id,
        "answered_at": each.answered_at,
        "answered_by": person_brief(each.answered_by),
    }
