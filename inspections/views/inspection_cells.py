"""The cells of the lists of inspections and violations, as functions: a page draws hundreds of them."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from safetyplant.reporting.parts import Cell
from safetyplant.shell.templatetags.shell import ava, icon, ref, when
from safetyplant.shell.templatetags.shell import level as level_tile
from safetyplant.shell.templatetags.shell import state as state_chip


def inspection_title(cell: Cell) -> SafeString:
    """Where, and beneath it number, unit and checklist; a draft has no number yet."""
    inspection = cell.row
    by = inspection.standard.document.label if inspection.standard else _("Free inspection")
    number = format_html("{}, ", ref(inspection.number)) if inspection.number else ""
    names = f"{inspection.unit.name}, {by}"
    return format_html('<a class="title" href="{}">{}</a><small class="num">{}{}</small>', cell.link, cell.value, number, names)


def created_by(cell: Cell) -> SafeString:
    who = cell.row.created_by
    return format_html('<span class="sp-person tight">{}<span>{}</span></span>', ava(who, small=True, you=cell.reader), who)


def inspection_state(cell: Cell) -> SafeString:
    chip = state_chip(cell.row.status, cell.value)
    if not cell.row.failed_count:
        return chip
    return format_html('{} <span class="late-text num nowrap">{} {}</span>', chip, icon("x-lg"), cell.row.failed_count)


def score(cell: Cell) -> SafeString:
    shown = f"{cell.text} %" if cell.value is not None and cell.row.standard_id else ""
    return format_html('<span class="nowrap">{}</span>', shown)


def moment(cell: Cell) -> SafeString:
    return when(cell.value)


def violation_level(cell: Cell) -> SafeString:
    return level_tile(cell.row.level) if cell.row.level else SafeString("")


def violation_title(cell: Cell) -> SafeString:
    violation = cell.row
    names = ", ".join(each.name for each in (violation.place, violation.unit) if each)
    small = format_html('<small class="num">{}, {}</small>', ref(violation.number), names)
    return format_html('<a class="title" href="{}">{}</a>{}', cell.link, cell.value, small)


def violation_state(cell: Cell) -> SafeString:
    return state_chip(cell.row.status, cell.value)
