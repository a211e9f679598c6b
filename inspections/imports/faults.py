"""What can be wrong with a row beyond its cells, and how texts of a file are held against names here."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safetyplant.access.exceptions import Refusal
from safetyplant.reporting.imports.faults import RowFault
from safetyplant.reporting.imports.parsers import normal_text
from safetyplant.reporting.imports.targets import ImportContext, ImportRow, RowOutcome

T = TypeVar("T")

# What the lines below a text are called. Made once and translated where there is such a line: rows come by the million.
NUMBER = gettext_lazy("Earlier number")
PLACE = gettext_lazy("Place")


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Names are the same when they differ in case, width and blanks only."""
    return "".join(normal_text(text).casefold().split())


def draft_rows(rows: Sequence[ImportRow], draft: Callable[[ImportRow], T]) -> tuple[dict[int, T], dict[int, RowOutcome]]:
    """What each row is to become, by its place in the batch, and what is wrong with the others: of those nothing is written."""
    drafts: dict[int, T] = {}
    outcomes: dict[int, RowOutcome] = {}
    for at, row in enumerate(rows):
        try:
            drafts[at] = draft(row)
        except RowFault as fault:
            outcomes[at] = fault.outcome
    return drafts, outcomes


def refused(column: str, action: Callable[[], T]) -> T:
    """Do it; a refusal of the rooms below becomes a fault of the column."""
    try:
        return action()
    except ValidationError as fault:
        raise RowFault(column, " ".join(fault.messages)) from fault
    except Refusal as refusal:
        raise RowFault(column, str(refusal.message)) from refusal


def require_past(column: str, moment: datetime | None, context: ImportContext) -> None:
    if moment is not None and moment > context.now:
        raise RowFault(column, _("This day is still to come."))


def with_lines(text: str | None, *lines: tuple[str | Promise, object]) -> str:
    """Free text with what has no field of its own below it, one line each: nothing of the file is lost."""
    told = [_("%(what)s: %(text)s") % {"what": what, "text": value} for what, value in lines if value not in (None, "")]
    return "\n".join(filter(None, [text, *told]))
