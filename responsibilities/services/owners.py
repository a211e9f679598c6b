"""Who fixes, checks and decides, by the chain and the level's term; always someone alive."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from responsibilities.chain import ChainReader, chain_for
from responsibilities.choices import RoleCode
from responsibilities.services.deadlines import level_term
from responsibilities.standing import standing_of
from safetyplant.access.exceptions import WrongState

if TYPE_CHECKING:
    from responsibilities.models import Level, Person, Unit


def choose_owner(reader: ChainReader, unit: "Unit", level: "Level", field: str = "") -> "Person":
    """Who fixes: the level's owner role for the unit, or the next above when that post is empty."""
    role = level_term(level, reader.on).owner_role
    return someone_for(reader.chain(unit.pk, field).above(None, role), unit)


def choose_verifier(
    reader: ChainReader,
    unit: "Unit",
    level: "Level | None",
    owner: "Person",
    field: str = "",
    *,
    nor: Collection[int] = (),
) -> "Person":
    """Who checks: the level's verifier role, never the fixer; else the next above, else the safety officer.

    Nor those who ever had a hand in it (`nor`). Heads check only where their level is asked for, and when nobody else is
    left: a head who stands in for the leader is passed over.
    """
    chain = reader.chain(unit.pk, field)
    excluded = {owner.pk, *nor}
    role = level_term(level, reader.on).verifier_role if level else RoleCode.LEADER
    officer = reader.officer(unit.pk)
    if role == RoleCode.OFFICER:
        if officer is not None and officer.pk not in excluded:
            return officer
        role = RoleCode.LEADER
    candidates = [link.person for link in chain.from_role(role) if link.person is not None and link.is_alive]
    candidates += [officer] if officer is not None else []
    candidates += list(reversed(chain.people))
    candidates = [person for person in candidates if person.pk not in excluded]
    if role != RoleCode.UNIT_HEAD:
        heads = {link.person.pk for link in chain.links if link.role == RoleCode.UNIT_HEAD and link.person is not None}
        candidates.sort(key=lambda person: person.pk in heads)
    if not candidates and chain.people:
        raise WrongState(
            _("Everyone who could check this fix has worked on it. Let someone else be appointed above the unit first.")
        )
    return someone_for(next(iter(candidates), None), unit)


def choose_approver(
    reader: ChainReader, unit: "Unit", owner: "Person", field: str = "", *, is_far: bool = False, nor: Collection[int] = ()
) -> "Person":
    """Who decides an extension: the leader in charge, else the next above, else the safety officer.

    Never who asks or had a hand in it (`owner`, `nor`), nor who leads the unit's fixes: a head who stands in for the leader is
    passed over. A date farther away than the level's term allows (`is_far`) is the director's to grant.
    """
    chain = reader.chain(unit.pk, field)
    links = [*(chain.from_role(RoleCode.DIRECTOR) if is_far else ()), *chain.from_role(RoleCode.LEADER)]
    candidates = [link.person for link in links if link.person is not None and link.is_alive]
    officer = reader.officer(unit.pk)
    candidates += [officer] if officer is not None else []
    free = (person for person in candidates if person.pk not in {owner.pk, *nor})
    approver = next((person for person in free if standing_of(person, reader.on).decides_for(unit)), None)
    if approver is None and chain.people:
        raise WrongState(
            _("Everyone who could decide about it leads this unit or has worked on the fix. Let someone else be appointed above.")
        )
    return someone_for(approver, unit)


def choose_assessor(reader: ChainReader, unit: "Unit") -> "Person":
    """Who assesses a reported hazard: the unit's safety officer, else up the chain."""
    officer = reader.officer(unit.pk)
    return officer or someone_for(reader.chain(unit.pk).above(None, RoleCode.LEADER), unit)


def require_fixer(person: "Person", unit: "Unit") -> None:
    """ValidationError (`owner`) unless the person has access and belongs to the unit or one below it, or answers for it."""
    if not person.is_active:
        message = _("%(name)s has no access any more. Choose someone else.") % {"name": person.name}
        raise ValidationError({"owner": message})
    belongs = person.unit is not None and person.unit.path.startswith(unit.path)
    if not belongs and person not in chain_for(unit).people:
        message = _("%(name)s neither belongs to this unit nor answers for it") % {"name": person.name}
        raise ValidationError({"owner": message})


def someone_for(person: "Person | None", unit: "Unit") -> "Person":
    """The person, or a refusal that names the unit nobody answers for."""
    if person is None:
        raise WrongState(
            _("Nobody answers for %(unit)s: appoint a unit head, a leader in charge or a director first.") % {"unit": unit.name}
        )
    return person
