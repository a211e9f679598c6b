"""Corrective actions: their list, and the steps that every subject shares."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from responsibilities import permissions, workflows
from responsibilities.choices import AnswerKind
from responsibilities.evidence import photo_sets_of
from responsibilities.filters import ActionFilter
from responsibilities.forms.actions import AnswerForm
from responsibilities.home import task_title
from responsibilities.models import CorrectiveAction, Escalation
from responsibilities.panels import possible_answers
from responsibilities.views.action_columns import COLUMNS, SORTS, VIEWS
from responsibilities.views.form_page import add_faults, form_page, posted
from responsibilities.views.verbs import VERBS, Verb, open_request
from safetyplant.access.exceptions import StaleVersion, WrongState
from safetyplant.access.rendering import is_script
from safetyplant.access.rules import signed_in
from safetyplant.access.transitions import require, require_state
from safetyplant.reporting.lists import Empty, ListPage

#: Steps of whoever checks, which the fixer never takes.
CHECKING = ("verify", "return")
RELATED = ("owner", "verifier", "unit", "level", "deadline", "check_deadline")


@signed_in
@require_safe
def action_list(request: HttpRequest) -> HttpResponseBase:
    page = ListPage(
        request,
        CorrectiveAction.objects.visible_to(request.user).select_related(*RELATED),
        title=gettext_lazy("Corrective actions"),
        columns=COLUMNS,
        sorts=SORTS,
        filterset_class=ActionFilter,
        views=VIEWS,
        default_view="open",
        empty=Empty(
            gettext_lazy("Nothing to fix"),
            gettext_lazy("Every hazard that is assessed gets one action: who fixes it, who checks it, by when."),
        ),
        filename="actions",
    )
    return page.response("responsibilities/action_list.html")


@signed_in
@require_safe
def action_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The record an action serves tells the whole story: that page shows it."""
    action = get_object_or_404(CorrectiveAction.objects.visible_to(request.user), pk=pk)
    return redirect(action.link)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One step of an action: asked on GET, taken on POST."""
    if verb == "answer":
        return _to_question(request, pk)
    step = VERBS.get(verb)
    if step is None:
        raise Http404
    action = get_object_or_404(CorrectiveAction.objects.visible_to(request.user).select_related(*RELATED), pk=pk)
    if verb in CHECKING and permissions.is_fixer(request.user, action) and not is_script(request):
        return _own_fix(request, action)
    require(step.allowed(request.user, action), _("This is for someone else to do."))
    form = step.form(posted(request), request.FILES or None, action=action, user=request.user)
    if request.method == "POST" and form.is_valid():
        return _take(request, action, step, verb, form)
    require_state(action, *step.states)
    return _page(request, action, step, verb, form)


def _own_fix(request: HttpRequest, action: CorrectiveAction) -> HttpResponse:
    """403 that says why: whoever fixed it is no intruder, and wants to know who looks at it now."""
    return render(request, "responsibilities/own_fix.html", {"action": action}, status=403)


def _take(request: HttpRequest, action: CorrectiveAction, step: Verb, verb: str, form: Any) -> HttpResponse:
    """Take the step. What someone else changed meanwhile brings the form back with the text kept, not an error page."""
    try:
        step.run(action, form, request.user)
    except StaleVersion as stale:
        return _stale(request, action, step, verb, form, stale)
    except ValidationError as fault:
        add_faults(form, fault)
        return _page(request, action, step, verb, form)
    messages.success(request, str(step.done))
    return redirect(action.link)


def _stale(request: HttpRequest, action: CorrectiveAction, step: Verb, verb: str, form: Any, stale: StaleVersion) -> HttpResponse:
    """409 with the form: the present state above it, the typed text in it, the new revision behind it."""
    action = CorrectiveAction.objects.select_related(*RELATED).get(pk=action.pk)
    require_state(action, *step.states)
    again = form.data.copy()
    again["revision"] = action.revision
    form.data = again
    return _page(request, action, step, verb, form, status=409, stale=stale.message)


def _page(request: HttpRequest, action: CorrectiveAction, step: Verb, verb: str, form: Any, **context: Any) -> HttpResponse:
    asked = open_request(action) if verb == "decide" else None
    return form_page(
        request,
        form,
        title=step.title,
        lead=step.lead,
        submit=step.submit,
        back=action.link,
        tone=step.tone,
        crumbs=[(gettext_lazy("Corrective actions"), "/actions/"), (action.number, action.link)],
        template="responsibilities/action_form.html",
        action=action,
        asked=asked,
        photo_sets=photo_sets_of(action) if verb in CHECKING else None,
        **context,
    )


def _to_question(request: HttpRequest, pk: int) -> HttpResponse:
    """The question asked longest ago about this action that the reader may answer."""
    action = get_object_or_404(CorrectiveAction.objects.visible_to(request.user), pk=pk)
    deadlines = [pk for pk in (action.deadline_id, action.check_deadline_id) if pk]
    waiting = Escalation.objects.waiting().filter(deadline__in=deadlines).select_related("deadline__unit").order_by("asked_at")
    question = next((one for one in waiting if permissions.can_answer_escalation(request.user, one)), None)
    if question is None:
        raise WrongState(_("Nobody asks you for an answer about this any more."))
    return redirect("responsibilities:escalation-answer", pk=question.pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """An escalated level answers: fix, extend, reassign or visit."""
    rows = Escalation.objects.visible_to(request.user)
    related = ("deadline__owner", "deadline__unit", "deadline__level", "addressee", "answer_deadline")
    escalation = get_object_or_404(rows.select_related(*related), pk=pk)
    require(permissions.can_answer_escalation(request.user, escalation), _("This question was asked of someone else."))
    if escalation.settled_at is not None or escalation.suspended_at is not None:
        raise WrongState(_("Nobody asks you for an answer about this any more."))
    has_action = CorrectiveAction.objects.filter(deadline=escalation.deadline).exists()
    answers = possible_answers(request.user, escalation, has_action=has_action)
    form = AnswerForm(posted(request), deadline=escalation.deadline, answers=answers, initial=_chosen(request, answers))
    if request.method == "POST" and form.is_valid() and _answered(request, escalation, form):
        messages.success(request, _("Your answer is recorded and told."))
        return redirect(escalation.deadline.link)
    return _answer_page(request, escalation, form)


def _answered(request: HttpRequest, escalation: Escalation, form: AnswerForm) -> bool:
    """False, with the fault at its field, when the workflow refuses what the form could not know."""
    given = form.cleaned_data
    try:
        workflows.answer_escalation(
            escalation, by=request.user, answer=given["answer"], text=given["text"], due_at=form.due_at, owner=form.new_owner
        )
    except ValidationError as fault:
        add_faults(form, fault)
        return False
    return True


def _chosen(request: HttpRequest, answers: list[AnswerKind]) -> dict[str, str]:
    asked = request.GET.get("answer", "")
    return {"answer": asked} if asked in answers else {}


def _answer_page(request: HttpRequest, escalation: Escalation, form: AnswerForm) -> HttpResponse:
    deadline = escalation.deadline
    return form_page(
        request,
        form,
        title=_("Answer: why is this late, and what happens now?"),
        lead=_("It is with %(name)s and was not done in time. You are asked because you answer for it.")
        % {"name": deadline.owner.name},
        submit=_("Answer"),
        back=deadline.link,
        tone="late",
        crumbs=[(_("Deadlines"), "/deadlines/"), (deadline.number, deadline.link)],
        template="responsibilities/answer_form.html",
        escalation=escalation,
        deadline=deadline,
        task=task_title(deadline.kind, deadline.title),
    )
