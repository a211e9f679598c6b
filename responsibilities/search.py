"""What the one search finds of this room."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from responsibilities.models import Person, Place, Unit
from safetyplant.search.sources import Source, register


def register_all() -> None:
    register(
        Source(
            "place",
            _("Places"),
            "geo-alt",
            queryset=lambda user: Place.objects.visible_to(user).active().select_related("unit"),
            title=lambda place: place.name,
            link=lambda place: reverse("responsibilities:place-detail", args=[place.unit_id, place.pk]),
            note=lambda place: f"{place.get_kind_display()} {place.code}, {place.unit.name}",
            order=("code", "pk"),
        )
    )
    register(
        Source(
            "person",
            _("People"),
            "people",
            queryset=lambda user: Person.objects.visible_to(user).active().select_related("unit"),
            title=lambda person: person.name,
            link=lambda person: reverse("responsibilities:person-detail", args=[person.pk]),
            note=lambda person: person.unit.name if person.unit else "",
            list_url=lambda: reverse("responsibilities:person-list"),
            order=("name", "pk"),
        )
    )
    register(
        Source(
            "unit",
            _("Units"),
            "building",
            queryset=lambda user: Unit.objects.visible_to(user).active(),
            title=lambda unit: unit.name,
            link=lambda unit: reverse("responsibilities:unit-detail", args=[unit.pk]),
            note=lambda unit: f"{unit.get_kind_display()} {unit.code}",
            list_url=lambda: reverse("responsibilities:unit-list"),
            order=("path",),
        )
    )
