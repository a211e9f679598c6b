"""Site plans and the places on them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from responsibilities.forms.widgets import revision_field
from responsibilities.models import Person, Place, SitePlan
from responsibilities.services.site_plans import Spot, places_for_plan
from safetyplant.attachments.forms import PhotosField
from safetyplant.texts import TextField

#: Places offered beside those on the plan; a search finds the others.
MOST_OFFERED = 60


class SitePlanForm(forms.Form):
    """A new plan: its picture must come with it."""

    name = TextField(
        label=_("Name"), max_length=80, help_text=_("The area or the floor, such as “Tank farm” or “Pump hall, upper floor”.")
    )
    picture = PhotosField(
        label=_("Picture of the site"),
        max_photos=1,
        help_text=_("A drawing, a photo of the plan on the wall, or a picture from above, as JPEG or PNG."),
        error_messages={"required": _("Add the picture.")},
    )

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["picture"].by = user  # type: ignore[attr-defined]


class SitePlanChangeForm(SitePlanForm):
    """A picture only if there is a newer one."""

    picture = PhotosField(
        label=_("New picture"),
        max_photos=1,
        required=False,
        help_text=_("Empty keeps the present one. Earlier pictures are kept; places stay where they are on the new one."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False)
    revision = revision_field()

    def __init__(self, *args: Any, plan: SitePlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"name": plan.name, "is_active": plan.is_active, "revision": plan.revision, **self.initial}


@dataclass(frozen=True)
class Axis:
    """A field with its short label; the long one, with the place, is for errors and for those who can't see the row."""

    field: BoundField
    axis_label: str


@dataclass(frozen=True)
class PointRow:
    """A place and its two fields."""

    place: Place
    x: BoundField
    y: BoundField

    @property
    def fields(self) -> tuple[Axis, Axis]:
        return Axis(self.x, _("left, %")), Axis(self.y, _("top, %"))

    @property
    def is_placed(self) -> bool:
        return self.x.value() not in (None, "") and self.y.value() not in (None, "")


class PointsForm(forms.Form):
    """Two numbers for each place; both empty means that it is not on the plan.

    `text` narrows which places are offered beside those on the plan. What was sent for others counts as well, so that a search
    in another window loses nothing.
    """

    revision = revision_field()

    def __init__(self, *args: Any, plan: SitePlan, text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["revision"].initial = plan.revision
        points = {point.place_id: point for point in plan.points.all()}
        possible = {place.pk: place for place in places_for_plan(plan)}
        sent = {int(key[2:]) for key in self.data if key.startswith("x-") and key[2:].isascii() and key[2:].isdecimal()}
        first = [pk for pk in possible if pk in points or pk in sent]
        wanted = text.casefold()
        others = [pk for pk, each in possible.items() if pk not in first and wanted in f"{each.name} {each.code}".casefold()]
        self.has_more = len(others) > MOST_OFFERED
        self.places = {pk: possible[pk] for pk in (*first, *others[:MOST_OFFERED])}
        for pk, place in self.places.items():
            point = points.get(pk)
            for axis, label in (("x", _("%(place)s: from the left, %%")), ("y", _("%(place)s: from the top, %%"))):
                field = _percent(label % {"place": place.name})
                field.initial = getattr(point, axis) if point else None
                self.fields[f"{axis}-{pk}"] = field

    def rows(self) -> Iterator[PointRow]:
        for pk, place in self.places.items():
            yield PointRow(place, self[f"x-{pk}"], self[f"y-{pk}"])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for pk in self.places:
            names = (f"x-{pk}", f"y-{pk}")
            empty = [name for name in names if given.get(name) is None]
            if len(empty) == 1 and empty[0] not in self.errors:
                self.add_error(empty[0], _("Fill in both numbers, or neither."))
        return given

    @property
    def spots(self) -> dict[Place, Spot]:
        given = self.cleaned_data
        both = ((place, given[f"x-{pk}"], given[f"y-{pk}"]) for pk, place in self.places.items())
        return {place: Spot(x, y) for place, x, y in both if x is not None and y is not None}


def _percent(label: str) -> forms.DecimalField:
    field = forms.DecimalField(
        label=label,
        min_value=0,
        max_value=100,
        decimal_places=1,
        required=False,
        localize=False,
        error_messages={
            "invalid": _("Write a number from 0 to 100."),
            "min_value": _("Write a number from 0 to 100."),
            "max_value": _("Write a number from 0 to 100."),
            "max_decimal_places": _("One digit after the point is enough."),
        },
    )
    field.widget.attrs["step"] = "0.1"
    return field
