"""What is asked of whoever reports a hazard: three things and a photo."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.forms.fields import Where, WhereField
from inspections.models import Hazard, HazardCategory
from inspections.moments import require_past
from inspections.services import HazardReport
from inspections.services.alike import hazards_alike
from inspections.workflows.sightings import Seen
from responsibilities.choices import Field
from responsibilities.forms.widgets import revision_field
from responsibilities.models import Person
from safetyplant.attachments.forms import PhotosField
from safetyplant.texts import TextField

LONGEST_TITLE = 120


def split_text(text: str) -> tuple[str, str]:
    """Title and description of what was typed into one box: a short text is the title; of a longer one the first sentence is."""
    text = text.strip()
    if len(text) <= LONGEST_TITLE and "\n" not in text:
        return text, ""
    first = text.split("\n", 1)[0].strip()
    for stop in ("。", "！", "？", ". ", "! ", "? ", "；", "; "):
        head, found, _rest = first.partition(stop)
        if found and len(head) <= LONGEST_TITLE:
            first = head
    if len(first) > LONGEST_TITLE:
        cut = first[: LONGEST_TITLE - 1]
        first = (cut.rsplit(" ", 1)[0] if " " in cut[LONGEST_TITLE // 2 :] else cut) + "…"
    return first, text


class MomentInput(forms.DateTimeInput):
    """The device's own picker of day and time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


def moment_field(**options: Any) -> forms.DateTimeField:
    return forms.DateTimeField(widget=MomentInput(), input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **options)


class ReportForm(forms.Form):
    photos = PhotosField(label=_("Photo"), required=False)
    text = TextField(
        label=_("What did you see?"),
        help_text=_("One or two sentences are enough."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what you saw")},
    )
    where = WhereField(label=_("Where is it?"), help_text=_("Type a well, tank or station, or choose a place near you."))
    danger = forms.ChoiceField(
        label=_("Is anyone in danger now?"),
        choices=[("no", _("No, it can wait for an assessment")), ("yes", _("Yes, stop work"))],
        widget=forms.RadioSelect,
        initial="no",
        error_messages={"required": _("Say whether anyone is in danger now")},
    )
    field = forms.ChoiceField(
        label=pgettext_lazy("area of work", "Field"), choices=Field.choices, required=False, initial=Field.PRODUCTION
    )
    category = forms.ModelChoiceField(
        HazardCategory.objects.filter(is_active=True),
        label=_("Category"),
        required=False,
        empty_label=_("Leave it to the assessment"),
    )
    found_at = moment_field(label=_("When did you see it?"), required=False, help_text=_("Empty: now."))
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["photos"].by = user  # type: ignore[attr-defined]
        chosen = self.data.get("where", "") if self.is_bound else self.initial.get("where", "")
        self.fields["where"].offer(user, chosen=chosen)  # type: ignore[attr-defined]
        self.fields["client_id"].initial = uuid4

    @property
    def details(self) -> list[forms.BoundField]:
        return [self["category"], self["field"], self["found_at"]]

    @property
    def has_details(self) -> bool:
        """Unfold the details when one of them needs another look."""
        return any(bound.errors for bound in self.details)

    def clean_found_at(self) -> datetime | None:
        return require_past(self.cleaned_data["found_at"])

    def same_as(self) -> Hazard | None:
        """The known hazard which its reporter says it is: one they may see. None when someone is in danger: that is reported.

        SECURITY: any other number is taken as none, and what was typed is reported.
        """
        chosen = self.data.get("same", "")
        is_number = chosen.isascii() and chosen.isdigit() and len(chosen) < 19
        if not is_number or self.cleaned_data["danger"] == "yes":
            return None
        return Hazard.objects.visible_to(self.user).open().filter(pk=chosen).first()

    def seen(self) -> Seen:
        data = self.cleaned_data
        return Seen(data["text"], data["photos"], data["client_id"] or uuid4())

    def report(self) -> HazardReport:
        data = self.cleaned_data
        where: Where = data["where"]
        title, description = split_text(data["text"])
        in_danger = data["danger"] == "yes"
        return HazardReport(
            title=title,
            description=description,
            unit=where.unit,
            place=where.place,
            immediate_danger=in_danger,
            stop_work=in_danger,
            field=data["field"] or Field.PRODUCTION,
            category=data["category"],
            found_at=data["found_at"],
            photos=data["photos"],
            client_id=data["client_id"] or uuid4(),
        )


class AlikeForm(forms.Form):
    """As much of a report as is typed already, to look for what is known; nothing in it is faulty, only not enough yet."""

    text = TextField(max_length=4000)
    where = WhereField()
    category = forms.ModelChoiceField(HazardCategory.objects.filter(is_active=True), required=False)
    danger = TextField(required=False)

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["where"].user = user  # type: ignore[attr-defined]

    def find(self) -> list[Hazard]:
        data = self.cleaned_data
        if data["danger"] == "yes":
            return []
        where: Where = data["where"]
        return hazards_alike(data["text"], by=self.user, unit=where.unit, place=where.place, category=data["category"])


class SameForm(forms.Form):
    """Which known hazard a report is the same as."""

    same = forms.ModelChoiceField(Hazard.objects.none())

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["same"].queryset = Hazard.objects.visible_to(user).open().defer("search")  # type: ignore[attr-defined]


class HazardActForm(forms.Form):
    """`revision` is the state its reader saw: an act on an older one is refused, its text kept."""

    revision = revision_field()

    def __init__(self, *args: Any, hazard: Hazard, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hazard, self.user = hazard, user
        self.fields["revision"].initial = hazard.revision
        self.prepare()

    def prepare(self) -> None:
        """Fit the fields to the hazard and its reader."""
