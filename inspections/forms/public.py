"""What is asked of whoever reports at a label without signing in: what they saw, and whatever else they want to say."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspections.forms.hazards import split_text
from inspections.models import PublicReport
from inspections.services import HazardReport
from inspections.services.public import public_reporter, tidy_code
from responsibilities.models import Place
from safetyplant.attachments.forms import PhotosField, PlainPhotosInput
from safetyplant.texts import TextField

MOST_PHOTOS = 3


class PublicReportForm(forms.Form):
    text = TextField(
        label=gettext_lazy("What did you see?"),
        help_text=gettext_lazy("One or two sentences are enough."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say what you saw")},
    )
    photos = PhotosField(label=gettext_lazy("Photo"), required=False, max_photos=MOST_PHOTOS, widget=PlainPhotosInput)
    danger = forms.BooleanField(label=gettext_lazy("Someone is in danger now"), required=False)
    contact = TextField(
        label=gettext_lazy("How can we reach you?"),
        help_text=gettext_lazy("Only if you want to be asked back. Only those who look into your report see it."),
        max_length=120,
        required=False,
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        self.fields["client_id"].initial = uuid4
        if self.is_bound:
            self.fields["photos"].by = public_reporter()  # type: ignore[attr-defined]

    def report(self) -> HazardReport:
        data = self.cleaned_data
        title, description = split_text(data["text"])
        return HazardReport(
            title=title,
            description=description,
            unit=self.place.unit,
            place=self.place,
            immediate_danger=data["danger"],
            photos=data["photos"],
            client_id=data["client_id"],
        )


class ReceiptForm(forms.Form):
    code = TextField(label=gettext_lazy("Receipt number"), max_length=24, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def clean_code(self) -> str:
        code = tidy_code(self.cleaned_data["code"])
        if not code or not PublicReport.objects.filter(code=code).exists():
            raise forms.ValidationError(_("No report has this number. It has ten letters and digits, with a dash between."))
        return code
