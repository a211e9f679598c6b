"""Changing the organisation tree: each change keeps today's path and the dated placements together."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from responsibilities import permissions
from responsibilities.choices import RoleCode, UnitKind
from responsibilities.models import Unit, UnitPlacement
from responsibilities.services.appointments import end_all_of
from responsibilities.services.handover import hand_over_fixes
from responsibilities.subjects import tell_unit_closed
from safetyplant.access.transitions import locked, require
from safetyplant.audit.services import record

if TYPE_CHECKING:
    from responsibilities.models import Person

#: A unit made without a date has always stood where it stands, so that imported records of past years find a chain.
BEGINNING = date(1970, 1, 1)
# One lock for the shape of the tree: two moves at once could put each unit under the other.
TREE_LOCK = 0x5AFE


@transaction.atomic
def create_unit(
    name: str, *, code: str, kind: str, parent: Unit | None = None, since: date | None = None, by: "Person | None" = None
) -> Unit:
    """Add a unit under `parent` from a day on; without one it is the top of the tree, which is made once."""
    _lock_tree()
    parent = Unit.objects.get(pk=parent.pk) if parent else None
    _require_place(kind, parent)
    _require_right(by, permissions.can_add_unit, parent)
    parent_path = parent.path if parent else ""
    unit = Unit(name=name, code=code, kind=kind, parent=parent)
    unit.full_clean(exclude=["path"])
    unit.save()
    unit.path = f"{parent_path}{unit.pk}."
    unit.save(update_fields=["path"])
    UnitPlacement.objects.create(unit=unit, parent=parent, period=DateRange(since or BEGINNING, None))
    record("unit.created", unit, by=by, detail={"name": name, "parent": parent.name if parent else ""})
    return unit


@transaction.atomic
def move_unit(unit: Unit, *, parent: Unit, on: date | None = None, by: "Person | None" = None) -> Unit:
    """Put a unit, with all below it, under another one from a day on; earlier days keep the old place."""
    _lock_tree()
    day = on or timezone.localdate()
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    target = Unit.objects.get(pk=parent.pk)
    _require_right(by, permissions.can_manage_unit, unit, target)
    _require_no_past_day(by, day)
    if target.path.startswith(unit.path):
        raise ValidationError({"parent": _("A unit cannot stand under itself or a unit below it.")})
    if not target.is_active:
        raise ValidationError({"parent": _("%(unit)s is closed. Choose a unit that is active.") % {"unit": target.name}})
    _require_own_kind(unit.kind, target)
    old_parent = unit.parent
    _replace_placement(unit, target, day)
    _move_paths(unit.path, f"{target.path}{unit.pk}.")
    unit.parent = target
    unit.path = f"{target.path}{unit.pk}."
    unit.save(update_fields=["parent"])
    changes = {"parent": [old_parent.name if old_parent else "", target.name]}
    record("unit.moved", unit, by=by, changes=changes, detail={"name": unit.name, "parent": target.name, "on": day.isoformat()})
    return unit


@transaction.atomic
def rename_unit(unit: Unit, *, name: str, by: "Person | None" = None) -> Unit:
    unit = locked(Unit.objects.all(), unit.pk)
    _require_right(by, permissions.can_manage_unit, unit)
    old, unit.name = unit.name, name
    unit.full_clean(exclude=["path"])
    unit.save(update_fields=["name"])
    record("unit.renamed", unit, by=by, changes={"name": [old, name]}, detail={"name": name})
    return unit


@transaction.atomic
def close_unit(unit: Unit, *, successor: Unit, on: date | None = None, by: "Person | None" = None) -> Unit:
    """Deactivate a unit: its people, places, posts and open work go to `successor`, its appointments end.

    Units below it must be moved or closed first, so that nothing loses its place by accident.
    """
    _lock_tree()
    day = on or timezone.localdate()
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    successor = Unit.objects.get(pk=successor.pk)
    _require_right(by, permissions.can_manage_unit, unit, successor)
    _require_no_past_day(by, day)
    if unit.children.filter(is_active=True).exists():
        raise ValidationError(_("Units below this one are still active. Move or close them first."))
    if successor.pk == unit.pk or not successor.is_active:
        raise ValidationError({"successor": _("Choose another unit that is active.")})
    moved = _hand_over(unit, successor, day, by)
    unit.is_active, unit.closed_on = False, day
    unit.save(update_fields=["is_active", "closed_on"])
    record("unit.closed", unit, by=by, detail={"name": unit.name, "successor": successor.name, **moved})
    return unit


def _hand_over(unit: Unit, successor: Unit, day: date, by: "Person | None") -> dict[str, int]:
    taken = {p.code for p in successor.places.all()}
    for place in unit.places.filter(code__in=taken):
        # Codes are unique within a unit: keep both places and say where the second one came from.
        place.code = f"{place.code}-{unit.code}"[:40]
        place.save(update_fields=["code"])
    known = {post.name: post for post in successor.posts.all()}
    for place in unit.places.filter(post__name__in=known).select_related("post"):
        place.post = known[place.post.name]  # the successor has a post of that name: they work there from now on
        place.save(update_fields=["post"])
    unit.posts.filter(name__in=known).update(is_active=False)
    _hand_over_site_plans(unit, successor)
    heads = list(unit.appointments.covering(day).filter(role=RoleCode.UNIT_HEAD).values_list("person_id", flat=True))
    end_all_of(unit, last=day, by=by)
    moved = {
        "people": unit.people.update(unit=successor),
        "places": unit.places.update(unit=successor),
        "posts": unit.posts.exclude(name__in=successor.posts.values("name")).update(unit=successor),
        "actions": unit.actions.exclude(status__in=["verified", "cancelled"]).update(unit=successor),
        "deadlines": unit.deadlines.filter(status__in=["open", "paused"]).update(unit=successor),
    }
    tell_unit_closed(unit, successor, by=by, now=timezone.now())
    # Its head has no unit any more: what they had to fix as its head goes to the head of the successor.
    hand_over_fixes(successor, heads, by=by, now=timezone.now())
    return moved


def _hand_over_site_plans(unit: Unit, successor: Unit) -> None:
    taken = set(successor.site_plans.values_list("name", flat=True))
    for plan in unit.site_plans.all():
        # Names are unique within a unit: like the codes of places, say where the second one came from.
        plan.name = f"{plan.name[:46]} {unit.code}" if plan.name in taken else plan.name
        plan.unit = successor
        plan.save(update_fields=["unit", "name"])


def _require_right(by: "Person | None", check: Callable[["Person", Any], bool], *units: Unit | None) -> None:
    """For each of the units; without a person it is the house itself that loads or imports."""
    if by is not None:
        require(all(check(by, unit) for unit in units), _("This unit is for someone else to manage."))


def _require_no_past_day(by: "Person | None", day: date) -> None:
    """Who answered for what on a past day is a matter of record; only loading earlier records may say it afterwards."""
    if by is not None and day < timezone.localdate():
        raise ValidationError({"on": _("Choose today: where a unit stood on past days stays as it was.")})


def _require_place(kind: str, parent: Unit | None) -> None:
    """What the database refuses, said before in words."""
    if parent is None and kind == UnitKind.CONTRACTOR:
        raise ValidationError({"parent": _("A contractor stands under its host unit. Choose it.")})
    top = Unit.objects.filter(parent=None).first() if parent is None else None
    if top is not None:
        words = {"unit": top.name}
        raise ValidationError(
            {"parent": _("%(unit)s is the top of the tree. Choose the unit under which this one stands.") % words}
        )
    _require_own_kind(kind, parent)


def _require_own_kind(kind: str, parent: Unit | None) -> None:
    """SECURITY: what a contractor's people see ends at their own unit, which is known by its kind: so are those below it."""
    if parent is not None and parent.kind == UnitKind.CONTRACTOR and kind != UnitKind.CONTRACTOR:
        raise ValidationError({"parent": _("Units of a contractor are contractors themselves. Choose that kind.")})


def _replace_placement(unit: Unit, parent: Unit, day: date) -> None:
    current = UnitPlacement.objects.get(unit=unit, period__endswith=None)
    since = current.period.lower
    if since is not None and since >= day:
        if day < timezone.localdate():
            words = {"day": date_format(since, "DATE_FORMAT")}
            raise ValidationError({"on": _("It stands in its present place since %(day)s. Choose a later day.") % words})
        # Put right on the day itself: no day has passed under it.
        current.parent = parent
        current.save(update_fields=["parent"])
        return
    current.period = DateRange(current.period.lower, day)
    current.save(update_fields=["period"])
    UnitPlacement.objects.create(unit=unit, parent=parent, period=DateRange(day, None))


def _move_paths(old: str, new: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE responsibilities_unit SET path = %s || substr(path, %s) WHERE path LIKE %s",
            [new, len(old) + 1, old.replace("_", r"\_").replace("%", r"\%") + "%"],
        )


def _lock_tree() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])
