"""Builds the branch factory: units, posts, people, appointments."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from responsibilities.choices import Grade, MailMode, RoleCode, Shift
from responsibilities.models import Appointment, Person, Place, Post, Unit
from responsibilities.services.appointments import appoint_person
from responsibilities.services.units import create_unit
from safetyplant.audit.services import Row, record_many
from safetyplant.demo.data.names import GIVEN, SURNAMES
from safetyplant.demo.data.organisation import APPOINTMENTS, KNOWN, UNITS, Known, UnitPlan
from safetyplant.demo.language import Language, Words

SEED = 20260601
MAIL_DOMAIN = "beihe.example"


@dataclass
class Plant:
    """What was built, by the names the story uses."""

    say: Language
    now: datetime
    units: dict[str, Unit] = field(default_factory=dict)
    posts: dict[tuple[str, str], Post] = field(default_factory=dict)
    known: dict[str, Person] = field(default_factory=dict)
    crews: dict[str, list[Person]] = field(default_factory=dict)
    places: dict[str, list[Place]] = field(default_factory=dict)
    place: dict[str, Place] = field(default_factory=dict)


def build_organisation(plant: Plant) -> None:
    """Units with their posts, everyone who works there, and who answers for what."""
    for plan in UNITS:
        plant.units[plan.code] = create_unit(
            plant.say(plan.name), code=plan.code, kind=plan.kind, parent=plant.units.get(plan.parent)
        )
    posts = plant.posts = _make_posts(plant)
    people = [*_known_people(plant, posts), *_crews(plant, posts)]
    Person.objects.bulk_create(people)
    record_many(
        Row("person.created", person, None, detail={"unit": person.unit.name}, personal={"name": person.name}, at=plant.now)
        for person in people
        if person.unit is not None
    )
    for person in people[len(KNOWN) :]:
        plant.crews.setdefault(person.unit.code, []).append(person)  # type: ignore[union-attr]
    _appoint(plant)


def _make_posts(plant: Plant) -> dict[tuple[str, str], Post]:
    posts: dict[tuple[str, str], Post] = {}
    for plan in UNITS:
        unit = plant.units[plan.code]
        for words in plan.posts + plan.office_posts:
            posts[plan.code, words[0]] = Post(unit=unit, name=plant.say(words), is_front_line=words in plan.posts)
    for known in KNOWN:
        key = (known.unit, known.post[0])
        posts.setdefault(key, Post(unit=plant.units[known.unit], name=plant.say(known.post), is_front_line=False))
    Post.objects.bulk_create(posts.values())
    return posts


def _known_people(plant: Plant, posts: dict[tuple[str, str], Post]) -> Iterator[Person]:
    password = make_password(settings.DEMO_PASSWORD)  # hashed once: it is slow on purpose
    for number, known in enumerate(KNOWN, start=1):
        person = Person(
            username=known.key if known.is_account else f"{10000 + number}",
            name=plant.say(known.name),
            email=_address(known.name, number) if known.is_manager else "",
            phone=f"6-{2000 + number}",
            unit=plant.units[known.unit],
            post=posts[known.unit, known.post[0]],
            grade=Grade.MANAGER if known.is_manager else Grade.WORKER,
            is_middle_level=known.is_middle,
            shift=Shift.DAY if known.is_manager else Shift.A,
            language=_language(plant),
            mail_mode=MailMode.DIGEST if known.key in ("director", "secretary") else MailMode.EACH,
            is_demo=known.is_account,
            password=password if known.is_account else make_password(None),
        )
        plant.known[known.key] = person
        yield person


def _crews(plant: Plant, posts: dict[tuple[str, str], Post]) -> Iterator[Person]:
    rng = random.Random(SEED)  # noqa: S311  # the same people at each load, nothing secret
    names = _names(rng)
    number = 11000
    for plan in UNITS:
        shifts = cycle((Shift.A, Shift.B, Shift.C, Shift.D))
        for words, at_desk in _posts_of(plan):
            number += 1
            name = next(names)
            has_mail = at_desk or rng.random() < 0.2
            yield Person(
                username=str(number),
                name=plant.say(name),
                email=_address(name, number) if has_mail else "",
                phone=f"6-{number - 8000}" if rng.random() < 0.5 else "",
                unit=plant.units[plan.code],
                post=posts[plan.code, words[0]],
                grade=Grade.WORKER,
                shift=Shift.DAY if at_desk else next(shifts),
                language=_language(plant),
                mail_mode=MailMode.DIGEST if rng.random() < 0.3 else MailMode.EACH,
                password=make_password(None),
            )


def _posts_of(plan: UnitPlan) -> Iterator[tuple[Words, bool]]:
    """The post of each of the unit's people, and whether it is one at a desk."""
    at_desk = plan.office_posts[: plan.size]
    yield from ((words, True) for words in at_desk)
    working = plan.posts or plan.office_posts
    # The first post takes two of each round: most of a crew does the unit's main work.
    order = cycle((*working, working[0])) if working else cycle(())
    for _place in range(plan.size - len(at_desk)):
        words = next(order)
        yield words, words not in plan.posts


def _names(rng: random.Random) -> Iterator[Words]:
    """Each name once in both scripts, never that of someone the story names."""
    taken = {known.name[0] for known in KNOWN} | {known.name[1] for known in KNOWN}
    while True:
        family, given = rng.choice(SURNAMES), rng.choice(GIVEN)
        english, chinese = f"{family[0]} {given[0]}", f"{family[1]}{given[1]}"
        if english not in taken and chinese not in taken:
            taken |= {english, chinese}
            yield english, chinese


def _address(name: Words, number: int) -> str:
    local = name[0].lower().replace(" ", ".").replace("ü", "v")
    return f"{local}.{number % 1000}@{MAIL_DOMAIN}"


def _language(plant: Plant) -> str:
    """Empty follows the browser; a Chinese plant writes its mails in Chinese."""
    return "zh-hans" if plant.say.is_chinese else ""


def _appoint(plant: Plant) -> None:
    today = timezone.localdate(plant.now)
    held: dict[tuple[str, str], Appointment] = {}
    for post in APPOINTMENTS:
        appointment = appoint_person(
            plant.known[post.who],
            role=post.role,
            unit=plant.units[post.unit],
            by=None,
            starts_on=today + timedelta(days=post.since),
            ends_on=today + timedelta(days=post.until) if post.until is not None else None,
            field=post.field,
            deputy_of=held[post.deputy_of] if post.deputy_of else None,
        )
        if post.role != RoleCode.DEPUTY:
            held.setdefault((post.who, post.role), appointment)


def account_keys() -> list[str]:
    return [known.key for known in KNOWN if known.is_account]


__all__ = ["Known", "Plant", "account_keys", "build_organisation"]
