"""The cells of the lists of units and people, as functions: a page draws hundreds of them."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from responsibilities.choices import Grade, Shift, UnitKind
from responsibilities.models import Person, Unit
from safetyplant.reporting.parts import Cell
from safetyplant.shell.templatetags.shell import ava, icon
from safetyplant.shell.templatetags.shell import person as person_name
from safetyplant.shell.templatetags.shell import state as state_chip

# Not `get_…_display`, which hashes all choices anew for each row.


def kind_words(unit: Unit) -> str:
    return str(UnitKind(unit.kind).label)


def grade_words(person: Person) -> str:
    return str(Grade(person.grade).label)


def shift_words(person: Person) -> str:
    return str(Shift(person.shift).label)


def unit(cell: Cell) -> SafeString:
    row = cell.row
    count = ngettext("%(count)s person", "%(count)s people", row.people_count) % {"count": row.people_count}
    return format_html(
        '<a class="title sp-depth-{depth}" href="{link}">{name}</a>{closed}'
        '<small class="card-only sp-depth-{depth}">{kind}, {count}</small>',
        depth=row.depth,
        link=cell.link,
        name=row.name,
        closed="" if row.is_active else format_html(" {}", state_chip("inactive", _("Unit closed"))),
        kind=kind_words(row),
        count=count,
    )


def head(cell: Cell) -> SafeString:
    if cell.value:
        return person_name(cell.value, tight=True)
    if not cell.row.parent_id:
        return format_html('<span class="muted">{}</span>', _("led by the director"))
    if cell.row.is_active:
        return format_html('<span class="late-text">{} {}</span>', icon("exclamation-circle"), _("No head"))
    return SafeString("")


def person(cell: Cell) -> SafeString:
    row = cell.row
    belongs = ", ".join(each.name for each in (row.unit, row.post) if each)
    return format_html(
        '<span class="sp-person tight">{}<span><a class="title" href="{}">{}</a></span></span>'
        '<small class="card-only">{}{}</small>',
        ava(row, small=True, you=cell.reader),
        cell.link,
        row.name,
        row.username,
        f", {belongs}" if belongs else "",
    )


def access(cell: Cell) -> SafeString:
    if cell.row.is_active:
        return state_chip("active", _("Has access"))
    if cell.row.is_external:
        return state_chip("inactive", _("Known by name"))
    return state_chip("returned", _("No access"), icon_name="person-slash")
