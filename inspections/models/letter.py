"""What outside inspectors or the upper plant wrote, and the answer they wait for."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OutsideLetter(models.Model):
    """The document behind an inspection of outside inspectors: its number, and by when it is answered.

    Life cycle: noted (its deadline opens) → replied. Owned by whoever answers for the unit; one for each such inspection.
    """

    inspection = models.OneToOneField("inspections.Inspection", models.PROTECT, related_name="letter")
    number = models.CharField(_("document number"), max_length=80)
    reply_due_on = models.DateField(_("reply due"))
    deadline = models.OneToOneField("responsibilities.Deadline", models.PROTECT, related_name="+")
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    reply = models.TextField(_("reply"), blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("letter of outside inspectors")
        constraints = [
            models.CheckConstraint(
                condition=Q(reply="", replied_at__isnull=True, replied_by__isnull=True)
                | Q(reply__gt="", replied_at__isnull=False, replied_by__isnull=False),
                name="letter_replied_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.number
