"""Site bans: what the gate reads, the list for those who see persons, one ban, and what is done about it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from inspections import penalty_permissions as may
from inspections import workflows
from inspections.filters import SiteBanFilter
from inspections.forms import penalties as forms
from inspections.models import PenaltyRule, SiteBan, Violation
from inspections.services.bans import gate_list
from inspections.services.penalties import log_views
from inspections.views.penalty_acts import Act, about_person, run
from inspections.views.penalty_columns import BAN_COLUMNS, BAN_SORTS, BAN_VIEWS
from inspections.workflows.bans import require_ban
from responsibilities.permissions import can_view_records
from safetyplant.access.rules import requires
from safetyplant.audit.history import history
from safetyplant.reporting.lists import Empty, ListPage

RELATED = (
    "person__unit", "unit__parent", "violation__violation_type", "violation__unit", "violation__penalty", "imposed_by",
    "appealed_by", "decided_by", "lifted_by", "appeal_deadline__owner",
)  # fmt: skip


@requires(may.can_view_gate)
@require_GET
def gate(request: HttpRequest) -> HttpResponse:
    """SECURITY: who may not enter today: name, unit and last day, and nothing of what is behind it."""
    return render(request, "inspections/gate.html", {"lines": gate_list(timezone.localdate()), "now": timezone.now()})


@requires(can_view_records)
@require_GET
def ban_list(request: HttpRequest) -> HttpResponseBase:
    page = ListPage(
        request,
        SiteBan.objects.visible_to(request.user).select_related("person", "unit", "violation"),
        title=gettext_lazy("Site bans"),
        columns=BAN_COLUMNS,
        sorts=BAN_SORTS,
        filterset_class=SiteBanFilter,
        views=BAN_VIEWS,
        empty=Empty(
            gettext_lazy("No site ban"),
            gettext_lazy("Someone of a contractor who was served a notice can be kept off the site for some days."),
            icon="slash-circle",
        ),
        filename="site-bans",
    )
    response = page.response("inspections/ban_list.html", {"can_view_gate": may.can_view_gate(request.user)})
    log_views([ban.violation for ban in page.fetched.rows], by=request.user)
    return response


def seen_ban(request: HttpRequest, pk: int) -> SiteBan:
    return get_object_or_404(SiteBan.objects.visible_to(request.user).select_related(*RELATED), pk=pk)


@requires(can_view_records)
@require_GET
def ban_detail(request: HttpRequest, pk: int) -> HttpResponse:
    ban, today = seen_ban(request, pk), timezone.localdate()
    log_views([ban.violation], by=request.user)
    state = ban.state_on(today)
    waits = bool(ban.appealed_at) and not ban.decision and ban.lifted_at is None
    context = {
        "ban": ban,
        "state": state,
        "waits": waits,
        "can_appeal": may.can_appeal_ban(request.user, ban) and timezone.now() <= ban.appeal_until,
        "can_decide": may.can_decide_ban(request.user, ban),
        "can_lift": may.can_lift_ban(request.user, ban, PenaltyRule.objects.in_force(today), today),
        "sees_violation": Violation.objects.visible_to(request.user).filter(pk=ban.violation_id).exists(),
        "entries": history(ban),
    }
    return render(request, "inspections/ban_detail.html", context)


def _may_lift(user: Any, ban: SiteBan) -> bool:
    today = timezone.localdate()
    return may.can_lift_ban(user, ban, PenaltyRule.objects.in_force(today), today)


def _revision(form: Any) -> int:
    revision: int = form.cleaned_data["revision"]
    return revision


BAN_ACTS: dict[str, Act] = {
    "appeal": Act(
        title=gettext_lazy("Appeal against the site ban"),
        button=gettext_lazy("Send the appeal"),
        form_class=forms.BanAppealForm,
        allowed=may.can_appeal_ban,
        perform=lambda ban, form, by: workflows.appeal_ban(ban, by=by, text=form.cleaned_data["text"], revision=_revision(form)),
        done=gettext_lazy("The appeal is sent to someone who had no part in it. The ban holds until it is decided."),
        states=(),
    ),
    "decide": Act(
        title=gettext_lazy("Decide the appeal against the site ban"),
        button=gettext_lazy("Decide"),
        form_class=forms.BanDecideForm,
        allowed=may.can_decide_ban,
        perform=lambda ban, form, by: workflows.decide_ban(ban, form.outcome(), by=by, revision=_revision(form)),
        done=gettext_lazy("Decided. The person is told."),
        states=(),
    ),
    "lift": Act(
        title=gettext_lazy("Lift the site ban"),
        button=gettext_lazy("Lift it"),
        form_class=forms.ReasonForm,
        allowed=_may_lift,
        perform=lambda ban, form, by: workflows.lift_ban(
            ban, by=by, reason=form.cleaned_data["reason"], revision=_revision(form)
        ),
        done=gettext_lazy("Lifted. The gate no longer sees it."),
        states=(),
    ),
}


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def ban_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    act = BAN_ACTS.get(verb)
    if act is None:
        raise Http404
    ban = seen_ban(request, pk)
    require_ban(ban, verb, timezone.now())
    back = reverse("inspections:ban-detail", args=[pk])
    crumbs: Any = [
        (_("Violations"), reverse("inspections:violation-list")),
        (_("Site bans"), reverse("inspections:ban-list")),
        (ban.number, back),
    ]
    about = about_person(ban.number, ban.person)
    return run(request, ban, act, back=back, crumbs=crumbs, about=about, shows=ban.violation)
