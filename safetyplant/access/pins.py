"""Quick switch between the people of one shared device: a PIN each, after a password each."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from safetyplant.access.models import DevicePin
from safetyplant.access.transitions import require

#: From the last time the password was given: about a hitch in the field.
LASTS = timedelta(days=30)
MOST_TRIES = 5
DIGITS = 6


def set_pin(person: Any, device: str, pin: str, *, by: Any, now: datetime | None = None) -> DevicePin:
    """The PIN of this person on this device, in place of an older one. The caller has asked for the password.

    Hashed with PBKDF2, which a browser can check too: without signal it is the phone that asks for it.
    """
    require(by.is_active and by.pk == person.pk)
    moment = now or timezone.now()
    with transaction.atomic():
        close_pin(person, device, now=moment)
        return DevicePin.objects.create(
            person=person,
            device=device,
            secret=make_password(pin, hasher="pbkdf2_sha256"),
            seal=person.get_session_auth_hash(),
            set_at=moment,
            expires_at=moment + LASTS,
        )


def close_pin(person: Any, device: str, *, now: datetime | None = None) -> int:
    own = DevicePin.objects.filter(person=person, device=device, closed_at=None)
    return own.update(closed_at=now or timezone.now())


def pins_on(device: str, *, now: datetime | None = None) -> list[DevicePin]:
    """Those that still open something, by name: of active people whose sessions of that day would still hold."""
    rows = DevicePin.objects.filter(device=device, closed_at=None, expires_at__gt=now or timezone.now(), person__is_active=True)
    return [pin for pin in rows.select_related("person").order_by("person__name", "pk") if _holds(pin)]


def person_by_pin(device: str, person_id: int, pin: str, *, now: datetime | None = None) -> Any | None:
    """The person, if this is their PIN on this device; otherwise None, and one try less. Five wrong ones close it.

    SECURITY: under the row's lock, so that tries sent at once are counted each.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        rows = DevicePin.objects.select_for_update(of=("self",)).select_related("person")
        row = rows.filter(device=device, person=person_id, closed_at=None, expires_at__gt=moment).first()
        if row is None or not row.person.is_active or not _holds(row):
            return None
        if check_password(pin, row.secret):
            row.wrong_tries = 0
        else:
            row.wrong_tries += 1
            row.closed_at = moment if row.wrong_tries >= MOST_TRIES else None
        row.save(update_fields=["wrong_tries", "closed_at"])
        return row.person if row.wrong_tries == 0 else None


def pin_of(person: Any, device: str, *, now: datetime | None = None) -> DevicePin | None:
    return next((pin for pin in pins_on(device, now=now) if pin.person_id == person.pk), None)


def _holds(pin: DevicePin) -> bool:
    return pin.seal == pin.person.get_session_auth_hash()
