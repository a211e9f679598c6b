"""The cells of the list of hazards. Functions rather than templates: a page draws some two hundred of them."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from safetyplant.reporting.parts import Cell
from safetyplant.shell.moments import day_text
from safetyplant.shell.templatetags.shell import ava, icon, ref, when
from safetyplant.shell.templatetags.shell import due as due_text
from safetyplant.shell.templatetags.shell import level as level_tile
from safetyplant.shell.templatetags.shell import state as state_chip


def level(cell: Cell) -> SafeString:
    if cell.row.level:
        return level_tile(cell.row.level)
    return format_html('<span class="muted">{}</span>', _("Not assessed"))


def tick(cell: Cell) -> SafeString:
    """Belongs to the form of `hazard_list.html`, wherever the row stands."""
    label = _("Choose %(number)s") % {"number": cell.row.number}
    box = '<input class="form-check-input" type="checkbox" form="many" name="hazard" value="{}" aria-label="{}">'
    return format_html(f'<label class="sp-tick">{box}</label>', cell.row.pk, label)


def title(cell: Cell) -> SafeString:
    hazard = cell.row
    names = ", ".join(each.name for each in (hazard.place, hazard.unit) if each)
    marks = []
    if hazard.is_stopped:
        marks.append(("back", icon("sign-stop"), _("Work stopped")))
    if hazard.possibly_major:
        marks.append(("check", icon("question-diamond"), _("Possibly major")))
    if hazard.accepted_until:
        marks.append(("check", icon("hourglass-split"), _("Accepted until %(day)s") % {"day": day_text(hazard.accepted_until)}))
    return format_html(
        '<a class="title" href="{}">{}</a><small class="num">{}, {}</small>{}',
        cell.link,
        cell.value,
        ref(hazard.number),
        names,
        format_html_join("", '<span class="sp-state {}">{}{}</span>', marks),
    )


def holder(cell: Cell) -> SafeString:
    who = cell.row.holder
    if who is None:
        return SafeString("")
    return format_html('<span class="sp-person tight">{}<span>{}</span></span>', ava(who, small=True, you=cell.reader), who)


def state(cell: Cell) -> SafeString:
    return state_chip("fixed_on_spot" if cell.row.fixed_on_spot else cell.row.status, cell.value)


def due(cell: Cell) -> SafeString:
    hazard = cell.row
    if hazard.is_open:
        return due_text(hazard.due_at, stack=True)
    if hazard.first_due_at and hazard.done_at:
        return due_text(hazard.first_due_at, met=hazard.done_at, stack=True)
    return SafeString("")


def found(cell: Cell) -> SafeString:
    return when(cell.value)
