"""Open hazards on the site plans of units: each place with how grave the gravest is, and how many there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from inspections.models import Hazard
from responsibilities.models import Level, Place, SitePlan, SitePoint
from responsibilities.permissions import can_manage_unit, can_view_records
from responsibilities.roles import Right
from safetyplant.access.rules import requires
from safetyplant.audit.history import history
from safetyplant.reporting.columns import Column
from safetyplant.reporting.keyset import Sort
from safetyplant.reporting.lists import Empty, ListPage

#: Each level has a shape of its own, whose sides grow with the danger; a level the plant has added looks like the least one.
SHAPES = ("g3", "g2", "g1", "m")
UNASSESSED, NOTHING = "unassessed", "none"
COLUMNS = [
    Column(
        "name",
        gettext_lazy("Site plan"),
        "name",
        css="c-title",
        sort="name",
        link=lambda row: reverse("inspections:site-map", args=[row.pk]),
    ),
    Column("unit", gettext_lazy("Unit"), "unit.name", css="c-who"),
    Column("points", gettext_lazy("Places on it"), "point_count", css="r c-rest"),
]
SORTS = [Sort("name", gettext_lazy("Name"), ("name",), order=gettext_lazy("by name"))]


@dataclass(frozen=True)
class Mark:
    """A place on the plan: where it is (percent, as SVG writes it), what is open there, and where one reads about it."""

    place: Place
    x: str
    y: str
    count: int
    level: Level | None
    url: str

    @property
    def shape(self) -> str:
        if not self.count:
            return NOTHING
        if self.level is None:
            return UNASSESSED
        return self.level.css if self.level.css in SHAPES else SHAPES[0]

    @property
    def count_words(self) -> str:
        if not self.count:
            return _("No open hazards")
        return ngettext("%(count)d open hazard", "%(count)d open hazards", self.count) % {"count": self.count}

    @property
    def level_words(self) -> str:
        """Which is the gravest; empty where nothing is open."""
        if not self.count:
            return ""
        return self.level.word if self.level else _("Not assessed")

    @property
    def words(self) -> str:
        """All of it in one line, for those who can't see the mark."""
        parts = [self.place.name, self.count_words, self.level_words]
        return ", ".join(part for part in parts if part)


@requires(can_view_records)
@require_GET
def site_map_list(request: HttpRequest) -> HttpResponseBase:
    page = ListPage(
        request,
        with_points(SitePlan.objects.visible_to(request.user).active().select_related("unit")),
        title=_("Site plans"),
        columns=COLUMNS,
        sorts=SORTS,
        empty=Empty(
            _("No site plans yet"),
            _("The safety officer adds them on the page of a unit, under “Places and posts”: a picture, and the places on it."),
            action=_("Units"),
            url=reverse("responsibilities:unit-list"),
        ),
        filename=_("site plans"),
    )
    return page.response("inspections/site_map_list.html")


def with_points(plans: Any) -> Any:
    """Each plan with how many places stand on it, asked for the rows shown alone."""
    counted = SitePoint.objects.filter(plan=OuterRef("pk")).order_by().values("plan").annotate(found=Count("pk")).values("found")
    return plans.annotate(point_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


@requires(can_view_records)
@require_GET
def site_map(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    plan = get_object_or_404(SitePlan.objects.visible_to(user).select_related("unit", "pictures"), pk=pk)
    levels = list(Level.objects.order_by("rank"))
    marks = read_marks(plan, user, {level.rank: level for level in levels})
    context = {
        "plan": plan,
        "marks": marks,
        "rows": sorted(marks, key=lambda mark: (-(mark.level.rank if mark.level else 0), -mark.count, mark.place.name)),
        "legend": [(level, level.css) for level in reversed(levels) if level.css in SHAPES],
        "others": list(SitePlan.objects.visible_to(user).active().filter(unit=plan.unit).order_by("name")),
        "open_url": f"{reverse('inspections:hazard-list')}?unit={plan.unit_id}&state=open",
        "sees_all": user.standing.has_for(Right.VIEW_RECORDS, plan.unit),
        "can_manage": plan.unit.is_active and can_manage_unit(user, plan.unit),
        "entries": history(plan, limit=20),
    }
    return render(request, "inspections/site_map.html", context)


def read_marks(plan: SitePlan, user: Any, levels: Mapping[int, Level]) -> list[Mark]:
    """The places of the plan with what is open there, as far as the reader sees it; two queries.

    Deepest on the picture last, so that where marks overlap the nearer one lies on top.
    """
    places = Place.objects.visible_to(user).active().filter(site_points__plan=plan).values("pk")
    points = list(plan.points.filter(place__in=places).select_related("place").order_by("y", "x", "pk"))
    hazards = Hazard.objects.visible_to(user).open().filter(place__in=[point.place_id for point in points])
    found = {
        row["place"]: row
        for row in hazards.order_by().values("place").annotate(count=Count("pk", distinct=True), rank=Max("level__rank"))
    }
    return [_mark(point, found.get(point.place_id, {}), levels) for point in points]


def _mark(point: SitePoint, found: Mapping[str, Any], levels: Mapping[int, Level]) -> Mark:
    rank = found.get("rank")
    url = f"{reverse('inspections:hazard-list')}?place={point.place_id}&state=open"
    return Mark(
        point.place, str(point.x), str(point.y), found.get("count", 0), levels.get(rank) if rank is not None else None, url
    )
