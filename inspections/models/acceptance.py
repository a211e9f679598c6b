"""A hazard that may stay for a time, because somebody answers for it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inspections import querysets
from inspections.choices import AcceptanceEnd


class Acceptance(models.Model):
    """That a hazard is accepted for a time: why, what keeps people safe meanwhile, until when, by whom.

    Life cycle: standing → ended: its date came (the sweep), it was withdrawn, or what it was about changed (`end_kind`). One
    stands at a time. While it stands the clock of the fix stands still; `deadline` is owed by whoever accepted it: look again
    before `ends_at`. Its hazard shows the date (`Hazard.accepted_until`). `level` is what was accepted: another one ends it.
    A trigger (`inspections_acceptance_guard`) refuses one by a fixer, and any change of what was said.
    """

    hazard = models.ForeignKey("inspections.Hazard", models.PROTECT, related_name="acceptances", verbose_name=_("hazard"))
    level = models.ForeignKey("responsibilities.Level", models.PROTECT, related_name="+", verbose_name=_("level"))
    reason = models.TextField(_("reason"))
    interim_control = models.TextField(_("interim control"))
    accepted_at = models.DateTimeField(_("accepted"))
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("accepted by"))
    ends_at = models.DateTimeField(_("accepted until"))
    deadline = models.OneToOneField("responsibilities.Deadline", models.PROTECT, related_name="ends_acceptance")
    end_kind = models.CharField(_("how it ended"), max_length=10, choices=AcceptanceEnd, blank=True)
    end_reason = models.TextField(_("why it ended"), blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # Empty when its date came.
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = querysets.AcceptanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("temporary acceptance")
        verbose_name_plural = _("temporary acceptances")
        ordering = ["-accepted_at", "-id"]
        indexes = [models.Index(fields=["ends_at"], name="acceptance_standing", condition=Q(ended_at__isnull=True))]
        constraints = [
            models.UniqueConstraint(fields=["hazard"], condition=Q(ended_at__isnull=True), name="acceptance_one_standing"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("accepted_at")), name="acceptance_ends_later"),
            models.CheckConstraint(condition=Q(reason__gt="", interim_control__gt=""), name="acceptance_says_why_and_how"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_kind="", ended_by__isnull=True)
                | Q(ended_at__isnull=False, end_kind=AcceptanceEnd.LAPSED, ended_by__isnull=True)
                | (Q(ended_at__isnull=False, end_kind__gt="", ended_by__isnull=False) & ~Q(end_kind=AcceptanceEnd.LAPSED)),
                name="acceptance_ended_whole",
            ),
            models.CheckConstraint(
                condition=~Q(end_kind=AcceptanceEnd.WITHDRAWN) | Q(end_reason__gt=""), name="acceptance_withdrawn_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hazard_id} → {self.ends_at:%Y-%m-%d}"
