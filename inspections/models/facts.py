"""Figures of hazards by unit and day, kept by the database itself.

Statement-level triggers on the hazard table add ± rows to `HazardDelta`; a task folds them into `HazardFact`; whoever
reads sums both, so figures are exact and fresh and their cost does not grow with the number of hazards.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Measure(models.TextChoices):
    OPEN = "open", _("Open")
    REPORTED = "reported", _("Reported")
    CLOSED = "closed", _("Closed")
    DUE = "due", _("Due")
    ON_TIME = "on_time", _("Fixed by the first date")
    REPEAT = "repeat", _("Repeated")


class FactRow(models.Model):
    """`n` hazards of a unit and level counted for a measure on a day (`open` has no day: it is kept under 0001-01-01)."""

    unit = models.ForeignKey("responsibilities.Unit", models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    day = models.DateField()
    level_code = models.CharField(max_length=8)
    measure = models.CharField(max_length=10, choices=Measure)
    n = models.BigIntegerField()

    class Meta:
        abstract = True


class HazardFact(FactRow):
    class Meta:
        verbose_name = _("hazard fact")
        constraints = [models.UniqueConstraint(fields=["measure", "unit", "day", "level_code"], name="hazard_fact_once")]
        # Covers the figures: they are read from the index alone.
        indexes = [models.Index(fields=["measure", "day"], include=["unit", "level_code", "n"], name="hazard_fact_recent")]


class HazardDelta(FactRow):
    class Meta:
        verbose_name = _("hazard delta")
