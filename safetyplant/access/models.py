"""Keys that people give to scripts and devices."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ApiToken(models.Model):
    """A secret that acts as its person, with exactly that person's rights of the moment.

    Only the digest is kept: a stolen database gives no key away. A token is never deleted, it is revoked, so that
    "who could have done this" stays answerable.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens", verbose_name=_("person"))
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(max_length=12, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None


class DevicePin(models.Model):
    """Six digits that let a person take over a shared device, in place of the password they gave there before.

    Bound to one device by the key in its signed cookie, worthless elsewhere. `seal` is the session hash of the day it was set:
    a new password, a suspension, whatever ends sessions ends the PIN with them. Closed (never deleted) by its owner, by five
    wrong tries, or by its end.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="device_pins", verbose_name=_("person"))
    device = models.CharField(max_length=40)
    secret = models.CharField(max_length=160)
    seal = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("PIN on a device")
        verbose_name_plural = _("PINs on devices")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["device", "person"], condition=models.Q(closed_at__isnull=True), name="device_pin_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.device[:6]}…"
