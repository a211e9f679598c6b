"""Site plans of a unit: a picture of the ground with the unit's places on it."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from responsibilities import querysets

if TYPE_CHECKING:
    from safetyplant.attachments.models import Attachment

EDGES = (MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100)))


class SitePlan(models.Model):
    """A picture of a unit's ground, one for each floor or area; kept by those who keep the unit.

    `pictures` only grows: the newest is the plan, earlier ones stay as its history. Places stay where they were put when a new
    picture comes, since they are in percent of it. `revision` counts every change, of the plan and of its points.
    """

    unit = models.ForeignKey("responsibilities.Unit", models.PROTECT, related_name="site_plans", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=80)
    pictures = models.OneToOneField("attachments.AttachmentSet", models.PROTECT, related_name="+")
    is_active = models.BooleanField(_("active"), default=True)
    revision = models.PositiveIntegerField(default=1)

    objects = querysets.SitePlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("site plan")
        verbose_name_plural = _("site plans")
        ordering = ["unit_id", "name"]
        indexes = [models.Index(fields=["name", "id"], name="site_plan_by_name")]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="site_plan_name_in_unit"),
            models.CheckConstraint(condition=Q(name__gt=""), name="site_plan_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def all_pictures(self) -> "list[Attachment]":
        """Newest first."""
        return list(self.pictures.attachments.select_related("uploaded_by").order_by("-pk"))

    @property
    def picture(self) -> "Attachment | None":
        return self.all_pictures[0] if self.all_pictures else None


class SitePoint(models.Model):
    """Where a place is on a plan: from the left (`x`) and from the top (`y`), in percent of the picture."""

    plan = models.ForeignKey(SitePlan, models.CASCADE, related_name="points", db_index=False, verbose_name=_("site plan"))
    place = models.ForeignKey("responsibilities.Place", models.CASCADE, related_name="site_points", verbose_name=_("place"))
    x = models.DecimalField(_("from the left, %"), max_digits=4, decimal_places=1, validators=EDGES)
    y = models.DecimalField(_("from the top, %"), max_digits=4, decimal_places=1, validators=EDGES)

    class Meta:
        verbose_name = _("place on a site plan")
        verbose_name_plural = _("places on site plans")
        ordering = ["plan_id", "place_id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "place"], name="site_point_once"),
            models.CheckConstraint(condition=Q(x__gte=0, x__lte=100, y__gte=0, y__lte=100), name="site_point_on_picture"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id}: {self.x}, {self.y}"
