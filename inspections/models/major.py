"""What a major hazard asks for beside its fix: plan, listed supervision, progress, two verifications, reports outside."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inspections import querysets
from inspections.choices import LISTED, Addressee, MajorStatus, VerifierRole

#: The five implementations (catalogue.json `five_implementations`) in the order in which a plan is read.
FIVE = ("responsibility", "measures", "funds", "plan_due_at", "contingency")


class MajorTreatment(models.Model):
    """The treatment of a hazard under listed supervision, as long as it is major. The fix itself stays its corrective action.

    Life cycle: listed when the hazard becomes major (a plan is owed) → proposed → approved by the director, or returned →
    … → lifted when the director closes the fix, or dropped when the hazard turns out not to be major. The plan says the five
    implementations; its date becomes that of the fix. `checker` (another leader) and `expert` verify each `round`, which a
    returned fix begins anew. Progress is reported over and over (`progress_deadline` is the report owed now).
    Sources: catalogue.json `severity`, `escalation_major`; DOMAIN.md (listed supervision).
    """

    hazard = models.ForeignKey("inspections.Hazard", models.PROTECT, related_name="treatments", verbose_name=_("hazard"))
    number = models.CharField(_("number of the notice"), max_length=32, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=MajorStatus, default=MajorStatus.PLANNING)
    opened_at = models.DateTimeField(_("listed since"))
    responsibility = models.TextField(_("Responsibility"), blank=True)
    measures = models.TextField(_("Measures"), blank=True)
    funds = models.TextField(_("Funds"), blank=True)
    plan_due_at = models.DateTimeField(_("Time limit"), null=True, blank=True)
    contingency = models.TextField(_("Contingency plan"), blank=True)
    plan_deadline = models.ForeignKey("responsibilities.Deadline", models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approve_deadline = models.ForeignKey("responsibilities.Deadline", models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("another leader")
    )
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("expert")
    )
    checker_deadline = models.ForeignKey("responsibilities.Deadline", models.PROTECT, null=True, blank=True, related_name="+")
    expert_deadline = models.ForeignKey("responsibilities.Deadline", models.PROTECT, null=True, blank=True, related_name="+")
    round = models.PositiveSmallIntegerField(_("round of verification"), default=1)
    progress_deadline = models.ForeignKey("responsibilities.Deadline", models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = querysets.MajorTreatmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("treatment of a major hazard")
        verbose_name_plural = _("treatments of major hazards")
        ordering = ["-opened_at", "-id"]
        indexes = [models.Index(fields=["status", "-opened_at"], name="treatment_status")]
        constraints = [
            models.UniqueConstraint(fields=["hazard"], condition=~Q(status="dropped"), name="treatment_one_living"),
            models.CheckConstraint(
                condition=~Q(status__in=["proposed", "approved", "lifted"])
                | (
                    Q(plan_due_at__isnull=False, proposed_at__isnull=False, proposed_by__isnull=False)
                    & ~Q(responsibility="")
                    & ~Q(measures="")
                    & ~Q(funds="")
                    & ~Q(contingency="")
                ),
                name="treatment_plan_has_all_five",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["approved", "lifted"],
                    approved_at__isnull=False,
                    approved_by__isnull=False,
                    checker__isnull=False,
                    expert__isnull=False,
                )
                | Q(status="dropped")
                | Q(status__in=["planning", "proposed"], approved_at__isnull=True, approved_by__isnull=True),
                name="treatment_approved_whole",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")), name="treatment_approved_by_another"
            ),
            models.CheckConstraint(
                condition=Q(checker__isnull=True) | Q(expert__isnull=True) | ~Q(checker=F("expert")),
                name="treatment_two_verifiers",
            ),
            models.CheckConstraint(
                condition=Q(status__in=LISTED, ended_at__isnull=True, ended_by__isnull=True)
                | Q(status__in=["lifted", "dropped"], ended_at__isnull=False, ended_by__isnull=False),
                name="treatment_ended_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_listed(self) -> bool:
        return self.status in LISTED


class MajorProgress(models.Model):
    """A report on the progress of a treatment that is or was owed by `due_at`: written, or missed for good.

    One is owed at a time. A missed one stays visible; the next is owed all the same, by the same deadline, which still climbs.
    """

    treatment = models.ForeignKey(MajorTreatment, models.PROTECT, related_name="progress")
    week = models.PositiveSmallIntegerField(_("report"))
    due_at = models.DateTimeField(_("due"))
    text = models.TextField(_("progress"), blank=True)
    percent = models.PositiveSmallIntegerField(_("done, in per cent"), null=True, blank=True)
    written_at = models.DateTimeField(null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    missed_at = models.DateTimeField(_("missed"), null=True, blank=True)

    class Meta:
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        ordering = ["week"]
        constraints = [
            models.UniqueConstraint(fields=["treatment", "week"], name="progress_week_once"),
            models.CheckConstraint(
                condition=Q(written_at__isnull=True, written_by__isnull=True, text="", percent__isnull=True)
                | (Q(written_at__isnull=False, written_by__isnull=False, percent__lte=100) & ~Q(text="")),
                name="progress_written_whole",
            ),
            models.CheckConstraint(
                condition=Q(written_at__isnull=True) | Q(missed_at__isnull=True), name="progress_written_or_missed"
            ),
            models.UniqueConstraint(
                fields=["treatment"], condition=Q(written_at__isnull=True, missed_at__isnull=True), name="progress_one_owed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.treatment_id} #{self.week}"


class MajorVerification(models.Model):
    """One of the two signatures under the fix of a major hazard, in its round: accepted, or what is not good enough yet.

    SECURITY: triggers refuse it by anyone who had a hand in the fix, and refuse to close the hazard without both.
    """

    treatment = models.ForeignKey(MajorTreatment, models.PROTECT, related_name="verifications")
    round = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=8, choices=VerifierRole)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    accepted = models.BooleanField()
    note = models.TextField(_("what was seen"))
    signed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("verification of a major hazard")
        verbose_name_plural = _("verifications of major hazards")
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(fields=["treatment", "round", "role"], name="verification_once"),
            models.UniqueConstraint(fields=["treatment", "round", "person"], name="verification_two_people"),
            models.CheckConstraint(condition=~Q(note=""), name="verification_says_what_was_seen"),
        ]

    def __str__(self) -> str:
        return f"{self.treatment_id} {self.role} {self.round}"


class OutsideReport(models.Model):
    """That a major hazard is reported to the regulator or the workers' congress: owed by `deadline` until it is recorded."""

    treatment = models.ForeignKey(MajorTreatment, models.PROTECT, related_name="outside_reports")
    addressee = models.CharField(_("to"), max_length=10, choices=Addressee)
    deadline = models.OneToOneField("responsibilities.Deadline", models.PROTECT, related_name="+")
    reported_on = models.DateField(_("reported on"), null=True, blank=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    files = models.OneToOneField("attachments.AttachmentSet", models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("report outside")
        verbose_name_plural = _("reports outside")
        ordering = ["addressee"]
        constraints = [
            models.UniqueConstraint(fields=["treatment", "addressee"], name="outside_report_once"),
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=True, recorded_by__isnull=True, reported_on__isnull=True, document_number="")
                | (Q(recorded_at__isnull=False, recorded_by__isnull=False, reported_on__isnull=False) & ~Q(document_number="")),
                name="outside_report_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.treatment_id} {self.addressee}"
