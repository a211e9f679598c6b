"""Filters of this room's lists; all of them travel in the address."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.choices import (
    BanState,
    CheckStatus,
    DutyKind,
    DutyStatus,
    HazardStatus,
    InspectionKind,
    InspectionStatus,
    ProposalKind,
    ProposalStatus,
    ViolationClass,
    ViolationStatus,
    VisitStatus,
)
from inspections.forms.fields import people_of, places_for, units_for
from inspections.models import (
    CheckShare,
    Duty,
    Hazard,
    HazardCategory,
    Inspection,
    InspectionPlan,
    PlaceCheck,
    PlannedVisit,
    Proposal,
    SiteBan,
    Violation,
)
from responsibilities.choices import Field, UnitKind
from responsibilities.forms.units import UnitChoiceField
from responsibilities.forms.widgets import DayInput, searchable
from responsibilities.models import Level, Person, Unit
from safetyplant.reporting.parts import View

#: How a filter narrows for one of its values and one reader, and the value.
Narrow = tuple[Callable[[Any, str, Person], QuerySet], str]
LISTED = 200  # places and people a filter offers by itself; any other works by its address


class UnitFilter(django_filters.ModelChoiceFilter):
    field_class = UnitChoiceField


def units_of_reader(request: Any) -> QuerySet:
    return units_for(request.user) if request else Unit.objects.none()


def places_of_reader(request: Any) -> QuerySet:
    return places_for(request.user) if request else Unit.objects.none()


def people_of_reader(request: Any) -> QuerySet:
    return people_of(request.user) if request else Person.objects.none()


def unit_ids_below(unit: Unit, request: Any) -> list[int]:
    """Ids rather than a subquery: with them the index of (unit, sort column) serves. Read once for a request."""
    known: dict[int, list[int]] = request.__dict__.setdefault("unit_ids_below", {})
    if unit.pk not in known:
        known[unit.pk] = list(Unit.objects.under(unit).values_list("pk", flat=True))
    return known[unit.pk]


class DayRange(django_filters.widgets.DateRangeWidget):
    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        django_filters.widgets.SuffixedMultiWidget.__init__(self, (DayInput(), DayInput()), attrs)


def found_range(label: Any, field_name: str = "found_at") -> django_filters.DateFromToRangeFilter:
    return django_filters.DateFromToRangeFilter(field_name=field_name, label=label, widget=DayRange())


class RoomFilter(django_filters.FilterSet):
    """What the lists of this room share: the unit with all below it, and selects that offer little and accept more."""

    unit = UnitFilter(queryset=units_of_reader, label=_("Unit"), method="below", empty_label="", widget=searchable())

    def below(self, rows: QuerySet, _name: str, unit: Unit) -> QuerySet:
        return rows.filter(unit_id__in=unit_ids_below(unit, self.request))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shorten()

    def shorten(self) -> None:
        """Long selects show what was chosen and the nearest; typing finds the rest."""
        for name, address, query in (
            ("place", "place-lookup", "?as=id&q="),
            ("with", "person-lookup", "?q="),
            ("person", "person-lookup", "?q="),
        ):
            if name in self.form.fields:
                field = self.form.fields[name]
                field.widget.attrs |= {"data-search": "", "data-search-url": reverse(f"inspections:{address}") + query}
                # A function: read when it is drawn. A list's counted views build this filter too, and draw nothing.
                field.widget.choices = cache(partial(offered, field, self.request.user, self.data.get(name, "")))


def offered(field: Any, user: Person, chosen: str) -> list[tuple[Any, str]]:
    """The nearest places, of people the reader alone, and the chosen one."""
    rows: list[Any] = [user]
    if field.queryset.model is not Person:
        near = field.queryset.filter(unit__path__startswith=user.unit.path) if user.unit else field.queryset
        rows = list(near[:LISTED])
    if is_id(chosen) and all(str(row.pk) != chosen for row in rows):
        rows += field.queryset.filter(pk=chosen)
    return [("", ""), *((row.pk, str(row)) for row in rows)]


def is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def levels() -> QuerySet:
    return Level.objects.order_by("rank")


def hazards_in_state(rows: QuerySet, state: str, reader: Person) -> QuerySet:
    match state:
        case "open":
            return rows.open()
        case "late":
            return rows.late(timezone.now())
        case "check":
            return rows.filter(status=HazardStatus.SUBMITTED, holder=reader)
    return rows.filter(status=state)


def hazards_of_kind(rows: QuerySet, kind: str, reader: Person) -> QuerySet:
    return rows.filter(HAZARD_KINDS[kind](reader))


HAZARD_KINDS: dict[str, Callable[[Person], Q]] = {
    "grave": lambda _reader: Q(level__in=Level.objects.filter(Q(is_urgent=True) | Q(is_major=True))),
    "undecided": lambda _reader: Q(possibly_major=True),
    "contractors": lambda _reader: Q(unit__kind=UnitKind.CONTRACTOR),
    "mine": lambda reader: Q(reported_by=reader),
    "stopped": lambda _reader: Q(stopped_at__isnull=False, released_at__isnull=True),
    "accepted": lambda _reader: Q(accepted_until__isnull=False),
    "repeated": lambda _reader: Q(repeat_of__isnull=False),
}


def inspections_in_state(rows: QuerySet, state: str, _reader: Person) -> QuerySet:
    return rows.submitted() if state == "done" else rows.filter(status=state)


def inspections_of_kind(rows: QuerySet, kind: str, reader: Person) -> QuerySet:
    return rows.filter(created_by=reader) if kind == "mine" else rows.filter(failed_count__gt=0)


def violations_of_kind(rows: QuerySet, kind: str, reader: Person) -> QuerySet:
    kinds = {"mine": Q(recorded_by=reader), "own": Q(person=reader), "contractors": Q(unit__kind=UnitKind.CONTRACTOR)}
    return rows.filter(kinds[kind])


def view(
    key: str,
    label: Any,
    *,
    state: Narrow | None = None,
    only: Narrow | None = None,
    also: str = "",
    is_counted: bool = True,
    **plain: str,
) -> View:
    """A standard view that narrows by the functions its filters use, each with its value: `state=(hazards_in_state, "open")`."""
    chosen = {name: narrow for name, narrow in (("state", state), ("only", only)) if narrow}

    def rows(queryset: QuerySet, request: HttpRequest) -> QuerySet:
        for narrow, value in chosen.values():
            queryset = narrow(queryset, value, request.user)
        return queryset.filter(**plain)

    words = {**{name: value for name, (_narrow, value) in chosen.items()}, **plain}
    query = "&".join(f"{name}={value}" for name, value in words.items())
    return View(key, label, f"{query}&{also}" if also else query, is_counted, rows=rows)


class HazardFilter(RoomFilter):
    STATES = [
        ("open", _("Open")),
        ("late", _("Late")),
        ("check", _("Waiting for my check")),
        *[choice for choice in HazardStatus.choices if choice[0] not in ("closed",)],
        ("closed", _("Closed")),
    ]
    ONLY = [
        ("grave", _("Serious and major")),
        ("undecided", _("Possibly major, undecided")),
        ("contractors", _("Contractors")),
        ("mine", _("Reported by me")),
        ("stopped", _("Work stopped")),
        ("repeated", _("Repeated")),
        ("accepted", _("Accepted for a time")),
    ]

    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="in_state", empty_label=_("Any"))
    only = django_filters.ChoiceFilter(label=_("Only"), choices=ONLY, method="of_kind", empty_label=_("All"))
    level = django_filters.ModelMultipleChoiceFilter(
        queryset=lambda request: levels(), label=_("Level"), widget=forms.CheckboxSelectMultiple, distinct=False
    )
    category = django_filters.ModelChoiceFilter(
        queryset=lambda request: HazardCategory.objects.all(), label=_("Category"), empty_label=""
    )
    place = django_filters.ModelChoiceFilter(queryset=places_of_reader, label=_("Place"), empty_label="")
    found = found_range(_("Found"))
    first_due = found_range(_("First due"), "first_due_at")
    field = django_filters.ChoiceFilter(label=pgettext_lazy("area of work", "Field"), choices=Field.choices, empty_label=_("Any"))

    class Meta:
        model = Hazard
        fields: list[str] = []

    def in_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return hazards_in_state(rows, value, self.request.user)

    def of_kind(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return hazards_of_kind(rows, value, self.request.user)


#: `with` is a word of the language, so this filter is added by name.
HazardFilter.base_filters["with"] = django_filters.ModelChoiceFilter(
    field_name="holder", queryset=people_of_reader, label=_("With"), empty_label=""
)


class InspectionFilter(RoomFilter):
    STATES = [("done", _("Submitted or acknowledged")), *InspectionStatus.choices]

    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="in_state", empty_label=_("Any"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=InspectionKind.choices, empty_label=_("Any"))
    only = django_filters.ChoiceFilter(
        label=_("Only"),
        choices=[("mine", _("Mine")), ("failed", _("With failed items"))],
        method="of_kind",
        empty_label=_("All"),
    )
    place = django_filters.ModelChoiceFilter(queryset=places_of_reader, label=_("Place"), empty_label="")
    started = found_range(_("Started"), "started_at")

    class Meta:
        model = Inspection
        fields: list[str] = []

    def in_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return inspections_in_state(rows, value, self.request.user)

    def of_kind(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return inspections_of_kind(rows, value, self.request.user)


class ViolationFilter(RoomFilter):
    state = django_filters.ChoiceFilter(
        field_name="status", label=_("State"), choices=ViolationStatus.choices, empty_label=_("Any")
    )
    only = django_filters.ChoiceFilter(
        label=_("Only"),
        choices=[("mine", _("Recorded by me")), ("own", _("My own")), ("contractors", _("Contractors"))],
        method="of_kind",
        empty_label=_("All"),
    )
    kind = django_filters.ChoiceFilter(
        field_name="violation_type__violation_class", label=_("Class"), choices=ViolationClass.choices, empty_label=_("Any")
    )
    place = django_filters.ModelChoiceFilter(queryset=places_of_reader, label=_("Place"), empty_label="")
    found = found_range(_("Found"))

    class Meta:
        model = Violation
        fields: list[str] = []

    def of_kind(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return violations_of_kind(rows, value, self.request.user)


class DutyFilter(RoomFilter):
    """Duties after points."""

    state = django_filters.ChoiceFilter(field_name="status", label=_("State"), choices=DutyStatus.choices, empty_label=_("Any"))
    kind = django_filters.ChoiceFilter(label=_("Duty"), choices=DutyKind.choices, empty_label=_("Any"))
    person = django_filters.ModelChoiceFilter(queryset=people_of_reader, label=_("Who"), empty_label="")
    due = found_range(_("Due"), "deadline__due_at")

    class Meta:
        model = Duty
        fields: list[str] = []


class ProposalFilter(RoomFilter):
    """Proposed penalties."""

    state = django_filters.ChoiceFilter(
        field_name="status", label=_("State"), choices=ProposalStatus.choices, empty_label=_("Any")
    )
    kind = django_filters.ChoiceFilter(label=_("Proposed because of"), choices=ProposalKind.choices, empty_label=_("Any"))
    person = django_filters.ModelChoiceFilter(queryset=people_of_reader, label=_("Who"), empty_label="")
    proposed = found_range(_("Proposed"), "proposed_at")

    class Meta:
        model = Proposal
        fields: list[str] = []


def bans_in_state(rows: QuerySet, state: str) -> QuerySet:
    """As `SiteBan.state_on` says of today."""
    today = timezone.localdate()
    match state:
        case BanState.LIFTED:
            return rows.filter(lifted_at__isnull=False)
        case BanState.OVER:
            return rows.filter(lifted_at=None, ends_on__lt=today)
        case BanState.AHEAD:
            return rows.filter(lifted_at=None, starts_on__gt=today)
    return rows.on(today)  # type: ignore[attr-defined]


class SiteBanFilter(RoomFilter):
    state = django_filters.ChoiceFilter(label=_("State"), choices=BanState.choices, method="in_state", empty_label=_("Any"))
    person = django_filters.ModelChoiceFilter(queryset=people_of_reader, label=_("Who"), empty_label="")

    class Meta:
        model = SiteBan
        fields: list[str] = []

    def in_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return bans_in_state(rows, value)


def checks_in_state(rows: QuerySet, state: str, _reader: Person) -> QuerySet:
    return rows.filter(status=state)


def checks_of_kind(rows: QuerySet, kind: str, reader: Person) -> QuerySet:
    if kind == "mine":
        return rows.filter(sent_by=reader)
    owed = CheckShare.objects.filter(deadline__owner=reader, deadline__status="open")
    return rows.filter(pk__in=owed.values("place_check_id"))


class CheckFilter(RoomFilter):
    state = django_filters.ChoiceFilter(label=_("State"), choices=CheckStatus.choices, method="in_state", empty_label=_("Any"))
    only = django_filters.ChoiceFilter(
        label=_("Only"),
        choices=[("asked", _("Asked of me")), ("mine", _("Sent by me"))],
        method="of_kind",
        empty_label=_("All"),
    )
    sent = found_range(_("Sent"), "sent_at")

    class Meta:
        model = PlaceCheck
        fields: list[str] = []

    def in_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return checks_in_state(rows, value, self.request.user)

    def of_kind(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return checks_of_kind(rows, value, self.request.user)


def plans_in_state(rows: QuerySet, state: str, _reader: Person) -> QuerySet:
    return rows.filter(ended_at__isnull=state == "current")


def visits_in_state(rows: QuerySet, state: str, reader: Person) -> QuerySet:
    return rows.of_person(reader).open() if state == "mine" else rows.filter(status=state)


class PlanFilter(RoomFilter):
    STATES = [("current", _("In force")), ("ended", _("Ended"))]

    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="in_state", empty_label=_("Any"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=InspectionKind.choices, empty_label=_("Any"))

    class Meta:
        model = InspectionPlan
        fields: list[str] = []

    def in_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return plans_in_state(rows, value, self.request.user)


class VisitFilter(RoomFilter):
    STATES = [*((state.value, state.label) for state in VisitStatus), ("mine", _("Mine, not made yet"))]

    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="in_state", empty_label=_("Any"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=InspectionKind.choices, empty_label=_("Any"))
    place = django_filters.ModelChoiceFilter(queryset=places_of_reader, label=_("Place"), empty_label="")
    due = found_range(_("Due"), "due_at")

    class Meta:
        model = PlannedVisit
        fields: list[str] = []

    def in_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return visits_in_state(rows, value, self.request.user)


#: `with` is a word of the language, so this filter is added by name.
VisitFilter.base_filters["with"] = django_filters.ModelChoiceFilter(
    field_name="owner", queryset=people_of_reader, label=_("With"), empty_label=""
)
