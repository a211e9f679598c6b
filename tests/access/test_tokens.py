"""Access tokens: shown once, recognised by their digest, refused as soon as they or their person should be."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from responsibilities.models import Person
from safetyplant.access import tokens
from safetyplant.access.exceptions import NotAllowed, WrongState
from safetyplant.access.models import ApiToken


def test_issue_token_keeps_only_the_digest(worker: Person) -> None:
    token, secret = tokens.issue_token(worker, name="export", by=worker)

    stored = ApiToken.objects.get(pk=token.pk)
    assert secret not in (stored.digest, stored.prefix)
    assert stored.digest == tokens.digest_of(secret)
    assert secret.startswith(stored.prefix)


def test_person_for_knows_the_secret_and_nothing_near_it(worker: Person) -> None:
    _token, secret = tokens.issue_token(worker, name="export", by=worker)

    assert tokens.person_for(secret) == worker
    assert tokens.person_for(secret[:-1]) is None
    assert tokens.person_for("") is None
    assert tokens.person_for("sp_\ud800") is None


def test_person_for_refuses_revoked_token(worker: Person) -> None:
    token, secret = tokens.issue_token(worker, name="export", by=worker)
    tokens.revoke_token(token, by=worker)

    assert tokens.person_for(secret) is None


def test_revoke_token_twice_keeps_the_first_moment(worker: Person) -> None:
    token, _secret = tokens.issue_token(worker, name="export", by=worker)
    first = timezone.now()
    tokens.revoke_token(token, by=worker, now=first)
    tokens.revoke_token(token, by=worker, now=first + timedelta(days=1))

    token.refresh_from_db()
    assert token.revoked_at == first


def test_person_for_refuses_inactive_person_at_once(worker: Person) -> None:
    _token, secret = tokens.issue_token(worker, name="export", by=worker)
    Person.objects.filter(pk=worker.pk).update(is_active=False)

    assert tokens.person_for(secret) is None


def test_person_for_notes_use_at_most_every_few_minutes(worker: Person) -> None:
    token, secret = tokens.issue_token(worker, name="export", by=worker)
    start = timezone.now()
    tokens.person_for(secret, now=start)
    tokens.person_for(secret, now=start + timedelta(minutes=1))
    token.refresh_from_db()
    assert token.last_used_at == start

    tokens.person_for(secret, now=start + timedelta(minutes=6))
    token.refresh_from_db()
    assert token.last_used_at == start + timedelta(minutes=6)


def test_issue_token_refuses_endless_tokens(worker: Person) -> None:
    for number in range(tokens.MAX_LIVE_TOKENS):
        tokens.issue_token(worker, name=str(number), by=worker)

    with pytest.raises(WrongState):
        tokens.issue_token(worker, name="one too many", by=worker)


@pytest.mark.parametrize("role", ["director", "officer", "head", "worker2"])
def test_nobody_makes_or_revokes_the_token_of_another(people: Any, role: str) -> None:
    by, worker = getattr(people, role), people.worker
    token, secret = tokens.issue_token(worker, name="export", by=worker)
    with pytest.raises(NotAllowed):
        tokens.issue_token(worker, name="behind their back", by=by)
    with pytest.raises(NotAllowed):
        tokens.revoke_token(token, by=by)
    assert ApiToken.objects.count() == 1
    assert tokens.person_for(secret) == worker


def test_whoever_lost_access_makes_no_token(worker: Person) -> None:
    worker.is_active = False
    with pytest.raises(NotAllowed):
        tokens.issue_token(worker, name="export", by=worker)
