"""Who may not enter the site: what the gate reads, and the refusal of someone named for work there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from inspections.models import SiteBan
from responsibilities.services.deadlines import Subject
from safetyplant.formats.days import day_text

if TYPE_CHECKING:
    from responsibilities.models import Person

MOST_AT_GATE = 500


@dataclass(frozen=True)
class GateLine:
    """All that the gate is told. SECURITY: neither why nor since when nor by whom."""

    name: str
    unit: str
    until: date


def gate_list(today: date) -> list[GateLine]:
    """Who may not enter today, by contractor and name."""
    rows = SiteBan.objects.on(today).order_by("unit__name", "person__name", "pk")
    names = rows.values_list("person__name", "unit__name", "ends_on")[:MOST_AT_GATE]
    return [GateLine(*each) for each in names]


def require_admitted(people: "Iterable[Person]", *, field: str, day: date) -> None:
    """ValidationError (`field`) naming whoever of them may not enter the site on that day, and until when."""
    ids = [person.pk for person in people]
    if not ids:
        return
    banned = SiteBan.objects.on(day).filter(person__in=ids).order_by("pk").values_list("person__name", "ends_on")
    faults = [
        _("%(name)s may not enter the site through %(day)s: site ban") % {"name": name, "day": day_text(until)}
        for name, until in banned
    ]
    if faults:
        raise ValidationError({field: faults})


def ban_subject(ban: SiteBan) -> Subject:
    """SECURITY: neither the person nor the breach: deadlines are read in mails and on lists."""
    return Subject(ban.number, ban.number, reverse("inspections:ban-detail", args=[ban.pk]), is_personal=True)
