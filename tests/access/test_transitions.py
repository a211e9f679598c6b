"""Lock, right, state: the three steps before every change."""

import pytest
from django.db import transaction

from responsibilities.models import Person
from safetyplant.access.exceptions import NotAllowed, WrongState
from safetyplant.access.transitions import locked, require, require_state


@pytest.mark.django_db(transaction=True)
def test_locked_outside_a_transaction_is_a_mistake(worker: Person) -> None:
    with pytest.raises(RuntimeError):
        locked(Person.objects.all(), worker.pk)


def test_locked_returns_the_row(worker: Person) -> None:
    with transaction.atomic():
        assert locked(Person.objects.select_related("unit"), worker.pk) == worker


def test_locked_outside_the_queryset_does_not_exist(worker: Person) -> None:
    with transaction.atomic(), pytest.raises(Person.DoesNotExist):
        locked(Person.objects.exclude(pk=worker.pk), worker.pk)


def test_require_refuses_with_the_sentence() -> None:
    require(True, "never said")
    with pytest.raises(NotAllowed, match="Only the owner"):
        require(False, "Only the owner")


def test_require_state_names_the_present_state() -> None:
    person = Person(grade="worker")
    require_state(person, "worker", "manager", field="grade")
    with pytest.raises(WrongState, match="Worker"):
        require_state(person, "manager", field="grade")
