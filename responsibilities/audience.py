"""Whom a step of a deadline speaks to, as people who are there to hear it."""

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from django.conf import settings

from responsibilities.chain import Chain, ChainReader
from responsibilities.choices import RoleCode
from responsibilities.models import Person
from responsibilities.schedules import Step

if TYPE_CHECKING:
    from responsibilities.models import Deadline

OWNER, UPPER_OFFICE = "owner", "upper_office"


class Addressees:
    """Turns "owner, unit head" into people, by the chain of the day.

    Rule (catalogue.json `escalation.rule`): one message per person and step; an addressee who is missing or inactive, and
    from the first step after the date also one who is the owner, is replaced by the next above; the director is last.
    Of a late check the fixer is passed over as well: nobody answers for the one who is to check them. What is late with a
    contractor is told to its contract managers together with its head, before it climbs to the host's leader.
    """

    def __init__(self, reader: ChainReader) -> None:
        self._reader = reader
        self._fixers: Mapping[int, Collection[int]] = {}
        self._people: dict[int, Person] = {}
        self._last_resort: Person | None = None

    def know_fixers(self, fixers: Mapping[int, Collection[int]]) -> None:
        """Whose fix is checked, by the deadline of the check."""
        self._fixers = fixers

    def of(self, deadline: "Deadline", step: Step) -> list[int]:
        """Ids of the people to tell, the addressed level first; never empty while anyone in the plant is alive."""
        chain = self._reader.chain(deadline.unit_id, deadline.field)
        found: dict[int, Person] = {}
        for person in self._resolve(chain, deadline, step):
            found.setdefault(person.pk, person)
        if not found:
            last = chain.director or self._anyone()
            found = {last.pk: last} if last else {}
        self._people.update(found)
        return list(found)

    def person(self, pk: int) -> Person:
        """A person that `of` has named before."""
        return self._people[pk]

    def _resolve(self, chain: Chain, deadline: "Deadline", step: Step) -> Iterator[Person]:
        for who in step.audience:
            person = self._one(chain, deadline, step, who)
            if person is not None:
                yield person
            if who == RoleCode.UNIT_HEAD and step.is_late:
                passed_over = {deadline.owner_id, *self._fixers.get(deadline.pk, ())}
                yield from (each for each in chain.contract_managers if each.pk not in passed_over)

    def _one(self, chain: Chain, deadline: "Deadline", step: Step, who: str) -> Person | None:
        if who == OWNER:
            return deadline.owner if deadline.owner.is_active else chain.above(deadline.owner_id, RoleCode.UNIT_HEAD)
        if who == UPPER_OFFICE:
            return self._upper_office() or chain.director
        if not step.is_late:
            return chain.above(None, who) or chain.director
        return chain.above(deadline.owner_id, who, nor=self._fixers.get(deadline.pk, ())) or chain.director

    def _upper_office(self) -> Person | None:
        number = settings.UPPER_OFFICE_EMPLOYEE
        return Person.objects.filter(username=number, is_active=True).first() if number else None

    def _anyone(self) -> Person | None:
        """A plant without a director still has someone who keeps the house: its safety officers."""
        if self._last_resort is None:
            holders = Person.objects.active().filter(
                appointments__role__in=[RoleCode.DIRECTOR, RoleCode.LEADER, RoleCode.OFFICER]
            )
            self._last_resort = holders.order_by("pk").first()
        return self._last_resort
