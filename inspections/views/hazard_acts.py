"""What is done with a hazard after it is reported: assess, change its level, decide, cancel, stop and release work."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from inspections import permissions, workflows
from inspections.choices import OPEN_HAZARD, HazardStatus
from inspections.forms.assessment import AssessForm, CancelForm, ChangeLevelForm, DecideForm, ReleaseForm
from inspections.forms.hazards import HazardActForm
from inspections.models import Hazard
from responsibilities.permissions import can_view_records
from responsibilities.views.form_page import add_faults
from safetyplant.access.exceptions import StaleVersion, WrongState
from safetyplant.access.rules import requires
from safetyplant.access.transitions import require, require_state
from safetyplant.shell.answers import CONFLICT, form_page, note_stale, sent

Text = str | Promise
RELATED = ("unit", "place", "level", "reported_by", "action__owner", "action__unit", "releaser", "category")


def seen_hazard(request: HttpRequest, pk: int) -> Hazard:
    """404 outside the reader's scope."""
    return get_object_or_404(Hazard.objects.visible_to(request.user).select_related(*RELATED), pk=pk)


@dataclass(frozen=True)
class Act:
    """One thing done with a hazard on a page of its own."""

    title: Text
    button: Text
    form_class: type[HazardActForm]
    allowed: Callable[[Any, Hazard], bool]
    perform: Callable[[Hazard, Any, Any], Any]
    done: Text
    tone: str = "primary"
    states: tuple[str, ...] = tuple(OPEN_HAZARD)
    template: str = "inspections/hazard_act.html"


def run(request: HttpRequest, pk: int, act: Act) -> HttpResponse:
    """403 without the right, 409 in the wrong state, 422 for a faulty form; what was typed stays in the page."""
    hazard = seen_hazard(request, pk)
    require(act.allowed(request.user, hazard), _("This is for someone else to do."))
    require_state(hazard, *act.states)
    form = act.form_class(**sent(request), hazard=hazard, user=request.user)
    status = None
    if request.method == "POST" and "compute" not in request.POST and form.is_valid():
        try:
            act.perform(hazard, form, request.user)
        except StaleVersion as stale:
            note_stale(form, stale, hazard.revision)
            status = CONFLICT
        except ValidationError as fault:
            add_faults(form, fault)
        else:
            messages.success(request, str(act.done))
            return redirect("inspections:hazard-detail", hazard.pk)
    return form_page(request, act.template, form, {"hazard": hazard, "act": act}, status=status)


def _revision(form: Any) -> int | None:
    return form.cleaned_data["revision"]


ASSESS = Act(
    title=gettext_lazy("Assess the hazard"),
    button=gettext_lazy("Assess and assign"),
    form_class=AssessForm,
    allowed=permissions.can_assess_hazard,
    perform=lambda hazard, form, by: workflows.assess_hazard(hazard, form.assessment(), by=by, revision=_revision(form)),
    done=gettext_lazy("Assessed. The person who fixes it and the one who reported it are told."),
    states=(HazardStatus.REPORTED,),
    template="inspections/hazard_assess.html",
)
CHANGE_LEVEL = Act(
    title=gettext_lazy("Change the level"),
    button=gettext_lazy("Change the level"),
    form_class=ChangeLevelForm,
    allowed=permissions.can_assess_hazard,
    perform=lambda hazard, form, by: workflows.change_level(
        hazard,
        by=by,
        level=form.cleaned_data["level"],
        reason=form.cleaned_data["reason"],
        interim_control=form.cleaned_data["interim_control"],
        revision=_revision(form),
    ),
    done=gettext_lazy("The level is changed."),
)
DECIDE = Act(
    title=gettext_lazy("Decide whether it is major"),
    button=gettext_lazy("Decide"),
    form_class=DecideForm,
    allowed=permissions.can_decide_major,
    perform=lambda hazard, form, by: workflows.decide_major(
        hazard,
        by=by,
        is_major=form.cleaned_data["is_major"] == "yes",
        reason=form.cleaned_data["reason"],
        revision=_revision(form),
    ),
    done=gettext_lazy("Decided."),
)
CANCEL = Act(
    title=gettext_lazy("Cancel the hazard"),
    button=gettext_lazy("Cancel it"),
    form_class=CancelForm,
    allowed=permissions.can_cancel_hazard,
    perform=lambda hazard, form, by: workflows.cancel_hazard(
        hazard, by=by, reason=form.cleaned_data["reason"], revision=_revision(form)
    ),
    done=gettext_lazy("Cancelled. The reason stays with it."),
    tone="stop",
)
RELEASE = Act(
    title=gettext_lazy("Release the work"),
    button=gettext_lazy("Release the work"),
    form_class=ReleaseForm,
    allowed=permissions.can_release_work,
    perform=lambda hazard, form, by: workflows.release_work(hazard, by=by, note=form.cleaned_data["note"]),
    done=gettext_lazy("The work is released. The chain is told."),
)


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def hazard_assess(request: HttpRequest, pk: int) -> HttpResponse:
    return run(request, pk, ASSESS)


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def hazard_level(request: HttpRequest, pk: int) -> HttpResponse:
    hazard = seen_hazard(request, pk)
    if hazard.action_id is None and permissions.can_assess_hazard(request.user, hazard):
        raise WrongState(_("Assess the hazard first."))
    return run(request, pk, CHANGE_LEVEL)


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def hazard_decide(request: HttpRequest, pk: int) -> HttpResponse:
    return run(request, pk, DECIDE)


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def hazard_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    return run(request, pk, CANCEL)


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def hazard_release(request: HttpRequest, pk: int) -> HttpResponse:
    hazard = seen_hazard(request, pk)
    if not hazard.is_stopped:
        raise WrongState(_("Work is not stopped here."))
    return run(request, pk, RELEASE)


@requires(can_view_records)
@require_POST
def hazard_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap: nobody is asked twice while someone is in danger."""
    hazard = seen_hazard(request, pk)
    workflows.stop_work(hazard, by=request.user)
    messages.success(request, _("Work is stopped. The whole chain is told now."))
    return redirect("inspections:hazard-detail", hazard.pk)
