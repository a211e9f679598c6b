"""Guessing passwords: whoever guesses is stopped, nobody else is; and no answer tells who exists."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from responsibilities.models import Person
from responsibilities.services.people import reset_password
from safetyplant.shell.guessing import forget_guesses
from tests.shell.test_accounts import PASSWORD, log_in

pytestmark = pytest.mark.django_db
ATTACKER = "203.0.113.7"
WRONG, MANY, ELSEWHERE = "is not right", "Too many wrong attempts from this device", "Too many wrong attempts with this account"


@pytest.fixture(autouse=True)
def _fresh_counts(settings: object) -> None:
    """Nothing counted yet, and limits a test can reach; hashing passwords is slow on purpose, and not what is asked here."""
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    small = {"login_failed_noise": "7/5m/ip", "login_failed_elsewhere": "6/h/key", "login_failed_ceiling": "12/5m/ip"}
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, **small}


@pytest.fixture
def member(worker: Person) -> Person:
    return with_password(worker)


@pytest.fixture
def other(worker2: Person) -> Person:
    return with_password(worker2)


def with_password(person: Person) -> Person:
    person.set_password(PASSWORD)
    person.save()
    return person


def guess(times: int, *, at: str = "127.0.0.1", username: str = "worker") -> list[str]:
    """What an unknown device is told, each time a new one: cookies thrown away."""
    return [answer(log_in(Client(REMOTE_ADDR=at), username=username, password=f"wrong {number}")) for number in range(times)]


def answer(response: object) -> str:
    assert response.status_code == 422
    page = response.content.decode()
    return next(text for text in (WRONG, MANY, ELSEWHERE) if text in page)


def signs_in(client: Client, username: str = "worker") -> bool:
    response = log_in(client, username=username)
    client.post("/logout/")
    return response.status_code == 302


def known_device(username: str = "worker", **extra: str) -> Client:
    client = Client(**extra)
    assert signs_in(client, username)
    return client


def test_five_wrong_passwords_stop_new_devices_at_that_address_for_this_account_alone(member: Person, other: Person) -> None:
    own = known_device()
    assert guess(4, at=ATTACKER) == [WRONG] * 4
    assert guess(2, at=ATTACKER)[-1] == MANY
    assert signs_in(own)
    assert signs_in(Client())
    assert signs_in(Client(REMOTE_ADDR=ATTACKER), "worker2")


def test_a_noisy_address_leaves_everyone_their_first_tries(member: Person, other: Person) -> None:
    """A hundred people mistype at the change of shift, or someone tries one password on all: the plant still gets in."""
    for number in range(7):
        guess(1, username=f"nobody{number}")
    assert signs_in(Client())
    assert signs_in(Client(), "worker2")
    assert guess(3, username="worker2") == [WRONG, WRONG, MANY], "fewer tries than where all is quiet"
    assert signs_in(Client())


def test_far_beyond_honest_mistakes_an_address_takes_nobody_new_but_all_known_devices(member: Person, other: Person) -> None:
    own, elsewhere = known_device(), Client(REMOTE_ADDR="198.51.100.9")
    for number in range(12):
        guess(1, username=f"nobody{number}")
    assert guess(1, username="worker2") == [MANY]
    assert signs_in(own)
    assert signs_in(elsewhere, "worker2")


def test_guesses_from_many_addresses_are_counted_together_and_shut_nobody_out_of_the_plant(member: Person) -> None:
    own = known_device()
    answers = [guess(1, at=f"203.0.113.{number}")[0] for number in range(8)]
    assert answers == [WRONG] * 6 + [ELSEWHERE] * 2
    assert signs_in(own)
    own.defaults["REMOTE_ADDR"] = "203.0.113.99"
    assert signs_in(own), "a known device at any address"
    assert signs_in(Client()), "a new device where people of the plant work"
    assert not signs_in(Client(REMOTE_ADDR="198.51.100.9"))


def test_who_signs_in_for_the_first_time_is_not_shut_out_from_afar(member: Person, other: Person) -> None:
    known_device("worker2")
    for number in range(7):
        guess(1, at=f"203.0.113.{number}")
    assert signs_in(Client())


def test_a_new_password_of_the_officer_lifts_the_count(member: Person, officer: Person) -> None:
    for number in range(7):
        guess(1, at=f"203.0.113.{number}")
    far = Client(REMOTE_ADDR="198.51.100.9")
    assert not signs_in(far)
    secret = reset_password(member, by=officer)
    assert log_in(far, password=secret).status_code == 302


def test_a_refused_try_uses_up_nothing(member: Person) -> None:
    """Who is refused because of others keeps their own tries."""
    for number in range(6):
        guess(1, at=f"203.0.113.{number}")
    assert guess(9, at=ATTACKER) == [ELSEWHERE] * 9
    forget_guesses("worker")
    assert guess(5, at=ATTACKER) == [WRONG] * 5


def test_right_passwords_are_never_counted(member: Person) -> None:
    for _time in range(14):
        assert signs_in(Client())


@pytest.mark.parametrize("spelling", ["worker", "Worker", " worker ", "WORKER"])
def test_the_spelling_of_a_number_gives_no_further_tries(member: Person, spelling: str) -> None:
    guess(5)
    assert guess(1, username=spelling) == [MANY]


@pytest.mark.parametrize("where", ["here", "everywhere"])
def test_who_exists_is_told_by_no_answer(member: Person, where: str) -> None:
    """The same pages for a known and an unknown number, before, at and after each limit."""
    Person.objects.filter(pk=member.pk).update(username="10471")
    told = {}
    for username in ("10471", "10472"):
        cache.clear()
        at = [ATTACKER] * 8 if where == "here" else [f"203.0.113.{number}" for number in range(8)]
        pages = [log_in(Client(REMOTE_ADDR=address), username=username, password="wrong").content.decode() for address in at]
        told[username] = [
            re.sub(r'(csrf-token" content|csrfmiddlewaretoken" value|nonce)="[^"]*"', "", page).replace(username, "…")
            for page in pages
        ]
    assert told["10471"] == told["10472"]
    assert (MANY if where == "here" else ELSEWHERE) in told["10471"][-1]


def test_refused_before_anything_is_looked_up(member: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that time tells nothing either, and strangers cost no hashing."""
    guess(5)
    guess(5, username="nobody")
    looked = []
    monkeypatch.setattr("responsibilities.backends.PersonBackend.authenticate", lambda *args, **kwargs: looked.append(args))
    assert guess(2) == guess(2, username="nobody") == [MANY, MANY]
    assert looked == []


def exhaust_the_address() -> None:
    for number in range(12):
        guess(1, username=f"nobody{number}")


def test_a_known_device_may_not_guess_either(client: Client, member: Person) -> None:
    log_in(client)
    client.post("/logout/")
    for _attempt in range(5):
        assert log_in(client, password="wrong").status_code == 422

    assert "Too many wrong attempts" in log_in(client).content.decode()


def test_a_device_remembers_all_who_share_it_and_names_nobody(client: Client, member: Person, worker2: Person) -> None:
    worker2.set_password(PASSWORD)
    worker2.save()
    for name in ("worker", "worker2"):
        log_in(client, username=name)
        client.post("/logout/")
    cookie = client.cookies["device"]
    exhaust_the_address()

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert "worker" not in cookie.value
    for name in ("worker", "worker2"):
        assert log_in(client, username=name).status_code == 302
        client.post("/logout/")


@pytest.mark.parametrize("forged", ["", "x", "eyJ9:x:y", "é"])
def test_a_forged_device_is_a_stranger(client: Client, member: Person, forged: str) -> None:
    log_in(client)
    client.post("/logout/")
    client.cookies["device"] = forged + client.cookies["device"].value[:-4]
    exhaust_the_address()

    assert log_in(client).status_code == 422
