"""Pages around penalties: a person's own record, duties, proposals, the comparison of clauses, what is posted."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from inspections import metrics_penalties as metrics
from inspections import penalty_permissions as may
from inspections import workflows
from inspections.choices import DutyStatus, Posting
from inspections.filters import DutyFilter, ProposalFilter
from inspections.forms.penalties import ProposalReasonForm
from inspections.models import Duty, PenaltyRule, Proposal, Violation
from inspections.papers.penalty import penalty_notice
from inspections.permissions import can_view_named_person
from inspections.services.penalties import log_views
from inspections.views.papers import issuer
from inspections.views.penalty_acts import seen_duty
from inspections.views.penalty_columns import (
    DUTY_COLUMNS,
    DUTY_SORTS,
    DUTY_VIEWS,
    PROPOSAL_COLUMNS,
    PROPOSAL_SORTS,
    PROPOSAL_VIEWS,
)
from inspections.views.penalty_story import PENALTY_RELATED
from inspections.views.violations import STORY_RELATED
from responsibilities.models import Person
from responsibilities.permissions import can_view_records
from responsibilities.views.form_page import add_faults, form_page
from safetyplant.access.rules import requires
from safetyplant.access.transitions import require
from safetyplant.audit.history import history
from safetyplant.reporting.lists import Empty, ListPage
from safetyplant.reporting.papers import paper_response
from safetyplant.shell.answers import sent

SHOWN_VIEWS = 50
COMPARED = timedelta(days=365)


@requires(can_view_records)
@require_GET
def violation_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The penalty notice as PDF, in the language of the person it is served on."""
    rows = Violation.objects.visible_to(request.user).select_related(*STORY_RELATED, *PENALTY_RELATED)
    violation = get_object_or_404(rows, pk=pk, penalty__isnull=False)
    require(can_view_named_person(request.user, violation), _("The name is seen by those concerned alone."))
    log_views([violation], by=request.user)
    address = request.build_absolute_uri(reverse("inspections:violation-detail", args=[pk]))
    language = violation.penalty.addressee.language or None
    return paper_response(
        lambda: penalty_notice(violation, issuer=issuer(), address=address),
        filename=f"{violation.number}-notice",
        language=language,
    )


@requires(can_view_records)
@require_GET
def own_record(request: HttpRequest) -> HttpResponse:
    return _record(request, request.user)


@requires(can_view_records)
@require_GET
def person_record(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user).select_related("unit"), pk=pk)
    require(
        may.can_view_points(request.user, person), _("Only they themselves and those who see persons of their unit see this.")
    )
    return _record(request, person)


def _record(request: HttpRequest, person: Person) -> HttpResponse:
    """Points by year with each entry, duties, and for the person alone who looked."""
    is_own = person.pk == request.user.pk
    account = metrics.account_of(person)
    if not is_own:
        log_views([entry.violation for entry in account.entries if entry.violation is not None], by=request.user)
    context = {
        "person": person,
        "is_own": is_own,
        "account": account,
        "duties": list(Duty.objects.filter(person=person).select_related("deadline").order_by("-created_at")[:SHOWN_VIEWS]),
        "views": metrics.views_of(person, SHOWN_VIEWS) if is_own else [],
        "rule": metrics.thresholds_on(timezone.localdate()),
    }
    return render(request, "inspections/points_record.html", context)


@requires(can_view_records)
@require_GET
def duty_list(request: HttpRequest) -> HttpResponseBase:
    page = ListPage(
        request,
        Duty.objects.visible_to(request.user).select_related("person", "unit", "deadline"),
        title=gettext_lazy("Duties after points"),
        columns=DUTY_COLUMNS,
        sorts=DUTY_SORTS,
        filterset_class=DutyFilter,
        views=DUTY_VIEWS,
        empty=Empty(
            gettext_lazy("No duty yet"),
            gettext_lazy("When someone's points of the year reach a threshold, what follows is kept here."),
        ),
        filename="duties",
    )
    return page.response("inspections/duty_list.html", {})


