"""What the dashboard shows: figures of the rooms put together; nothing is computed here that a room could answer."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from inspections.metrics import WEEKS, HazardFigures, LateHazard, Repeat, hazard_figures, latest_late, repeats
from responsibilities.metrics import EngineSummary, WaitingAnswers, engine_summary, units_with_heads, waiting_answers
from responsibilities.models import Level, Unit
from responsibilities.roles import Right

if TYPE_CHECKING:
    from responsibilities.models import Person


@dataclass(frozen=True)
class Figure:
    """A key figure: the number, what it means in words, where its records are, and how it moved."""

    label: str
    value: str
    meaning: str
    url: str
    delta: str = ""
    tone: str = ""


@dataclass(frozen=True)
class HeatCell:
    level: Level
    n: int
    shade: int
    url: str


@dataclass(frozen=True)
class HeatRow:
    unit: Unit
    cells: list[HeatCell]
    late: int
    late_url: str


@dataclass
class Dashboard:
    """All panels of one reader. `unit_ids` None: the whole plant."""

    user: "Person"
    now: datetime
    unit_ids: frozenset[int] | None
    figures: HazardFigures
    units: list[Unit]
    levels: list[Level]
    late: list[LateHazard]
    answers: WaitingAnswers
    repeats: list[Repeat]
    engine: EngineSummary | None
    key_figures: list[Figure] = field(default_factory=list)
    heat: list[HeatRow] = field(default_factory=list)

    @property
    def without_head(self) -> list[Unit]:
        return [unit for unit in self.units if not unit.has_head and unit.parent_id is not None]  # type: ignore[attr-defined]

    @property
    def place_name(self) -> str:
        """The top of what is shown: the branch for those who see everything, else the reader's unit."""
        return self.units[0].name if self.units else ""

    @property
    def open_url(self) -> str:
        return hazards_url(state="open")

    @property
    def answers_url(self) -> str:
        return f"{reverse('responsibilities:deadline-list')}?state=open&kind=answer"

    @property
    def my_answers_url(self) -> str:
        return f"{self.answers_url}&owner=me"

    @property
    def late_url(self) -> str:
        return hazards_url(state="late")

    @cached_property
    def weeks(self) -> list[tuple[date, int, int]]:
        """(Monday, reported, closed) of the last weeks, oldest first, empty weeks included."""
        today = timezone.localdate(self.now)
        monday = today - timedelta(days=today.weekday())
        span = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
        return [(week, self.figures.reported_by_week.get(week, 0), self.figures.closed_by_week.get(week, 0)) for week in span]

    @property
    def chart(self) -> dict[str, Any]:
        """The chart's data; colours come from the page's own tokens."""
        return {
            "xAxis": {
                "type": "category",
                "data": [date_format(week, "j M" if not _zh() else "n月j日") for week, *_n in self.weeks],
            },
            "yAxis": {"type": "value", "minInterval": 1},
            "legend": {"top": 0, "right": 0},
            "series": [
                {"name": _("Reported"), "type": "line", "tone": "ink", "data": [reported for _w, reported, _c in self.weeks]},
                {"name": _("Closed"), "type": "line", "tone": "brand", "data": [closed for _w, _r, closed in self.weeks]},
            ],
        }


def build_dashboard(user: "Person", *, now: datetime | None = None) -> Dashboard:
    """Everything the dashboard shows, in a fixed number of queries."""
    moment = now or timezone.now()
    standing = user.standing
    unit_ids = None if standing.everywhere(Right.VIEW_DASHBOARD) else standing.unit_ids(Right.VIEW_DASHBOARD)
    levels = list(Level.objects.all())
    dashboard = Dashboard(
        user=user,
        now=moment,
        unit_ids=unit_ids,
        figures=hazard_figures(unit_ids, now=moment),
        units=units_with_heads(unit_ids, timezone.localdate(moment)),
        levels=levels,
        late=latest_late(unit_ids, levels, now=moment),
        answers=waiting_answers(user, unit_ids, levels),
        repeats=repeats(unit_ids, now=moment),
        engine=engine_summary(now=moment) if standing.everywhere(Right.VIEW_ENGINE) else None,
    )
    dashboard.key_figures = _key_figures(dashboard)
    dashboard.heat = _heat(dashboard)
    return dashboard


def _key_figures(dashboard: Dashboard) -> list[Figure]:
    figures = dashboard.figures
    return [
        _late_figure(dashboard),
        _open_figure(dashboard),
        _on_time_figure(dashboard),
        _reported_figure(dashboard),
        _repeat_figure(figures),
    ]


