"""API operations: each reads through `visible_to` and writes through the same services and workflows as the pages."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from ninja.responses import Status

from inspections import services, workflows
from inspections.api import schemas
from inspections.api.references import published_standards
from inspections.models import Hazard, HazardCategory, Violation, ViolationType
from inspections.permissions import can_view_violation_person, can_view_violation_points
from inspections.services import HazardReport, ViolationData
from inspections.services.readers import API, log_shown
from inspections.services.receipts import receipt_of_hazard
from inspections.workflows.hazards import Assessment
from responsibilities.models import Level, Person, Place, Unit
from responsibilities.querysets import scope_by_unit
from responsibilities.roles import Right
from safetyplant.documents.models import Clause, DocumentVersion
from safetyplant.reporting.keyset import Sort
from safetyplant.rest.fields import Id, Line, person_brief
from safetyplant.rest.ids import each_of
from safetyplant.rest.pages import DEFAULT_LIMIT, page_of

standards, hazards, violations = (
    Router(tags=["standards"]),
    Router(tags=["hazards"]),
    Router(tags=["violations"]),
)
NEWEST_FOUND = Sort("found", "found", ("-found_at",))
BY_ID = Sort("id", "id", ("id",))


# --- standards ------------------------------------------------------------------------------------------------------


@standards.get("/", response=schemas.StandardPage, summary="Published versions of standards")
def list_standards(request: HttpRequest, cursor: str = "", limit: int = DEFAULT_LIMIT) -> dict[str, Any]:
    return page_of(request, published_standards(), BY_ID, _standard, cursor=cursor, limit=limit)


@standards.get("/{pk}/", response=schemas.StandardDetailOut, summary="One version with its items")
def get_standard(request: HttpRequest, pk: Id) -> dict[str, Any]:
    version = get_object_or_404(published_standards(), pk=pk)
    items = version.clauses.select_related("checklist_item").order_by("position")
    return {**_standard(version), "items": [_item(clause) for clause in items]}


def _standard(version: DocumentVersion) -> dict[str, Any]:
    document = version.document
    return {
        "id": version.pk,
        "code": document.code,
        "title": document.title,
        "title_zh": document.title_zh,
        "version": version.number,
        "valid_from": version.valid_from,
    }


def _item(clause: Clause) -> dict[str, Any]:
    item = getattr(clause, "checklist_item", None)
    return {
        "id": clause.pk,
        "number": clause.number,
        "text": clause.text,
        "text_zh": clause.text_zh,
        "category": item.category_id if item else None,
        "level": item.level_id if item else None,
        "possibly_major": bool(item and item.possibly_major),
        "points": item.points if item else 1,
        "section": item.section if item else "",
        "section_zh": item.section_zh if item else "",
        "score_cap": item.score_cap if item else None,
        "photo_on_fail": bool(item and item.photo_on_fail),
        "note_on_fail": bool(item and item.note_on_fail),
        "reference": item.reference_id if item else None,
        "shown_if": item.shown_if_id if item else None,
        "shown_on": item.shown_on if item else "",
    }


# --- hazards --------------------------------------------------------------------------------------------------------


@hazards.get("/", response=schemas.HazardPage, summary="Hazards, the latest found first")
def list_hazards(
    request: HttpRequest,
    status: Line | None = None,
    level: Line | None = None,
    unit: Id | None = None,
    cursor: str = "",
    limit: int = DEFAULT_LIMIT,
) -> dict[str, Any]:
    rows = _hazards(request)
    wanted = {"status": status, "level": level, "unit": unit}
    chosen = {name: value for name, value in wanted.items() if value is not None}
    rows = rows.filter(**chosen)
    own = partial(Hazard.objects.own_conditions, request.user)
    scope = scope_by_unit(Hazard.objects.filter(**chosen), request.user, own)
    return page_of(request, rows, NEWEST_FOUND, hazard_out, cursor=cursor, limit=limit, scope=scope)


@hazards.post("/", response={200: schemas.HazardOut, 201: schemas.HazardOut}, summary="Report a hazard")
def report_hazard(request: HttpRequest, data: schemas.HazardIn) -> Any:
    unit = _unit(request, data.unit)
    report = HazardReport(
        title=data.title,
        unit=unit,
        place=_place(request, unit, data.place),
        description=data.description,
        immediate_danger=data.immediate_danger,
        stop_work=data.stop_work,
        field=data.field,
        category=get_object_or_404(HazardCategory, code=data.category) if data.category else None,
        found_at=data.found_at,
        photos=data.photos,
        client_id=data.client_id,
    )
    hazard, is_new = workflows.report_hazard(report, by=request.user)
    return Status(201 if is_new else 200, hazard_out(_hazards(request).get(pk=hazard.pk)))


@hazards.get("/{pk}/", response=schemas.HazardOut, summary="One hazard")
def get_hazard(request: HttpRequest, pk: Id) -> dict[str, Any]:
    return hazard_out(one_hazard(request, pk))


@hazards.get("/{pk}/receipt/", response=schemas.ReceiptOut, summary="What of it has arrived, photo by photo")
def get_hazard_receipt(request: HttpRequest, pk: Id) -> Any:
    return receipt_of_hazard(get_object_or_404(_hazards(request).select_related("photos"), pk=pk))


@hazards.post("/{pk}/assess/", response=schemas.HazardOut, summary="Assess and assign it")
def assess(request: HttpRequest, pk: Id, data: schemas.AssessIn) -> dict[str, Any]:
    assessment = Assessment(
        level=get_object_or_404(Level, code=data.level),
        category=get_object_or_404(HazardCategory, code=data.category),
        unit=_unit(request, data.unit) if data.unit else None,
        owner=get_object_or_404(Person.objects.visible_to(request.user).active(), pk=data.owner) if data.owner else None,
        assisting=each_of(Unit.objects.visible_to(request.user).active(), data.assisting, field="assisting"),
        interim_control=data.interim_control,
        due_at=data.due_at,
    )
    workflows.assess_hazard(one_hazard(request, pk), assessment, by=request.user, revision=data.revision)
    return hazard_out(one_hazard(request, pk))


@hazards.post("/{pk}/level/", response=schemas.HazardOut, summary="Change the level")
def change_level(request: HttpRequest, pk: Id, data: schemas.LevelIn) -> dict[str, Any]:
    level = get_object_or_404(Level, code=data.level)
    workflows.change_level(
        one_hazard(request, pk),
        by=request.user,
        level=level,
        reason=data.reason,
        interim_control=data.interim_control,
        revision=data.revision,
    )
    return hazard_out(one_hazard(request, pk))


@hazards.post("/{pk}/decide/", response=schemas.HazardOut, summary="Decide whether a possibly major hazard is major")
def decide(request: HttpRequest, pk: Id, data: schemas.DecideIn) -> dict[str, Any]:
    hazard = one_hazard(request, pk)
    workflows.decide_major(hazard, by=request.user, is_major=data.is_major, reason=data.reason, revision=data.revision)
    return hazard_out(one_hazard(request, pk))


@hazards.post("/{pk}/cancel/", response=schemas.HazardOut, summary="Cancel it with a reason")
def cancel(request: HttpRequest, pk: Id, data: schemas.CancelIn) -> dict[str, Any]:
    workflows.cancel_hazard(one_hazard(request, pk), by=request.user, reason=data.reason, revision=data.revision)
    return hazard_out(one_hazard(request, pk))


@hazards.post("/{pk}/stop/", response=schemas.HazardOut, summary="Stop the work there; the chain is told at once")
def stop(request: HttpRequest, pk: Id) -> dict[str, Any]:
    workflows.stop_work(one_hazard(request, pk), by=request.user)
    return hazard_out(one_hazard(request, pk))


@hazards.post("/{pk}/release/", response=schemas.HazardOut, summary="Release stopped work, as the named releaser")
def release(request: HttpRequest, pk: Id, data: schemas.NoteIn) -> dict[str, Any]:
    workflows.release_work(one_hazard(request, pk), by=request.user, note=data.note)
    return hazard_out(one_hazard(request, pk))


def _hazards(request: HttpRequest) -> Any:
    return Hazard.objects.visible_to(request.user).select_related("reported_by", "holder").defer("search")


def one_hazard(request: HttpRequest, pk: int) -> Hazard:
    hazard: Hazard = get_object_or_404(_hazards(request), pk=pk)
    return hazard


HAZARD_FIELDS = (
    *("client_id", "number", "title", "description", "status", "field", "interim_control", "revision"),
    *("found_at", "due_at", "first_due_at", "closed_at", "stopped_at", "released_at", "accepted_until"),
    *("immediate_danger", "possibly_major", "fixed_on_spot"),
)


def hazard_out(hazard: Hazard) -> dict[str, Any]:
    return {
        "id": hazard.pk,
        "level": hazard.level_id,
        "category": hazard.category_id,
        "unit": hazard.unit_id,
        "place": hazard.place_id,
        "action": hazard.action_id,
        "inspection": hazard.inspection_id,
        "reported_by": person_brief(hazard.reported_by),
        "holder": person_brief(hazard.holder),
        **{name: getattr(hazard, name) for name in HAZARD_FIELDS},
    }


# --- violations -----------------------------------------------------------------------------------------------------


@violations.get("/", response=schemas.ViolationPage, summary="Violations, the latest found first")
def list_violations(request: HttpRequest, cursor: str = "", limit: int = DEFAULT_LIMIT) -> dict[str, Any]:
    rows, user = _violations(request), request.user
    scope = scope_by_unit(Violation.objects.all(), user, lambda: rows.own_conditions(user), right=Right.VIEW_PERSONAL)
    shown: list[Violation] = []

    def told(row: Violation) -> dict[str, Any]:
        shown.append(row)
        return _violation(request, row)

    page = page_of(request, rows, NEWEST_FOUND, told, cursor=cursor, limit=limit, scope=scope)
    log_shown(shown, by=user, way=API)
    return page


@violations.post("/", response={200: schemas.ViolationOut, 201: schemas.ViolationOut}, summary="Record a violation")
def record_violation(request: HttpRequest, data: schemas.ViolationIn) -> Any:
    unit = _unit(request, data.unit)
    violation, is_new = services.record_violation(
        ViolationData(
            unit=unit,
            place=_place(request, unit, data.place),
            description=data.description,
            violation_type=_violation_type(data.violation_type),
            person=get_object_or_404(Person.objects.visible_to(request.user), pk=data.person) if data.person else None,
            clause=get_object_or_404(Clause, pk=data.clause, version__status="published") if data.clause else None,
            correction=data.correction,
            self_reported=data.self_reported,
            found_at=data.found_at,
            photos=data.photos,
            client_id=data.client_id,
        ),
        by=request.user,
    )
    return Status(201 if is_new else 200, _violation(request, _violations(request).get(pk=violation.pk)))


@violations.get("/{pk}/", response=schemas.ViolationOut, summary="One violation")
def get_violation(request: HttpRequest, pk: Id) -> dict[str, Any]:
    violation = get_object_or_404(_violations(request), pk=pk)
    log_shown([violation], by=request.user, way=API)
    return _violation(request, violation)


@violations.post("/{pk}/cancel/", response=schemas.ViolationOut, summary="Cancel one recorded by mistake")
def cancel_violation(request: HttpRequest, pk: Id, data: schemas.CancelIn) -> dict[str, Any]:
    workflows.cancel_violation(get_object_or_404(_violations(request), pk=pk), by=request.user, reason=data.reason)
    return _violation(request, get_object_or_404(_violations(request), pk=pk))


def _violations(request: HttpRequest) -> Any:
    related = ("recorded_by", "person", "violation_type", "unit")
    return Violation.objects.visible_to(request.user).select_related(*related).defer("search")


def _violation_type(code: str | None) -> ViolationType | None:
    if not code:
        return None
    return get_object_or_404(ViolationType.objects.in_force(timezone.localdate()), code=code)


def _violation(request: HttpRequest, violation: Violation) -> dict[str, Any]:
    names = ("client_id", "number", "status", "description", "correction", "found_at")
    # SECURITY: field by field; seeing the record does not mean seeing whom it concerns.
    person = violation.person if can_view_violation_person(request.user, violation) else None
    return {
        "id": violation.pk,
        "unit": violation.unit_id,
        "place": violation.place_id,
        "person": person_brief(person),
        "violation_type": violation.violation_type.code if violation.violation_type else None,
        "recorded_by": person_brief(violation.recorded_by),
        "proposed_points": violation.proposed_points if can_view_violation_points(request.user, violation) else None,
        **{name: getattr(violation, name) for name in names},
    }


def _unit(request: HttpRequest, pk: int) -> Unit:
    """SECURITY: foreign keys are resolved among what the reader may see, so that ids of others cannot be written or probed."""
    unit: Unit = get_object_or_404(Unit.objects.visible_to(request.user).active(), pk=pk)
    return unit


def _place(request: HttpRequest, unit: Unit, pk: int | None) -> Place | None:
    return get_object_or_404(Place.objects.visible_to(request.user).active(), pk=pk, unit=unit) if pk else None
