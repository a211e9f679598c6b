"""Inbox, outbox, and what happened on each try to deliver."""

import uuid
from datetime import datetime, time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from safetyplant.notifications.choices import UNFINISHED, AttemptOutcome, Channel, DeliveryState
from safetyplant.notifications.querysets import DeliveryQuerySet, MessageQuerySet
from safetyplant.notifications.types import RenderedMessage, render


class Message(models.Model):
    """One thing told to one person: the row of their inbox.

    Made in the transaction of what it tells about, so it exists exactly when that happened, exactly once (`dedupe_key`).
    The text is not stored: it is rendered from `code` and `params` in the reader's language each time it is shown or sent.
    `withdraw_key` names what it was about; once that is no longer true, `cancel` sets `withdrawn_at` and nothing more is mailed.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="messages", db_index=False)
    code = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=300, blank=True)
    urgent = models.BooleanField(default=False)
    # Null and not empty: any number of rows may have none.
    dedupe_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001
    withdraw_key = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now())
    read_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="message_inbox"),
            models.Index(
                fields=["recipient", "-created_at", "-id"], name="message_unread", condition=Q(read_at=None, withdrawn_at=None)
            ),
            models.Index(fields=["withdraw_key"], name="message_withdraw_key", condition=~Q(withdraw_key="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "dedupe_key"], name="message_told_once"),
            # SECURITY: the inbox redirects to the link, so it must never leave the site.
            models.CheckConstraint(
                condition=Q(link="") | (Q(link__startswith="/") & ~Q(link__startswith="//") & ~Q(link__startswith="/\\")),
                name="message_link_is_local",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} → {self.recipient_id}"

    @property
    def is_unread(self) -> bool:
        return self.read_at is None and self.withdrawn_at is None

    @cached_property
    def text(self) -> RenderedMessage:
        """Title, body and icon in the language active now, as it stood when it was told: the inbox shows when that was."""
        return self.text_at(self.created_at)

    def text_at(self, moment: datetime) -> RenderedMessage:
        """The same, true at another moment: a mail held back over night tells how things stand when it leaves."""
        return render(self.code, self.params, at=moment)


class DigestRun(models.Model):
    """The one daily mail of a person for a day: unique, so that two schedulers can't make two."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    state = models.CharField(max_length=16, choices=DeliveryState, default=DeliveryState.QUEUED)
    not_before = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    mail_id = models.UUIDField(default=uuid.uuid4, db_default=models.Func(function="gen_random_uuid"), editable=False)
    claim = models.UUIDField(null=True, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("daily mail")
        verbose_name_plural = _("daily mails")
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="digest_once_a_day")]
        indexes = [models.Index(fields=["not_before"], name="digest_due", condition=Q(state__in=UNFINISHED))]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}"


class Delivery(models.Model):
    """One message leaving by one channel: the row of the outbox.

    `not_before` is the moment a worker may take it: its creation, the end of quiet hours, the next try, or, while it is being
    sent, the end of the worker's lease (a killed worker's delivery is taken again). `claim` tells whose lease it is. The
    Message-ID comes from `mail_id` and never changes, so a mail sent twice is recognised by the mail program as one.
    """

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries", db_index=False)
    channel = models.CharField(max_length=8, choices=Channel)
    state = models.CharField(max_length=16, choices=DeliveryState, default=DeliveryState.QUEUED)
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now())
    not_before = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    mail_id = models.UUIDField(default=uuid.uuid4, db_default=models.Func(function="gen_random_uuid"), editable=False)
    claim = models.UUIDField(null=True, editable=False)
    address = models.EmailField(blank=True, help_text=_("Where it went, or was last tried."))
    digest = models.ForeignKey(DigestRun, models.PROTECT, null=True, blank=True, related_name="deliveries", db_index=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["message", "channel"], name="delivery_once_per_channel")]
        indexes = [
            models.Index(
                fields=["-urgent", "not_before"], name="delivery_due", condition=Q(channel="email", state__in=UNFINISHED)
            ),
            models.Index(fields=["digest"], name="delivery_digest", condition=Q(digest__isnull=False)),
            models.Index(fields=["message"], name="delivery_for_digest", condition=Q(channel="digest", state="queued")),
            models.Index(fields=["finished_at", "state"], name="delivery_finished", condition=Q(finished_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state} {self.mail_id}"


class DeliveryAttempt(models.Model):
    """What the mail server said on one try. Partitioned by day (migration 0001), kept as long as the partitions are.

    No foreign key in the database: dropping an old day must not scan the outbox.
    """

    delivery = models.ForeignKey(Delivery, models.DO_NOTHING, null=True, db_constraint=False, related_name="tries")
    digest = models.ForeignKey(DigestRun, models.DO_NOTHING, null=True, db_constraint=False, related_name="tries", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=12, choices=AttemptOutcome)
    reply = models.CharField(max_length=500, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("delivery attempt")
        verbose_name_plural = _("delivery attempts")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.outcome}"


class QuietHours(models.Model):
    """When mails that aren't urgent wait, in plant time, from a day on. Without a row: 22:00 to 06:00."""

    valid_from = models.DateField(_("valid from"), unique=True)
    starts = models.TimeField(_("quiet from"), default=time(22))
    ends = models.TimeField(_("quiet until"), default=time(6))
    is_on = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("quiet hours")
        verbose_name_plural = _("quiet hours")
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"