def _late_figure(dashboard: Dashboard) -> Figure:
    figures = dashboard.figures
    days = (dashboard.now - figures.oldest_late).days if figures.oldest_late else 0
    meaning = _("Open past their date. Nothing is late.")
    if figures.late:
        meaning = ngettext(
            "Open past their date, the oldest %(days)d day", "Open past their date, the oldest %(days)d days", days
        ) % {"days": days}
    return Figure(_("Late hazards"), str(figures.late), meaning, hazards_url(state="late"), tone="late" if figures.late else "")


def _open_figure(dashboard: Dashboard) -> Figure:
    major = sum(dashboard.figures.open_of_level(level.code) for level in dashboard.levels if level.is_major)
    meaning = ngettext("Reported and not closed, %(n)d of them major", "Reported and not closed, %(n)d of them major", major) % {
        "n": major
    }
    return Figure(_("Open hazards"), str(dashboard.figures.open), meaning, hazards_url(state="open"))


def _on_time_figure(dashboard: Dashboard) -> Figure:
    figures, month = dashboard.figures, timezone.localdate(dashboard.now).replace(day=1)
    rate, before = figures.on_time_rate(month), figures.on_time_rate((month - timedelta(days=1)).replace(day=1))
    meaning = _("Nothing was due this month yet")
    if rate is not None:
        counts = {"done": figures.on_time_by_month.get(month, 0), "due": figures.due_by_month[month]}
        meaning = _("%(done)d of %(due)d due this month so far, by their first date") % counts
    delta, tone = "", ""
    if rate is not None and before is not None:
        points = round((rate - before) * 100)
        delta = _("%(points)+d points on last month") % {"points": points}
        tone = "good" if points > 0 else "bad" if points < 0 else ""
    value = _("not available") if rate is None else f"{round(rate * 100)} %"
    url = hazards_url(all=1, first_due_after=month.isoformat(), first_due_before=timezone.localdate(dashboard.now).isoformat())
    return Figure(_("Fixed on time"), value, meaning, url, delta, tone)


def _reported_figure(dashboard: Dashboard) -> Figure:
    *_older, last, this = dashboard.weeks
    delta = _("%(n)+d on the week before") % {"n": this[1] - last[1]}
    since = this[0].isoformat()
    url = hazards_url(all=1, found_after=since)
    return Figure(_("Reported this week"), str(this[1]), _("Since Monday. Reporting never costs a point"), url, delta)


def _repeat_figure(figures: HazardFigures) -> Figure:
    meaning = _("Same danger at the same place again within 90 days")
    url = hazards_url(only="repeated", sort="found", found_after=figures.since.isoformat())
    return Figure(_("Repeated hazards"), str(figures.repeats), meaning, url)


def _heat(dashboard: Dashboard) -> list[HeatRow]:
    """One row per unit right below the scope's top, with all that stands below it; units with nothing open last."""
    rows = [_heat_row(dashboard, unit, under) for unit, under in _top_units(dashboard.units)]
    return sorted(rows, key=lambda row: (-row.late, -sum(cell.n for cell in row.cells), row.unit.path))


def _top_units(units: list[Unit]) -> list[tuple[Unit, list[int]]]:
    if not units:
        return []
    top = min(unit.depth for unit in units)
    heads = [unit for unit in units if unit.depth == top]
    if len(heads) == 1 and len(units) > 1:
        below = [unit for unit in units if unit.depth == top + 1]
        # The top unit itself has hazards of its own (its offices, its roads).
        return [(heads[0], [heads[0].pk]), *((unit, _under(unit, units)) for unit in below)]
    return [(unit, _under(unit, units)) for unit in heads]


def _under(top: Unit, units: list[Unit]) -> list[int]:
    return [unit.pk for unit in units if unit.path.startswith(top.path)]


def _heat_row(dashboard: Dashboard, unit: Unit, under: list[int]) -> HeatRow:
    figures = dashboard.figures
    cells = []
    for level in dashboard.levels:
        n = sum(figures.open_by_unit.get(pk, {}).get(level.code, 0) for pk in under)
        cells.append(HeatCell(level, n, min(n, 4), hazards_url(state="open", unit=unit.pk, level=level.code)))
    late = sum(figures.late_by_unit.get(pk, 0) for pk in under)
    return HeatRow(unit, cells, late, hazards_url(state="late", unit=unit.pk))


def hazards_url(**query: Any) -> str:
    """The list of the records behind a number."""
    return f"{_list_url()}?{urlencode({name: str(value) for name, value in query.items()})}"


@cache
def _list_url() -> str:
    return reverse("inspections:hazard-list")


def _zh() -> bool:
    return (get_language() or "").startswith("zh")
