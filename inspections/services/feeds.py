"""Calendar addresses: made and revoked by their own person, read without signing in.

SECURITY: the address is the key. It opens nothing but the visits its person owes or may make, names no colleague, and ends
at once when it is revoked or its person loses access.
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from inspections.choices import VisitStatus
from inspections.models import CalendarFeed, PlannedVisit
from inspections.services.plans import link_of
from responsibilities.models import Person
from safetyplant.access.tokens import digest_of
from safetyplant.access.transitions import require
from safetyplant.audit.services import record
from safetyplant.notifications.mail import absolute

#: What lies further back is history; what lies further ahead is not made yet.
BACK, MOST = timedelta(days=31), 1000


@transaction.atomic
def make_feed(person: Person, *, by: Person, now: datetime | None = None) -> str:
    """A new secret, which exists only in this return value; an address made before is dead from now on."""
    require(by.is_active and by.pk == person.pk, _("A calendar address is made and revoked by its own person alone."))
    moment, secret = now or timezone.now(), secrets.token_urlsafe(32)
    feed, _created = CalendarFeed.objects.update_or_create(
        person=person, defaults={"digest": digest_of(secret), "created_at": moment}
    )
    record("calendar.opened", feed, by=by, at=moment)
    return secret


@transaction.atomic
def revoke_feed(person: Person, *, by: Person, now: datetime | None = None) -> None:
    """The address opens nothing any more; revoking twice changes nothing."""
    require(by.is_active and by.pk == person.pk, _("A calendar address is made and revoked by its own person alone."))
    feed = CalendarFeed.objects.filter(person=person).first()
    if feed is not None:
        record("calendar.revoked", feed, by=by, at=now or timezone.now())
        feed.delete()


def person_of_feed(secret: str) -> Person | None:
    """Whose calendar the secret opens; None for a wrong or revoked one, and for a person without access."""
    feed = CalendarFeed.objects.select_related("person__unit").filter(digest=digest_of(secret)).first()
    return feed.person if feed is not None and feed.person.is_active else None


def calendar_of(person: Person, *, now: datetime | None = None) -> bytes:
    """The person's visits as an iCalendar file, in their language."""
    moment = now or timezone.now()
    visits = PlannedVisit.objects.visible_to(person).of_person(person).filter(due_at__gte=moment - BACK)
    with translation.override(person.language or translation.get_language() or "en"):
        calendar = Calendar()
        calendar.add("prodid", "-//SafetyPlant//visits//")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", _("Inspections"))
        for visit in visits.select_related("unit", "place").order_by("due_at", "pk")[:MOST]:
            calendar.add_component(_event(visit, moment))
        return bytes(calendar.to_ical())


def _event(visit: PlannedVisit, now: datetime) -> Event:
    """A visit of one day with its hours; a longer one is an entry of its last day."""
    event = Event()
    event.add("uid", f"visit-{visit.pk}@safetyplant")
    event.add("dtstamp", now)
    event.add("sequence", visit.revision)
    event.add("summary", f"{visit.get_kind_display()}: {visit.where} ({visit.get_status_display()})")
    event.add("location", visit.unit.name if visit.place is None else f"{visit.place.name}, {visit.unit.name}")
    event.add("url", absolute(link_of(visit)))
    event.add("status", "CANCELLED" if visit.status in (VisitStatus.CANCELLED, VisitStatus.EXCUSED) else "CONFIRMED")
    if visit.due_at - visit.starts_at <= timedelta(hours=13):
        event.add("dtstart", visit.starts_at)
        event.add("dtend", visit.due_at)
    else:
        event.add("dtstart", visit.on)
        event.add("dtend", visit.on + timedelta(days=1))
    return event
