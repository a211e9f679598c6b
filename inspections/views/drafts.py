"""Logging an inspection: save as one types, look it over, submit. Nothing typed is lost on the way."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from inspections.choices import InspectionStatus, Result
from inspections.forms.checklists import Checklist
from inspections.models import ChecklistItem, Inspection
from inspections.permissions import can_edit_inspection, can_inspect
from inspections.services import save_answers
from inspections.services.inspections import Draft, Readings, discard_draft, score_of, stored_draft
from inspections.workflows import submit_inspection
from inspections.workflows.faults import find_faults
from inspections.workflows.inspections import Incomplete
from responsibilities.chain import ChainReader, chain_for
from responsibilities.models import Level, Person
from responsibilities.services.deadlines import usual_level
from responsibilities.services.owners import choose_owner
from safetyplant.access.exceptions import WrongState
from safetyplant.access.rendering import is_script
from safetyplant.access.rules import requires
from safetyplant.access.transitions import require, require_state
from safetyplant.shell.answers import CONFLICT, UNPROCESSABLE

RELATED = ("unit", "place", "standard__document", "created_by")


DraftView = Callable[[HttpRequest, Inspection], HttpResponse]


def on_own_draft(view: DraftView) -> Callable[[HttpRequest, int], HttpResponse]:
    """The view gets the reader's draft: 404 when it is not theirs to see, 403 when they may no longer inspect.

    Once it is submitted 409; whoever comes back to it by "Back" is told that they sent it, not that someone changed it.
    """

    @wraps(view)
    def with_draft(request: HttpRequest, pk: int) -> HttpResponse:
        inspection = get_object_or_404(Inspection.objects.visible_to(request.user).select_related(*RELATED), pk=pk)
        require(inspection.created_by_id == request.user.pk, _("Only whoever began this inspection writes in it."))
        if inspection.status != InspectionStatus.DRAFT and not is_script(request):
            return render(request, "inspections/inspection_submitted.html", {"inspection": inspection}, status=CONFLICT)
        require_state(inspection, InspectionStatus.DRAFT)
        require(can_edit_inspection(request.user, inspection), _("You may no longer inspect this unit."))
        return view(request, inspection)

    return with_draft


def draft_page(
    request: HttpRequest, inspection: Inspection, checklist: Checklist | None = None, *, status: int = 200
) -> HttpResponse:
    checklist = checklist or Checklist(inspection, request.user)
    context = {"inspection": inspection, "checklist": checklist, "chain": chain_for(inspection.unit)}
    return render(request, "inspections/inspection_draft.html", context, status=status)


def take_in(request: HttpRequest, inspection: Inspection) -> Checklist:
    """Save what came, also when a part of it is faulty: the rest must not be typed again."""
    checklist = Checklist(inspection, request.user, data=request.POST, files=request.FILES)
    checklist.is_valid()
    save_answers(inspection, checklist.typed(), by=request.user, note=checklist.note, whole=True)
    return checklist


@requires(can_inspect)
@require_POST
@on_own_draft
def inspection_save(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Autosave and "Save draft"; "Look it over" saves and goes on to the review."""
    checklist = take_in(request, inspection)
    if checklist.faults:
        if is_script(request):
            return JsonResponse({"saved": True, "faults": len(checklist.faults)}, status=UNPROCESSABLE)
        return draft_page(request, inspection, checklist, status=UNPROCESSABLE)
    if is_script(request):
        return JsonResponse({"saved": True, "answered": checklist.answered, "failed": checklist.failed})
    if "review" in request.POST:
        return redirect("inspections:inspection-review", inspection.pk)
    if "more" not in request.POST:
        messages.success(request, _("Draft saved."))
    return redirect("inspections:inspection-detail", inspection.pk)


@requires(can_inspect)
@require_GET
@on_own_draft
def inspection_review(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """What submitting will do, before it is done; with something missing, the page that says what."""
    faults = find_faults(draft_of(inspection), by=request.user)
    if faults or is_empty_free(inspection):
        return faulty_page(request, inspection, faults)
    return render(request, "inspections/inspection_review.html", {"inspection": inspection, **summary_of(inspection)})


@requires(can_inspect)
@require_POST
@on_own_draft
def inspection_submit(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    if is_empty_free(inspection):
        return faulty_page(request, inspection, {})
    try:
        submit_inspection(inspection, by=request.user)
    except Incomplete as incomplete:
        return faulty_page(request, inspection, incomplete.faults)
    messages.success(request, _("Submitted. The head of the unit is asked to take note."))
    return redirect("inspections:inspection-detail", inspection.pk)


@requires(can_inspect)
@require_POST
@on_own_draft
def inspection_discard(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    discard_draft(inspection, by=request.user)
    messages.success(request, _("The draft is gone."))
    return redirect("inspections:inspection-list")


def faulty_page(request: HttpRequest, inspection: Inspection, faults: dict[int, str]) -> HttpResponse:
    checklist = Checklist(inspection, request.user)
    checklist.mark(faults or {1: _("Add at least one finding, or inspect by a checklist")})
    return draft_page(request, inspection, checklist, status=UNPROCESSABLE)


def is_empty_free(inspection: Inspection) -> bool:
    """A free inspection that found nothing says nothing: such a visit goes by a checklist."""
    return inspection.standard_id is None and not inspection.answers.exists() and not inspection.note.strip()


def draft_of(inspection: Inspection) -> Draft:
    return stored_draft(inspection, Readings(timezone.now()))


def summary_of(inspection: Inspection) -> dict[str, Any]:
    """Counts, score, and each failed item with what will become of it."""
    draft = draft_of(inspection)
    answers = draft.items.asked_among(draft.answers)
    reader = ChainReader()
    failed = [(answer, answer.checklist_item) for answer in answers if answer.result == Result.FAIL]
    return {
        "counts": {result: sum(answer.result == result for answer in answers) for result in Result.values},
        "score": score_of(inspection, answers),
        "findings": [
            Finding(answer, item, fixer)
            for (answer, item), fixer in zip(failed, _fixers(inspection, failed, reader), strict=True)
        ],
        "chain": reader.chain(inspection.unit_id),
    }


def _fixers(
    inspection: Inspection, failed: list[tuple[Any, ChecklistItem | None]], reader: ChainReader
) -> Iterable[Person | None]:
    """Who would get each finding to fix, by its level, which without an item is the usual one; None where nobody answers."""
    chosen: dict[str | None, Person | None] = {}
    for _answer, item in failed:
        key = item.level_id if item is not None else None
        if key not in chosen:
            chosen[key] = fixer_of(inspection, item.level if item is not None else usual_level(), reader)
        yield chosen[key]


def fixer_of(inspection: Inspection, level: Level, reader: ChainReader) -> Person | None:
    try:
        return choose_owner(reader, inspection.unit, level)
    except WrongState:
        return None


@dataclass(frozen=True)
class Finding:
    """A failed item as it will be handed on: `fixer` gets the hazard, `photos` go with it."""

    answer: Any
    item: ChecklistItem | None
    fixer: Person | None

    @property
    def photos(self) -> int:
        draft = self.answer.draft
        return len(draft.get("photos") or ()) + len(draft.get("after_photos") or ())
