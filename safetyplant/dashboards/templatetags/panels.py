"""{% load panels %}: the tables of the dashboard. Of a hundred small cells each would cost a template several nodes."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from safetyplant.dashboards.panels import Dashboard, HeatCell, HeatRow, hazards_url
from safetyplant.shell import moments

register = template.Library()


@register.simple_tag
def heat_rows(rows: list[HeatRow]) -> SafeString:
    """A row per unit: open hazards of each level, and the late ones; every number leads to its records."""
    return format_html_join("\n", "{}", ((_heat_row(row),) for row in rows))


def _heat_row(row: HeatRow) -> SafeString:
    cells = format_html_join("", "{}", ((_heat_cell(cell),) for cell in row.cells))
    late = SafeString('<td class="none">0</td>')
    if row.late:
        late = format_html('<td class="late"><a href="{}">{}</a></td>', row.late_url, row.late)
    return format_html('<tr><th scope="row" title="{0}">{0}</th>{1}{2}</tr>', row.unit.name, cells, late)


def _heat_cell(cell: HeatCell) -> SafeString:
    if not cell.n:
        return SafeString('<td class="zero">0</td>')
    return format_html('<td class="h-{} q{}"><a href="{}">{}</a></td>', cell.level.css, cell.shade, cell.url, cell.n)


@register.simple_tag
def week_rows(dashboard: Dashboard) -> SafeString:
    """The chart's numbers as a table, oldest week first."""
    return format_html_join(
        "",
        '<tr><th scope="row">{}</th><td class="num"><a href="{}">{}</a></td><td class="num">{}</td></tr>',
        (
            (moments.day_text(week), hazards_url(all=1, found_after=week.isoformat()), reported, closed)
            for week, reported, closed in dashboard.weeks
        ),
    )
