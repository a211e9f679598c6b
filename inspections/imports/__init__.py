"""Past hazards, violations and inspections from the spreadsheets people have (see `docs/importing.md`).

They come with the state they ended in: no deadline, no reminder, no message, never late. Numbers are of series of their own, so
that a long import never holds the lock from which living records take theirs.
"""

from inspections.imports.hazards import HAZARDS
from inspections.imports.inspections import INSPECTIONS
from inspections.imports.violations import VIOLATIONS
from safetyplant.reporting.imports.targets import register_target


def register_targets() -> None:
    for target in (HAZARDS, VIOLATIONS, INSPECTIONS):
        register_target(target)
