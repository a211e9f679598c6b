"""What follows from a violation: the notice, its receipt, the appeal, the decision; proposals; who looked at it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inspections import querysets
from inspections.choices import AppealDecision, ProposalKind, ProposalStatus, Receipt
from inspections.models.points import PenaltyRule

PERSON = settings.AUTH_USER_MODEL
DEADLINE = "responsibilities.Deadline"


def _whole(*names: str) -> Q:
    """All of these set, or none."""
    return Q(**{f"{name}__isnull": False for name in names}) | Q(**{f"{name}__isnull": True for name in names})


class Penalty(models.Model):
    """The notice served for a violation and all that follows; made when it is served, its terms never changed afterwards.

    `points` are what the notice says, `decided_points` what an appeal left of them, which is never more. `addressee` is whom it
    was served on: the person concerned or, for a unit or contractor as a whole, its head. Points count once it is final
    (`final_at`): at `appeal_until` when nobody appealed, else with the decision.
    """

    violation = models.OneToOneField("inspections.Violation", models.PROTECT, primary_key=True, related_name="penalty")
    person = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="penalties", verbose_name=_("person"))
    addressee = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("served on"))
    rule = models.ForeignKey(PenaltyRule, models.PROTECT, related_name="+")
    repeats = models.PositiveSmallIntegerField(_("earlier ones of the kind in the year"), default=0)
    factor = models.DecimalField(_("factor"), max_digits=3, decimal_places=2)
    proposed_points = models.PositiveSmallIntegerField(_("points proposed"), null=True, blank=True)
    points = models.PositiveSmallIntegerField(_("points"))
    fine = models.DecimalField(_("pay deduction"), max_digits=9, decimal_places=2, null=True, blank=True)
    measures = models.TextField(_("measures"), blank=True)
    reason = models.TextField(_("why other points than proposed"), blank=True)
    noticed_at = models.DateTimeField(_("notice served"))
    noticed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("served by"))
    receipt = models.CharField(_("receipt"), max_length=8, choices=Receipt, blank=True)
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    receipt_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    paper = models.OneToOneField("attachments.AttachmentSet", models.PROTECT, null=True, blank=True, related_name="+")
    witness = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("witness"))
    receipt_deadline = models.OneToOneField(DEADLINE, models.PROTECT, null=True, blank=True, related_name="+")
    appeal_until = models.DateTimeField(_("appeal until"), null=True, blank=True)
    appealed_at = models.DateTimeField(_("appealed"), null=True, blank=True)
    appealed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    appeal_text = models.TextField(_("appeal"), blank=True)
    appeal_deadline = models.OneToOneField(DEADLINE, models.PROTECT, null=True, blank=True, related_name="appealed_penalty")
    decision = models.CharField(_("decision"), max_length=10, choices=AppealDecision, blank=True)
    decided_points = models.PositiveSmallIntegerField(_("points after the decision"), null=True, blank=True)
    decided_fine = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    decide_reason = models.TextField(_("reasons"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by"))
    final_at = models.DateTimeField(_("final"), null=True, blank=True)

    objects = querysets.PenaltyQuerySet.as_manager()

    class Meta:
        verbose_name = _("penalty")
        verbose_name_plural = _("penalties")
        ordering = ["-noticed_at"]
        indexes = [
            # Read each minute: what nobody appealed against becomes final, whatever the number of those long final.
            models.Index(
                fields=["appeal_until"], name="penalty_window", condition=Q(final_at__isnull=True, appealed_at__isnull=True)
            ),
            models.Index(fields=["-final_at"], name="penalty_final", condition=Q(final_at__isnull=False)),
            models.Index(fields=["-noticed_at"], name="penalty_noticed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(addressee=F("person")), name="penalty_served_on_the_person"
            ),
            models.CheckConstraint(condition=~Q(noticed_by=F("addressee")), name="penalty_not_served_on_oneself"),
            models.CheckConstraint(
                condition=Q(reason__gt="") | Q(proposed_points__isnull=True) | Q(points=F("proposed_points")),
                name="penalty_other_points_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(receipt="", received_at__isnull=True, appeal_until__isnull=True)
                | Q(receipt__gt="", receipt_by__isnull=False),
                name="penalty_receipt_whole",
            ),
            models.CheckConstraint(
                condition=(~Q(receipt=Receipt.SIGNED) | Q(receipt_by=F("addressee")))
                & (~Q(receipt=Receipt.PAPER) | Q(paper__isnull=False))
                & (~Q(receipt=Receipt.REFUSED) | Q(witness__isnull=False)),
                name="penalty_receipt_proven",
            ),
            models.CheckConstraint(
                condition=Q(witness__isnull=True) | (~Q(witness=F("receipt_by")) & ~Q(witness=F("addressee"))),
                name="penalty_witness_is_another",
            ),
            models.CheckConstraint(condition=_whole("received_at", "appeal_until"), name="penalty_window_from_receipt"),
            models.CheckConstraint(
                condition=Q(appealed_at__isnull=True, appealed_by__isnull=True, appeal_text="")
                | Q(appealed_at__isnull=False, appealed_by=F("addressee"), appeal_text__gt="", received_at__isnull=False),
                name="penalty_appeal_whole",
            ),
            models.CheckConstraint(
                condition=Q(appealed_at__isnull=True) | Q(appealed_at__lte=F("appeal_until")), name="penalty_appeal_in_time"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True, decided_by__isnull=True, decided_points__isnull=True)
                | Q(
                    decision__gt="", decided_at__isnull=False, decided_by__isnull=False, decided_points__isnull=False,
                    decide_reason__gt="", appealed_at__isnull=False,
                ),
                name="penalty_decision_whole",
            ),
            models.CheckConstraint(
                condition=Q(decision="")
                | Q(decision=AppealDecision.UPHOLD, decided_points=F("points"))
                | Q(decision=AppealDecision.WITHDRAW, decided_points=0)
                | Q(decision=AppealDecision.REDUCE, decided_points__lt=F("points"))
                | Q(decision=AppealDecision.REDUCE, decided_points=F("points"), decided_fine__lt=F("fine")),
                name="penalty_never_raised",
            ),
            models.CheckConstraint(
                condition=Q(decided_fine__isnull=True) | Q(decided_fine__lte=F("fine")), name="penalty_fine_never_raised"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | (~Q(decided_by=F("noticed_by")) & ~Q(decided_by=F("addressee"))),
                name="penalty_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(final_at__isnull=True)
                | Q(final_at__gte=F("appeal_until"), appealed_at__isnull=True)
                | Q(decided_at__isnull=False),
                name="penalty_final_when_due",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.violation_id}: {self.points}"

    @property
    def final_points(self) -> int:
        """What counts, or will when nobody appeals."""
        return self.points if self.decided_points is None else self.decided_points

    @property
    def final_fine(self) -> object:
        return self.decided_fine if self.decision else self.fine

    @property
    def waits_for_witness(self) -> bool:
        return self.receipt == Receipt.REFUSED and self.received_at is None


class Proposal(models.Model):
    """Points that the rules propose and a person confirms or dismisses; confirmed, they are a violation like any other.

    Linked responsibility: a unit member's grave violation is final. Overdue: a fix is so many days late without an extension.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=ProposalKind)
    status = models.CharField(_("state"), max_length=10, choices=ProposalStatus, default=ProposalStatus.OPEN)
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("person"))
    unit = models.ForeignKey("responsibilities.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    points = models.PositiveSmallIntegerField(_("points proposed"))
    rule = models.ForeignKey(PenaltyRule, models.PROTECT, related_name="+")
    violation = models.OneToOneField(
        "inspections.Violation", models.PROTECT, null=True, blank=True, related_name="linked_proposal"
    )
    action = models.OneToOneField("responsibilities.CorrectiveAction", models.PROTECT, null=True, blank=True, related_name="+")
    level = models.ForeignKey("responsibilities.Level", models.PROTECT, null=True, blank=True, related_name="+")
    deadline = models.OneToOneField(DEADLINE, models.PROTECT, related_name="penalty_proposal")
    proposed_at = models.DateTimeField(_("proposed"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    decide_reason = models.TextField(_("reason"), blank=True)
    result = models.OneToOneField("inspections.Violation", models.PROTECT, null=True, blank=True, related_name="proposal")

    objects = querysets.ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed penalty")
        verbose_name_plural = _("proposed penalties")
        ordering = ["-proposed_at", "-id"]
        indexes = [models.Index(fields=["-proposed_at", "-id"], name="proposal_proposed")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ProposalKind.LINKED, violation__isnull=False, action__isnull=True)
                | Q(kind=ProposalKind.OVERDUE, violation__isnull=True, action__isnull=False),
                name="proposal_has_its_source",
            ),
            models.CheckConstraint(
                condition=Q(status=ProposalStatus.OPEN, decided_at__isnull=True, decided_by__isnull=True, result__isnull=True)
                | Q(status=ProposalStatus.CONFIRMED, decided_at__isnull=False, decided_by__isnull=False, result__isnull=False)
                | Q(
                    status=ProposalStatus.DISMISSED, decided_at__isnull=False, decided_by__isnull=False, result__isnull=True,
                    decide_reason__gt="",
                ),
                name="proposal_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("person")), name="proposal_decided_by_another"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}: {self.points}"


class RecordView(models.Model):
    """Someone looked at a violation that names a person; once a day and reader. Shown to the person concerned."""

    violation = models.ForeignKey("inspections.Violation", models.PROTECT, db_index=False, related_name="+")
    person = models.ForeignKey(PERSON, models.PROTECT, db_index=False, related_name="record_views")
    viewer = models.ForeignKey(PERSON, models.PROTECT, db_index=False, related_name="+")
    day = models.DateField()
    seen_at = models.DateTimeField(_("seen"))

    objects = querysets.RecordViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("view of a personal record")
        ordering = ["-seen_at", "-id"]
        indexes = [models.Index(fields=["person", "-seen_at", "-id"], name="record_view_person")]
        constraints = [
            models.UniqueConstraint(fields=["violation", "viewer", "day"], name="record_view_once_a_day"),
            models.CheckConstraint(condition=~Q(viewer=F("person")), name="record_view_by_another"),
        ]

    def __str__(self) -> str:
        return f"{self.violation_id} {self.viewer_id} {self.day}"
