"""What the lists of this room narrow by, all in the address."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from responsibilities.choices import ActionStatus, DeadlineKind, Grade, PlaceKind, RoleCode, UnitKind
from responsibilities.home import ends_of
from responsibilities.models import Appointment, Level, Person, Unit
from responsibilities.workflows.actions import OPEN_STATES

YES_NO = [("1", _("Yes")), ("0", _("No"))]


def visible_units(request: Any) -> QuerySet:
    return Unit.objects.visible_to(request.user).order_by("path") if request else Unit.objects.none()


class UnitFilter(django_filters.ModelChoiceFilter):
    """A unit and all below it, by ids, so that the lists' own indexes serve."""

    def __init__(self, **extra: Any) -> None:
        extra.setdefault("label", _("Unit"))
        super().__init__(queryset=visible_units, **extra)

    def filter(self, qs: QuerySet, value: Unit | None) -> QuerySet:
        if value is None:
            return qs
        return qs.filter(unit_id__in=list(Unit.objects.under(value).values_list("pk", flat=True)))


class OwnerFilter(django_filters.ChoiceFilter):
    """Whose: the reader's own, or one named person's, whose address one came from. Never a select of the whole plant."""

    def __init__(self, **extra: Any) -> None:
        super().__init__(choices=[("me", _("me"))], empty_label=_("Anyone"), **extra)

    def offer(self, request: Any, value: str) -> None:
        """Add the person the address names, if the reader may know them."""
        if request is not None and value.isascii() and value.isdigit() and len(value) < 19:
            person = Person.objects.visible_to(request.user).filter(pk=value).first()
            if person is not None:
                self.extra["choices"] = [*self.extra["choices"], (value, person.name)]

    def filter(self, qs: QuerySet, value: str | None) -> QuerySet:
        if not value:
            return qs
        pk = self.parent.request.user.pk if value == "me" else value
        return qs.filter(**{f"{self.field_name}_id": pk})


class OwnedFilterSet(django_filters.FilterSet):
    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        for name, one in self.filters.items():
            if isinstance(one, OwnerFilter):
                one.offer(self.request, (data or {}).get(name) or "")


class UnitListFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(label=_("Name or code"), method="filter_name")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=UnitKind.choices)
    active = django_filters.ChoiceFilter(label=_("Active"), choices=YES_NO, method="filter_active")

    def filter_name(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        return queryset.filter(Q(name__icontains=value) | Q(code__icontains=value))

    def filter_active(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        return queryset.filter(is_active=value == "1")


class PlaceFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(label=_("Name or code"), method="filter_name")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=PlaceKind.choices)

    def filter_name(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        return queryset.filter(Q(name__icontains=value) | Q(code__icontains=value))


class PersonFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(label=_("Name or employee number"), method="filter_name")
    unit = UnitFilter()
    grade = django_filters.ChoiceFilter(label=_("Grade"), choices=Grade.choices)
    role = django_filters.ChoiceFilter(label=_("Role today"), choices=RoleCode.choices, method="filter_role")
    active = django_filters.ChoiceFilter(label=_("Has access"), choices=YES_NO, method="filter_active")

    def filter_name(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        return queryset.filter(Q(name__icontains=value) | Q(username__icontains=value))

    def filter_role(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        return queryset.filter(Exists(Appointment.objects.covering().filter(person=OuterRef("pk"), role=value)))

    def filter_active(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        return queryset.filter(is_active=value == "1")


DEADLINE_STATES = [
    ("late", _("Late")),
    ("open", _("Open")),
    ("paused", _("Stopped")),
    ("met", _("Met")),
    ("cancelled", _("Cancelled")),
]


DUE = [("today", _("Today")), ("week", _("Next 7 days")), ("later", _("Later"))]


class DeadlineFilter(OwnedFilterSet):
    owner = OwnerFilter(field_name="owner", label=_("With"))
    unit = UnitFilter()
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=DeadlineKind.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=DEADLINE_STATES, method="filter_state")
    due = django_filters.ChoiceFilter(label=_("Due"), choices=DUE, method="filter_due")

    def filter_due(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        """The same stretches as on "My work": today is what is left of it."""
        ends = list(ends_of(timezone.now()).items())
        place = next((place for place, (key, _until) in enumerate(ends) if key == value), len(ends))
        queryset = queryset.filter(due_at__gte=ends[place - 1][1])
        return queryset.filter(due_at__lt=ends[place][1]) if place < len(ends) else queryset

    def filter_state(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        return queryset.late(timezone.now()) if value == "late" else queryset.filter(status=value)


ACTION_STATES = [("open", _("not closed")), *ActionStatus.choices]


class ActionFilter(OwnedFilterSet):
    level = django_filters.ModelChoiceFilter(label=_("Level"), queryset=Level.objects.all())
    state = django_filters.ChoiceFilter(label=_("State"), choices=ACTION_STATES, method="filter_state")
    unit = UnitFilter()
    owner = OwnerFilter(field_name="owner", label=_("Fixed by"))
    verifier = OwnerFilter(field_name="verifier", label=_("Checked by"))
    late = django_filters.ChoiceFilter(label=_("Late"), choices=YES_NO, method="filter_late")

    def filter_state(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        return queryset.filter(status__in=OPEN_STATES) if value == "open" else queryset.filter(status=value)

    def filter_late(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        late = Q(deadline__status="open", deadline__due_at__lt=timezone.now())
        return queryset.filter(late) if value == "1" else queryset.exclude(late)
