"""Units, people and places from a spreadsheet: what a row means, and each thing that can be wrong with it."""

from collections.abc import Callable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from responsibilities import permissions, services
from responsibilities.choices import Grade, Shift
from responsibilities.models import Person, Place, Post, Unit
from responsibilities.services.appointments import appoint_person
from responsibilities.services.people import create_person
from safetyplant.access.exceptions import Refusal
from safetyplant.audit.services import record
from safetyplant.reporting.imports.faults import RowFault, faults_of, require_sound
from safetyplant.reporting.imports.targets import Fault, ImportContext, ImportRow, RowOutcome


class UnitFinder:
    """Units by code or name, read once a run; `add` keeps it true while units are made."""

    def __init__(self, by: Person | None) -> None:
        units = list(Unit.objects.visible_to(by) if by is not None else Unit.objects.all())
        self.by_code = {unit.code.casefold(): unit for unit in units}
        self.by_name: dict[str, list[Unit]] = {}
        for unit in units:
            self.by_name.setdefault(unit.name.casefold(), []).append(unit)

    def find(self, text: str, column: str) -> Unit:
        unit = self.get(text, column)
        if unit is None:
            raise RowFault(column, _("No unit has the code or name “%(text)s”.") % {"text": text})
        if not unit.is_active:
            raise RowFault(column, _("%(unit)s is closed. Choose a unit that is active.") % {"unit": unit.name})
        return unit

    def get(self, text: str, column: str) -> Unit | None:
        unit = self.by_code.get(text.casefold())
        if unit is not None:
            return unit
        named = self.by_name.get(text.casefold(), [])
        if len(named) > 1:
            raise RowFault(column, _("Several units are called “%(text)s”. Write the code instead.") % {"text": text})
        return named[0] if named else None

    def add(self, unit: Unit) -> None:
        self.by_code[unit.code.casefold()] = unit
        self.by_name.setdefault(unit.name.casefold(), []).append(unit)


def examine_unit(row: ImportRow, context: ImportContext) -> list[Fault]:
    """The unit that a row says it belongs to, if it says any and there is none."""
    return faults_of(lambda: units_of(context).find(row["unit"], "unit")) if row["unit"] else []


def units_of(context: ImportContext) -> UnitFinder:
    if "units" not in context.memo:
        context.memo["units"] = UnitFinder(context.by)
    return context.memo["units"]


def _take(row: ImportRow, context: ImportContext, write: Callable[[ImportRow, ImportContext], RowOutcome]) -> RowOutcome:
    """One row in a savepoint of its own, so that a faulty row leaves nothing behind."""
    try:
        with transaction.atomic():
            return write(row, context)
    except RowFault as fault:
        return fault.outcome
    except ValidationError as fault:
        column, message = first_fault(fault)
        return RowOutcome.error(column, message)
    except Refusal as refusal:
        return RowOutcome.error("", str(refusal.message))


def first_fault(fault: ValidationError) -> tuple[str, str]:
    return all_faults(fault)[0]


def all_faults(fault: ValidationError) -> list[tuple[str, str]]:
    """One per field, the row as a whole under ""."""
    if not hasattr(fault, "error_dict"):
        return [("", " ".join(fault.messages))]
    return [
        ("" if column == "__all__" else column, " ".join(message for error in errors for message in error.messages))
        for column, errors in fault.error_dict.items()
    ]


# --- units ---------------------------------------------------------------------------------------------------------------


def write_units(rows: Sequence[ImportRow], context: ImportContext) -> list[RowOutcome]:
    """Parents may stand below their children in the file: rows wait until the unit above them is there."""
    finder, outcomes = units_of(context), {}
    waiting = list(enumerate(rows))
    while waiting:
        ready = [(at, row) for at, row in waiting if not row["parent"] or _knows(finder, row["parent"])]
        if not ready:
            break
        for at, row in ready:
            outcomes[at] = _take(row, context, _write_unit)
        taken = {at for at, _row in ready}
        waiting = [(at, row) for at, row in waiting if at not in taken]
    for at, row in waiting:
        outcomes[at] = _without_parent(row, [row for _at, row in waiting])
    return [outcomes[at] for at in range(len(rows))]


def _knows(finder: UnitFinder, text: str) -> bool:
    return text.casefold() in finder.by_code or text.casefold() in finder.by_name


def _without_parent(row: ImportRow, waiting: list[ImportRow]) -> RowOutcome:
    """Nothing above it exists: the unit above is nowhere, could not be made itself, or the rows stand under each other."""
    above = {_key(each["code"]): each for each in waiting} | {_key(each["name"]): each for each in waiting}
    seen: set[str] = set()
    current: ImportRow | None = row
    while current is not None:
        if _key(current["code"]) in seen:
            return RowOutcome.error("parent", _("These units stand under each other in a circle."))
        seen.add(_key(current["code"]))
        current = above.get(_key(current["parent"]))
    return RowOutcome.error("parent", _("No unit has the code or name “%(text)s”.") % {"text": row["parent"]})


def _key(text: str | None) -> str:
    return (text or "").casefold()


def _write_unit(row: ImportRow, context: ImportContext) -> RowOutcome:
    finder = units_of(context)
    parent = finder.find(row["parent"], "parent") if row["parent"] else None
    if parent is not None:
        _require_unit(context, parent, "parent")
    known = finder.by_code.get(row["code"].casefold())
    if known is not None:
        return _update_unit(known, row, parent, context)
    unit = services.create_unit(row["name"], code=row["code"], kind=row["kind"], parent=parent, by=context.by)
    finder.add(unit)
    return RowOutcome.created(unit.pk)


