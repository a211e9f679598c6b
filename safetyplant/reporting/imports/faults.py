"""What is wrong with a row beyond its cells, as writers and examiners of targets say it."""

from collections.abc import Callable, Iterable, Sequence

from safetyplant.reporting.imports.targets import Fault, Label, RowOutcome


class RowFault(Exception):
    """A row that cannot be taken: the field at fault, why, and what else is wrong with it."""

    def __init__(self, column: str, message: Label, *, more: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.column, self.message, self.more = column, message, tuple(more)

    @property
    def outcome(self) -> RowOutcome:
        return RowOutcome.error(self.column, self.message, more=self.more)


def faults_of(*checks: Callable[[], object]) -> list[Fault]:
    """Everything that the checks find, so that the row's owner mends it in one go: each raises `RowFault` or is content."""
    faults: list[Fault] = []
    for check in checks:
        try:
            check()
        except RowFault as fault:
            faults += [(fault.column, fault.message), *fault.more]
    return faults


def require_sound(faults: Iterable[Fault]) -> None:
    """Raise `RowFault` with all of them, if there are any."""
    found = list(faults)
    if found:
        (column, message), *more = found
        raise RowFault(column, message, more=more)
