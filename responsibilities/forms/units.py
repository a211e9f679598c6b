"""Units, places, rounds and posts."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from responsibilities.choices import PlaceKind, UnitKind
from responsibilities.forms.widgets import day_field, searchable
from responsibilities.models import Person, Place, Post, Unit
from responsibilities.roles import Right
from safetyplant.texts import TextField

ROUTE_SLOTS = 24


class UnitChoiceField(forms.ModelChoiceField):
    """Units in the order of the tree, each with how deep it stands."""

    def label_from_instance(self, obj: Any) -> str:
        return "　" * obj.depth + obj.name


def manageable_units(user: Person) -> Any:
    """Units the reader keeps: for the choices of forms, never wider than the right."""
    units = Unit.objects.visible_to(user).active().order_by("path")
    return (
        units if user.standing.everywhere(Right.MANAGE_UNITS) else units.filter(pk__in=user.standing.unit_ids(Right.MANAGE_UNITS))
    )


class UnitForm(forms.Form):
    name = TextField(label=_("Name"), max_length=120)
    code = TextField(label=_("Code"), max_length=32, help_text=_("Short and unique, as in the plant's own lists."))
    kind = forms.ChoiceField(label=_("Kind"), choices=UnitKind.choices)
    parent = UnitChoiceField(
        Unit.objects.none(), label=_("Under"), widget=searchable(), help_text=_("A contractor stands under its host unit.")
    )
    since = day_field(label=_("From"), required=False, help_text=_("Empty: it has always stood there."))

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = manageable_units(user)  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip()
        if Unit.objects.filter(code__iexact=code).exists():
            raise forms.ValidationError(_("Another unit has this code."))
        return code


class RenameForm(forms.Form):
    name = TextField(label=_("New name"), max_length=120)


class MoveForm(forms.Form):
    parent = UnitChoiceField(Unit.objects.none(), label=_("New place in the tree: under"), widget=searchable())
    on = day_field(label=_("From"), initial=timezone.localdate, help_text=_("Chains of earlier days stay as they were."))

    def __init__(self, *args: Any, user: Person, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.fields["parent"].queryset = manageable_units(user).exclude(path__startswith=unit.path)  # type: ignore[attr-defined]

    def clean_parent(self) -> Unit:
        parent: Unit = self.cleaned_data["parent"]
        if parent.pk == self.unit.parent_id:
            raise forms.ValidationError(
                _("%(unit)s stands under %(parent)s already.") % {"unit": self.unit.name, "parent": parent.name}
            )
        return parent

    def clean_on(self) -> Any:
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError(_("A move takes effect at once. Come back on that day."))
        if on < timezone.localdate():
            raise forms.ValidationError(_("Choose today: where a unit stood on past days stays as it was."))
        return on


class CloseForm(forms.Form):
    successor = UnitChoiceField(Unit.objects.none(), label=_("Who takes over its people and its work?"), widget=searchable())
    confirm = forms.BooleanField(label=_("I know that this cannot be undone"))

    def __init__(self, *args: Any, user: Person, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = manageable_units(user).exclude(pk=unit.pk)  # type: ignore[attr-defined]


class PlaceForm(forms.ModelForm):
    """A place; for a round, a list of stops in order, so many at a time as the form has rows."""

    class Meta:
        model = Place
        fields = ["kind", "code", "name", "post", "no_phones", "takes_public_reports", "is_active"]
        field_classes = dict.fromkeys(["code", "name"], TextField)
        labels = {
            "kind": _("Kind"),
            "code": _("Code"),
            "name": _("Name"),
            "is_active": _("In use"),
            "post": _("Post"),
            "no_phones": _("No phones here"),
            "takes_public_reports": _("Reports without signing in"),
        }
        help_texts = {
            "post": _("Who works here: an inspection of this place counts as one of that post."),
            "no_phones": _("A hazardous area: label and phone warn, no photo is asked for, what was seen is entered later."),
            "takes_public_reports": _("Whoever scans the label may report a hazard here, also visitors and contractors."),
        }

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.instance.unit = unit
        if self.instance.pk is None:
            del self.fields["is_active"]
        else:
            # What was found at a well stays at that well: a well never turns into a tank.
            del self.fields["kind"]
        self._offer_posts(unit)

    def _offer_posts(self, unit: Unit) -> None:
        """Those of the unit; a round takes them from its stops."""
        posts = unit.posts.filter(Q(is_active=True) | Q(pk=self.instance.post_id))
        if self.instance.kind == PlaceKind.ROUTE or not posts.exists():
            del self.fields["post"]
        else:
            self.fields["post"].queryset = posts  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip()
        if self.unit.places.filter(code__iexact=code).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This unit has a place with this code already."))
        return code


class StopsForm(forms.Form):
    """The stops of a round, one select per stop; empty rows are left out."""

    def __init__(self, *args: Any, route: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.route = route
        places = Place.objects.active().filter(unit__path__startswith=route.unit.path).exclude(kind=PlaceKind.ROUTE)
        self.places = {str(place.pk): place for place in places.select_related("unit").order_by("unit__path", "code")}
        choices = [("", "")] + [(key, f"{place.name} ({place.code})") for key, place in self.places.items()]
        present = [str(stop.place_id) for stop in route.stops.all()] if route.pk else []
        for at in range(max(ROUTE_SLOTS, len(present) + 6)):
            self.fields[f"stop_{at}"] = forms.ChoiceField(
                label=_("Stop %(number)s") % {"number": at + 1},
                choices=choices,
                required=False,
                initial=present[at] if at < len(present) else "",
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen: set[str] = set()
        for name, key in list(cleaned.items()):
            if key and key in chosen:
                self.add_error(name, _("Each place can stand on a route only once."))
            chosen.add(key)
        return cleaned

    @property
    def stops(self) -> list[Place]:
        return [self.places[key] for key in self.cleaned_data.values() if key]


class PostForm(forms.ModelForm):
    class Meta:
        model = Post
        fields = ["name", "is_front_line", "is_active"]
        field_classes = {"name": TextField}
        labels = {"name": _("Name"), "is_front_line": _("Front-line post"), "is_active": _("In use")}
        help_texts = {"is_front_line": _("At wells, stations and machines.")}

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.instance.unit = unit
        if self.instance.pk is None:
            del self.fields["is_active"]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        if self.unit.posts.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This unit has a post with this name already."))
        return name
