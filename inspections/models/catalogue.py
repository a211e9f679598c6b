"""What hazards and violations are sorted by: data from the catalogue, with valid-from dates where it changes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from inspections import querysets
from inspections.choices import Result, ViolationClass
from responsibilities.models import Bilingual
from safetyplant.documents.models import in_reader_language


class HazardCategory(Bilingual):
    """What kind of danger it is (fire, well control, electrical …)."""

    code = models.CharField(_("code"), max_length=12, primary_key=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("hazard category")
        verbose_name_plural = _("hazard categories")
        ordering = ["position"]


class ViolationType(Bilingual):
    """A breach named by the consequences catalogue, with what is proposed for it from a day on.

    `fine` counts only while the rule allows pay deductions; `for_leaders` are breaches only heads and leaders can commit.
    """

    code = models.CharField(_("code"), max_length=12)
    violation_class = models.CharField(_("class"), max_length=12, choices=ViolationClass)
    points = models.PositiveSmallIntegerField(_("points"), null=True, blank=True)
    points_by_level = models.JSONField(_("points by hazard level"), default=dict, blank=True)
    fine = models.DecimalField(_("pay deduction"), max_digits=9, decimal_places=2, null=True, blank=True)
    measures = models.CharField(_("measures (English)"), max_length=200, blank=True, default="", db_default="")
    measures_zh = models.CharField(_("measures (Chinese)"), max_length=200, blank=True, default="", db_default="")
    for_leaders = models.BooleanField(_("of heads and leaders only"), default=False, db_default=False)
    is_active = models.BooleanField(_("in use"), default=True, db_default=True)
    valid_from = models.DateField(_("valid from"))

    objects = querysets.ViolationTypeQuerySet.as_manager()

    class Meta:
        verbose_name = _("violation type")
        verbose_name_plural = _("violation types")
        ordering = ["code", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="violation_type_once"),
            models.CheckConstraint(condition=Q(points__isnull=True) | Q(points__lte=12), name="violation_type_points"),
        ]

    @property
    def measures_text(self) -> str:
        """In the reader's language."""
        return self.measures_zh if (get_language() or "").startswith("zh") else self.measures


class RiskBand(models.Model):
    """From which score on a risk has which colour, for LEC or the 5×5 matrix, from a day on. Boundaries are inclusive."""

    method = models.CharField(max_length=8, choices=[("lec", "LEC"), ("matrix", "5×5")])
    at_least = models.DecimalField(max_digits=8, decimal_places=2)
    level = models.ForeignKey("responsibilities.Level", models.PROTECT, related_name="+")
    valid_from = models.DateField(_("valid from"))

    class Meta:
        verbose_name = _("risk band")
        ordering = ["method", "-at_least"]
        constraints = [models.UniqueConstraint(fields=["method", "at_least", "valid_from"], name="risk_band_once")]

    def __str__(self) -> str:
        return f"{self.method} ≥ {self.at_least}: {self.level_id}"


class ChecklistItem(models.Model):
    """What a clause of a standard asks on site: the default category and level of its failure, and its points.

    `possibly_major` items open a hazard as serious with interim control; the safety officer decides within the day.
    `section` is the heading it stands under; items of one section stand together. A failed item with a `score_cap` is
    critical: the score of its inspection is at most that. `photo_on_fail`, `note_on_fail`: a failure says so much more than
    what is wrong. `reference` is the clause of a regulation behind it. With `shown_if` it is asked only where that earlier
    item of the same version was answered with `shown_on` (trigger).
    """

    clause = models.OneToOneField("documents.Clause", models.CASCADE, primary_key=True, related_name="checklist_item")
    category = models.ForeignKey(HazardCategory, models.PROTECT, related_name="+")
    level = models.ForeignKey("responsibilities.Level", models.PROTECT, related_name="+")
    possibly_major = models.BooleanField(_("possibly major"), default=False)
    points = models.PositiveSmallIntegerField(_("points"), default=1)
    section = models.CharField(_("section"), max_length=120, blank=True, db_default="")
    section_zh = models.CharField(_("section in Chinese"), max_length=120, blank=True, db_default="")
    score_cap = models.PositiveSmallIntegerField(_("score at most, if it fails"), null=True, blank=True)
    photo_on_fail = models.BooleanField(_("photo when it fails"), default=False, db_default=False)
    note_on_fail = models.BooleanField(_("note when it fails"), default=False, db_default=False)
    # No indexes: a version is read whole, and the table stays small.
    reference = models.ForeignKey(
        "documents.Clause", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("reference")
    )
    shown_if = models.ForeignKey(
        "documents.Clause", models.CASCADE, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("only if")
    )
    shown_on = models.CharField(_("answered"), max_length=4, blank=True, choices=Result, db_default="")

    class Meta:
        verbose_name = _("checklist item")
        constraints = [
            models.CheckConstraint(condition=Q(score_cap__isnull=True) | Q(score_cap__lte=100), name="checklist_item_cap"),
            models.CheckConstraint(
                condition=Q(shown_if__isnull=True, shown_on="") | Q(shown_if__isnull=False, shown_on__in=["pass", "fail", "na"]),
                name="checklist_item_condition_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.clause_id)

    @property
    def heading(self) -> str:
        """The section in the reader's language, or in the other one; empty when the item stands under none."""
        return in_reader_language(self.section, self.section_zh)

    @property
    def is_critical(self) -> bool:
        return self.score_cap is not None
