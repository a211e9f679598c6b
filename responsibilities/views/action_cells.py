"""The cells of the lists of corrective actions and deadlines, as functions: a page draws hundreds of them."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from responsibilities.choices import ActionStatus, DeadlineStatus, WaitingFor
from responsibilities.models import CorrectiveAction, Deadline
from safetyplant.formats.days import day_text
from safetyplant.reporting.parts import Cell
from safetyplant.shell.templatetags.shell import ava
from safetyplant.shell.templatetags.shell import due as due_text
from safetyplant.shell.templatetags.shell import level as level_tile
from safetyplant.shell.templatetags.shell import state as state_chip


def level(cell: Cell) -> SafeString:
    return level_tile(cell.row.level) if cell.row.level else SafeString("")


def title(cell: Cell) -> SafeString:
    """Of a fix, or of a deadline: both have a number, a unit and the address of the record behind them."""
    number = format_html('<span class="ref num">{}</span>, ', cell.row.number) if cell.row.number else ""
    small = format_html("<small>{}{}</small>", number, cell.row.unit.name)
    return format_html('<a class="title" href="{}">{}</a>{}', cell.link, cell.value, small)


def owner(cell: Cell) -> SafeString:
    who = cell.row.owner
    return format_html('<span class="sp-person tight">{}<span>{}</span></span>', ava(who, small=True, you=cell.reader), who)


def state_words(action: CorrectiveAction) -> str:
    """The state as people say it: what it waits for."""
    # Not `get_status_display`, which hashes all choices anew for each row.
    return str(WaitingFor(action.waiting_for).label if action.waiting_for else ActionStatus(action.status).label)


def state(cell: Cell) -> SafeString:
    return state_chip("waiting" if cell.row.waiting_for else cell.row.status, cell.value)


def deadline_words(deadline: Deadline) -> str:
    return str(DeadlineStatus(deadline.status).label)


def deadline_state(cell: Cell) -> SafeString:
    return state_chip(cell.row.status, cell.value)


def deadline_due(cell: Cell) -> SafeString:
    deadline = cell.row
    match deadline.status:
        case DeadlineStatus.MET:
            return due_text(deadline.first_due_at, met=deadline.closed_at, stack=True)
        case DeadlineStatus.CANCELLED:
            return format_html('<span class="muted">{}</span>', day_text(deadline.due_at))
    return due_text(deadline.due_at, paused=deadline.status == DeadlineStatus.PAUSED, stack=True)


def fix_due(cell: Cell) -> SafeString:
    action, deadline = cell.row, cell.row.deadline
    match action.status:
        case ActionStatus.VERIFIED:
            return due_text(deadline.first_due_at, met=action.submitted_at, stack=True)
        case ActionStatus.CANCELLED:
            return format_html('<span class="muted">{}</span>', day_text(deadline.due_at))
    return due_text(deadline.due_at, paused=action.status == ActionStatus.SUBMITTED, stack=True)
