"""{% load lists %}{% list_rows list %}: the body of a list's table."""

from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from safetyplant.reporting.parts import Cell

register = template.Library()


@register.simple_tag(takes_context=True)
def list_rows(context: template.Context, page: Any) -> SafeString:
    """Rows of a `ListPage`. Written here and not in a template: of hundreds of cells each would cost several nodes."""
    rows = ("".join(_cell(context, cell) for cell in row.cells) for row in page.rows)
    return mark_safe("\n".join(f"<tr>{cells}</tr>" for cells in rows))  # noqa: S308 - cells are escaped one by one below


def _cell(context: template.Context, cell: Cell) -> str:
    css = format_html(' class="{}"', cell.column.css) if cell.column.css else ""
    return f"<td{css}>{_content(context, cell)}</td>"


def _content(context: template.Context, cell: Cell) -> str:
    if cell.column.draw is not None:
        return conditional_escape(cell.column.draw(cell))
    if cell.column.template:
        part = context.template.engine.get_template(cell.column.template)  # type: ignore[union-attr]
        with context.push(row=cell.row, value=cell.value, link=cell.link):
            return part.render(context)
    if cell.link:
        return format_html('<a class="title" href="{}">{}</a>', cell.link, cell.text)
    return conditional_escape(cell.text)
