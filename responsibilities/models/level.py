"""Levels and reminder schedules: data with valid-from dates, shipped with the defaults of the catalogue."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from responsibilities.choices import RoleCode


class Bilingual(models.Model):
    """A catalogue row named in both languages of the plant."""

    name = models.CharField(_("name (English)"), max_length=200)
    name_zh = models.CharField(_("name (Chinese)"), max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name


class Level(Bilingual):
    """How grave a hazard is. `code` (G3, G2, G1, M) is what records carry; what follows from it is dated in `LevelTerm`.

    `short`/`short_zh` is the word on the tile; `rank` orders from the least (1) to the gravest.
    """

    code = models.CharField(_("code"), max_length=8, primary_key=True)
    short = models.CharField(_("word (English)"), max_length=24)
    short_zh = models.CharField(_("word (Chinese)"), max_length=24)
    rank = models.PositiveSmallIntegerField(_("rank"), unique=True)
    colour = models.CharField(_("risk colour"), max_length=8)
    is_urgent = models.BooleanField(_("not held back by quiet hours"), default=False)
    is_major = models.BooleanField(_("major"), default=False)

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["rank"]
        # "Major" is one level: whoever is asked whether a hazard is major is asked for that one.
        constraints = [models.UniqueConstraint(fields=["is_major"], condition=Q(is_major=True), name="level_one_major")]

    @property
    def word(self) -> str:
        return self.short_zh if (get_language() or "").startswith("zh") else self.short

    @property
    def css(self) -> str:
        """The class that gives the tile its colour and shape."""
        return self.code.lower()


class LevelTerm(models.Model):
    """What a level asks for from a day on: days to fix, who owns the fix, who checks it.

    A date may be moved to so many times these days after the start (`most_times`); beyond that the director decides.
    `accept_days`: for how long a hazard may be accepted for a time, all acceptances together; 0: not at all.
    """

    level = models.ForeignKey(Level, models.CASCADE, related_name="terms")
    valid_from = models.DateField(_("valid from"))
    days = models.PositiveSmallIntegerField(_("days to fix"))
    most_times = models.PositiveSmallIntegerField(_("a date at most so many times these days away"), default=5, db_default=5)
    accept_days = models.PositiveSmallIntegerField(_("accepted for at most so many days"), default=0, db_default=0)
    owner_role = models.CharField(_("fixed by"), max_length=20, choices=RoleCode)
    verifier_role = models.CharField(_("checked by"), max_length=20, choices=RoleCode)

    class Meta:
        verbose_name = _("level term")
        ordering = ["level", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["level", "valid_from"], name="level_term_once"),
            models.CheckConstraint(condition=Q(days__gte=1), name="level_term_days"),
            models.CheckConstraint(condition=Q(most_times__gte=1), name="level_term_most_times"),
        ]

    def __str__(self) -> str:
        return f"{self.level_id} {self.valid_from}"


class StageTerm(models.Model):
    """Time allowed for a stage that is not the fix: assess, decide, verify, answer (`code`), from a day on.

    `working_days` counts working days of the plant's calendar (paperwork only); otherwise `hours` is calendar time.
    """

    code = models.CharField(_("stage"), max_length=32)
    valid_from = models.DateField(_("valid from"))
    hours = models.PositiveSmallIntegerField(_("hours"), null=True, blank=True)
    working_days = models.PositiveSmallIntegerField(_("working days"), null=True, blank=True)

    class Meta:
        verbose_name = _("stage term")
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="stage_term_once"),
            models.CheckConstraint(
                condition=Q(hours__isnull=False, working_days__isnull=True) | Q(hours__isnull=True, working_days__isnull=False),
                name="stage_term_hours_or_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"


class Schedule(models.Model):
    """When reminders of a deadline go out and to whom, from a day on.

    Chosen when a deadline's version begins: a schedule for its level first (`level`), else by the length of its period
    (`longer_than` exclusive, `up_to` inclusive). A row and its steps never change once made: changing them makes the next
    edition, the last one of a day counts, and the sweep moves open deadlines to it (`recompute_cursors`).
    """

    code = models.CharField(_("code"), max_length=32)
    valid_from = models.DateField(_("valid from"))
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    level = models.ForeignKey(Level, models.CASCADE, null=True, blank=True, related_name="schedules")
    longer_than = models.DurationField(_("periods longer than"), default=timedelta(0))
    up_to = models.DurationField(_("periods up to"), null=True, blank=True)

    class Meta:
        verbose_name = _("reminder schedule")
        ordering = ["code", "valid_from", "edition"]
        constraints = [models.UniqueConstraint(fields=["code", "valid_from", "edition"], name="schedule_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"


class ScheduleStep(models.Model):
    """One step: `anchor` and `offset` give the moment, `audience` who is told, `asks_answer` whether they owe an answer.

    `audience` is a list of "owner", a role of the chain, or "upper_office". `repeat` makes the step recur without end.
    """

    class Anchor(models.TextChoices):
        HALF = "half", _("half of the period")
        BEFORE = "before", _("before the date")
        DUE = "due", _("on the date")
        AFTER = "after", _("after the date")

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    anchor = models.CharField(max_length=8, choices=Anchor)
    offset = models.DurationField(default=timedelta(0))
    repeat = models.DurationField(null=True, blank=True)
    audience = models.JSONField(default=list)
    asks_answer = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("schedule step")
        ordering = ["schedule", "position"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "position"], name="schedule_step_position"),
            models.CheckConstraint(condition=Q(offset__gte=timedelta(0)), name="schedule_step_offset"),
            models.CheckConstraint(
                condition=Q(repeat__isnull=True) | Q(repeat__gte=timedelta(hours=1)), name="schedule_step_repeat"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id}#{self.position}"
