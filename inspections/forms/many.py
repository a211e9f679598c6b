"""What is asked when many hazards change at once. Which ones is not a field: they are read through `visible_to`."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.models import Hazard
from inspections.workflows.many import Change, NewDate, Reassign
from responsibilities.forms.actions import fixers_of
from responsibilities.forms.widgets import day_field, long_text, searchable
from responsibilities.models import Person, Unit


class ManyForm(forms.Form):
    """`change()` is what the form asks for, once it is valid."""

    def __init__(self, *args: Any, hazards: Sequence[Hazard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepare({hazard.action.unit_id: hazard.action.unit for hazard in hazards if hazard.action is not None})

    def prepare(self, units: dict[int, Unit]) -> None:
        """Fit the fields to the units whose fixes are chosen."""

    def change(self) -> Change:
        raise NotImplementedError


class ManyOwnerForm(ManyForm):
    owner = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Who fixes them now?"),
        widget=searchable(),
        empty_label="",
        help_text=_("Each goes only to someone of its own unit or its chain: the preview says which."),
    )
    reason = long_text(_("Why"), help_text=_("The dates stay as they are."))

    def prepare(self, units: dict[int, Unit]) -> None:
        self.fields["owner"].queryset = fixers_of(list(units.values()))  # type: ignore[attr-defined]

    def change(self) -> Change:
        return Reassign(self.cleaned_data["owner"], self.cleaned_data["reason"])


class ManyDatesForm(ManyForm):
    due_on = day_field(label=_("New date"), help_text=_("Each keeps the hour of its present date."))
    reason = long_text(_("Why"), help_text=_("Whoever fixes it, checks it or reported it hears of the new date."))

    def change(self) -> Change:
        return NewDate(self.cleaned_data["due_on"], self.cleaned_data["reason"])
