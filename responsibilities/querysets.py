"""Which rows of the organisation exist for whom, and the questions asked of them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone

from responsibilities.roles import RANKS, Right
from safetyplant.reporting.scopes import Scope

if TYPE_CHECKING:
    from responsibilities.models import Person, Unit


class UnitQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """The organisation is public inside the plant; contractors' people see their own branch of it and its hosts."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.unit_id and user.unit.kind == "contractor" and not user.standing.everywhere(Right.VIEW_RECORDS):
            return self.filter(Q(path__startswith=user.unit.path) | Q(pk__in=user.unit.ancestor_ids))
        return self

    def active(self) -> Self:
        return self.filter(is_active=True)

    def under(self, unit: "Unit") -> Self:
        """The unit itself and all below it, in today's tree."""
        return self.filter(path__startswith=unit.path)


class CertifiedDeviceQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """For those who register them; a phone itself only learns whether it is one."""
        allowed = user.is_authenticated and user.standing.everywhere(Right.MANAGE_CATALOGUE)
        return self if allowed else self.none()

    def in_force(self, on: date) -> Self:
        return self.filter(withdrawn_at=None, valid_until__gte=on)


class PlaceQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.unit_id and user.unit.kind == "contractor" and not user.standing.everywhere(Right.VIEW_RECORDS):
            return self.filter(unit__path__startswith=user.unit.path)
        return self

    def active(self) -> Self:
        return self.filter(is_active=True)


class PostQuerySet(PlaceQuerySet):
    """Posts follow their unit, as places do."""


class SitePlanQuerySet(PlaceQuerySet):
    """Site plans follow their unit, as places do."""


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """Names and posts of colleagues are known to all who work here; contractors' people see their own unit's.

        SECURITY: people known by name only appear in old records of violations, so each exists for those alone who may see
        persons of that unit.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        visible = self
        if user.unit_id and user.unit.kind == "contractor" and not user.standing.everywhere(Right.VIEW_RECORDS):
            visible = self.filter(Q(unit__path__startswith=user.unit.path) | Q(pk=user.pk))
        if not user.standing.everywhere(Right.VIEW_PERSONAL):
            known = Q(is_external=False)
            for path in user.standing.paths(Right.VIEW_PERSONAL):
                known |= Q(unit__path__startswith=path)
            visible = visible.filter(known)
        return visible

    def active(self) -> Self:
        return self.filter(is_active=True)


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    use_in_migrations = True

    def create_user(self, username: str, name: str, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(username=username, name=name, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, username: str, name: str, password: str | None = None, **fields: Any) -> "Person":
        return self.create_user(username, name, password, is_superuser=True, **fields)


class AppointmentQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """Who holds which role is announced to all units, so everyone who sees the unit sees its appointments."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.unit_id and user.unit.kind == "contractor" and not user.standing.everywhere(Right.VIEW_RECORDS):
            return self.filter(Q(unit__path__startswith=user.unit.path) | Q(unit_id__in=user.unit.ancestor_ids))
        return self

    def covering(self, on: date | None = None) -> Self:
        """Appointments in force on a day, first and last day included."""
        day = on or timezone.localdate()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def within_rank(self, user: "Person") -> Self:
        """Posts whose holder nobody ranks above `user` for: `Standing.ranks_with`, asked of many at once."""
        within = ~Q(role__in=RANKS)
        for grant in user.standing.grants:
            roles = [code for code, rank in RANKS.items() if rank <= grant.role.rank]
            within |= Q(role__in=roles) & (Q(unit__path__startswith=grant.path) if grant.reaches_below else Q(unit=grant.unit_id))
        return self.filter(within)

    def to_hand_over(self, on: date) -> Self:
        """Over before this day, with what came to the person by it still where it was."""
        return self.filter(handed_over_at=None, ends_on__lt=on)

    def not_over(self, on: date | None = None) -> Self:
        """In force on a day, or on a later one."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on or timezone.localdate()))


class ChainSnapshotQuerySet(models.QuerySet):
    """Reached through the records that carry it; has no list of its own."""


class DeadlineQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """One's own, and those of the units whose records one may see."""
        return visible_by_unit(self.known_to(user), user, Q(owner=user))

    def known_to(self, user: "Person") -> Self:
        """SECURITY: what is owed about someone's violation tells of it, so it takes the right to see persons of the unit."""
        if not user.is_authenticated:
            return self.none()
        return self if user.standing.everywhere(Right.VIEW_PERSONAL) else self.filter(_known("", user))

    def open(self) -> Self:
        return self.filter(status="open")

    def late(self, now: datetime) -> Self:
        return self.open().filter(due_at__lt=now)

    def due_for_sweep(self, now: datetime) -> Self:
        """What the sweep must look at now: follows the partial index, so the cost is what is due, not what exists."""
        return self.filter(next_step_at__isnull=False, next_step_at__lte=now).order_by("next_step_at", "pk")


class ReminderQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        if not user.is_authenticated:
            return self.none()
        if user.standing.everywhere(Right.VIEW_ENGINE):
            return self
        return self.filter(recipient=user)


class EscalationQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        known = self
        if user.is_authenticated and not user.standing.everywhere(Right.VIEW_PERSONAL):
            known = self.filter(_known("deadline__", user) | Q(addressee=user))
        return visible_by_unit(known, user, Q(addressee=user) | Q(deadline__owner=user), unit_field="deadline__unit")

    def waiting(self) -> Self:
        """An answer is owed now."""
        return self.unsettled().filter(suspended_at__isnull=True)

    def unsettled(self) -> Self:
        """Owed now, or again if what it is about is returned."""
        return self.filter(settled_at__isnull=True)


class CorrectiveActionQuerySet(models.QuerySet):
    def visible_to(self, user: "Person") -> Self:
        """Its people, and whoever may see the records of the lead unit or of a unit that assists."""
        if not user.is_authenticated:
            return self.none()
        model: Any = self.model
        assisted = model.assisting_units.through.objects.filter(unit_id__in=user.standing.unit_ids(Right.VIEW_RECORDS))
        return visible_by_unit(self, user, Q(owner=user) | Q(verifier=user) | Q(pk__in=assisted.values("correctiveaction_id")))


def _known(path: str, user: "Person") -> Q:
    units = user.standing.unit_ids(Right.VIEW_PERSONAL)
    return Q(**{f"{path}is_personal": False}) | Q(**{f"{path}owner": user}) | Q(**{f"{path}unit_id__in": units})


def visible_by_unit(queryset: Any, user: "Person", own: Q, *, unit_field: str = "unit", right: Right = Right.VIEW_RECORDS) -> Any:
    """Rows of the units for which the right is held, and the person's `own`; no predicate for whoever sees everything."""
    if not user.is_authenticated or not user.is_active:
        return queryset.none()
    if user.standing.everywhere(right):
        return queryset
    return queryset.filter(Q(**{f"{unit_field}_id__in": user.standing.unit_ids(right)}) | own)


def scope_by_unit(
    base: Any, user: "Person", own: Callable[[], tuple[Q, ...]], *, right: Right = Right.VIEW_RECORDS
) -> Scope | None:
    """How a long list finds fast the rows that `visible_by_unit` describes; None for whoever sees everything.

    `base`: the rows before `visible_to`, filtered like the list. `own`: one's own rows, each condition with an index of its own.
    """
    if user.standing.everywhere(right):
        return None
    return Scope(unit_ids=user.standing.unit_ids(right), also=own(), base=base)