def _update_unit(unit: Unit, row: ImportRow, parent: Unit | None, context: ImportContext) -> RowOutcome:
    is_same = unit.name == row["name"] and unit.parent_id == (parent.pk if parent else None)
    if is_same:
        return RowOutcome.skipped(unit.pk, _("This unit is there already."))
    if row.existing is None:
        raise RowFault("code", _("Another unit has this code: %(unit)s.") % {"unit": unit.name})
    _require_unit(context, unit, "code")
    if unit.name != row["name"]:
        unit = services.rename_unit(unit, name=row["name"], by=context.by)
    if parent is not None and unit.parent_id != parent.pk:
        unit = services.move_unit(unit, parent=parent, by=context.by)
    units_of(context).add(unit)
    return RowOutcome.updated(unit.pk)


def _require_unit(context: ImportContext, unit: Unit | None, column: str) -> None:
    if context.by is None:
        return
    if unit is None or not permissions.can_manage_unit(context.by, unit):
        raise RowFault(column, _("This unit is for someone else to manage."))


# --- people --------------------------------------------------------------------------------------------------------------


def write_people(rows: Sequence[ImportRow], context: ImportContext) -> list[RowOutcome]:
    numbers = [row["username"] for row in rows]
    context.memo["people"] = {
        person.username: person for person in Person.objects.filter(username__in=numbers).select_related("unit")
    }
    return [_take(row, context, _write_person) for row in rows]


#: What a file says of a person themselves, besides unit, post and role, which are records of their own.
OF_PERSON = ("username", "name", "email", "phone")
#: House numbers are this short. What stands around the digits is the plant's own: "值班室 6-2014", "0546-871 2201 转 305".
FEWEST_DIGITS = 3


def examine_person(row: ImportRow, context: ImportContext) -> list[Fault]:
    """The unit that is not there, and each field that the person could not be saved with. Never asks who is there already."""
    faults = examine_unit(row, context)
    if row["phone"] and sum(letter.isdigit() for letter in row["phone"]) < FEWEST_DIGITS:
        faults.append(("phone", _("This is no number that can be rung.")))
    said = {name: row[name] for name in OF_PERSON if row[name]}
    try:
        Person(**said).clean_fields(exclude={field.name for field in Person._meta.fields} - set(said))
    except ValidationError as fault:
        faults += [(column, _in_words_of_files(column, words)) for column, words in all_faults(fault)]
    return faults


def _in_words_of_files(column: str, words: str) -> str:
    """Django speaks of a username, which no list of a plant's people has."""
    return _("An employee number has letters, digits and the signs @ . + - _ only, no blanks.") if column == "username" else words


def _write_person(row: ImportRow, context: ImportContext) -> RowOutcome:
    require_sound(examine_person(row, context))
    unit = units_of(context).find(row["unit"], "unit")
    known: dict[str, Person] = context.memo["people"]
    person = known.get(row["username"])
    if person is not None:
        if person.name == row["name"] and person.unit_id == unit.pk:
            return RowOutcome.skipped(person.pk, _("This person is there already."))
        raise RowFault("username", _("Someone else has this employee number: %(name)s.") % {"name": person.name})
    person, _secret = create_person(
        by=context.by,
        # Each person gets a temporary password from the safety officer when they first need it.
        with_password=False,
        username=row["username"],
        name=row["name"],
        unit=unit,
        post=_post(row["post"], unit, context),
        grade=row["grade"] or Grade.WORKER,
        is_middle_level=bool(row["is_middle_level"]),
        shift=row["shift"] or Shift.DAY,
        email=row["email"] or "",
        phone=row["phone"] or "",
    )
    known[person.username] = person
    if row["role"]:
        _appoint(person, row["role"], unit, context)
    return RowOutcome.created(person.pk)


def _post(name: str | None, unit: Unit, context: ImportContext) -> Post | None:
    if not name:
        return None
    post, is_new = Post.objects.get_or_create(unit=unit, name=name)
    if is_new:
        record("post.created", post, by=context.by, detail={"name": post.name, "unit": unit.name})
    return post


def _appoint(person: Person, role: str, unit: Unit, context: ImportContext) -> None:
    try:
        appoint_person(person, role=role, unit=unit, by=context.by, starts_on=timezone.localdate(context.now))
    except ValidationError as fault:
        raise RowFault("role", first_fault(fault)[1]) from fault


# --- places --------------------------------------------------------------------------------------------------------------


def write_places(rows: Sequence[ImportRow], context: ImportContext) -> list[RowOutcome]:
    return [_take(row, context, _write_place) for row in rows]


def examine_place(row: ImportRow, context: ImportContext) -> list[Fault]:
    """Whether its unit is there and for them to manage. Never asks which places are there already."""
    return faults_of(lambda: _unit_of_place(row, context)) if row["unit"] else []


def _unit_of_place(row: ImportRow, context: ImportContext) -> Unit:
    unit = units_of(context).find(row["unit"], "unit")
    _require_unit(context, unit, "unit")
    return unit


def _write_place(row: ImportRow, context: ImportContext) -> RowOutcome:
    unit = _unit_of_place(row, context)
    name = row["name"] or row["code"]
    known = Place.objects.filter(unit=unit, code__iexact=row["code"]).first()
    if known is not None:
        if (known.name, known.kind) == (name, row["kind"]):
            return RowOutcome.skipped(known.pk, _("This place is there already."))
        raise RowFault("code", _("This unit has a place with this code already: %(place)s.") % {"place": known.name})
    place = Place(unit=unit, kind=row["kind"], code=row["code"], name=name)
    place.full_clean()
    place.save()
    record("place.created", place, by=context.by, detail={"name": place.name, "unit": unit.name})
    return RowOutcome.created(place.pk)
