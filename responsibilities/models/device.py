"""Phones and tablets that may be used where others may not."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from responsibilities import querysets


class CertifiedDevice(models.Model):
    """A device with a certificate for hazardous areas, known by the key in its own cookie. Withdrawn, never deleted.

    On it no place warns of phones until the certificate ends.
    """

    device = models.CharField(max_length=40, editable=False)
    name = models.CharField(_("name"), max_length=80)
    certificate = models.CharField(_("certificate"), max_length=120)
    valid_until = models.DateField(_("valid until"))
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = querysets.CertifiedDeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("certified device")
        verbose_name_plural = _("certified devices")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["device"], condition=Q(withdrawn_at__isnull=True), name="certified_device_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="certified_device_withdrawn_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name
