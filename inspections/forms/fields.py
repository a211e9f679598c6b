"""Fields for choices too many to list: few are offered in the page, any other is found by typing, and all work without script."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inspections.models import Hazard, Inspection
from responsibilities.models import Person, Place, Unit
from responsibilities.roles import Right
from safetyplant.documents.models import Clause, DocumentVersion

if TYPE_CHECKING:
    from django.utils.functional import Promise

MOST_PLACES, MOST_UNITS, MOST_PEOPLE, MOST_CLAUSES, MOST_RECENT = 150, 400, 300, 400, 5
Option = tuple[str, str]
Group = tuple["str | Promise", list[Option]]


@dataclass(frozen=True)
class Where:
    """A place with its unit, or a unit as a whole."""

    unit: Unit
    place: Place | None = None

    @property
    def value(self) -> str:
        return f"p{self.place.pk}" if self.place else f"u{self.unit.pk}"

    @property
    def label(self) -> str:
        return place_label(self.place) if self.place else self.unit.name


def place_label(place: Place) -> str:
    return f"{place.name} · {place.unit.name}"


def units_for(user: Person, right: Right | None = None) -> QuerySet:
    """Active units a reader may choose; with a right only those it is held for."""
    units = Unit.objects.visible_to(user).active().order_by("path")
    if right is None or user.standing.everywhere(right):
        return units
    return units.filter(pk__in=user.standing.unit_ids(right))


def places_for(user: Person, right: Right | None = None) -> QuerySet:
    places = Place.objects.visible_to(user).active().select_related("unit").order_by("unit__path", "kind", "code")
    if right is None or user.standing.everywhere(right):
        return places
    return places.filter(unit_id__in=user.standing.unit_ids(right))


class WhereField(forms.Field):
    """One answer to "where": a place or a unit. The value is `p<place id>` or `u<unit id>`; cleans to a `Where`."""

    default_error_messages = {"required": _("Choose a place or a unit"), "unknown": _("Choose a place or a unit from the list")}

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.Select(attrs={"data-search": ""}))
        super().__init__(**options)
        self.user: Person | None = None
        self.right: Right | None = None

    def offer(self, user: Person, right: Right | None = None, *, chosen: str = "") -> None:
        """Fit to a reader: recent places, those of their unit, all units. `chosen` is added so that it stays selected."""
        self.user, self.right = user, right
        groups = groups_of_places(user, right)
        self.widget.attrs["data-search-url"] = f"{reverse('inspections:place-lookup')}?right={right or ''}&q="
        self.widget.choices = [("", ""), *groups, *self._missing(chosen, groups)]

    def _missing(self, chosen: str, groups: list[Group]) -> list[Option]:
        if not chosen or any(value == chosen for _label, options in groups for value, _text in options):
            return []
        try:
            where = self.clean(chosen)
        except ValidationError:
            return []
        return [(where.value, where.label)] if where else []

    def clean(self, value: Any) -> Where | None:
        text = str(value or "").strip()
        if not text:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        found = self._find(text[0], text[1:])
        if found is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return found

    def _find(self, kind: str, number: str) -> Where | None:
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            return None
        if kind == "u":
            unit = units_for(self.user, self.right).filter(pk=number).first()  # type: ignore[arg-type]
            return Where(unit) if unit else None
        place = places_for(self.user, self.right).filter(pk=number).first() if kind == "p" else None  # type: ignore[arg-type]
        return Where(place.unit, place) if place else None


def groups_of_places(user: Person, right: Right | None) -> list[Group]:
    """What the select offers by itself: where one was lately, the places of one's unit, and every unit."""
    recent = recent_places(user, right)
    seen = {place.pk for place in recent}
    own = [place for place in near_places(user, right) if place.pk not in seen]
    groups: list[Group] = [
        (_("Where you were lately"), [(f"p{place.pk}", place_label(place)) for place in recent]),
        (_("Places near you"), [(f"p{place.pk}", place_label(place)) for place in own]),
        (_("A unit as a whole"), [(f"u{unit.pk}", indented(unit)) for unit in units_for(user, right)[:MOST_UNITS]]),
    ]
    return [group for group in groups if group[1]]


