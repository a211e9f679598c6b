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
    opening = {id(column): _opening(column.css) for column in page.page_columns}
    rows = ("".join(f"{opening[id(cell.column)]}{_content(context, cell)}</td>" for cell in row.cells) for row in page.rows)
    return mark_safe("\n".join(f"<tr>{cells}</tr>" for cells in rows))  # noqa: S308 - cells are escaped one by one below


def _opening(css: str) -> str:
    return format_html('<td class="{}">', css) if css else "<td>"


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
