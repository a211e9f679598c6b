"""What the three targets share: the options a file's owner has, the books of a run, and numbers for past records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.utils.translation import gettext_lazy as _

from inspections.imports.chains import ChainBook
from inspections.imports.people import PersonBook
from inspections.imports.places import PlaceBook, UnitBook
from inspections.imports.words import MADE_PLACE_KINDS
from responsibilities.import_targets import UNIT_KINDS
from safetyplant.numbering.services import reserve_numbers
from safetyplant.reporting.imports.faults import faults_of
from safetyplant.reporting.imports.parsers import Choice, Name
from safetyplant.reporting.imports.targets import Fault, ImportContext, ImportOption, ImportRow

#: Series of their own: a counter's row is locked until the import commits, and no living record may wait for that.
HAZARD_SERIES, VIOLATION_SERIES, INSPECTION_SERIES = "PHZ", "PVI", "PINS"

OPTIONS = (
    ImportOption("make_units", _("Make units that are not there yet")),
    ImportOption("unit_kind", _("Kind of units made"), parser=Choice(UNIT_KINDS), help=_("Stations unless you choose another.")),
    ImportOption(
        "under", _("Make them under"), parser=Name(), help=_("Code or name of the unit above; empty for the top of the tree.")
    ),
    ImportOption("make_places", _("Make places that are not there yet"), help=_("Otherwise an unknown place stays as text.")),
    ImportOption(
        "place_kind", _("Kind of places made"), parser=Choice(MADE_PLACE_KINDS), help=_("Areas unless you choose another.")
    ),
    ImportOption(
        "make_people",
        _("Keep unknown people as known by name only"),
        help=_("They can never sign in. Otherwise a row with an unknown person is faulty."),
    ),
)


@dataclass
class Books:
    """Units, places, people and chains of one run, read once and kept from batch to batch."""

    units: UnitBook
    places: PlaceBook
    people: PersonBook
    chains: ChainBook

    def read_batch(self, rows: Sequence[ImportRow]) -> None:
        """Read ahead what the rows of a batch will ask for."""
        keys = {row["unit"] for row in rows if row["place"]}
        units = (self.units.known(key) for key in keys)
        self.places.read({unit.pk for unit in units if unit is not None})

    def faults_of_unit(self, row: ImportRow, *, people: Mapping[str, Iterable[str | None]]) -> list[Fault]:
        """What is wrong with the unit of a row and with the people it names, by column. A column that could not be read is
        passed over."""
        if not row["unit"]:
            return []
        faults = faults_of(lambda: self.units.check(row["unit"]))
        unit = self.units.known(row["unit"])
        named = [(column, name) for column, names in people.items() for name in names if name]
        return faults + faults_of(*(partial(self.people.check, name, unit, column) for column, name in named))


def books_of(context: ImportContext) -> Books:
    if "books" not in context.memo:
        units = UnitBook(context)
        context.memo["books"] = Books(units, PlaceBook(context), PersonBook(context), ChainBook(units))
    books: Books = context.memo["books"]
    return books


def numbers_for(series: str, days: Sequence[date]) -> list[str]:
    """A number for each day, in the year it lies in; one step a year."""
    counts: dict[int, int] = {}
    for day in days:
        counts[day.year] = counts.get(day.year, 0) + 1
    # In the order of years, so that two imports which want the same counters never wait for each other in a circle.
    reserved = {year: iter(reserve_numbers(series, date(year, 1, 1), counts[year])) for year in sorted(counts)}
    return [next(reserved[day.year]) for day in days]


def imported_key(target: str, row: ImportRow) -> str:
    return f"{target}:{row.key}"
