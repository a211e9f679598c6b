"""Inspections: one or many in, lists and single ones out, through the same services and workflows as the pages."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import pydantic
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router
from ninja.errors import HttpError
from ninja.errors import ValidationError as BodyError
from ninja.responses import Status

from inspections import services, workflows
from inspections.api import schemas
from inspections.api.references import References
from inspections.models import Inspection
from inspections.services import InspectionData
from inspections.services.receipts import receipt_of_inspection, receipts_of_inspections
from inspections.workflows.inspections import Incomplete
from responsibilities.querysets import scope_by_unit
from safetyplant.access.rendering import problem
from safetyplant.intake.services import REFUSALS, Written
from safetyplant.reporting.keyset import Sort
from safetyplant.rest.fields import Id, person_brief
from safetyplant.rest.pages import DEFAULT_LIMIT, page_of
from safetyplant.rest.problems import problem_of

inspections = Router(tags=["inspections"])
NEWEST_STARTED = Sort("started", "started", ("-started_at",))


@inspections.get("/", response=schemas.InspectionPage, summary="Inspections, the latest first")
def list_inspections(request: HttpRequest, cursor: str = "", limit: int = DEFAULT_LIMIT) -> dict[str, Any]:
    rows, user = _inspections(request), request.user
    # Others' drafts are seen by nobody: they must not use up the places of what is.
    seen = Inspection.objects.exclude(~Q(created_by=user), status="draft")
    scope = scope_by_unit(seen, user, lambda: (Q(created_by=user),))
    return page_of(request, rows, NEWEST_STARTED, _inspection, cursor=cursor, limit=limit, scope=scope)


@inspections.post("/", response={200: schemas.InspectionOut, 201: schemas.InspectionOut}, summary="Send a whole inspection")
def create_inspection(request: HttpRequest, data: schemas.InspectionIn) -> Any:
    # At once or as a draft (`submit` false) whose photos come later, before it is submitted by its own address.
    inspection, is_new = _take_in(request, [data])[0].or_raise()
    return Status(201 if is_new else 200, _inspection(_inspections(request).get(pk=inspection.pk)))


@inspections.post("/batch/", response=schemas.BatchOut, summary="Send up to 25 whole inspections, each answered by itself")
def create_inspections(request: HttpRequest, data: schemas.BatchIn) -> dict[str, Any]:
    """The very bodies that the single address takes; one that is refused leaves the others alone."""
    if sum(len(sealed.body) for sealed in data.records) > schemas.MOST_IN_BATCH:
        raise HttpError(413, _("Too much at once. Send the records by themselves."))
    results: dict[int, Written[Inspection]] = {}
    bodies: dict[int, schemas.InspectionIn] = {}
    for at, sealed in enumerate(data.records):
        try:
            bodies[at] = _opened(sealed)
        except (BodyError, *REFUSALS) as refusal:
            results[at] = Written(refusal=refusal)
    results |= zip(bodies, _take_in(request, list(bodies.values())), strict=True)
    return {"results": _answers(request, [results[at] for at in range(len(data.records))])}


@inspections.get("/{pk}/", response=schemas.InspectionOut, summary="One inspection")
def get_inspection(request: HttpRequest, pk: Id) -> dict[str, Any]:
    return _inspection(get_object_or_404(_inspections(request), pk=pk))


@inspections.get("/{pk}/receipt/", response=schemas.ReceiptOut, summary="What of it has arrived, photo by photo")
def get_inspection_receipt(request: HttpRequest, pk: Id) -> Any:
    return receipt_of_inspection(get_object_or_404(_inspections(request), pk=pk))


@inspections.delete("/{pk}/", response={204: None}, summary="Throw away one's own draft")
def discard_inspection(request: HttpRequest, pk: Id) -> Any:
    services.discard_draft(get_object_or_404(_inspections(request), pk=pk), by=request.user)
    return Status(204, None)


@inspections.post("/{pk}/submit/", response=schemas.InspectionOut, summary="Submit a draft")
def submit_inspection(request: HttpRequest, pk: Id) -> dict[str, Any]:
    workflows.submit_inspection(get_object_or_404(_inspections(request), pk=pk), by=request.user)
    return _inspection(_inspections(request).get(pk=pk))


@inspections.post("/{pk}/acknowledge/", response=schemas.InspectionOut, summary="Acknowledge it, as the unit's head")
def acknowledge_inspection(request: HttpRequest, pk: Id) -> dict[str, Any]:
    workflows.acknowledge_inspection(get_object_or_404(_inspections(request), pk=pk), by=request.user)
    return _inspection(_inspections(request).get(pk=pk))


@problem_of.register
def _incomplete(exc: Incomplete, request: HttpRequest) -> HttpResponse:
    faults = [{"field": f"answers.{position}", "message": fault} for position, fault in exc.faults.items()]
    return problem(request, 422, str(exc.message), errors=faults)


def _inspections(request: HttpRequest) -> Any:
    return Inspection.objects.visible_to(request.user).select_related("created_by").defer("search")


def _opened(sealed: schemas.SealedIn) -> schemas.InspectionIn:
    """The body as it was frozen, if it still is what it was; BodyError as the single address says it."""
    if hashlib.sha256(sealed.body.encode()).hexdigest() != sealed.sha256:
        raise ValidationError(_("This record is not what was frozen on the device: its fingerprint differs."))
    try:
        return schemas.InspectionIn.model_validate_json(sealed.body)
    except pydantic.ValidationError as invalid:
        faults = invalid.errors(include_url=False, include_context=False, include_input=False)
        raise BodyError([{**fault, "loc": ("body", "data", *fault["loc"])} for fault in faults]) from None


def _take_in(request: HttpRequest, bodies: Sequence[schemas.InspectionIn]) -> list[Written[Inspection]]:
    """What became of each, in the order given: submitted at once, or kept as a draft for its photos."""
    references = References(request, bodies)
    results: dict[int, Written[Inspection]] = {}
    rows: dict[int, InspectionData] = {}
    for at, body in enumerate(bodies):
        try:
            rows[at] = references.inspection(body)
        except REFUSALS as refusal:
            results[at] = Written(refusal=refusal)
    for is_whole, write in ((True, workflows.send_inspections), (False, services.start_inspections)):
        chosen = [at for at in rows if bodies[at].submit == is_whole]
        if chosen:
            results |= zip(chosen, write([rows[at] for at in chosen], by=request.user), strict=True)
    return [results[at] for at in range(len(bodies))]


def _answers(request: HttpRequest, results: Sequence[Written[Inspection]]) -> list[dict[str, Any]]:
    """Read after everything is committed, so that a receipt tells of what stays."""
    made = _inspections(request).in_bulk([written.record.pk for written in results if written.record is not None])
    receipts = dict(zip(made, receipts_of_inspections(list(made.values())), strict=True))
    return [_answer(request, written, made, receipts) for written in results]


def _answer(request: HttpRequest, written: Written[Inspection], made: dict[int, Inspection], receipts: Any) -> dict[str, Any]:
    """As the single address would have answered, and with it the receipt."""
    if written.record is None:
        said = problem_of(written.refusal, request)
        return {"status": said.status_code, "problem": json.loads(said.content)}
    pk = written.record.pk
    return {"status": 201 if written.is_new else 200, "inspection": _inspection(made[pk]), "receipt": receipts[pk]}


SHOWN = (
    *("client_id", "number", "kind", "status", "note", "started_at", "submitted_at"),
    *("score", "answered_count", "failed_count"),
)


def _inspection(inspection: Inspection) -> dict[str, Any]:
    return {
        "id": inspection.pk,
        "unit": inspection.unit_id,
        "place": inspection.place_id,
        "standard": inspection.standard_id,
        "created_by": person_brief(inspection.created_by),
        **{name: getattr(inspection, name) for name in SHOWN},
    }
