"""What each step of a corrective action asks, who may take it, and which workflow takes it: one table for all subjects."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from responsibilities import permissions, workflows
from responsibilities.choices import ActionStatus, ExtensionStatus
from responsibilities.forms import actions as forms
from responsibilities.models import CorrectiveAction, Person
from responsibilities.workflows.actions import FIXABLE, OPEN_STATES
from safetyplant.access.exceptions import WrongState

Text = str | Promise


@dataclass(frozen=True)
class Verb:
    """`run(action, form, by)` calls the workflow, which checks right and state again under its lock."""

    title: Text
    submit: Text
    done: Text
    form: type[forms.ActionForm]
    allowed: Callable[[Person, CorrectiveAction], bool]
    states: tuple[str, ...]
    run: Callable[[CorrectiveAction, Any, Person], Any]
    lead: Text = ""
    tone: str = ""


def _start(action: CorrectiveAction, form: forms.StartForm, by: Person) -> None:
    workflows.start_fix(action, by=by, revision=form.cleaned_data["revision"])


def _wait(action: CorrectiveAction, form: forms.WaitForm, by: Person) -> None:
    workflows.wait_fix(action, by=by, **form.cleaned_data)


def _submit(action: CorrectiveAction, form: forms.SubmitForm, by: Person) -> None:
    workflows.submit_fix(action, by=by, **form.cleaned_data)


def _return(action: CorrectiveAction, form: forms.ReturnForm, by: Person) -> None:
    workflows.return_fix(action, by=by, **form.cleaned_data)


def _verify(action: CorrectiveAction, form: forms.VerifyForm, by: Person) -> None:
    workflows.verify_fix(action, by=by, **form.cleaned_data)


def _reassign(action: CorrectiveAction, form: forms.ReassignForm, by: Person) -> None:
    workflows.reassign_fix(action, by=by, **form.cleaned_data)


def _date(action: CorrectiveAction, form: forms.ChangeDateForm, by: Person) -> None:
    data = form.cleaned_data
    workflows.change_date(action, by=by, due_at=form.due_at, reason=data["reason"], revision=data["revision"])


def _cancel(action: CorrectiveAction, form: forms.CancelForm, by: Person) -> None:
    workflows.cancel_action(action, by=by, **form.cleaned_data)


def _extend(action: CorrectiveAction, form: forms.ExtendForm, by: Person) -> None:
    given = {name: value for name, value in form.cleaned_data.items() if name in ("reason", "approval", "approval_number")}
    workflows.ask_extension(action, by=by, due_at=form.due_at, **given)


def _decide(action: CorrectiveAction, form: forms.DecideForm, by: Person) -> None:
    data = form.cleaned_data
    workflows.decide_extension(open_request(action), by=by, grant=data["grant"], note=data["note"])


def open_request(action: CorrectiveAction) -> Any:
    """The extension that waits for a decision, or a refusal when there is none any more."""
    asked = action.extensions.filter(status=ExtensionStatus.ASKED).select_related("action__unit", "asked_by").first()
    if asked is None:
        raise WrongState(_("No extension waits for a decision any more."))
    return asked


def _may_decide(user: Person, action: CorrectiveAction) -> bool:
    return permissions.can_decide_extension(user, open_request(action))


VERBS: dict[str, Verb] = {
    "start": Verb(
        _("I have started"),
        _("Start"),
        _("It is in progress now."),
        forms.StartForm,
        permissions.can_fix_action,
        (ActionStatus.ASSIGNED, ActionStatus.RETURNED, ActionStatus.WAITING),
        _start,
        lead=_("Everyone sees that someone is at it. The date stays as it is."),
    ),
    "wait": Verb(
        _("It has to wait"),
        _("Set to waiting"),
        _("It waits now; the date stays as it is."),
        forms.WaitForm,
        permissions.can_fix_action,
        (ActionStatus.ASSIGNED, ActionStatus.IN_PROGRESS, ActionStatus.RETURNED),
        _wait,
        lead=_("The date stays as it is. If it cannot be kept, ask for a later one as well."),
    ),
    "submit": Verb(
        _("Submit the fix"),
        _("Submit the fix"),
        _("The fix is submitted. Someone else checks it now; meanwhile your time does not run."),
        forms.SubmitForm,
        permissions.can_fix_action,
        FIXABLE,
        _submit,
        lead=_("While it is being checked, your time does not run. If it is returned, you have the time that was left."),
    ),
    "return": Verb(
        _("Return the fix"),
        _("Return it"),
        _("It is returned to the fixer with your reason."),
        forms.ReturnForm,
        permissions.can_verify_action,
        (ActionStatus.SUBMITTED,),
        _return,
        lead=_("The fixer reads your reason and has the time that was left."),
        tone="late",
    ),
    "verify": Verb(
        _("Accept the fix and close"),
        _("Accept and close"),
        _("The fix is accepted and closed."),
        forms.VerifyForm,
        permissions.can_verify_action,
        (ActionStatus.SUBMITTED,),
        _verify,
        lead=_("Your name stands under it: accept only what you have seen or are sure of."),
        tone="check",
    ),
    "reassign": Verb(
        _("Give it to someone else"),
        _("Reassign"),
        _("It is with someone else now, by the same date."),
        forms.ReassignForm,
        permissions.can_assign_action,
        FIXABLE,
        _reassign,
    ),
    "date": Verb(
        _("Change the date"),
        _("Change the date"),
        _("The date is changed. Those concerned are told."),
        forms.ChangeDateForm,
        permissions.can_change_date,
        FIXABLE,
        _date,
        lead=_("Whether it was fixed on time still counts by its first date."),
    ),
    "extend": Verb(
        _("Ask for a later date"),
        _("Ask"),
        _("The later date is asked for. Until it is granted, the present one stands."),
        forms.ExtendForm,
        permissions.can_ask_extension,
        FIXABLE,
        _extend,
    ),
    "decide": Verb(
        _("Decide on a later date"),
        _("Decide"),
        _("Your decision is recorded and told."),
        forms.DecideForm,
        _may_decide,
        OPEN_STATES,
        _decide,
        tone="check",
    ),
    "cancel": Verb(
        _("Cancel: nothing has to be fixed"),
        _("Cancel it"),
        _("It is cancelled, with your reason."),
        forms.CancelForm,
        permissions.can_cancel_action,
        OPEN_STATES,
        _cancel,
        tone="late",
    ),
}
