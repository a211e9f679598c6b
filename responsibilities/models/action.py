"""The one rectification life cycle that hazards, drill findings, accident measures and decisions share."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from responsibilities import querysets
from responsibilities.choices import ActionStatus, ExtensionStatus, LeaderField, WaitingFor


class CorrectiveAction(models.Model):
    """Something that must be put right by one lead unit, checked by someone who did not do it.

    Life cycle: assigned → in progress (⇄ waiting, with interim control) → submitted → verified, or returned → …;
    cancelled with a reason. `deadline` is the fixer's clock: submission stops it, return resumes it; `check_deadline` is
    the verifier's. The record it serves (`subject_kind`, e.g. "hazard") points here and is told of each change
    through `responsibilities.subjects`. `revision` rises with every change and refuses silent overwrites.
    """

    subject_kind = models.CharField(max_length=16)
    number = models.CharField(_("number"), max_length=32)
    title = models.CharField(_("title"), max_length=200)
    link = models.CharField(max_length=200)
    status = models.CharField(_("state"), max_length=12, choices=ActionStatus, default=ActionStatus.ASSIGNED)
    level = models.ForeignKey(
        "responsibilities.Level", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("level")
    )
    field = models.CharField(max_length=12, choices=LeaderField, blank=True)
    unit = models.ForeignKey("responsibilities.Unit", models.PROTECT, related_name="actions", verbose_name=_("lead unit"))
    assisting_units = models.ManyToManyField("responsibilities.Unit", blank=True, related_name="assisted_actions")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="actions", verbose_name=_("fixes it"))
    verifier = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("checks it"))
    deadline = models.OneToOneField("responsibilities.Deadline", models.PROTECT, related_name="fix_of")
    check_deadline = models.ForeignKey(
        "responsibilities.Deadline", models.PROTECT, null=True, blank=True, related_name="check_of"
    )
    chain = models.ForeignKey("responsibilities.ChainSnapshot", models.PROTECT, null=True, related_name="+")
    evidence = models.OneToOneField("attachments.AttachmentSet", models.PROTECT, null=True, blank=True, related_name="+")
    waiting_for = models.CharField(_("waiting for"), max_length=10, choices=WaitingFor, blank=True)
    interim_control = models.TextField(_("interim control"), blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    submit_note = models.TextField(_("what was done"), blank=True)
    returned_count = models.PositiveSmallIntegerField(default=0)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    cancel_reason = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = querysets.CorrectiveActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("corrective action")
        verbose_name_plural = _("corrective actions")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["unit", "status"], name="action_unit_status"),
            models.Index(fields=["owner", "status"], name="action_owner_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=ActionStatus.VERIFIED, verified_at__isnull=False, verified_by__isnull=False)
                | (~Q(status=ActionStatus.VERIFIED) & Q(verified_at__isnull=True, verified_by__isnull=True)),
                name="action_verified_whole",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True)
                | (~Q(verified_by=F("owner")) & (Q(submitted_by__isnull=True) | ~Q(verified_by=F("submitted_by")))),
                name="action_never_self_verified",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=ActionStatus.CANCELLED, cancelled_at__isnull=False, cancelled_by__isnull=False, cancel_reason__gt=""
                )
                | (~Q(status=ActionStatus.CANCELLED) & Q(cancelled_at__isnull=True, cancelled_by__isnull=True)),
                name="action_cancelled_whole",
            ),
            models.CheckConstraint(
                condition=Q(status=ActionStatus.WAITING, waiting_for__gt="", interim_control__gt="")
                | (~Q(status=ActionStatus.WAITING) & Q(waiting_for="")),
                name="action_waiting_with_interim_control",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[ActionStatus.SUBMITTED, ActionStatus.VERIFIED])
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="action_submitted_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @cached_property
    def fixer_ids(self) -> frozenset[int]:
        """Everyone who ever started it, let it wait or handed it in; whoever has it now may not be among them yet."""
        return frozenset(self.fixers.values_list("person_id", flat=True))


class ActionFixer(models.Model):
    """Someone had a hand in a fix: started it, let it wait or handed it in. Never forgotten when it goes to someone else.

    SECURITY: a trigger (`responsibilities_never_self_verified`) refuses a fix that one of them accepts.
    """

    action = models.ForeignKey(CorrectiveAction, models.CASCADE, related_name="fixers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("fixer")
        verbose_name_plural = _("fixers")
        constraints = [models.UniqueConstraint(fields=["action", "person"], name="action_fixer_once")]

    def __str__(self) -> str:
        return f"{self.action_id} {self.person_id}"


class ExtensionRequest(models.Model):
    """The owner asks for a later date, with a reason; someone above decides. One open request at a time.

    Of a major fix the director decides. After the first one each carries the written approval of the upper plant (`approval`,
    `approval_number`; catalogue.json `severity`): a trigger refuses to grant one without it.
    """

    action = models.ForeignKey(CorrectiveAction, models.CASCADE, related_name="extensions")
    status = models.CharField(_("state"), max_length=10, choices=ExtensionStatus, default=ExtensionStatus.ASKED)
    old_due_at = models.DateTimeField(_("old date"))
    new_due_at = models.DateTimeField(_("new date"))
    reason = models.TextField(_("reason"))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    deadline = models.OneToOneField("responsibilities.Deadline", models.PROTECT, related_name="extension_decision")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decision_note = models.TextField(_("note"), blank=True)
    approval = models.ForeignKey(
        "attachments.AttachmentSet", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    approval_number = models.CharField(_("document number of the approval"), max_length=60, blank=True, db_default="")

    class Meta:
        verbose_name = _("extension request")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(fields=["action"], condition=Q(status=ExtensionStatus.ASKED), name="extension_one_open"),
            models.CheckConstraint(condition=Q(new_due_at__gt=F("old_due_at")), name="extension_later"),
            models.CheckConstraint(
                condition=Q(status=ExtensionStatus.ASKED, decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(status=ExtensionStatus.ASKED) & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="extension_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action_id} → {self.new_due_at:%Y-%m-%d}"
