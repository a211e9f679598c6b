"""Everything that falls due, and the ledger of who was told what."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from responsibilities import querysets
from responsibilities.choices import AnswerKind, DeadlineKind, DeadlineStatus, LeaderField


class Deadline(models.Model):
    """One thing that one person owes by a moment: the only thing reminders and escalation know.

    Life cycle: open → (paused ⇄ open) → met or cancelled. The record that owes it holds the foreign key and tells what to
    show: `number`, `title`, `link`. A new due date is a new `version` (`version_began_at`, `due_at`), so that each
    version's steps are told once; `first_due_at` stays and decides what was on time. What it owes was done at `done_at`: a
    fix when it was handed in (empty again when it is returned), which may be long before its check ends the deadline at
    `closed_at`. `stood_still` is how long its clock stood, already part of both dates; `paused_at` since when it stands
    without being counted yet, for a check (`done_at` set) or because it rests (empty). `next_step_at` with
    `next_position`/`next_occurrence` is the cursor into the schedule; empty when there is nothing more to tell.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=DeadlineKind)
    status = models.CharField(_("status"), max_length=10, choices=DeadlineStatus, default=DeadlineStatus.OPEN)
    number = models.CharField(max_length=32, blank=True)
    title = models.CharField(max_length=200)
    link = models.CharField(max_length=200)
    unit = models.ForeignKey("responsibilities.Unit", models.PROTECT, related_name="deadlines", verbose_name=_("unit"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="deadlines", verbose_name=_("with"))
    level = models.ForeignKey("responsibilities.Level", models.PROTECT, null=True, blank=True, related_name="+")
    field = models.CharField(max_length=12, choices=LeaderField, blank=True)
    is_urgent = models.BooleanField(default=False)
    #: About someone's violation: known to its owner and to those who may see persons of the unit.
    is_personal = models.BooleanField(default=False, db_default=False)
    starts_at = models.DateTimeField(_("since"))
    first_due_at = models.DateTimeField(_("first due"))
    due_at = models.DateTimeField(_("due"))
    version = models.PositiveIntegerField(default=1)
    version_began_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    stood_still = models.DurationField(default=timedelta(0), db_default=timedelta(0))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    schedule = models.ForeignKey("responsibilities.Schedule", models.PROTECT, null=True, blank=True, related_name="+")
    next_step_at = models.DateTimeField(null=True, blank=True)
    next_position = models.PositiveSmallIntegerField(null=True, blank=True)
    next_occurrence = models.PositiveIntegerField(null=True, blank=True)
    sweep_failures = models.PositiveSmallIntegerField(default=0)

    objects = querysets.DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["next_step_at"], name="deadline_next_step", condition=Q(next_step_at__isnull=False)),
            models.Index(fields=["schedule", "id"], name="deadline_schedule_open", condition=Q(status="open")),
            models.Index(fields=["owner", "due_at", "id"], name="deadline_owner_open", condition=Q(status="open")),
            models.Index(fields=["unit", "due_at", "id"], name="deadline_unit_open", condition=Q(status="open")),
            models.Index(fields=["due_at", "id"], name="deadline_due_open", condition=Q(status="open")),
            models.Index(fields=["due_at", "id"], name="deadline_due"),
            models.Index(fields=["owner", "due_at", "id"], name="deadline_owner"),
            models.Index(fields=["due_at", "id"], name="deadline_failing", condition=Q(status="open", sweep_failures__gt=0)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(due_at__gt=F("starts_at")), name="deadline_due_after_start"),
            models.CheckConstraint(
                condition=Q(status__in=["met", "cancelled"], closed_at__isnull=False)
                | Q(status__in=["open", "paused"], closed_at__isnull=True),
                name="deadline_closed_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(status="paused", paused_at__isnull=False) | (~Q(status="paused") & Q(paused_at__isnull=True)),
                name="deadline_paused_has_moment",
            ),
            models.CheckConstraint(condition=Q(status="open") | Q(next_step_at__isnull=True), name="deadline_only_open_steps"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Reminder(models.Model):
    """One ledger row: this deadline, version, step and occurrence was told to this person. Written by the sweep alone."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="reminders")
    version = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField()
    occurrence = models.PositiveIntegerField()
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reminders")
    moment = models.DateTimeField(_("was due at"))
    created_at = models.DateTimeField(_("told at"))

    objects = querysets.ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(fields=["deadline", "version", "position", "occurrence", "recipient"], name="reminder_once")
        ]
        indexes = [models.Index(fields=["created_at"], name="reminder_created")]

    def __str__(self) -> str:
        return f"{self.deadline_id} v{self.version} {self.position}.{self.occurrence} → {self.recipient_id}"


class Escalation(models.Model):
    """A level of the chain was asked for an answer because a deadline is late; the answer is itself a deadline.

    Answered by fix, extend, reassign or visit; settled without an answer when the late thing gets done first. Suspended
    (`suspended_at`, its deadline paused) while a fix that was handed in late waits for its check: returned, it is owed again.
    """

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="escalations")
    version = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField()
    addressee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="escalations", verbose_name=_("asked"))
    answer_deadline = models.OneToOneField(Deadline, models.PROTECT, related_name="asked_by_escalation")
    asked_at = models.DateTimeField(_("asked at"))
    answer = models.CharField(_("answer"), max_length=10, choices=AnswerKind, blank=True)
    answer_text = models.TextField(_("note"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    suspended_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = querysets.EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["-asked_at"]
        indexes = [
            models.Index(fields=["addressee", "asked_at"], name="escalation_waiting", condition=Q(settled_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["deadline", "version", "position"], name="escalation_once_a_step"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | (Q(answer__gt="", answered_at__isnull=False, answered_by__isnull=False, settled_at__isnull=False)),
                name="escalation_answer_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id} → {self.addressee_id}"


class Heartbeat(models.Model):
    """When a piece of background work last ran and what it did; one row each, read by `/readyz` and the dashboard."""

    name = models.CharField(max_length=32, primary_key=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("heartbeat")

    def __str__(self) -> str:
        return self.name
