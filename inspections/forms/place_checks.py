"""What is asked of whoever sends a check to other places, and of whoever looked at one."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.choices import PlaceResult
from inspections.forms.assessment import end_of
from inspections.forms.fields import indented, matching_places, units_for
from inspections.models import Hazard, PlaceAnswer, PlaceCheck
from inspections.permissions import check_scope
from inspections.services.place_checks import MOST_PLACES, CheckData, PlaceSeen, places_to_check
from responsibilities.choices import PlaceKind, StageCode
from responsibilities.forms.widgets import day_field, long_text, revision_field, side_by_side
from responsibilities.models import Person, Place
from responsibilities.services.deadlines import stage_due_at
from safetyplant.attachments.forms import PhotosField
from safetyplant.texts import TextField

KINDS = [("", _("All kinds")), *(kind for kind in PlaceKind.choices if kind[0] != PlaceKind.ROUTE)]


class SimilarForm(forms.Form):
    """Which places are like that of the hazard: those of its kind, unless the reader chooses otherwise. Sent by the address."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, required=False)
    units = forms.MultipleChoiceField(
        label=_("Units"),
        required=False,
        help_text=_("Each with all below it. None chosen: all."),
        widget=forms.SelectMultiple(attrs={"data-search": "", "size": 4}),
    )
    text = TextField(label=_("Name contains"), max_length=60, required=False)

    def __init__(self, *args: Any, hazard: Hazard, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hazard, self.user = hazard, user
        scope = check_scope(user)
        units = units_for(user) if scope is None else units_for(user).filter(pk__in=scope)
        self.offered = {str(unit.pk): unit for unit in units}
        self.fields["units"].choices = [(pk, indented(unit)) for pk, unit in self.offered.items()]  # type: ignore[attr-defined]

    def places(self) -> "QuerySet[Place]":
        """At most one more than a check may have, so that too many are noticed."""
        given = self.cleaned_data if self.is_valid() else {}
        found = places_to_check(self.user, self.hazard).select_related("unit").order_by("unit__path", "kind", "code")
        if given.get("kind"):
            found = found.filter(kind=given["kind"])
        if given.get("text"):
            found = matching_places(found, given["text"])
        if given.get("units"):
            paths = tuple(self.offered[pk].path for pk in given["units"])
            chosen = [int(pk) for pk, unit in self.offered.items() if unit.path.startswith(paths)]
            found = found.filter(unit__in=chosen)
        return found[: MOST_PLACES + 1]


class SendCheckForm(forms.Form):
    title = TextField(
        label=_("What is to be looked for?"),
        max_length=200,
        help_text=_("As a question to those who stand at their own places."),
        error_messages={"required": _("Say what is to be looked for")},
    )
    description = long_text(
        _("How is it checked?"), required=False, help_text=_("What to look at or to try; what counts as fine.")
    )
    due_on = day_field(label=_("Answers until"))
    places = forms.ModelMultipleChoiceField(
        Place.objects.none(),
        label=pgettext_lazy("place check", "Places"),
        error_messages={"required": _("Choose at least one place.")},
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, hazard: Hazard, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hazard = hazard
        self.fields["places"].queryset = places_to_check(user, hazard).select_related("unit")  # type: ignore[attr-defined]
        self.fields["title"].initial = hazard.title
        self.fields["due_on"].initial = timezone.localdate(stage_due_at(StageCode.PLACES, timezone.now()))
        self.fields["client_id"].initial = uuid4

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise ValidationError(_("This day has passed. Choose today or later."))
        return day

    def check(self) -> CheckData:
        given = self.cleaned_data
        return CheckData(
            hazard=self.hazard,
            title=given["title"],
            places=list(given["places"]),
            due_at=end_of(given["due_on"]),
            description=given["description"],
            client_id=given["client_id"] or uuid4(),
        )


class PlaceAnswerForm(forms.Form):
    result = forms.ChoiceField(
        label=_("What did you see here?"),
        choices=[
            (PlaceResult.FINE, _("Looked at it: fine here")),
            (PlaceResult.FOUND, _("Found here too: report it as a hazard")),
            (PlaceResult.NA, _("Does not apply to this place")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what you saw here")},
    )
    note = long_text(
        pgettext_lazy("place check", "Note"),
        required=False,
        help_text=_("What you found, or why it does not apply. Needed in the latter case."),
    )
    photos = PhotosField(label=_("Photo"), required=False)
    danger = forms.ChoiceField(
        label=_("Is anyone in danger now?"),
        choices=[("no", _("No")), ("yes", _("Yes, stop work"))],
        widget=side_by_side([("no", _("No")), ("yes", _("Yes, stop work"))]),
        initial="no",
        required=False,
        help_text=_("Counts only if you found it here."),
    )

    def __init__(self, *args: Any, answer: PlaceAnswer, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer = answer
        self.fields["photos"].by = user  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("result") == PlaceResult.NA and not given.get("note"):
            self.add_error("note", _("Say why it does not apply here."))
        return given

    def seen(self) -> PlaceSeen:
        given = self.cleaned_data
        return PlaceSeen(self.answer, given["result"], given["note"], danger=given["danger"] == "yes", photos=given["photos"])


class CancelCheckForm(forms.Form):
    reason = long_text(_("Why?"), help_text=_("Those who have not answered yet read it."))
    revision = revision_field()

    def __init__(self, *args: Any, check: PlaceCheck, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["revision"].initial = check.revision
