"""Registering devices that may be used in hazardous areas."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from responsibilities.models import CertifiedDevice, Person
from responsibilities.permissions import can_manage_catalogue
from safetyplant.access.transitions import locked, require
from safetyplant.audit.services import record


@transaction.atomic
def register_device(
    device: str, *, name: str, certificate: str, valid_until: date, by: Person, now: datetime | None = None
) -> CertifiedDevice:
    """The device in one's hand. A new certificate takes the place of the one before."""
    require(can_manage_catalogue(by), _("The safety officer registers devices."))
    moment = now or timezone.now()
    if valid_until < timezone.localdate(moment):
        raise ValidationError({"valid_until": _("This certificate has ended already.")})
    present = CertifiedDevice.objects.filter(device=device, withdrawn_at=None)
    present.update(withdrawn_at=moment, withdrawn_by=by)
    made = CertifiedDevice.objects.create(
        device=device, name=name, certificate=certificate, valid_until=valid_until, registered_at=moment, registered_by=by
    )
    record("device.registered", made, by=by, detail={"name": name, "certificate": certificate})
    return made


@transaction.atomic
def withdraw_device(row: CertifiedDevice, *, by: Person, now: datetime | None = None) -> None:
    require(can_manage_catalogue(by), _("The safety officer registers devices."))
    row = locked(CertifiedDevice.objects, row.pk)
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_by = now or timezone.now(), by
        row.save(update_fields=["withdrawn_at", "withdrawn_by"])
        record("device.withdrawn", row, by=by, detail={"name": row.name})


def is_certified(device: str | None, *, on: date | None = None) -> bool:
    day = on or timezone.localdate()
    return device is not None and CertifiedDevice.objects.in_force(day).filter(device=device).exists()
