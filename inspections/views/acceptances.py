"""Accepting a hazard for a time, and ending that."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from inspections import permissions, workflows
from inspections.forms.assessment import AcceptForm, EndAcceptanceForm
from inspections.views.hazard_acts import Act, run, seen_hazard
from inspections.workflows.acceptances import ACCEPTABLE
from responsibilities.permissions import can_view_records
from safetyplant.access.exceptions import WrongState
from safetyplant.access.rules import requires
from safetyplant.access.transitions import require

ACCEPT = Act(
    title=gettext_lazy("Accept it for a time"),
    button=gettext_lazy("Accept it for a time"),
    form_class=AcceptForm,
    allowed=permissions.can_accept_hazard,
    perform=lambda hazard, form, by: workflows.accept_hazard(
        hazard,
        by=by,
        reason=form.cleaned_data["reason"],
        interim_control=form.cleaned_data["interim_control"],
        until=form.until,
        revision=form.cleaned_data["revision"],
    ),
    done=gettext_lazy("Accepted for a time. The date of the fix stands still; those concerned are told."),
    states=ACCEPTABLE,
)
END = Act(
    title=gettext_lazy("End the acceptance"),
    button=gettext_lazy("End it now"),
    form_class=EndAcceptanceForm,
    allowed=permissions.can_end_acceptance,
    perform=lambda hazard, form, by: workflows.end_acceptance(
        hazard, by=by, reason=form.cleaned_data["reason"], revision=form.cleaned_data["revision"]
    ),
    done=gettext_lazy("The acceptance is over. The date of the fix goes on."),
)


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def hazard_accept(request: HttpRequest, pk: int) -> HttpResponse:
    hazard = seen_hazard(request, pk)
    if hazard.accepted_until is not None:
        require(permissions.can_accept_hazard(request.user, hazard), _("This is for someone else to do."))
        raise WrongState(_("It is accepted already."))
    return run(request, pk, ACCEPT)


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def hazard_end_acceptance(request: HttpRequest, pk: int) -> HttpResponse:
    hazard = seen_hazard(request, pk)
    if hazard.accepted_until is None:
        raise WrongState(_("This hazard is not accepted at the moment."))
    return run(request, pk, END)
