"""What the safety officer can set for levels, stages and reminders."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from responsibilities.audience import OWNER, UPPER_OFFICE
from responsibilities.choices import RoleCode
from responsibilities.forms.widgets import ClockInput, day_field
from responsibilities.models import Level, Schedule, ScheduleStep
from responsibilities.services.deadlines import level_term
from responsibilities.services.levels import StepText

HOURS, DAYS = "hours", "days"
CHAIN = [RoleCode.UNIT_HEAD, RoleCode.LEADER, RoleCode.DIRECTOR]
OWNERS = [(role.value, role.label) for role in CHAIN]
VERIFIERS = [(role.value, role.label) for role in (RoleCode.UNIT_HEAD, RoleCode.OFFICER, RoleCode.LEADER, RoleCode.DIRECTOR)]
AUDIENCE = [(OWNER, _("Who owes it")), *OWNERS, (UPPER_OFFICE, _("Upper plant's safety office"))]
MOST_STEPS = 20


class LevelTermForm(forms.Form):
    valid_from = day_field(label=_("Valid from"), help_text=_("What is open already keeps its date."))
    days = forms.IntegerField(label=_("Days to fix"), min_value=1, max_value=366)
    most_times = forms.IntegerField(
        label=_("A date is at most how many times these days away?"),
        min_value=1,
        max_value=100,
        help_text=_("Beyond that only the director moves it."),
    )
    accept_days = forms.IntegerField(
        label=_("Accepted for a time: at most how many days, all together?"),
        min_value=0,
        max_value=366,
        required=False,
        help_text=_("0: never. Empty: as before. While a hazard is accepted, the date of the fix stands still."),
    )
    owner_role = forms.ChoiceField(label=_("Fixed by"), choices=OWNERS, widget=forms.RadioSelect)
    verifier_role = forms.ChoiceField(
        label=_("Checked by"),
        choices=VERIFIERS,
        widget=forms.RadioSelect,
        help_text=_("Never the one who fixed it: then the next above checks."),
    )

    def __init__(self, *args: Any, level: Level, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        term = level_term(level, today)
        self.initial = {
            "valid_from": today,
            "days": term.days,
            "most_times": term.most_times,
            "accept_days": term.accept_days,
            "owner_role": term.owner_role,
            "verifier_role": term.verifier_role,
        }


class StageTermForm(forms.Form):
    valid_from = day_field(label=_("Valid from"), help_text=_("What is open already keeps its date."))
    amount = forms.IntegerField(label=_("Time allowed"), min_value=1, max_value=720)
    unit = forms.ChoiceField(
        label=_("Counted in"),
        choices=[(HOURS, _("Hours, day and night")), ("working_days", _("Working days"))],
        widget=forms.RadioSelect(attrs={"data-look": "seg"}),
    )

    def terms(self) -> dict[str, Any]:
        """As the service takes them."""
        amount, is_hours = self.cleaned_data["amount"], self.cleaned_data["unit"] == HOURS
        return {
            "valid_from": self.cleaned_data["valid_from"],
            "hours": amount if is_hours else None,
            "working_days": None if is_hours else amount,
        }


class QuietHoursForm(forms.Form):
    valid_from = day_field(label=_("Valid from"), help_text=_("What is held already keeps its time."))
    is_on = forms.BooleanField(label=_("Mails wait during these hours"), required=False)
    starts = forms.TimeField(label=_("Quiet from"), widget=ClockInput)
    ends = forms.TimeField(label=_("Quiet until"), widget=ClockInput, help_text=_("May be on the next morning."))


class StepForm(forms.Form):
    """One step of a schedule. Steps are put in the order in which they fall."""

    anchor = forms.ChoiceField(label=_("When"), choices=[("", _("Choose")), *ScheduleStep.Anchor.choices])
    amount = forms.IntegerField(label=_("How long before or after"), min_value=0, max_value=720, required=False)
    unit = forms.ChoiceField(label=_("Counted in"), choices=[(HOURS, _("Hours")), (DAYS, _("Days"))], initial=DAYS)
    audience = forms.MultipleChoiceField(
        label=_("Whom it tells"), choices=AUDIENCE, widget=forms.CheckboxSelectMultiple(attrs={"data-look": "chips"})
    )
    asks_answer = forms.BooleanField(label=_("They owe an answer"), required=False)
    repeat_days = forms.IntegerField(
        label=_("Again every … days"), min_value=1, max_value=366, required=False, help_text=_("Empty: told once.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        anchor = cleaned.get("anchor")
        if anchor in ("before", "after") and not cleaned.get("amount"):
            self.add_error("amount", gettext("Say how long before or after the date"))
        if cleaned.get("repeat_days") and anchor != "after":
            self.add_error("repeat_days", gettext("Only a step after the date can repeat"))
        return cleaned

    def step(self) -> StepText:
        given = self.cleaned_data
        has_offset = given["anchor"] in ("before", "after")
        return StepText(
            anchor=given["anchor"],
            audience=tuple(given["audience"]),
            offset=timedelta(**{given["unit"]: given["amount"]}) if has_offset else timedelta(0),
            repeat=timedelta(days=given["repeat_days"]) if given["repeat_days"] else None,
            asks_answer=given["asks_answer"],
        )


class BaseStepFormSet(forms.BaseFormSet):
    deletion_widget = forms.CheckboxInput

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")

    def steps(self) -> list[StepText]:
        return [form.step() for form in self.forms if form.cleaned_data and form not in self.deleted_forms]


StepFormSet = forms.formset_factory(
    StepForm, formset=BaseStepFormSet, extra=2, can_delete=True, max_num=MOST_STEPS, absolute_max=MOST_STEPS, validate_max=True
)


def step_lines(schedule: Schedule) -> list[dict[str, Any]]:
    """The steps as the form shows them."""
    return [
        {
            "anchor": step.anchor,
            "amount": _amount(step.offset)[0] or None,
            "unit": _amount(step.offset)[1],
            "audience": step.audience,
            "asks_answer": step.asks_answer,
            "repeat_days": step.repeat.days if step.repeat else None,
        }
        for step in schedule.steps.all()
    ]


def _amount(offset: timedelta) -> tuple[int, str]:
    """Whole days as days, anything else as hours."""
    hours = int(offset.total_seconds() // 3600)
    return (hours // 24, DAYS) if hours % 24 == 0 else (hours, HOURS)
