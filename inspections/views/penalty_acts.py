"""What is done with a violation after it is recorded: serve, sign, refuse, appeal, decide, take back; and with duties."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from inspections import penalty_permissions as may
from inspections import workflows
from inspections.choices import DutyStatus, ViolationStatus
from inspections.forms import penalties as forms
from inspections.models import Duty, PenaltyRule, Violation
from inspections.permissions import can_view_named_person
from inspections.services.penalties import log_views, reckon
from inspections.views.violations import seen_violation
from responsibilities.permissions import can_view_records
from responsibilities.views.form_page import add_faults, form_page
from safetyplant.access.exceptions import NotAllowed, StaleVersion
from safetyplant.access.rules import requires
from safetyplant.access.transitions import require, require_state
from safetyplant.shell.answers import CONFLICT, note_stale, sent

Text = str | Promise
DUTY_RELATED = (
    "person__unit",
    "unit__parent",
    "deadline__owner",
    "check_deadline__owner",
    "done_by",
    "verified_by",
    "proof",
    "entry",
)


@dataclass(frozen=True)
class Act:
    """One thing done on a page of its own. `perform(record, form, by)`."""

    title: Text
    button: Text
    form_class: type[forms.PenaltyActForm]
    allowed: Callable[[Any, Any], bool]
    perform: Callable[[Any, Any, Any], Any]
    done: Text
    states: tuple[str, ...]
    lead: Text = ""


def run(
    request: HttpRequest, record: Any, act: Act, *, back: str, crumbs: Any, about: str = "", shows: Violation | None = None
) -> HttpResponse:
    """403 without the right, 409 in the wrong state, 422 for a faulty form; what was typed stays in the page.

    `shows` is the violation whose person `about` names.
    """
    if act.states:
        require_state(record, *act.states)
    require(act.allowed(request.user, record), _("This is for someone else to do."))
    if shows is not None:
        log_views([shows], by=request.user)
    form, status = act.form_class(**sent(request), record=record, user=request.user), None
    if request.method == "POST" and form.is_valid():
        try:
            act.perform(record, form, request.user)
        except StaleVersion as stale:
            note_stale(form, stale, record.revision)
            status = CONFLICT
        except ValidationError as fault:
            add_faults(form, fault)
        else:
            messages.success(request, str(act.done))
            return redirect(back)
    words = {"title": act.title, "submit": act.button, "lead": act.lead, "about": about}
    return form_page(request, form, **words, back=back, crumbs=crumbs, status=status)


def about_person(number: str, person: Any) -> str:
    """SECURITY: whose record a form is about; the person only where the reader may see the name."""
    return f"{number} · {person.name}" if person is not None else number


def _of_penalty(rule: Callable[[Any, Any], bool]) -> Callable[[Any, Violation], bool]:
    return lambda user, violation: may.penalty_of(violation) is not None and rule(user, violation.penalty)


def _revision(form: Any) -> int:
    revision: int = form.cleaned_data["revision"]
    return revision


NOTICED = (ViolationStatus.NOTICED,)
SERVED = (ViolationStatus.NOTICED, ViolationStatus.APPEALED, ViolationStatus.FINAL)


def may_ban(user: Any, violation: Violation) -> bool:
    return may.can_ban(user, violation, PenaltyRule.objects.in_force(timezone.localdate()))


ACTS: dict[str, Act] = {
    "ban": Act(
        title=gettext_lazy("Impose a site ban"),
        button=gettext_lazy("Impose the site ban"),
        form_class=forms.BanForm,
        allowed=may_ban,
        perform=lambda violation, form, by: workflows.impose_ban(violation, form.terms(), by=by, revision=_revision(form)),
        done=gettext_lazy(
            "Imposed. The person and those who answer for the contractor are told; the gate sees it from its first day."
        ),
        states=SERVED,
        lead=gettext_lazy(
            "It holds from its first day, also while an appeal waits. It can be appealed and never becomes longer."
        ),
    ),
    "serve": Act(
        title=gettext_lazy("Serve the penalty notice"),
        button=gettext_lazy("Serve the notice"),
        form_class=forms.ServeForm,
        allowed=may.can_serve_notice,
        perform=lambda violation, form, by: workflows.serve_notice(violation, form.terms(), by=by, revision=_revision(form)),
        done=gettext_lazy("Served. The person is told and asked to sign for it."),
        states=(ViolationStatus.RECORDED,),
        lead=gettext_lazy("What it says stays as it is from then on. The person can appeal; an appeal never makes it more."),
    ),
    "sign": Act(
        title=gettext_lazy("Sign for the notice"),
        button=gettext_lazy("Sign"),
        form_class=forms.SignForm,
        allowed=_of_penalty(may.can_sign_notice),
        perform=lambda violation, form, by: workflows.sign_notice(violation, by=by, password=form.cleaned_data["password"]),
        done=gettext_lazy("Signed. From now on your days to appeal count."),
        states=NOTICED,
    ),
    "paper": Act(
        title=gettext_lazy("Signed on paper"),
        button=gettext_lazy("Keep the signed notice"),
        form_class=forms.PaperForm,
        allowed=_of_penalty(may.can_record_receipt),
        perform=lambda violation, form, by: workflows.record_paper(violation, by=by, photos=form.cleaned_data["photos"]),
        done=gettext_lazy("Kept. From now on the days to appeal count."),
        states=NOTICED,
        lead=gettext_lazy("For someone without an account: print the notice, have it signed, and add a picture of it."),
    ),
    "refuse": Act(
        title=gettext_lazy("The signature was refused"),
        button=gettext_lazy("Name the witness"),
        form_class=forms.RefusalForm,
        allowed=_of_penalty(may.can_record_receipt),
        perform=lambda violation, form, by: workflows.record_refusal(violation, by=by, witness=form.cleaned_data["witness"]),
        done=gettext_lazy("The witness is asked to confirm it. The days to appeal count from then on."),
        states=NOTICED,
    ),
    "appeal": Act(
        title=gettext_lazy("Appeal"),
        button=gettext_lazy("Send the appeal"),
        form_class=forms.AppealForm,
        allowed=_of_penalty(may.can_appeal),
        perform=lambda violation, form, by: workflows.appeal(violation, by=by, text=form.cleaned_data["text"]),
        done=gettext_lazy("Your appeal is sent to someone who had no part in it. Nothing counts until it is decided."),
        states=NOTICED,
    ),
    "decide": Act(
        title=gettext_lazy("Decide the appeal"),
        button=gettext_lazy("Decide"),
        form_class=forms.DecideForm,
        allowed=_of_penalty(may.can_decide_appeal),
        perform=lambda violation, form, by: workflows.decide_appeal(violation, form.outcome(), by=by, revision=_revision(form)),
        done=gettext_lazy("Decided. The person and whoever served the notice are told."),
        states=(ViolationStatus.APPEALED,),
    ),
    "takeback": Act(
        title=gettext_lazy("Take the points back"),
        button=gettext_lazy("Take them back"),
        form_class=forms.ReasonForm,
        allowed=_of_penalty(may.can_take_back_points),
        perform=lambda violation, form, by: workflows.take_back_points(violation, by=by, reason=form.cleaned_data["reason"]),
        done=gettext_lazy("Taken back. The entry stays in the account with its counter-entry."),
        states=(ViolationStatus.FINAL,),
        lead=gettext_lazy("For what turns out to be wrong after it is final. Duties that these points brought fall away."),
    ),
}


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def violation_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    act = ACTS.get(verb)
    if act is None:
        raise Http404
    violation = seen_violation(request, pk)
    if verb == "serve":
        violation.reckoned = reckon(  # type: ignore[attr-defined]
            violation.violation_type, violation.person, violation.found_at,
            level=violation.level, self_reported=violation.self_reported, but=violation.pk,
        )  # fmt: skip
    if verb == "decide" and may.penalty_of(violation) is not None:
        # What is decided about stands above the form; who may not decide is refused before it is drawn.
        words = {"points": violation.penalty.points, "text": violation.penalty.appeal_text}
        act = Act(**{**vars(act), "lead": _("The notice says %(points)s points. The appeal: %(text)s") % words})
    if verb == "sign" and request.method == "POST":
        limit_guesses(request)
    back = reverse("inspections:violation-detail", args=[pk])
    crumbs = [(_("Violations"), reverse("inspections:violation-list")), (violation.number, back)]
    is_named = can_view_named_person(request.user, violation)
    about = about_person(violation.number, violation.person if is_named else None)
    return run(request, violation, act, back=back, crumbs=crumbs, about=about, shows=violation if is_named else None)


def limit_guesses(request: HttpRequest) -> None:
    """SECURITY: whoever has someone's open session must not be able to guess their password here instead of at the login."""
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        raise NotAllowed(_("Too many attempts. Wait a few minutes, then try again."))


