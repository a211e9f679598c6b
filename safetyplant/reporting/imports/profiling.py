"""A look ahead at the columns of dates: 3/4/1996 alone doesn't say which is the month, its column usually does."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safetyplant.reporting.imports.mapping import BoundMapping
from safetyplant.reporting.imports.parsers import Date, DateTime
from safetyplant.reporting.imports.parsers.dates import day_month_evidence
from safetyplant.reporting.imports.targets import ImportTarget

DECIDED_BY = 5  # cells that agree before the look ahead ends; fewer are believed only at the end of the file
QUIET_ROWS = 5_000  # a column without one such date in its first rows has another style


@dataclass
class DateOrders:
    """The order of each field's dates, and what to tell the file's owner about it."""

    orders: dict[str, str] = field(default_factory=dict)
    notes: list[str | Promise] = field(default_factory=list)


def find_date_orders(bound: BoundMapping, target: ImportTarget, beat: Callable[[], None] = lambda: None) -> DateOrders:
    """Reads ahead only as far as it must, and not at all where the mapping names the order."""
    found = DateOrders()
    open_fields: dict[str, Counter[str]] = {}
    for item in target.fields:
        if item.name not in bound.mapping.columns or not isinstance(item.parser, Date | DateTime):
            continue
        if order := bound.mapping.named_date_order(item.name):
            found.orders[item.name] = order
        else:
            open_fields[item.name] = Counter()
    if open_fields:
        _weigh(bound, dict(open_fields), beat)
    for name, evidence in open_fields.items():
        _conclude(found, name, evidence, bound)
    return found


def _weigh(bound: BoundMapping, undecided: dict[str, Counter[str]], beat: Callable[[], None]) -> None:
    for count, row in enumerate(bound.table.records()):
        for name in list(undecided):
            evidence = undecided[name]
            for cell in bound.cells(name, row.cells):
                evidence[day_month_evidence(cell)] += 1
            if _is_decided(evidence) or (count > QUIET_ROWS and evidence.total() == evidence[""]):
                del undecided[name]
        if not undecided:
            return
        if count % 1000 == 0:
            beat()


def _is_decided(evidence: Counter[str]) -> bool:
    for_mdy, for_dmy = evidence["mdy"], evidence["dmy"]
    return max(for_mdy, for_dmy) >= DECIDED_BY and max(for_mdy, for_dmy) >= 10 * min(for_mdy, for_dmy)


def _conclude(found: DateOrders, name: str, evidence: Counter[str], bound: BoundMapping) -> None:
    column = {"column": bound.column_names(name)}
    for_mdy, for_dmy = evidence["mdy"], evidence["dmy"]
    if for_mdy or for_dmy:
        found.orders[name] = "mdy" if for_mdy >= for_dmy else "dmy"
        if found.orders[name] == "mdy":
            found.notes.append(_("Dates in “%(column)s” are read as month/day/year.") % column)
        else:
            found.notes.append(_("Dates in “%(column)s” are read as day/month/year.") % column)
        if min(for_mdy, for_dmy):
            found.notes.append(_("“%(column)s” mixes both orders of day and month: look at its dates one by one.") % column)
    elif evidence["either"]:
        found.orders[name] = "mdy"
        found.notes.append(
            _("“%(column)s” doesn't tell day from month. It is read as month/day/year unless you name the order.") % column
        )