@requires(can_view_records)
@require_GET
def duty_detail(request: HttpRequest, pk: int) -> HttpResponse:
    duty = seen_duty(request, pk)
    context = {
        "duty": duty,
        "can_do": may.can_do_duty(request.user, duty),
        "can_check": may.can_check_duty(request.user, duty),
        "owner": duty.check_deadline.owner if duty.status == DutyStatus.DONE and duty.check_deadline else duty.deadline.owner,
        "due_at": duty.check_deadline.due_at if duty.status == DutyStatus.DONE and duty.check_deadline else duty.deadline.due_at,
        "is_over": duty.status in (DutyStatus.VERIFIED, DutyStatus.CANCELLED),
        "entries": history(duty),
    }
    return render(request, "inspections/duty_detail.html", context)


@requires(may.can_serve_penalties)
@require_GET
def proposal_list(request: HttpRequest) -> HttpResponseBase:
    related = ("person", "unit", "deadline", "violation", "action")
    page = ListPage(
        request,
        Proposal.objects.visible_to(request.user).select_related(*related),
        title=gettext_lazy("Proposed penalties"),
        columns=PROPOSAL_COLUMNS,
        sorts=PROPOSAL_SORTS,
        filterset_class=ProposalFilter,
        views=PROPOSAL_VIEWS,
        empty=Empty(
            gettext_lazy("Nothing is proposed"),
            gettext_lazy(
                "A unit head's linked share and fixes long overdue are proposed here. Nothing follows unless someone confirms it."
            ),
        ),
        filename="proposals",
    )
    return page.response("inspections/proposal_list.html", {})


@requires(can_view_records)
@require_GET
def proposal_detail(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = seen_proposal(request, pk)
    context = {
        "proposal": proposal,
        "can_decide": may.can_decide_proposal(request.user, proposal),
        "entries": history(proposal),
    }
    return render(request, "inspections/proposal_detail.html", context)


def seen_proposal(request: HttpRequest, pk: int) -> Proposal:
    related = ("person__unit", "unit__parent", "deadline__owner", "violation", "action__hazard", "level", "decided_by", "result")
    return get_object_or_404(Proposal.objects.visible_to(request.user).select_related(*related), pk=pk)


@requires(can_view_records)
@require_POST
def proposal_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = workflows.confirm_proposal(seen_proposal(request, pk), by=request.user)
    messages.success(request, _("Confirmed. It is recorded as a violation; its notice is served next."))
    assert proposal.result is not None
    return redirect("inspections:violation-detail", proposal.result.pk)


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = seen_proposal(request, pk)
    require(may.can_decide_proposal(request.user, proposal), _("This is for someone else to do."))
    form, back = ProposalReasonForm(**sent(request)), reverse("inspections:proposal-detail", args=[pk])
    if request.method == "POST" and form.is_valid():
        try:
            workflows.dismiss_proposal(proposal, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as fault:
            add_faults(form, fault)
        else:
            messages.success(request, _("Dismissed. Nothing follows."))
            return redirect("inspections:proposal-list")
    crumbs: Any = [(_("Proposed penalties"), reverse("inspections:proposal-list"))]
    return form_page(request, form, title=_("Dismiss the proposal"), submit=_("Dismiss it"), back=back, crumbs=crumbs)


@requires(may.can_compare_penalties)
@require_GET
def clause_comparison(request: HttpRequest) -> HttpResponse:
    """The same clause and the same time in the year, but another penalty: both records side by side."""
    groups = metrics.unequal_penalties(since=timezone.now() - COMPARED)
    log_views([line.violation for group in groups for line in group.lines], by=request.user)
    return render(request, "inspections/clause_comparison.html", {"groups": groups, "most": metrics.MOST_GROUPS})


@requires(can_view_records)
@require_GET
def posted(request: HttpRequest) -> HttpResponse:
    """What the rule posts inside the plant, for so many days: by name, or by post alone. Off unless the rule says so."""
    rule = PenaltyRule.objects.in_force(timezone.localdate())
    context = {"rule": rule, "lines": metrics.posted_lines(rule, reader=request.user), "is_off": rule.posting == Posting.OFF}
    return render(request, "inspections/posted.html", context)
