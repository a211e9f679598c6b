"""What is inspected: wells, tanks, vessels, vehicles, and routes that string many of them into one round."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from responsibilities import querysets
from responsibilities.choices import PlaceKind
from safetyplant.search.fields import SearchIndex, SearchVector


class Place(models.Model):
    """A place or piece of equipment that belongs to a unit and carries a QR label (`label` is what the code says).

    `no_phones`: a hazardous area where only certified devices may be used. `takes_public_reports`: whoever scans the label may
    report a hazard without signing in. `post`: who works there, so that whoever inspects the place has been at that post; of the
    same unit, which a foreign key of both columns holds.
    """

    unit = models.ForeignKey("responsibilities.Unit", models.PROTECT, related_name="places", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=16, choices=PlaceKind)
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    post = models.ForeignKey(
        "responsibilities.Post", models.PROTECT, null=True, blank=True, related_name="places", verbose_name=_("post")
    )
    label = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    no_phones = models.BooleanField(_("no phones here"), default=False, db_default=False)
    takes_public_reports = models.BooleanField(_("takes reports without sign-in"), default=True, db_default=True)
    search = SearchVector("code", "name")

    objects = querysets.PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["unit_id", "kind", "code"]
        indexes = [SearchIndex(name="place_search")]
        constraints = [models.UniqueConstraint(fields=["unit", "code"], name="place_code_in_unit")]

    def __str__(self) -> str:
        return self.name


class RouteStop(models.Model):
    """One stop of a route: its place, in the order in which the round walks them."""

    route = models.ForeignKey(Place, models.CASCADE, related_name="stops", limit_choices_to={"kind": PlaceKind.ROUTE})
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("route stop")
        ordering = ["route", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["route", "position"], name="route_stop_position", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["route", "place"], name="route_stop_once"),
            models.CheckConstraint(condition=~Q(route=models.F("place")), name="route_stop_not_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.route_id}#{self.position}"


class Post(models.Model):
    """An operation post in a unit; front-line posts are those at wells, stations and machines."""

    unit = models.ForeignKey("responsibilities.Unit", models.PROTECT, related_name="posts", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=120)
    is_front_line = models.BooleanField(_("front-line"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    objects = querysets.PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["unit_id", "name"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="post_name_in_unit"),
            models.UniqueConstraint(fields=["id", "unit"], name="post_of_unit"),  # what a place's post refers to
        ]

    def __str__(self) -> str:
        return self.name
