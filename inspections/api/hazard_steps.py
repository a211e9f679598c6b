"""Steps of a hazard besides its assessment: seen again, the same as another, accepted for a time."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field as Limits

from inspections import workflows
from inspections.api.schemas import CancelIn, HazardOut
from inspections.api.views import hazard_out, one_hazard
from inspections.models import Hazard
from inspections.workflows.sightings import Seen
from safetyplant.attachments.limits import MAX_PHOTOS
from safetyplant.rest.fields import Id, Moment, RequiredText, Sha256

steps = Router(tags=["hazards"])


class SeenIn(Schema):
    """`photos`: SHA-256 of photos sent before. The same `client_id` again is the same note."""

    client_id: UUID
    text: RequiredText
    photos: list[Sha256] = Limits(default=[], max_length=MAX_PHOTOS)


class SameIn(Schema):
    """`same`: the known hazard."""

    same: Id


class AcceptIn(Schema):
    reason: RequiredText
    interim_control: RequiredText
    until: Moment
    revision: int | None = None


@steps.post("/{pk}/seen/", response={200: HazardOut, 201: HazardOut}, summary="Note that one saw it too")
def seen(request: HttpRequest, pk: Id, data: SeenIn) -> Status:
    hazard = one_hazard(request, pk)
    _sighting, is_new = workflows.see_again(hazard, Seen(data.text, data.photos, data.client_id), by=request.user)
    return Status(201 if is_new else 200, hazard_out(hazard))


@steps.post("/{pk}/same/", response=HazardOut, summary="One's own report is the same as a known hazard")
def same(request: HttpRequest, pk: Id, data: SameIn) -> dict[str, object]:
    report = one_hazard(request, pk)
    known = get_object_or_404(Hazard.objects.visible_to(request.user).defer("search"), pk=data.same)
    workflows.merge_report(report, known, by=request.user)
    return hazard_out(one_hazard(request, known.pk))


@steps.post("/{pk}/accept/", response=HazardOut, summary="Accept it for a time, with interim control")
def accept(request: HttpRequest, pk: Id, data: AcceptIn) -> dict[str, object]:
    workflows.accept_hazard(one_hazard(request, pk), by=request.user, **data.dict())
    return hazard_out(one_hazard(request, pk))


@steps.post("/{pk}/end-acceptance/", response=HazardOut, summary="End the acceptance now")
def end_acceptance(request: HttpRequest, pk: Id, data: CancelIn) -> dict[str, object]:
    workflows.end_acceptance(one_hazard(request, pk), by=request.user, reason=data.reason, revision=data.revision)
    return hazard_out(one_hazard(request, pk))
