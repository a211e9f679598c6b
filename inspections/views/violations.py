"""Violations: the list, recording one, and its page. SECURITY: the person is shown field by field, by permission."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from inspections.choices import ViolationStatus
from inspections.filters import ViolationFilter
from inspections.forms.violations import CancelViolationForm, ViolationForm
from inspections.models import Violation
from inspections.penalty_permissions import can_compare_penalties, can_serve_penalties, can_view_points
from inspections.permissions import (
    can_cancel_violation,
    can_record_violation,
    can_view_named_person,
    can_view_violation_points,
)
from inspections.services import record_violation
from inspections.services.penalties import log_views
from inspections.services.readers import LIST, log_exported, log_shown
from inspections.views.hazard_report import scanned_place
from inspections.views.hazard_story import Fact, chain_lines
from inspections.views.penalty_story import PENALTY_RELATED, penalty_card
from inspections.views.scopes import violation_scope
from inspections.views.violation_columns import EMPTY, EMPTY_FOR_RECORDERS, LIST_RELATED, SORTS, VIEWS, columns_for
from inspections.workflows import cancel_violation
from responsibilities.models import Person
from responsibilities.permissions import can_view_records
from responsibilities.views.form_page import add_faults
from safetyplant.access.rules import requires
from safetyplant.access.transitions import require, require_state
from safetyplant.audit.history import history
from safetyplant.reporting.lists import ListPage
from safetyplant.shell.answers import form_page, sent
from safetyplant.shell.templatetags.shell import ref, when

STORY_RELATED = (
    "unit", "place", "person__unit", "violation_type", "level", "clause__version__document", "item__version__document",
    "inspection", "recorded_by", "cancelled_by", "photos", "chain", *PENALTY_RELATED,
)  # fmt: skip


@requires(can_view_records)
@require_GET
def violation_list(request: HttpRequest) -> HttpResponseBase:
    can_record = can_record_violation(request.user)
    page = ListPage(
        request,
        Violation.objects.visible_to(request.user).select_related(*LIST_RELATED),
        title=_("Violations"),
        columns=columns_for(request.user),
        sorts=SORTS,
        filterset_class=ViolationFilter,
        views=VIEWS,
        scope=violation_scope(request),
        empty=EMPTY_FOR_RECORDERS if can_record else EMPTY,
        filename=_("violations"),
    )
    response = page.response("inspections/violation_list.html", {"can_record": can_record, **_menu(request.user)})
    if any(column.key == "person" for column in page.columns):
        if page.is_export:
            log_exported(page.rows_all, by=request.user)
        else:
            log_shown(page.fetched.rows, by=request.user, way=LIST)
    return response


@requires(can_record_violation)
@require_http_methods(["GET", "HEAD", "POST"])
def violation_new(request: HttpRequest) -> HttpResponse:
    """Sent twice, it is the same violation."""
    form = ViolationForm(**sent(request), user=request.user, initial={"where": scanned_place(request)})
    if request.method == "POST" and form.is_valid():
        try:
            violation, is_new = record_violation(form.record(), by=request.user)
        except ValidationError as fault:
            add_faults(form, fault)
        else:
            if is_new:
                messages.success(request, _("Recorded. The person and the head of the unit are told."))
            return redirect("inspections:violation-detail", violation.pk)
    return form_page(request, "inspections/violation_new.html", form)


@requires(can_view_records)
@require_GET
def violation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    violation = seen_violation(request, pk)
    shows_person = can_view_named_person(request.user, violation)
    if shows_person:
        log_views([violation], by=request.user)
    context = {
        "violation": violation,
        "shows_person": shows_person,
        "can_cancel": violation.status == ViolationStatus.RECORDED and can_cancel_violation(request.user, violation),
        "chain": chain_lines(violation.chain, known=violation.unit, is_over=True),
        "facts": facts_of(request.user, violation),
        # SECURITY: the sentences registered for violations name their actor, never the person concerned.
        "entries": history(violation),
        "card": penalty_card(request.user, violation),
        "can_view_points": shows_person and violation.person_id and can_view_points(request.user, violation.person),
    }
    return render(request, "inspections/violation_detail.html", context)


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def violation_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    violation = seen_violation(request, pk)
    require(can_cancel_violation(request.user, violation), _("This is for someone else to do."))
    require_state(violation, ViolationStatus.RECORDED)
    form = CancelViolationForm(**sent(request))
    if request.method == "POST" and form.is_valid():
        cancel_violation(violation, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Cancelled. The reason stays with it."))
        return redirect("inspections:violation-detail", pk)
    return form_page(request, "inspections/violation_cancel.html", form, {"violation": violation})


def _menu(user: Person) -> dict[str, bool]:
    return {"can_serve": can_serve_penalties(user), "can_compare": can_compare_penalties(user)}


def seen_violation(request: HttpRequest, pk: int) -> Violation:
    return get_object_or_404(Violation.objects.visible_to(request.user).select_related(*STORY_RELATED), pk=pk)


def facts_of(reader: Person, violation: Violation) -> list[Fact]:
    visit = violation.inspection
    found_on = ref(visit.number, reverse("inspections:inspection-detail", args=[visit.pk])) if visit else ""
    kind = violation.violation_type
    return [
        (_("Breach"), kind.label if kind else _("Not in the catalogue")),
        (_("Class"), kind.get_violation_class_display() if kind else ""),
        (_("Points proposed"), violation.proposed_points if can_view_violation_points(reader, violation) else None),
        (_("Level"), violation.level.word if violation.level else ""),
        (_("Clause"), clause_words(violation)),
        (_("Put right on the spot"), violation.correction),
        (_("Found"), when(violation.found_at)),
        (_("Recorded by"), violation.recorded_by.name),
        (_("Inspection"), found_on),
        (_("Self-reported"), _("Yes, it costs no points") if violation.self_reported else ""),
        (_("Cancelled because"), violation.cancel_reason),
    ]


def clause_words(violation: Violation) -> str:
    clause = violation.clause or violation.item
    if clause is None:
        return violation.clause_text
    words = {"standard": clause.version.document.label, "version": clause.version.number, "item": clause.number}
    cited = _("%(standard)s v%(version)s, item %(item)s") % words
    return f"{cited}: {clause.label}"