WITNESS = Act(
    title=gettext_lazy("You saw a refusal"),
    button=gettext_lazy("I saw it"),
    form_class=forms.ConfirmForm,
    allowed=_of_penalty(may.can_witness_refusal),
    perform=lambda violation, _form, by: workflows.confirm_refusal(violation, by=by),
    done=gettext_lazy("Confirmed. Thank you."),
    states=NOTICED,
)


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def violation_witness(request: HttpRequest, pk: int) -> HttpResponse:
    """SECURITY: the witness is shown no more than the number: who it concerns they know from having been there."""
    rows = Violation.objects.to_be_witnessed_by(request.user).select_related("penalty__receipt_by")
    violation = get_object_or_404(rows, pk=pk)
    words = {"number": violation.number, "name": violation.penalty.receipt_by.name if violation.penalty.receipt_by else ""}
    lead = _("%(name)s says that you were there when penalty notice %(number)s was shown and the signature refused.") % words
    lead += " " + _("Confirm it only if you saw it. Otherwise leave this page and say so.")
    act = Act(**{**vars(WITNESS), "lead": lead})
    return run(request, violation, act, back=reverse("responsibilities:home"), crumbs=())


DUTY_ACTS: dict[str, Act] = {
    "done": Act(
        title=gettext_lazy("Duty seen to"),
        button=gettext_lazy("Send for checking"),
        form_class=forms.DutyDoneForm,
        allowed=may.can_do_duty,
        perform=lambda duty, form, by: workflows.do_duty(
            duty, by=by, note=form.cleaned_data["note"], photos=form.cleaned_data["photos"], revision=_revision(form)
        ),
        done=gettext_lazy("Sent for checking."),
        states=(DutyStatus.OPEN,),
    ),
    "check": Act(
        title=gettext_lazy("Accept the proof"),
        button=gettext_lazy("Accept and close"),
        form_class=forms.ConfirmForm,
        allowed=may.can_check_duty,
        perform=lambda duty, form, by: workflows.check_duty(duty, by=by, revision=_revision(form)),
        done=gettext_lazy("Accepted. The duty is closed."),
        states=(DutyStatus.DONE,),
    ),
    "return": Act(
        title=gettext_lazy("Return the duty"),
        button=gettext_lazy("Return it"),
        form_class=forms.ReasonForm,
        allowed=may.can_check_duty,
        perform=lambda duty, form, by: workflows.return_duty(
            duty, by=by, reason=form.cleaned_data["reason"], revision=_revision(form)
        ),
        done=gettext_lazy("Returned."),
        states=(DutyStatus.DONE,),
    ),
}


def seen_duty(request: HttpRequest, pk: int) -> Duty:
    return get_object_or_404(Duty.objects.visible_to(request.user).select_related(*DUTY_RELATED), pk=pk)


@requires(can_view_records)
@require_http_methods(["GET", "HEAD", "POST"])
def duty_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    act = DUTY_ACTS.get(verb)
    if act is None:
        raise Http404
    duty = seen_duty(request, pk)
    back = reverse("inspections:duty-detail", args=[pk])
    crumbs = [(_("Duties after points"), reverse("inspections:duty-list")), (duty.number, back)]
    return run(request, duty, act, back=back, crumbs=crumbs, about=about_person(duty.number, duty.person))
