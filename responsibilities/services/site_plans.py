"""Site plans: their pictures, and where places are on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from responsibilities import permissions
from responsibilities.choices import PlaceKind
from responsibilities.models import Person, Place, SitePlan, SitePoint, Unit
from safetyplant.access.exceptions import StaleVersion
from safetyplant.access.transitions import locked, require
from safetyplant.attachments.choices import Purpose
from safetyplant.attachments.services import bind, new_set
from safetyplant.audit.services import record

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from safetyplant.attachments.models import Attachment

OWNER_KIND = "responsibilities.siteplan"
#: A plan with more could not be read: make one for each area.
MOST_POINTS = 200


@dataclass(frozen=True)
class Spot:
    """From the left and from the top, in percent of the picture."""

    x: Decimal
    y: Decimal


def places_for_plan(plan: SitePlan) -> "QuerySet[Place]":
    """What can stand on it: places in use of its unit and of all below, rounds left out."""
    places = Place.objects.active().filter(unit__path__startswith=plan.unit.path).exclude(kind=PlaceKind.ROUTE)
    return places.select_related("unit").order_by("unit__path", "kind", "code")


@transaction.atomic
def create_site_plan(unit: Unit, *, name: str, picture: "Attachment", by: Person, now: datetime | None = None) -> SitePlan:
    """A plan with its first picture, received before from `by`."""
    _require_unit(by, unit)
    plan = SitePlan(unit=unit, name=name, pictures=new_set(OWNER_KIND))
    _require_free_name(plan)
    plan.save()
    bind(plan.pictures, [picture], by=by, purpose=Purpose.DOCUMENT, now=now)
    record("site_plan.created", plan, by=by, detail=_detail(plan), at=now)
    return plan


@transaction.atomic
def change_site_plan(
    plan: SitePlan,
    *,
    name: str,
    is_active: bool,
    picture: "Attachment | None",
    revision: int,
    by: Person,
    now: datetime | None = None,
) -> SitePlan:
    """A new name, a new picture over the present one, in use or put away. StaleVersion if someone was faster."""
    moment = now or timezone.now()
    plan = _locked(plan, revision, by=by)
    before = {"name": plan.name, "is_active": plan.is_active}
    plan.name, plan.is_active = name, is_active
    _require_free_name(plan)
    after = {"name": name, "is_active": is_active}
    changes = {key: [value, after[key]] for key, value in before.items() if value != after[key]}
    plan.revision += 1
    plan.save(update_fields=["name", "is_active", "revision"])
    if changes:
        record("site_plan.changed", plan, by=by, changes=changes, detail=_detail(plan), at=moment)
    if picture is not None:
        bind(plan.pictures, [picture], by=by, purpose=Purpose.DOCUMENT, now=moment)
        record("site_plan.pictured", plan, by=by, detail=_detail(plan) | {"picture": picture.pk}, at=moment)
    return plan


@transaction.atomic
def mark_places(
    plan: SitePlan, spots: Mapping[Place, Spot], *, revision: int, by: Person, now: datetime | None = None
) -> SitePlan:
    """Exactly these places stand on the plan from now on. StaleVersion if someone was faster."""
    plan = _locked(plan, revision, by=by)
    if len(spots) > MOST_POINTS:
        raise ValidationError(_("At most %(most)s places fit on a plan. Make one for each area.") % {"most": MOST_POINTS})
    if places_for_plan(plan).filter(pk__in=[place.pk for place in spots]).count() != len(spots):
        raise ValidationError(_("A place is no longer in this unit, or not in use. Open this page again."))
    before = {point.place_id: point for point in plan.points.all()}
    after = {place.pk: spot for place, spot in spots.items()}
    moved = {pk for pk, spot in after.items() if pk not in before or Spot(before[pk].x, before[pk].y) != spot}
    gone = before.keys() - after.keys()
    if not moved and not gone:
        return plan
    plan.points.filter(place__in=gone | moved).delete()
    SitePoint.objects.bulk_create(SitePoint(plan=plan, place_id=pk, x=after[pk].x, y=after[pk].y) for pk in sorted(moved))
    plan.revision += 1
    plan.save(update_fields=["revision"])
    detail = _detail(plan) | {"count": len(after), "moved": sorted(moved), "removed": sorted(gone)}
    record("site_plan.marked", plan, by=by, detail=detail, at=now)
    return plan


def _locked(plan: SitePlan, revision: int, *, by: Person) -> SitePlan:
    plan = locked(SitePlan.objects.select_related("unit"), plan.pk)
    _require_unit(by, plan.unit)
    if plan.revision != revision:
        raise StaleVersion(_("Someone else changed this in the meantime. Read the new state, then send again."))
    return plan


def _require_free_name(plan: SitePlan) -> None:
    if SitePlan.objects.filter(unit=plan.unit, name__iexact=plan.name).exclude(pk=plan.pk).exists():
        raise ValidationError({"name": _("This unit has a plan with this name already.")})


def _require_unit(by: Person, unit: Unit) -> None:
    require(permissions.can_manage_unit(by, unit), _("This unit is for someone else to manage."))


def _detail(plan: SitePlan) -> dict[str, object]:
    return {"name": plan.name, "unit": plan.unit.name}