def indented(unit: Unit) -> str:
    return "　" * unit.depth + unit.name


def near_places(user: Person, right: Right | None) -> Iterable[Place]:
    """Those of the reader's unit and below; for whoever inspects, those of the units they inspect."""
    places = places_for(user, right)
    if user.unit is not None and (right is None or user.standing.has_for(right, user.unit)):
        places = places.filter(unit__path__startswith=user.unit.path)
    elif right is None:
        return []
    return places[:MOST_PLACES]


def recent_places(user: Person, right: Right | None) -> list[Place]:
    source = Hazard.objects.filter(reported_by=user) if right is None else Inspection.objects.filter(created_by=user)
    order = "-found_at" if right is None else "-started_at"
    ids = list(dict.fromkeys(source.filter(place__isnull=False).order_by(order, "-pk").values_list("place_id", flat=True)[:30]))
    found = places_for(user, right).in_bulk(ids[:MOST_RECENT])
    return [found[pk] for pk in ids if pk in found]


class PersonField(forms.ModelChoiceField):
    """A person of the plant. Few are offered; any other whom the reader may see is found by typing."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.Select(attrs={"data-search": ""}))
        super().__init__(Person.objects.none(), **options)

    def offer(
        self, user: Person, people: Iterable[Person], *, chosen: Sequence[str] = (), everyone: QuerySet | None = None
    ) -> None:
        offer_people(self, user, people, chosen=chosen, everyone=everyone)


class PeopleField(forms.ModelMultipleChoiceField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.SelectMultiple(attrs={"data-search": "", "size": 4}))
        super().__init__(Person.objects.none(), **options)

    def offer(
        self, user: Person, people: Iterable[Person], *, chosen: Sequence[str] = (), everyone: QuerySet | None = None
    ) -> None:
        offer_people(self, user, people, chosen=chosen, everyone=everyone)


def offer_people(field: Any, user: Person, people: Iterable[Person], *, chosen: Sequence[str], everyone: QuerySet | None) -> None:
    field.queryset = everyone if everyone is not None else Person.objects.visible_to(user).active()
    field.widget.attrs["data-search-url"] = f"{reverse('inspections:person-lookup')}?q="
    offered = list(people)[:MOST_PEOPLE]
    missing = {int(pk) for pk in chosen if str(pk).isascii() and str(pk).isdigit()} - {person.pk for person in offered}
    if missing:
        offered += field.queryset.filter(pk__in=missing).select_related("unit")
    empty = [("", "")] if isinstance(field, PersonField) else []
    field.widget.choices = [*empty, *((person.pk, person_label(person)) for person in offered)]


def person_label(person: Person) -> str:
    return f"{person.name} · {person.unit.name}" if person.unit else person.name


def people_of(user: Person, unit_path: str = "") -> QuerySet:
    """Active people whom the reader may see, of a part of the tree when one is named."""
    people = Person.objects.visible_to(user).active().select_related("unit").order_by("name", "pk")
    return people.filter(unit__path__startswith=unit_path) if unit_path else people


def clauses_in_force(day: Any) -> QuerySet:
    """Clauses of the published versions that count on a day."""
    versions = DocumentVersion.objects.in_force(day)
    return (
        Clause.objects.filter(version__in=versions)
        .select_related("version__document")
        .order_by("version__document__code", "position")
    )


def clause_label(clause: Clause) -> str:
    return f"{clause.version.document.label} {clause.number}: {clause.label}"


def matching_places(places: QuerySet, text: str) -> QuerySet:
    return places.filter(Q(name__icontains=text) | Q(code__icontains=text) | Q(unit__name__icontains=text))
