"""People and their access: made, changed, suspended at once, restored."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from responsibilities import permissions
from responsibilities.chain import ChainReader
from responsibilities.models import Person, Unit
from responsibilities.services.handover import hand_over_work, next_above
from safetyplant.access.exceptions import WrongState
from safetyplant.access.tokens import revoke_all_tokens
from safetyplant.access.transitions import locked, require
from safetyplant.audit.services import record
from safetyplant.notifications.services import notify
from safetyplant.shell.guessing import forget_guesses

#: Without letters and figures that are read or typed wrongly over the telephone.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
#: Contact details and names can be erased later, so they never enter the part of an event that stays for good.
PERSONAL_FIELDS = frozenset({"name", "email", "phone"})
FIELDS = ("username", "name", "email", "phone", "unit", "post", "grade", "is_middle_level", "shift", "language", "mail_mode")


def temporary_password() -> str:
    """Three groups of five: 74 bits, easy to read out."""
    return "-".join("".join(secrets.choice(ALPHABET) for _place in range(5)) for _group in range(3))


@transaction.atomic
def create_person(*, by: Person | None, with_password: bool = True, **fields: Any) -> tuple[Person, str]:
    """A new person, and the password they sign in with first, which exists only in this return value.

    Without a password (an import of thousands) nobody signs in as them until someone resets it.
    """
    if by is not None:
        require(_may_manage(by, fields.get("unit")), _("People of this unit are for someone else to manage."))
    person = Person(**fields)
    secret = temporary_password() if with_password else ""
    person.set_password(secret or None)
    person.must_change_password = bool(secret)
    person.full_clean()
    person.save()
    unit = person.unit.name if person.unit else ""
    record("person.created", person, by=by, detail={"unit": unit}, personal={"name": person.name})
    return person, secret


@transaction.atomic
def update_person(person: Person, *, by: Person, **fields: Any) -> Person:
    """Write the given fields. Moving someone to another unit needs the right for both units."""
    person = locked(Person.objects.select_related("unit", "post"), person.pk)
    require(permissions.can_manage_person(by, person), _("People of this unit are for someone else to manage."))
    if "unit" in fields:
        require(_may_manage(by, fields["unit"]), _("People of this unit are for someone else to manage."))
    if fields.get("email", person.email) != person.email:
        require(permissions.can_change_email(by, person), _("The e-mail address of this person is for someone else to change."))
    before = {name: _in_words(person, name) for name in fields}
    for name, value in fields.items():
        setattr(person, name, value)
    person.full_clean(exclude=["password"])
    person.save(update_fields=list(fields))
    _record_changes(person, before, by=by)
    return person


def _record_changes(person: Person, before: Mapping[str, str], *, by: Person) -> None:
    changed = {name: [old, _in_words(person, name)] for name, old in before.items() if old != _in_words(person, name)}
    if not changed:
        return
    record(
        "person.changed",
        person,
        by=by,
        changes={name: pair for name, pair in changed.items() if name not in PERSONAL_FIELDS},
        personal={"name": person.name, **{f"{name}_was": changed[name][0] for name in PERSONAL_FIELDS & set(changed)}},
    )


def _in_words(person: Person, name: str) -> str:
    if name in ("grade", "shift", "mail_mode"):
        return str(getattr(person, name))
    value = getattr(person, name)
    return "" if value is None else str(value)


def _may_manage(by: Person, unit: Unit | None) -> bool:
    return permissions.can_manage_person(by, Person(unit=unit))


@transaction.atomic
def suspend_person(person: Person, *, by: Person | None, reason: str, now: datetime | None = None) -> Person:
    """Take access away at once; the next request of this person is refused. Their open work goes up the chain.

    Appointments stay as they are: the organisation page marks the link as a gap until someone is appointed. Sessions and
    access tokens end for good: what was open on a lost phone does not come alive again with the access. `by=None` is the
    house itself (`manage.py suspend_access`), for someone whom nobody else may suspend.
    """
    moment = now or timezone.now()
    person = locked(Person.objects.select_related("unit"), person.pk)
    if by is not None:
        require(permissions.can_suspend_person(by, person), _("Access of this person is for someone else to suspend."))
    if not person.is_active:
        raise WrongState(_("%(name)s has no access already.") % {"name": person.name})
    person.is_active = False
    person.end_sessions()
    person.save(update_fields=["is_active", "session_round"])
    revoke_all_tokens(person, now=moment)
    handed = hand_over_work(person, by=by, now=moment)
    detail = {"count": handed, "quote": reason}
    record("person.suspended", person, by=by, detail=detail, personal={"name": person.name}, at=moment)
    _tell_suspended(person, handed, by=by, now=moment)
    return person


def _tell_suspended(person: Person, handed: int, *, by: Person | None, now: datetime) -> None:
    """Those who answer for the unit hear of it, since one of theirs is missing from now on."""
    if person.unit is None or by is None:
        return
    above = next_above(ChainReader(timezone.localdate(now)).chain(person.unit.pk), person)
    recipients = [above] if above is not None and above.pk != by.pk else []
    params = {"name": person.name, "by": by.name, "count": handed}
    notify("person.suspended", recipients, params=params, link=person_link(person), now=now)


@transaction.atomic
def restore_person(person: Person, *, by: Person, now: datetime | None = None) -> Person:
    """Give access back. Work that was handed over stays where it went."""
    person = locked(Person.objects.select_related("unit"), person.pk)
    require(permissions.can_suspend_person(by, person), _("Access of this person is for someone else to restore."))
    if person.is_active:
        raise WrongState(_("%(name)s has access already.") % {"name": person.name})
    if person.is_external:
        raise WrongState(_("%(name)s is known by name only and has no account.") % {"name": person.name})
    person.is_active = True
    person.save(update_fields=["is_active"])
    record("person.restored", person, by=by, personal={"name": person.name}, at=now)
    return person


@transaction.atomic
def reset_password(person: Person, *, by: Person, now: datetime | None = None) -> str:
    """A new temporary password, shown once to whoever resets it; all sessions and access tokens of the person end.

    SECURITY: the person is told, so that a reset behind their back does not go unnoticed.
    """
    person = locked(Person.objects.select_related("unit"), person.pk)
    require(permissions.can_reset_password(by, person), _("The password of this person is for someone else to reset."))
    if not person.is_active:
        raise WrongState(_("%(name)s has no access. Restore it first.") % {"name": person.name})
    secret = temporary_password()
    person.set_password(secret)
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    revoke_all_tokens(person, now=now)
    forget_guesses(person.username)
    record("person.password_reset", person, by=by, personal={"name": person.name}, at=now)
    notify("person.password_reset", [person], params={"by": by.name}, link=person_link(person), urgent=True, now=now)
    return secret


def person_link(person: Person) -> str:
    return f"/people/{person.pk}/"
