"""One finding, all places (举一反三): a hazard found at one place is looked for at every place like it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inspections import querysets
from inspections.choices import CheckStatus, PlaceResult


class PlaceCheck(models.Model):
    """The same hazard is to be looked for at other places: who sent it, what to look for, until when.

    Life cycle: open → closed with the last answer, or cancelled with a reason. What each place answered is a `PlaceAnswer`;
    who owes the answers of several places is a `CheckShare`. `unit` is that of the hazard. The text is the check's own: those
    who are asked need not be those who see the hazard. A hazard has one open check at a time.
    """

    client_id = models.UUIDField(default=uuid.uuid4, editable=False)
    body_hash = models.CharField(max_length=64, blank=True, editable=False)
    number = models.CharField(_("number"), max_length=32, unique=True)
    hazard = models.ForeignKey("inspections.Hazard", models.PROTECT, related_name="place_checks", verbose_name=_("hazard"))
    unit = models.ForeignKey("responsibilities.Unit", models.PROTECT, related_name="+", db_index=False, verbose_name=_("unit"))
    title = models.CharField(_("what to look for"), max_length=200)
    description = models.TextField(_("how to check it"), blank=True)
    status = models.CharField(_("state"), max_length=10, choices=CheckStatus, default=CheckStatus.OPEN)
    sent_at = models.DateTimeField(_("sent"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    due_at = models.DateTimeField(_("due"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    cancel_reason = models.TextField(_("reason"), blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = querysets.PlaceCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check of similar places")
        verbose_name_plural = _("checks of similar places")
        ordering = ["-sent_at", "-id"]
        indexes = [
            models.Index(fields=["-sent_at", "-id"], name="place_check_sent"),
            models.Index(fields=["due_at", "id"], name="place_check_due"),
            models.Index(fields=["unit", "-sent_at", "-id"], name="place_check_unit"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["sent_by", "client_id"], name="place_check_client_once"),
            models.UniqueConstraint(fields=["hazard"], condition=Q(status="open"), name="place_check_one_open"),
            models.CheckConstraint(condition=Q(due_at__gt=F("sent_at")), name="place_check_due_after_sent"),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False) | (~Q(status="closed") & Q(closed_at__isnull=True)),
                name="place_check_closed_whole",
            ),
            models.CheckConstraint(
                condition=Q(status="cancelled", cancelled_at__isnull=False, cancelled_by__isnull=False, cancel_reason__gt="")
                | (~Q(status="cancelled") & Q(cancelled_at__isnull=True, cancelled_by__isnull=True)),
                name="place_check_cancelled_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.status == CheckStatus.OPEN


class CheckShare(models.Model):
    """What one person owes of a check: the answers of all their places, by one deadline. `asked` is who was told at first."""

    place_check = models.ForeignKey(PlaceCheck, models.PROTECT, related_name="shares")
    unit = models.ForeignKey("responsibilities.Unit", models.PROTECT, related_name="+")
    asked = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    deadline = models.OneToOneField("responsibilities.Deadline", models.PROTECT, related_name="check_share")

    class Meta:
        verbose_name = _("share of a check")
        ordering = ["unit_id", "id"]
        constraints = [models.UniqueConstraint(fields=["place_check", "unit", "asked"], name="check_share_once")]

    def __str__(self) -> str:
        return f"{self.place_check_id} {self.asked_id}"


class PlaceAnswer(models.Model):
    """One place of a check: asked, then answered once and for good (a trigger). Found there, it is a hazard of its own.

    `unit` is the one the place belonged to when it was asked.
    """

    place_check = models.ForeignKey(PlaceCheck, models.PROTECT, related_name="answers")
    share = models.ForeignKey(CheckShare, models.PROTECT, related_name="answers")
    place = models.ForeignKey("responsibilities.Place", models.PROTECT, related_name="+", verbose_name=_("place"))
    unit = models.ForeignKey("responsibilities.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    answer = models.CharField(_("answer"), max_length=8, choices=PlaceResult, blank=True)
    note = models.TextField(_("note"), blank=True)
    hazard = models.OneToOneField(
        "inspections.Hazard", models.PROTECT, null=True, blank=True, related_name="found_by_check", verbose_name=_("hazard")
    )
    photos = models.OneToOneField("attachments.AttachmentSet", models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = querysets.PlaceAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer of a place")
        verbose_name_plural = _("answers of places")
        ordering = ["share_id", "unit_id", "place_id"]
        constraints = [
            models.UniqueConstraint(fields=["place_check", "place"], name="place_answer_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True, note="", photos__isnull=True)
                | Q(answer__gt="", answered_at__isnull=False, answered_by__isnull=False),
                name="place_answer_whole",
            ),
            models.CheckConstraint(
                condition=Q(answer="found", hazard__isnull=False) | (~Q(answer="found") & Q(hazard__isnull=True)),
                name="place_answer_found_has_hazard",
            ),
            models.CheckConstraint(condition=~Q(answer="na") | Q(note__gt=""), name="place_answer_na_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.place_check_id} {self.place_id}"
