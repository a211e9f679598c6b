"""People and their appointments."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from responsibilities.choices import Grade, LeaderField, RoleCode, Shift
from responsibilities.forms.units import UnitChoiceField
from responsibilities.forms.widgets import day_field, long_text, searchable, side_by_side
from responsibilities.models import Appointment, Person, Post, Unit
from responsibilities.permissions import can_change_email
from responsibilities.roles import Right
from safetyplant.texts import TextField


def units_with(user: Person, right: Right) -> Any:
    units = Unit.objects.visible_to(user).active().order_by("path")
    return units if user.standing.everywhere(right) else units.filter(pk__in=user.standing.unit_ids(right))


class PostChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.unit.name})"


class PersonForm(forms.ModelForm):
    unit = UnitChoiceField(Unit.objects.none(), label=_("Unit"), widget=searchable())
    post = PostChoiceField(Post.objects.none(), label=_("Post"), required=False, widget=searchable())
    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices, widget=side_by_side(Grade.choices))
    shift = forms.ChoiceField(label=_("Shift"), choices=Shift.choices)

    class Meta:
        model = Person
        fields = ["username", "name", "unit", "post", "grade", "is_middle_level", "shift", "phone", "email"]
        field_classes = dict.fromkeys(["username", "name", "phone"], TextField)
        labels = {
            "username": _("Employee number"),
            "name": _("Name"),
            "is_middle_level": _("Middle level or above"),
            "phone": _("Phone"),
            "email": _("E-mail"),
        }
        help_texts = {
            "username": _("Signs in with it."),
            "email": _("Empty: told in the inbox only."),
        }

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_with(user, Right.MANAGE_PEOPLE)  # type: ignore[attr-defined]
        units = self.fields["unit"].queryset  # type: ignore[attr-defined]
        posts = Post.objects.active().filter(unit__in=units).select_related("unit").order_by("unit__path", "name")
        self.fields["post"].queryset = posts  # type: ignore[attr-defined]
        if self.instance.pk is not None and not can_change_email(user, self.instance):
            self.fields["email"].disabled = True
            self.fields["email"].help_text = _("Changed by those who keep all units this person is appointed to.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        post, unit = cleaned.get("post"), cleaned.get("unit")
        if post is not None and unit is not None and post.unit_id != unit.pk:
            self.add_error(
                "post", _("This post belongs to %(unit)s. Choose one of the person's unit.") % {"unit": post.unit.name}
            )
        return cleaned


class SuspendForm(forms.Form):
    reason = long_text(_("Why"), help_text=_("It stands in the history of this person."))


class HolderChoiceField(forms.ModelChoiceField):
    """An appointment that someone can stand in for."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.person.name}: {obj.get_role_display()}, {obj.unit.name}"


class AppointmentForm(forms.Form):
    """From a person's page (`person` given) or from a unit's (`unit` given); the database has the last word on one holder."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("Person"), widget=searchable(), empty_label="")
    role = forms.ChoiceField(label=_("Role"), choices=[("", ""), *RoleCode.choices])
    unit = UnitChoiceField(
        Unit.objects.none(),
        label=_("Unit"),
        required=False,
        widget=searchable(),
        help_text=_("The role counts for this unit and all below it."),
    )
    field = forms.ChoiceField(
        label=pgettext_lazy("area of work", "Field"),
        required=False,
        choices=[("", ""), *LeaderField.choices],
        help_text=_("Only for a field leader."),
    )
    deputy_of = HolderChoiceField(
        Appointment.objects.none(),
        label=_("Stands in for"),
        required=False,
        widget=searchable(),
        help_text=_("Only for a deputy."),
    )
    starts_on = day_field(label=_("From"), initial=timezone.localdate)
    ends_on = day_field(label=_("Through"), required=False, help_text=_("Empty: until further notice."))

    def __init__(self, *args: Any, user: Person, person: Person | None = None, unit: Unit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_with(user, Right.MANAGE_APPOINTMENTS)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        people = Person.objects.visible_to(user).active().exclude(pk=user.pk).order_by("name", "pk")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        held = Appointment.objects.visible_to(user).covering().exclude(role=RoleCode.DEPUTY).filter(unit__in=units)
        self.fields["deputy_of"].queryset = held.select_related("person", "unit").order_by("unit__path")  # type: ignore[attr-defined]
        if person is not None:
            self.fields["person"].initial = person
        if unit is not None:
            self.fields["unit"].initial = unit

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        role, held = cleaned.get("role"), cleaned.get("deputy_of")
        if role == RoleCode.DEPUTY and held is not None:
            cleaned["unit"] = held.unit
        elif role != RoleCode.DEPUTY:
            cleaned["deputy_of"] = None
            if not cleaned.get("unit") and "unit" not in self.errors:
                self.add_error("unit", _("Choose the unit."))
        elif "deputy_of" not in self.errors:
            self.add_error("deputy_of", _("Choose whom the deputy stands in for."))
        if role != RoleCode.FIELD_LEADER:
            cleaned["field"] = ""
        return cleaned


class EndForm(forms.Form):
    ends_on = day_field(label=_("Last day"), initial=timezone.localdate)
    reason = long_text(_("Why"), required=False)
