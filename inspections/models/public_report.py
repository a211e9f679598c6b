"""Reports by whoever stands before a label, without an account."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from inspections import querysets


class PublicReport(models.Model):
    """What belongs to a hazard that somebody reported without signing in.

    `code` is their receipt: whoever has it may look up what became of the report, and nothing else. `contact` is there if they
    want to be asked back: personal data, for those who assess the hazard alone.
    """

    hazard = models.OneToOneField("inspections.Hazard", models.CASCADE, related_name="public_report")
    code = models.CharField(_("receipt number"), max_length=16, unique=True)
    contact = models.CharField(_("how to reach you"), max_length=120, blank=True)
    created_at = models.DateTimeField()

    objects = querysets.PublicReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report without sign-in")
        verbose_name_plural = _("reports without sign-in")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.code
