"""What violations cost: the rule in force on a day, the ledger of points, and the duties that points bring."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inspections import querysets
from inspections.choices import BanDecider, DutyKind, DutyStatus, EntryKind, Posting

PERSON = settings.AUTH_USER_MODEL


class PenaltyRule(models.Model):
    """How points grow, add up and count, from a day on (catalogue.json `points_rule`). A row never changes once it is made.

    A change makes the next edition; the last one of a day counts. Points of one year are those found in that calendar year.
    """

    valid_from = models.DateField(_("valid from"))
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    second_factor = models.DecimalField(_("second time in the year, times"), max_digits=3, decimal_places=2)
    further_factor = models.DecimalField(_("third time and after, times"), max_digits=3, decimal_places=2)
    at_most = models.PositiveSmallIntegerField(_("at most so many points for one violation"))
    appeal_days = models.PositiveSmallIntegerField(_("working days to appeal"))
    linked_from = models.PositiveSmallIntegerField(_("the unit head answers too from so many points"))
    linked_percent = models.PositiveSmallIntegerField(_("percent of the points for the unit head"))
    linked_least = models.PositiveSmallIntegerField(_("at least so many points for the unit head"))
    overdue_days = models.PositiveSmallIntegerField(_("days late after which a fix is proposed for points"))
    pay_deduction = models.BooleanField(_("pay deduction"), default=False)
    posting = models.CharField(_("posted inside the plant"), max_length=8, choices=Posting, default=Posting.OFF)
    posting_days = models.PositiveSmallIntegerField(_("days on the board"))
    ban_by = models.CharField(
        _("site bans are imposed by"), max_length=20, choices=BanDecider, default=BanDecider.LEADER, db_default=BanDecider.LEADER
    )
    ban_days = models.PositiveSmallIntegerField(_("a site ban lasts at most so many days"), default=0, db_default=0)
    credit_points = models.PositiveSmallIntegerField(_("points off for a verified report"), default=0, db_default=0)
    credit_level = models.CharField(_("of a hazard from this level on"), max_length=8, default="M", db_default="M")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    objects = querysets.PenaltyRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("penalty rule")
        ordering = ["-valid_from", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["valid_from", "edition"], name="penalty_rule_once"),
            models.CheckConstraint(
                condition=Q(second_factor__gte=1, further_factor__gte=F("second_factor")), name="penalty_rule_factors_grow"
            ),
            models.CheckConstraint(condition=Q(appeal_days__gte=1), name="penalty_rule_appeal_days"),
            models.CheckConstraint(condition=Q(linked_percent__lte=100), name="penalty_rule_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from} ({self.edition})"


class RuleThreshold(models.Model):
    """From so many points in the year on, this duty is due within so many days."""

    rule = models.ForeignKey(PenaltyRule, models.CASCADE, related_name="thresholds")
    points = models.PositiveSmallIntegerField(_("from so many points"))
    duty = models.CharField(_("duty"), max_length=12, choices=DutyKind)
    days = models.PositiveSmallIntegerField(_("days to see to it"))

    class Meta:
        verbose_name = _("threshold of points")
        ordering = ["points"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "points"], name="rule_threshold_once"),
            models.CheckConstraint(condition=Q(points__gte=1, days__gte=1), name="rule_threshold_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.points}: {self.duty}"


class PointsEntry(models.Model):
    """One row of a person's account of points for a calendar year. Rows are only ever added: a charge taken back is a row more.

    Each names the violation, the rule and the factor by which it was reckoned, so that every sum can be replayed
    (`services/replay.py`). A credit names the hazard whose report was verified; a correction what a replay found wrong.
    """

    person = models.ForeignKey(PERSON, models.PROTECT, db_index=False, related_name="points_entries", verbose_name=_("person"))
    year = models.PositiveSmallIntegerField(_("year"))
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind)
    points = models.SmallIntegerField(_("points"))
    violation = models.ForeignKey("inspections.Violation", models.PROTECT, null=True, blank=True, related_name="points_entries")
    # Its index is the unique one of credits.
    hazard = models.ForeignKey(
        "inspections.Hazard", models.PROTECT, null=True, blank=True, db_index=False, related_name="points_entries"
    )
    rule = models.ForeignKey(PenaltyRule, models.PROTECT, related_name="+")
    factor = models.DecimalField(_("factor"), max_digits=3, decimal_places=2)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    reason = models.TextField(_("reason"), blank=True)
    created_at = models.DateTimeField(_("entered"))
    created_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    objects = querysets.PointsEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of points")
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["person", "year", "id"], name="points_entry_person")]
        constraints = [
            models.UniqueConstraint(fields=["violation"], condition=Q(kind=EntryKind.CHARGE), name="points_entry_charged_once"),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.CHARGE, points__gte=0, reverses__isnull=True)
                | Q(kind=EntryKind.REVERSAL, points__lte=0, reverses__isnull=False, reason__gt="")
                | Q(kind=EntryKind.CREDIT, points__lte=0, reverses__isnull=True)
                | Q(kind=EntryKind.CORRECTION, reverses__isnull=True, reason__gt="") & ~Q(points=0),
                name="points_entry_sign",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[EntryKind.CHARGE, EntryKind.REVERSAL], violation__isnull=False, hazard__isnull=True)
                | Q(kind=EntryKind.CREDIT, violation__isnull=True, hazard__isnull=False)
                | Q(kind=EntryKind.CORRECTION, violation__isnull=False, hazard__isnull=True)
                | Q(kind=EntryKind.CORRECTION, violation__isnull=True, hazard__isnull=False),
                name="points_entry_source",
            ),
            models.UniqueConstraint(fields=["hazard"], condition=Q(kind=EntryKind.CREDIT), name="points_entry_credited_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.year}: {self.points:+}"


class Duty(models.Model):
    """What a person's points of a year ask for once they reach a threshold: a talk, a training, a re-examination.

    Life cycle: open → done (with proof, by the unit's head or the safety officer) → verified by another, or returned to open;
    cancelled when points taken back bring the sum below the threshold before it is seen to.
    """

    number = models.CharField(_("number"), max_length=32, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=DutyStatus, default=DutyStatus.OPEN)
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="points_duties", verbose_name=_("person"))
    unit = models.ForeignKey("responsibilities.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    year = models.PositiveSmallIntegerField(_("year"))
    threshold = models.PositiveSmallIntegerField(_("threshold"))
    kind = models.CharField(_("duty"), max_length=12, choices=DutyKind)
    entry = models.ForeignKey(PointsEntry, models.PROTECT, related_name="duties")
    deadline = models.OneToOneField("responsibilities.Deadline", models.PROTECT, related_name="+")
    proof = models.OneToOneField("attachments.AttachmentSet", models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(_("what was done"), blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    check_deadline = models.OneToOneField("responsibilities.Deadline", models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    objects = querysets.DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty after points")
        verbose_name_plural = _("duties after points")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="duty_created")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "year", "threshold"], condition=~Q(status=DutyStatus.CANCELLED), name="duty_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[DutyStatus.OPEN, DutyStatus.CANCELLED])
                | Q(done_at__isnull=False, done_by__isnull=False, proof__isnull=False, note__gt=""),
                name="duty_done_with_proof",
            ),
            models.CheckConstraint(
                condition=Q(status=DutyStatus.VERIFIED, verified_at__isnull=False, verified_by__isnull=False)
                | (~Q(status=DutyStatus.VERIFIED) & Q(verified_at__isnull=True, verified_by__isnull=True)),
                name="duty_verified_whole",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | (~Q(verified_by=F("done_by")) & ~Q(verified_by=F("person"))),
                name="duty_never_self_verified",
            ),
            models.CheckConstraint(condition=~Q(done_by=F("person")) | Q(done_by__isnull=True), name="duty_done_by_another"),
            models.CheckConstraint(
                condition=Q(status=DutyStatus.CANCELLED, cancelled_at__isnull=False)
                | (~Q(status=DutyStatus.CANCELLED) & Q(cancelled_at__isnull=True)),
                name="duty_cancelled_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.number
