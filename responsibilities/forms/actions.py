"""What is asked at each step of a corrective action. Each form carries the revision that its reader saw."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from responsibilities.answers import answer_label
from responsibilities.chain import ChainReader
from responsibilities.choices import AnswerKind, WaitingFor
from responsibilities.forms.widgets import day_field, long_text, revision_field, searchable
from responsibilities.models import CorrectiveAction, Deadline, Person, Unit
from responsibilities.services.deadlines import last_day_for, require_later, same_hour
from responsibilities.workflows.extensions import needs_approval
from safetyplant.attachments.forms import PhotosField
from safetyplant.shell.moments import day_text
from safetyplant.texts import TextField


class ActionForm(forms.Form):
    """`revision` is hidden; an act on an older revision than the present one is refused, its text kept."""

    revision = revision_field()

    def __init__(self, *args: Any, action: CorrectiveAction, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action, self.user = action, user
        self.fields["revision"].initial = action.revision
        self.prepare()

    def prepare(self) -> None:
        """Fit the fields to the action and its reader."""


class StartForm(ActionForm):
    """Asks nothing."""


class SubmitForm(ActionForm):
    note = long_text(_("What was done"))
    photos = PhotosField(
        label=_("Photos of the result"),
        required=False,
        help_text=_("It can be sent without, but whoever checks it then sees only your words."),
    )

    def prepare(self) -> None:
        self.fields["photos"].by = self.user  # type: ignore[attr-defined]


class ReturnForm(ActionForm):
    reason = long_text(_("What is not good enough yet"), help_text=_("The fixer reads this. Say what you would accept."))


class VerifyForm(ActionForm):
    note = long_text(_("What you saw"), required=False)


class WaitForm(ActionForm):
    waiting_for = forms.ChoiceField(label=_("What does it wait for?"), choices=WaitingFor.choices, widget=forms.RadioSelect())
    interim_control = long_text(
        _("What keeps people safe until then?"), help_text=_("For example: unit stopped, gate chained, sign posted.")
    )

    def prepare(self) -> None:
        self.fields["interim_control"].initial = self.action.interim_control


class ReassignForm(ActionForm):
    owner = forms.ModelChoiceField(Person.objects.none(), label=_("Who fixes it now?"), widget=searchable(), empty_label="")
    reason = long_text(_("Why"), help_text=_("The date stays as it is."))

    def prepare(self) -> None:
        self.fields["owner"].queryset = fixers_for(self.action.unit, but=self.action.owner)  # type: ignore[attr-defined]


class ChangeDateForm(ActionForm):
    due_on = day_field(label=_("New date"))
    reason = long_text(_("Why"), help_text=_("Whoever fixes it, checks it or reported it hears of the new date."))

    def prepare(self) -> None:
        last_day = last_day_for(self.action.deadline)
        words = {"day": day_of(self.action.deadline), "last": day_text(last_day)}
        self.fields["due_on"].help_text = _("Now due %(day)s. At most until %(last)s for this level.") % words

    @property
    def due_at(self) -> datetime:
        return same_hour(self.cleaned_data["due_on"], self.action.deadline)


class ExtendForm(ActionForm):
    due_on = day_field(label=_("New date"))
    reason = long_text(_("Why it takes longer"), help_text=_("The present date and its reminders stand until someone decides."))

    approval = PhotosField(
        label=_("The upper plant's written approval"),
        required=False,
        help_text=_("A photo or scan of each page. It was extended before, so a later date is not granted without it."),
        error_messages={"required": _("Add a photo or scan of the approval")},
    )
    approval_number = TextField(
        label=_("Document number of the approval"), max_length=60, error_messages={"required": _("Give the document number")}
    )

    def prepare(self) -> None:
        """SECURITY: the approval is asked for by the workflow too; the form only says so before."""
        self.fields["due_on"].help_text = _("Later than %(day)s.") % {"day": day_of(self.action.deadline)}
        if needs_approval(self.action):
            self.fields["approval"].by = self.user  # type: ignore[attr-defined]
            self.fields["approval"].required = True
        else:
            del self.fields["approval"], self.fields["approval_number"]

    def clean_due_on(self) -> date:
        return later_day(self.cleaned_data["due_on"], self.action.deadline)

    @property
    def due_at(self) -> datetime:
        return same_hour(self.cleaned_data["due_on"], self.action.deadline)


class DecideForm(ActionForm):
    grant = forms.TypedChoiceField(
        label=_("Your decision"),
        choices=[("yes", _("Grant the later date")), ("no", _("Refuse: the date stays"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(),
    )
    note = long_text(_("Note to the one who asked"), required=False, help_text=_("Needed when you refuse."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("grant") is False and not cleaned.get("note"):
            self.add_error("note", _("Say why you refuse, so that the fixer knows what to do."))
        return cleaned


class CancelForm(ActionForm):
    reason = long_text(_("Why nothing has to be fixed"), help_text=_("The reason stays on the record."))


class AnswerForm(forms.Form):
    """The answer of an escalated level. Which answers are offered depends on who is asked."""

    answer = forms.ChoiceField(label=_("Your answer"), widget=forms.RadioSelect())
    due_on = day_field(label=_("New date"), required=False, help_text=_("Only when you extend the date."))
    owner = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Who does it now?"),
        required=False,
        widget=searchable(),
        help_text=_("Only when you reassign it."),
    )
    text = long_text(_("What you will do, or have done"))

    def __init__(self, *args: Any, deadline: Deadline, answers: list[AnswerKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deadline = deadline
        self.fields["answer"].choices = [(each.value, answer_label(each, deadline.kind)) for each in answers]  # type: ignore[attr-defined]
        if AnswerKind.EXTEND not in answers:
            del self.fields["due_on"]
        if AnswerKind.REASSIGN in answers:
            self.fields["owner"].queryset = fixers_for(deadline.unit, but=deadline.owner)  # type: ignore[attr-defined]
        else:
            del self.fields["owner"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        answer = cleaned.get("answer")
        if answer == AnswerKind.EXTEND and "due_on" not in self.errors:
            self._clean_due_on(cleaned)
        if answer == AnswerKind.REASSIGN and not cleaned.get("owner") and "owner" not in self.errors:
            self.add_error("owner", _("Choose who does it now."))
        return cleaned

    def _clean_due_on(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("due_on"):
            self.add_error("due_on", _("Choose the new date."))
            return
        try:
            later_day(cleaned["due_on"], self.deadline)
        except forms.ValidationError as fault:
            self.add_error("due_on", fault)

    @property
    def due_at(self) -> datetime | None:
        extends = self.cleaned_data.get("answer") == AnswerKind.EXTEND
        return same_hour(self.cleaned_data["due_on"], self.deadline) if extends else None

    @property
    def new_owner(self) -> Person | None:
        reassigns = self.cleaned_data.get("answer") == AnswerKind.REASSIGN
        return self.cleaned_data.get("owner") if reassigns else None


def fixers_for(unit: Unit, *, but: Person) -> Any:
    """Who can be given a fix of a unit: its people and those below it, and who answers for it."""
    return fixers_of([unit]).exclude(pk=but.pk)


def fixers_of(units: Sequence[Unit]) -> Any:
    """The same for several units: whoever can be given a fix of at least one of them."""
    reader, own = ChainReader(), Q(pk__in=[])
    for unit in units:
        own |= Q(unit__path__startswith=unit.path) | Q(pk__in=[person.pk for person in reader.chain(unit.pk).people])
    return Person.objects.active().filter(own).order_by("name", "pk")


def day_of(deadline: Deadline) -> str:
    return day_text(deadline.due_at)


def later_day(day: date, deadline: Deadline) -> date:
    """The day, if it moves the date and does not lie in the past; else a ValidationError."""
    try:
        require_later(deadline, same_hour(day, deadline), now=timezone.now())
    except forms.ValidationError as fault:
        raise forms.ValidationError(fault.messages) from fault
    return day
