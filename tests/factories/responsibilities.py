"""People, units and appointments for tests."""

from datetime import date, timedelta
from typing import Any

import factory
from django.utils import timezone

from responsibilities import services
from responsibilities.choices import Grade, RoleCode, UnitKind
from responsibilities.models import Appointment, Person, Place, Post, Unit

PASSWORD = "safety-month"  # of people who exist in tests alone


class UnitFactory(factory.Factory):
    """Through the service, so that path and dated placement are as in real life.

    The first one is the branch factory at the top of the tree; another without a parent stands right under it.
    """

    class Meta:
        model = Unit

    name = factory.Sequence(lambda n: f"Unit {n}")
    code = factory.Sequence(lambda n: f"U{n:04}")
    kind = factory.LazyAttribute(lambda unit: UnitKind.STATION if unit.parent else UnitKind.BRANCH)
    parent = None

    @classmethod
    def _create(cls, model_class: type[Unit], *args: Any, **kwargs: Any) -> Unit:
        kwargs["parent"] = kwargs.get("parent") or Unit.objects.filter(parent=None).first()
        return services.create_unit(kwargs.pop("name"), **kwargs)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"p{n:05}")
    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.LazyAttribute(lambda person: f"{person.username}@plant.example")
    unit = factory.SubFactory(UnitFactory)

    @classmethod
    def _create(cls, model_class: type[Person], *args: Any, **kwargs: Any) -> Person:
        password = kwargs.pop("password", None)
        person = model_class(**kwargs)
        if password is None:
            person.set_unusable_password()
        else:
            person.set_password(password)
        person.save()
        return person


class PostFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Post

    unit = factory.SubFactory(UnitFactory)
    name = factory.Sequence(lambda n: f"Post {n}")


class PlaceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Place

    unit = factory.SubFactory(UnitFactory)
    kind = "well"
    code = factory.Sequence(lambda n: f"W-{n:04}")
    name = factory.LazyAttribute(lambda place: f"Well {place.code}")


class AppointmentFactory(factory.django.DjangoModelFactory):
    """In force since a year ago, until further notice, unless said otherwise."""

    class Meta:
        model = Appointment

    person = factory.SubFactory(PersonFactory)
    unit = factory.SubFactory(UnitFactory)
    role = RoleCode.UNIT_HEAD
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=365))


def appoint(person: Person, role: str, unit: Unit, *, since: date | None = None, **kwargs: Any) -> Appointment:
    """Give `person` a role and let them forget the standing they had worked out before."""
    if since is not None:
        kwargs["starts_on"] = since
    person.__dict__.pop("standing", None)
    appointment: Appointment = AppointmentFactory(person=person, role=role, unit=unit, **kwargs)
    return appointment


def manager(**kwargs: Any) -> Person:
    person: Person = PersonFactory(grade=Grade.MANAGER, is_middle_level=True, **kwargs)
    return person
