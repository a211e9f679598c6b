"""Someone of a contractor who may not enter the site for so many days."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from inspections import querysets
from inspections.choices import AppealDecision, BanState
from responsibilities.models.appointment import DateSpan

PERSON = settings.AUTH_USER_MODEL


class SiteBan(models.Model):
    """A measure of a served penalty: this person of a contractor stays off the site from a day through a day.

    Life cycle: imposed, in force from its first day, over after its last day by itself; appealed once and decided by someone
    uninvolved, who never lengthens it; or lifted with a reason. Its terms never change but for an earlier last day (trigger).
    It counts from its first day, whatever becomes of the points: it protects, it does not wait for a decision.
    """

    number = models.CharField(_("number"), max_length=32, unique=True)
    violation = models.ForeignKey("inspections.Violation", models.PROTECT, related_name="bans", verbose_name=_("violation"))
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="site_bans", verbose_name=_("person"))
    unit = models.ForeignKey("responsibilities.Unit", models.PROTECT, related_name="+", verbose_name=_("contractor"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("through"))
    reason = models.TextField(_("reason"))
    imposed_at = models.DateTimeField(_("imposed"))
    imposed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("imposed by"))
    appeal_until = models.DateTimeField(_("appeal until"))
    appealed_at = models.DateTimeField(_("appealed"), null=True, blank=True)
    appealed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    appeal_text = models.TextField(_("appeal"), blank=True)
    appeal_deadline = models.OneToOneField(
        "responsibilities.Deadline", models.PROTECT, null=True, blank=True, related_name="appealed_ban"
    )
    decision = models.CharField(_("decision"), max_length=10, choices=AppealDecision, blank=True)
    decide_reason = models.TextField(_("reasons"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by"))
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lifted by"))
    lift_reason = models.TextField(_("reason"), blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = querysets.SiteBanQuerySet.as_manager()

    class Meta:
        verbose_name = _("site ban")
        verbose_name_plural = _("site bans")
        ordering = ["-imposed_at", "-id"]
        indexes = [
            models.Index(fields=["ends_on"], name="ban_at_gate", condition=Q(lifted_at__isnull=True)),
            models.Index(fields=["-imposed_at", "-id"], name="ban_imposed"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="ban_days_in_order"),
            models.CheckConstraint(condition=Q(reason__gt=""), name="ban_with_reason"),
            models.CheckConstraint(condition=~Q(imposed_by=F("person")), name="ban_not_on_oneself"),
            models.CheckConstraint(
                condition=Q(appealed_at__isnull=True, appealed_by__isnull=True, appeal_text="", appeal_deadline__isnull=True)
                | Q(appealed_at__lte=F("appeal_until"), appealed_by__isnull=False, appeal_text__gt=""),
                name="ban_appeal_whole",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True, decided_by__isnull=True, decide_reason="")
                | Q(
                    decision__gt="", decided_at__isnull=False, decided_by__isnull=False, decide_reason__gt="",
                    appealed_at__isnull=False,
                ),
                name="ban_decision_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | (~Q(decided_by=F("imposed_by")) & ~Q(decided_by=F("person")) & ~Q(decided_by=F("appealed_by"))),
                name="ban_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lift_reason="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False, lift_reason__gt=""),
                name="ban_lifted_whole",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True) | ~Q(lifted_by=F("person")), name="ban_not_lifted_by_oneself"
            ),
            ExclusionConstraint(
                name="ban_one_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (DateSpan(F("starts_on"), F("ends_on"), Value("[]")), RangeOperators.OVERLAPS),
                ],
                condition=Q(lifted_at__isnull=True),
                violation_error_message=_("There is a site ban for some of these days already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    def state_on(self, day: object) -> BanState:
        """What it is on a day; nobody has to end it."""
        if self.lifted_at is not None:
            return BanState.LIFTED
        if day > self.ends_on:  # type: ignore[operator]
            return BanState.OVER
        return BanState.AHEAD if day < self.starts_on else BanState.IN_FORCE  # type: ignore[operator]
