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
from responsibilities.permissions import can_change_email, can_give_role, can_make_appointment
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
    """From a person's page (`person` given) or from a unit's (`unit` given); the database has the last word on one holder.

    Offers what `user` may give, and nothing above their own rank.
    """

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
        held = held.within_rank(user).select_related("person", "unit").order_by("unit__path")
        self.fields["deputy_of"].queryset = held  # type: ignore[attr-defined]
        self._user = user
        self._offer_roles(has_posts=held.exists())
        if person is not None:
            self.fields["person"].initial = person
        if unit is not None:
            self.fields["unit"].initial = unit

    def _offer_roles(self, *, has_posts: bool) -> None:
        """Of a deputy only where someone can be stood in for."""
        may_give = {
            code for code in RoleCode.values if (has_posts if code == RoleCode.DEPUTY else can_give_role(self._user, code))
        }
        offered = [(code, label) for code, label in RoleCode.choices if code in may_give]
        self.fields["role"].choices = [("", ""), *offered]  # type: ignore[attr-defined]
        if RoleCode.DIRECTOR not in may_give:
            self.fields["role"].help_text = _(
                "The director's post, and standing in for those who rank above you, is theirs to give."
            )

    @property
    def nothing_to_give(self) -> bool:
        """True where no unit, nobody to appoint or no role is left."""
        fields: dict[str, Any] = self.fields
        is_empty = not fields["unit"].queryset.exists() or not fields["person"].queryset.exists()
        return is_empty or len(fields["role"].choices) == 1

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
        if not self.errors and not can_make_appointment(self._user, self._meant(cleaned)):
            self.add_error("role", _("This appointment is for someone else to make."))
        return cleaned

    @staticmethod
    def _meant(cleaned: dict[str, Any]) -> Appointment:
        return Appointment(**{name: cleaned[name] for name in ("person", "role", "unit", "deputy_of")})


class EndForm(forms.Form):
    ends_on = day_field(label=_("Last day"), initial=timezone.localdate)
    reason = long_text(_("Why"), required=False)
