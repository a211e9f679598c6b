"""The treatment of a major hazard: its page, its steps, its notices, and the board that everyone in the plant reads."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from inspections import permissions, workflows
from inspections.choices import LISTED, OPEN_HAZARD, Addressee, HazardStatus, MajorStatus
from inspections.forms import major as forms
from inspections.models import Hazard, MajorProgress, MajorTreatment
from inspections.papers.supervision import lifting_notice, supervision_notice
from inspections.services.major import treatment_of
from inspections.views.hazard_acts import Act, run, seen_hazard
from inspections.views.hazard_reading import read_hazard
from inspections.views.major_story import ADDRESSEES, read_treatment, responsible_post, tell_treatment
from inspections.views.papers import issuer
from responsibilities.permissions import can_view_records
from safetyplant.access.exceptions import WrongState
from safetyplant.access.rules import requires, signed_in
from safetyplant.access.transitions import require, require_state
from safetyplant.reporting.papers import paper_response

#: The board also shows for so long what was lifted: the plant sees that it ends.
STAYS = timedelta(days=30)
MOST_LISTED = 200
BOARD_RELATED = (
    "hazard__unit", "hazard__place", "hazard__level", "hazard__action__unit", "hazard__action__deadline",
    "hazard__action__owner__post", "hazard__action__chain",
)  # fmt: skip
CLOSED = (*OPEN_HAZARD, HazardStatus.CLOSED.value)


@signed_in
@require_GET
def listed_board(request: HttpRequest) -> HttpResponse:
    """SECURITY: public inside the plant, so it names posts and no people, and leads on only for those who see the hazard."""
    recent = Q(status=MajorStatus.LIFTED, ended_at__gte=timezone.now() - STAYS)
    written = MajorProgress.objects.filter(written_at__isnull=False).order_by("-week")
    rows = MajorTreatment.objects.filter(Q(status__in=LISTED) | recent).select_related(*BOARD_RELATED)
    found = list(rows.prefetch_related(Prefetch("progress", written, to_attr="written"))[:MOST_LISTED])
    shown = [treatment.hazard_id for treatment in found]
    visible = set(Hazard.objects.visible_to(request.user).filter(pk__in=shown).order_by().values_list("pk", flat=True))
    listed = [(each, responsible_post(each.hazard.action), each.hazard_id in visible) for each in found if each.hazard.action]
    return render(request, "inspections/listed_board.html", {"listed": listed})


@requires(can_view_records)
@require_GET
def hazard_treatment(request: HttpRequest, pk: int) -> HttpResponse:
    hazard = read_hazard(request.user, pk)
    treatment = hazard.treatment  # type: ignore[attr-defined]
    if treatment is None:
        raise Http404
    return render(
        request, "inspections/hazard_treatment.html", {"hazard": hazard, "story": tell_treatment(treatment, request.user)}
    )


def _decide(hazard: Hazard, form: forms.DecidePlanForm, by: Any) -> MajorTreatment:
    revision, note = form.cleaned_data["revision"], form.cleaned_data["note"]
    if form.approves:
        return workflows.approve_plan(hazard, by=by, note=note, revision=revision, **form.named())
    return workflows.return_plan(hazard, by=by, reason=note, revision=revision)


PLAN = Act(
    title=gettext_lazy("Write the treatment plan"),
    button=gettext_lazy("Hand in the plan"),
    form_class=forms.PlanForm,
    allowed=lambda user, hazard: _may(user, hazard, permissions.can_write_plan),
    perform=lambda hazard, form, by: workflows.propose_plan(hazard, form.plan(), by=by, revision=form.cleaned_data["revision"]),
    done=gettext_lazy("The plan is handed in. The director decides about it."),
)
DECIDE = Act(
    title=gettext_lazy("Decide the treatment plan"),
    button=gettext_lazy("Decide"),
    form_class=forms.DecidePlanForm,
    allowed=lambda user, hazard: _may(user, hazard, permissions.can_decide_plan),
    perform=_decide,
    done=gettext_lazy("Decided. Those concerned are told."),
    template="inspections/treatment_decide.html",
)
VERIFIERS = Act(
    title=gettext_lazy("Name who verifies the fix"),
    button=gettext_lazy("Name them"),
    form_class=forms.VerifiersForm,
    allowed=lambda user, hazard: _may(user, hazard, permissions.can_name_verifiers),
    perform=lambda hazard, form, by: workflows.name_verifiers(
        hazard, by=by, revision=form.cleaned_data["revision"], **form.named()
    ),
    done=gettext_lazy("Named. They are asked as soon as the fix is handed in."),
)
SIGN = Act(
    title=gettext_lazy("Verify the fix of a major hazard"),
    button=gettext_lazy("Sign"),
    form_class=forms.SignForm,
    allowed=lambda user, hazard: _may(user, hazard, permissions.can_sign_verification),
    perform=lambda hazard, form, by: workflows.sign_verification(
        hazard,
        by=by,
        accepted=form.cleaned_data["verdict"] == "yes",
        note=form.cleaned_data["note"],
        revision=form.cleaned_data["revision"],
    ),
    done=gettext_lazy("Signed. The director is told."),
)
PROGRESS = Act(
    title=gettext_lazy("Report progress"),
    button=gettext_lazy("Report"),
    form_class=forms.ProgressForm,
    allowed=lambda user, hazard: _may(user, hazard, permissions.can_report_progress),
    perform=lambda hazard, form, by: workflows.report_progress(hazard, by=by, **form.cleaned_data),
    done=gettext_lazy("Reported. The next report is due in a week."),
)


def _may(user: Any, hazard: Hazard, allowed: Callable[[Any, MajorTreatment], bool]) -> bool:
    treatment = treatment_of(hazard)
    return treatment is not None and allowed(user, treatment)


def _run(request: HttpRequest, pk: int, act: Act, *states: str) -> HttpResponse:
    """404 for a hazard that is not major, 403 without the right, 409 in another state of the treatment."""
    hazard = seen_hazard(request, pk)
    treatment = treatment_of(hazard)
    if treatment is None:
        raise Http404
    require(act.allowed(request.user, hazard), _("This is for someone else to do."))
    require_state(treatment, *states)
    return run(request, pk, act)


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def treatment_plan(request: HttpRequest, pk: int) -> HttpResponse:
    return _run(request, pk, PLAN, MajorStatus.PLANNING)


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def treatment_decide(request: HttpRequest, pk: int) -> HttpResponse:
    return _run(request, pk, DECIDE, MajorStatus.PROPOSED)


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def treatment_verifiers(request: HttpRequest, pk: int) -> HttpResponse:
    return _run(request, pk, VERIFIERS, MajorStatus.APPROVED)


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def treatment_sign(request: HttpRequest, pk: int) -> HttpResponse:
    return _run(request, pk, SIGN, MajorStatus.APPROVED)


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def treatment_progress(request: HttpRequest, pk: int) -> HttpResponse:
    return _run(request, pk, PROGRESS, *LISTED)


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def treatment_outside(request: HttpRequest, pk: int, addressee: str) -> HttpResponse:
    if addressee not in ADDRESSEES:
        raise Http404
    given = ("reported_on", "document_number", "files")
    act = Act(
        title=_("Report to %(addressee)s") % {"addressee": Addressee(addressee).label},
        button=_("Record it"),
        form_class=forms.OutsideForm,
        allowed=lambda user, hazard: _may(user, hazard, permissions.can_report_outside),
        perform=lambda hazard, form, by: workflows.record_outside_report(
            hazard, addressee, by=by, **{name: form.cleaned_data[name] for name in given}
        ),
        done=_("The report is recorded."),
        states=CLOSED,
    )
    return _run(request, pk, act, *LISTED, MajorStatus.LIFTED)


@requires(can_view_records)
@require_GET
def treatment_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice of listed supervision (挂牌督办通知)."""
    treatment, address = _seen_treatment(request, pk)
    return paper_response(lambda: supervision_notice(treatment, issuer=issuer(), address=address), filename=treatment.number)


@requires(can_view_records)
@require_GET
def treatment_lifting(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice that lifts it."""
    treatment, address = _seen_treatment(request, pk)
    if treatment.status != MajorStatus.LIFTED:
        raise WrongState(_("The supervision is not lifted yet."))
    return paper_response(
        lambda: lifting_notice(treatment, issuer=issuer(), address=address), filename=f"{treatment.number}-lifted"
    )


def _seen_treatment(request: HttpRequest, pk: int) -> tuple[MajorTreatment, str]:
    hazard = read_hazard(request.user, pk)
    treatment = read_treatment(hazard)
    if treatment is None:
        raise Http404
    return treatment, request.build_absolute_uri(reverse("inspections:hazard-treatment", args=[pk]))
