"""What is asked at each step of the treatment of a major hazard."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inspections.forms.assessment import end_of
from inspections.forms.fields import PersonField, people_of
from inspections.forms.hazards import HazardActForm
from inspections.models import MajorTreatment
from inspections.permissions import LEADING
from inspections.services.major import TreatmentPlan, treatment_of
from responsibilities.forms.widgets import day_field, long_text
from responsibilities.models import Appointment, Person
from safetyplant.attachments.forms import PhotosField
from safetyplant.texts import TextField

REASON_NEEDED = _("Say what the plan lacks, so that it can be written again.")


class TreatmentForm(HazardActForm):
    """`treatment` is the living one; the view has looked that there is one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        hazard = kwargs["hazard"]
        self.treatment: MajorTreatment = treatment_of(hazard)  # type: ignore[assignment]
        super().__init__(*args, **kwargs)


class PlanForm(TreatmentForm):
    """The five implementations."""

    responsibility = long_text(_("Responsibility"), help_text=_("Who leads the treatment, and who does which part of it?"))
    measures = long_text(_("Measures"), help_text=_("What is done, in which steps, until the hazard is gone?"))
    funds = long_text(_("Funds"), help_text=_("How much, from which budget? Also materials that are set aside."))
    due_on = day_field(label=_("Time limit"), help_text=_("Once the plan is approved, the hazard is due on this day."))
    contingency = long_text(_("Contingency plan"), help_text=_("What happens if it gets worse before the treatment is done?"))

    def prepare(self) -> None:
        """A returned plan comes back as it was written."""
        for name in ("responsibility", "measures", "funds", "contingency"):
            self.fields[name].initial = getattr(self.treatment, name)
        if self.treatment.plan_due_at is not None:
            self.fields["due_on"].initial = timezone.localdate(self.treatment.plan_due_at)

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise ValidationError(_("This day has passed. Choose today or later."))
        return day

    def plan(self) -> TreatmentPlan:
        given = self.cleaned_data
        return TreatmentPlan(
            responsibility=given["responsibility"],
            measures=given["measures"],
            funds=given["funds"],
            due_at=end_of(given["due_on"]),
            contingency=given["contingency"],
        )


class VerifiersForm(TreatmentForm):
    checker = PersonField(label=_("Another leader"), help_text=_("A leader of the plant who had no hand in the fix."))
    expert = PersonField(label=_("Expert"), help_text=_("Someone who knows the matter and had no hand in the fix."))

    def prepare(self) -> None:
        leading = Appointment.objects.covering(timezone.localdate()).filter(role__in=LEADING).values("person_id")
        people = people_of(self.user)
        chosen = {name: [self.data.get(name, "")] if self.is_bound else [] for name in ("checker", "expert")}
        leaders = people.filter(pk__in=leading)
        self.fields["checker"].offer(self.user, leaders, chosen=chosen["checker"], everyone=leaders)  # type: ignore[attr-defined]
        self.fields["checker"].widget.attrs.pop("data-search-url")
        self.fields["expert"].offer(self.user, people[:100], chosen=chosen["expert"])  # type: ignore[attr-defined]
        for name in ("checker", "expert"):
            self.fields[name].initial = getattr(self.treatment, f"{name}_id")

    def named(self) -> dict[str, Person]:
        return {name: self.cleaned_data[name] for name in ("checker", "expert")}


class DecidePlanForm(VerifiersForm):
    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[("approve", _("Approve it: its date counts from now")), ("return", _("Return it to be written again"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Decide about the plan")},
    )
    note = long_text(_("Note"), required=False, help_text=_("Needed when you return it."))

    field_order = ["decision", "checker", "expert", "note", "revision"]

    def prepare(self) -> None:
        super().prepare()
        for name in ("checker", "expert"):
            self.fields[name].required = False

    @property
    def approves(self) -> bool:
        return self.cleaned_data.get("decision") == "approve"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("decision") == "return" and not given.get("note"):
            self.add_error("note", REASON_NEEDED)
        if self.approves:
            for name in ("checker", "expert"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("Choose who verifies the fix"))
        return given


class SignForm(TreatmentForm):
    verdict = forms.ChoiceField(
        label=_("Is the hazard gone?"),
        choices=[("yes", _("Yes, I verified it")), ("no", _("No, it is not good enough yet"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the hazard is gone")},
    )
    note = long_text(
        _("What you saw"), help_text=_("Your name stands under it."), error_messages={"required": _("Say what you saw.")}
    )


class ProgressForm(TreatmentForm):
    text = long_text(
        _("What was done since the last report, what comes next?"),
        help_text=_("Say also whether the interim control still holds."),
        error_messages={"required": _("Say what was done")},
    )
    percent = forms.IntegerField(label=_("Done, in per cent"), min_value=0, max_value=100)


class OutsideForm(TreatmentForm):
    reported_on = day_field(label=_("Reported on"))
    document_number = TextField(label=_("Document number"), max_length=60)
    files = PhotosField(label=_("The document"), help_text=_("A photo or scan of each page."))

    def prepare(self) -> None:
        self.fields["files"].by = self.user  # type: ignore[attr-defined]
        self.fields["reported_on"].initial = timezone.localdate()
