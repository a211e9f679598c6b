"""Somebody saw again what is known already."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from inspections import querysets


class Sighting(models.Model):
    """That someone saw a known hazard too: a note on it instead of a second hazard, told to whoever has it now.

    Never changed once written. `report` is the hazard they had reported before they noticed; it is cancelled as a duplicate.
    Photos go to those of the hazard. Whoever saw it hears of its steps like its reporter.
    """

    hazard = models.ForeignKey("inspections.Hazard", models.CASCADE, related_name="sightings", verbose_name=_("hazard"))
    client_id = models.UUIDField(default=uuid.uuid4, editable=False)
    body_hash = models.CharField(max_length=64, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("seen by"))
    text = models.TextField(_("what they saw"))
    seen_at = models.DateTimeField(_("seen"))
    report = models.OneToOneField(
        "inspections.Hazard", models.PROTECT, null=True, blank=True, related_name="same_as", verbose_name=_("their own report")
    )

    objects = querysets.SightingQuerySet.as_manager()

    class Meta:
        verbose_name = _("sighting of a known hazard")
        verbose_name_plural = _("sightings of known hazards")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "client_id"], name="sighting_client_once"),
            models.CheckConstraint(condition=~models.Q(report=models.F("hazard")), name="sighting_of_another"),
            models.CheckConstraint(condition=models.Q(text__gt=""), name="sighting_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.hazard_id} {self.person_id}"
