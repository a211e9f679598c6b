"""Units and places that a file names: matched by code or name, or made where its owner said so."""

from collections.abc import Iterable
from hashlib import blake2b

from django.utils.translation import gettext as _

from inspections.imports.faults import fold, refused
from responsibilities import permissions, services
from responsibilities.choices import PlaceKind, UnitKind
from responsibilities.models import Place, Unit
from responsibilities.roles import Right
from safetyplant.audit.services import record
from safetyplant.reporting.imports.faults import RowFault
from safetyplant.reporting.imports.reading import UnreadableFile
from safetyplant.reporting.imports.targets import ImportContext

CODE_CHARS = 32
PLACE_CODE_CHARS = 40
NAME_CHARS = 120


class UnitBook:
    """Units by code or name, read once a run. `check` before anything is written, `get` when the row is known to be good."""

    def __init__(self, context: ImportContext) -> None:
        self._context = context
        self._codes: dict[str, Unit] = {}
        self._names: dict[str, list[Unit]] = {}
        self._may: dict[int, bool] = {}
        self.made = 0
        units = list(Unit.objects.order_by("path"))
        for unit in units:
            self._note(unit)
        self._host = self._choose_host(units) if context.options.get("make_units") else None

    def find(self, text: str, column: str) -> Unit | None:
        key = fold(text)
        if key not in self._codes and len(self._names.get(key, [])) > 1:
            raise RowFault(column, _("Several units are called “%(text)s”. Write the code instead.") % {"text": text})
        return self.known(text)

    def known(self, text: str) -> Unit | None:
        """The unit of this code, or the only one of this name; no fault otherwise."""
        named = self._names.get(fold(text), [])
        return self._codes.get(fold(text)) or (named[0] if len(named) == 1 else None)

    def check(self, text: str, column: str = "unit") -> Unit | None:
        """The unit, or `None` when it is to be made. Closed units are fine: the past was theirs."""
        unit = self.find(text, column)
        if unit is None and self._host is None:
            raise RowFault(column, _("No unit has the code or name “%(text)s”.") % {"text": text})
        if unit is None:
            self._check_new(text, column)
        elif not self._may_import(unit):
            raise RowFault(column, _("You may not import records of this unit."))
        return unit

    def get(self, text: str, name: str | None = None, column: str = "unit") -> Unit:
        unit = self.find(text, column)
        if unit is not None:
            return unit
        assert self._host is not None  # `check` has said so
        host, kind = self._host, self._context.options.get("unit_kind") or UnitKind.STATION
        code = text if len(text) <= CODE_CHARS else f"{text[:23]}-{_short_digest(text)}"
        unit = refused(column, lambda: services.create_unit(name or text, code=code, kind=kind, parent=host, by=self._context.by))
        self._note(unit)
        # What the file calls it finds it again, whatever code it was given.
        self._codes.setdefault(fold(text), unit)
        self.made += 1
        return unit

    def _choose_host(self, units: list[Unit]) -> Unit:
        under = self._context.options.get("under")
        roots = [unit for unit in units if unit.parent_id is None and unit.is_active]
        if under:
            host = self._codes.get(fold(under)) or next(iter(self._names.get(fold(under), [])), None)
            if host is None:
                raise UnreadableFile(_("Option “under”: no unit has the code or name “%(text)s”.") % {"text": under})
        elif len(roots) == 1:
            host = roots[0]
        else:
            raise UnreadableFile(_("Name the unit under which new units are made: option “under”."))
        if not host.is_active:
            raise UnreadableFile(_("%(unit)s is closed. Choose a unit that is active.") % {"unit": host.name})
        by = self._context.by
        if by is not None and not (permissions.can_manage_unit(by, host) and self._may_import(host)):
            raise UnreadableFile(_("Units under %(unit)s are for someone else to make.") % {"unit": host.name})
        return host

    def _check_new(self, text: str, column: str) -> None:
        if len(text) > NAME_CHARS:
            raise RowFault(
                column, _("Longer than %(limit)s characters (%(length)s).") % {"limit": NAME_CHARS, "length": len(text)}
            )

    def _may_import(self, unit: Unit) -> bool:
        by = self._context.by
        if by is None:
            return True
        if unit.pk not in self._may:
            self._may[unit.pk] = by.standing.has_for(Right.IMPORT_RECORDS, unit)
        return self._may[unit.pk]

    def _note(self, unit: Unit) -> None:
        self._codes.setdefault(fold(unit.code), unit)
        self._names.setdefault(fold(unit.name), []).append(unit)


class PlaceBook:
    """Places of the units that rows name, by code or name. An unknown place is no fault: it stays as text, or is made."""

    def __init__(self, context: ImportContext) -> None:
        self._context = context
        self._units: dict[int, dict[str, Place]] = {}

    def read(self, unit_ids: Iterable[int]) -> None:
        """Called once a batch, so that no row asks for itself."""
        fresh = set(unit_ids) - self._units.keys()
        for unit_id in fresh:
            self._units[unit_id] = {}
        for place in Place.objects.filter(unit__in=fresh).order_by("pk") if fresh else ():
            known = self._units[place.unit_id]
            known[fold(place.code)] = place
            known.setdefault(fold(place.name), place)

    def get(self, text: str | None, unit: Unit) -> Place | None:
        if not text:
            return None
        place = self._units.setdefault(unit.pk, {}).get(fold(text))
        if place is None and self._context.options.get("make_places"):
            place = self._make(text, unit)
        return place

    def _make(self, text: str, unit: Unit) -> Place | None:
        if len(text) > NAME_CHARS:
            return None  # a description of where, not a name
        code = text if len(text) <= PLACE_CODE_CHARS else f"{text[:31]}-{_short_digest(text)}"
        kind = self._context.options.get("place_kind") or PlaceKind.AREA
        place = Place.objects.create(unit=unit, kind=kind, code=code, name=text)
        record("place.created", place, by=self._context.by, detail={"name": place.name, "unit": unit.name})
        self._units[unit.pk][fold(text)] = place
        return place


def _short_digest(text: str) -> str:
    return blake2b(fold(text).encode(), digest_size=4).hexdigest()
