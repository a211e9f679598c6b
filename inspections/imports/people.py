"""People that a file names: matched by employee number or by a name that only one has, or kept as known by name only."""

from hashlib import blake2b
from typing import NamedTuple

from django.utils.translation import gettext as _

from inspections.imports.faults import fold, refused
from responsibilities.models import Person, Unit
from responsibilities.services.people import create_person
from safetyplant.reporting.imports.faults import RowFault
from safetyplant.reporting.imports.targets import ImportContext

#: Stands where earlier records name no one. Known by name only: nobody can sign in as it.
NOBODY_NAMED = "earlier-records"
NAME_CHARS = 80


class Known(NamedTuple):
    pk: int
    name: str
    unit_id: int | None


class PersonBook:
    """People by employee number or name, read once a run as small rows."""

    def __init__(self, context: ImportContext) -> None:
        self._context = context
        self._may_make = bool(context.options.get("make_people"))
        self._numbers: dict[str, Known] = {}
        self._names: dict[str, list[Known]] = {}
        for pk, number, name, unit_id in Person.objects.values_list("pk", "username", "name", "unit_id").iterator():
            self._note(number, Known(pk, name, unit_id))

    def check(self, text: str | None, unit: Unit | None, column: str) -> None:
        """Raise for someone who is neither known nor to be made; `unit` tells apart people of the same name."""
        if not text or self._find(text, unit, column) is not None:
            return
        if not self._may_make:
            raise RowFault(
                column, _("No one has this employee number or name: “%(text)s”. Import the people first.") % {"text": text}
            )
        if len(text) > NAME_CHARS:
            raise RowFault(
                column, _("Longer than %(limit)s characters (%(length)s).") % {"limit": NAME_CHARS, "length": len(text)}
            )

    def get(self, text: str | None, unit: Unit, column: str) -> Known | None:
        if not text:
            return None
        return self._find(text, unit, column) or self._make(text, unit, column)

    def nobody(self) -> int:
        """Who stands where the records name no one."""
        known = self._numbers.get(NOBODY_NAMED)
        if known is None:
            person, _secret = create_person(
                by=None,
                with_password=False,
                username=NOBODY_NAMED,
                name=_("Earlier records"),
                is_external=True,
                is_active=False,
            )
            known = self._note(NOBODY_NAMED, Known(person.pk, person.name, None))
        return known.pk

    def _find(self, text: str, unit: Unit | None, column: str) -> Known | None:
        key = fold(text)
        if key in self._numbers:
            return self._numbers[key]
        named = self._names.get(key, [])
        if len(named) > 1:
            named = [known for known in named if unit is not None and known.unit_id == unit.pk]
            if len(named) != 1:
                message = _("Several people are called “%(text)s”. Write the employee number instead.")
                raise RowFault(column, message % {"text": text})
        return named[0] if named else None

    def _make(self, text: str, unit: Unit, column: str) -> Known:
        """SECURITY: known by name only; whoever is made here can never sign in."""
        number = "past-" + blake2b(f"{unit.pk} {fold(text)}".encode(), digest_size=6).hexdigest()
        person, _secret = refused(
            column,
            lambda: create_person(
                by=self._context.by,
                with_password=False,
                username=number,
                name=text,
                unit=unit,
                is_external=True,
                is_active=False,
            ),
        )
        return self._note(number, Known(person.pk, person.name, unit.pk))

    def _note(self, number: str, known: Known) -> Known:
        self._numbers[fold(number)] = known
        self._names.setdefault(fold(known.name), []).append(known)
        return known
