"""The three steps every change of state begins with: lock, right, state."""

from typing import TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from safetyplant.access.exceptions import NotAllowed, WrongState

M = TypeVar("M", bound=models.Model)


def locked(queryset: "models.QuerySet[M] | models.Manager[M]", pk: object) -> M:
    """The row, locked until the transaction ends (raises the model's DoesNotExist).

    `of=("self",)`: joined rows stay free, else two workflows sharing a unit would queue on it. The lock comes before the
    join: whoever waited for it while the record went to another person would find no row, since PostgreSQL looks at the new
    row with the old join.
    """
    if not transaction.get_connection(queryset.db).in_atomic_block:
        raise RuntimeError("locked() needs transaction.atomic, else the lock is gone before the change is saved")
    rows = queryset.all()
    if rows.query.select_related:
        rows.select_related(None).select_for_update(of=("self",)).values_list("pk").get(pk=pk)
        return rows.get(pk=pk)
    return rows.select_for_update(of=("self",)).get(pk=pk)


def require(allowed: bool, message: object = "") -> None:
    """NotAllowed (403) unless allowed."""
    if not allowed:
        raise NotAllowed(message or _("You may not do this."))


def require_state(obj: models.Model, *states: str, field: str = "status") -> None:
    """WrongState (409) naming the present state, unless the record is in one of `states`."""
    if getattr(obj, field) in states:
        return
    present = getattr(obj, f"get_{field}_display", lambda: getattr(obj, field))()
    raise WrongState(_("This is not possible any more: the present state is “%(state)s”.") % {"state": present})
