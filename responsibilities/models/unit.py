"""The organisation tree. Today's shape is a materialised path; the past is kept as dated placements."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from responsibilities import querysets
from responsibilities.choices import UnitKind
from safetyplant.search.fields import SearchIndex, SearchVector


class Unit(models.Model):
    """A node of the organisation tree: plant, branch, workshop, station, team, or a contractor under its host unit.

    `path` holds the ids from the root down ("1.4.12."), so that a unit and all below it are one indexed prefix. It is
    written by `services.py` alone, together with the dated `UnitPlacement`, which stays the truth for past days. There is
    one tree: a role held for its top reaches everything, so that a second top would give away the whole first one.
    A closed unit keeps its history; its people and open work are moved when it is deactivated.
    """

    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("code"), max_length=32, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=UnitKind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("under"))
    path = models.CharField(max_length=255, editable=False, default="")
    is_active = models.BooleanField(_("active"), default=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    search = SearchVector("code", "name")

    objects = querysets.UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["path"]
        indexes = [
            models.Index(fields=["path"], name="unit_path_prefix", opclasses=["varchar_pattern_ops"]),
            SearchIndex(name="unit_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_active=True, closed_on__isnull=True) | Q(is_active=False, closed_on__isnull=False),
                name="unit_closed_has_date",
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="unit_not_under_itself"),
            models.CheckConstraint(
                condition=~Q(kind=UnitKind.CONTRACTOR) | Q(parent__isnull=False), name="unit_contractor_has_host"
            ),
            models.UniqueConstraint(
                Coalesce("parent", 0),
                condition=Q(parent__isnull=True),
                name="unit_one_top",
                violation_error_message=_("The tree has a top already. Choose the unit under which this one stands."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        return self.path.count(".") - 1

    @property
    def ancestor_ids(self) -> list[int]:
        """Ids from the root down to this unit, itself included."""
        return [int(part) for part in self.path.rstrip(".").split(".") if part]


class UnitPlacement(models.Model):
    """Under which unit a unit stood, and in which days. Never rewritten: a move closes one row and opens the next."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="placements")
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    period = DateRangeField(_("period"))

    class Meta:
        verbose_name = _("unit placement")
        constraints = [
            ExclusionConstraint(
                name="unit_placement_one_at_a_time",
                expressions=[("unit", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} < {self.parent_id} {self.period}"
