"""Login at the contract's address and fields; lock-out; the account pages."""

import pytest
from django.core.cache import cache
from django.test import Client

from responsibilities.models import Person
from safetyplant.access.models import ApiToken
from safetyplant.access.tokens import issue_token, person_for
from safetyplant.audit.history import history

PASSWORD = "a quiet morning at the well"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_rate_limits() -> None:
    cache.clear()


@pytest.fixture
def member(worker: Person) -> Person:
    worker.set_password(PASSWORD)
    worker.save()
    return worker


def log_in(client: Client, username: str = "worker", password: str = PASSWORD, **extra: str) -> object:
    return client.post("/login/", {"username": username, "password": password, **extra})


def test_login_page_has_the_contracts_fields(client: Client) -> None:
    page = client.get("/login/").content.decode()

    assert 'name="username"' in page
    assert 'name="password"' in page
    assert 'name="login"' not in page


def test_login_goes_where_one_wanted_to_go(client: Client, member: Person) -> None:
    response = log_in(client, next="/hazards/")

    assert response.status_code == 302
    assert response["Location"] == "/hazards/"
    assert client.session["_auth_user_id"] == str(member.pk)


def test_login_never_leads_to_another_site(client: Client, member: Person) -> None:
    assert log_in(client, next="https://evil.example/")["Location"] == "/"


def test_wrong_password_is_422_and_tells_nothing(client: Client, member: Person) -> None:
    wrong = log_in(client, password="wrong")
    unknown = log_in(client, username="nobody", password="wrong")

    assert wrong.status_code == unknown.status_code == 422
    sentence = "The employee number or the password is not right."
    assert sentence in wrong.content.decode()
    assert sentence in unknown.content.decode()


@pytest.mark.parametrize("external", [False, True])
def test_inactive_or_external_person_cannot_log_in(client: Client, member: Person, external: bool) -> None:
    Person.objects.filter(pk=member.pk).update(is_active=False, is_external=external)
    response = log_in(client)

    assert response.status_code == 422
    assert "This account is closed" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_lock_out_after_five_wrong_passwords(client: Client, member: Person) -> None:
    for _attempt in range(5):
        log_in(client, password="wrong")
    response = log_in(client)

    assert response.status_code == 422
    assert "Too many wrong attempts from this device" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_lock_out_of_a_stranger_leaves_the_owner_alone(client: Client, member: Person) -> None:
    stranger = Client(REMOTE_ADDR="203.0.113.7")
    for _attempt in range(6):
        log_in(stranger, password="wrong")

    assert log_in(client).status_code == 302


def test_logout_needs_a_post(client: Client, member: Person) -> None:
    client.force_login(member)
    assert client.get("/logout/").status_code == 200
    assert "_auth_user_id" in client.session

    assert client.post("/logout/")["Location"] == "/login/"
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up(client: Client) -> None:
    for address in ("/signup/", "/accounts/signup/", "/account/signup/", "/account/email/"):
        assert client.get(address).status_code == 404


def test_demo_accounts_are_offered_when_loaded(client: Client, director: Person, settings: object) -> None:
    assert "Demo accounts" not in client.get("/login/").content.decode()
    Person.objects.filter(pk=director.pk).update(is_demo=True)
    assert "Demo accounts" in client.get("/login/").content.decode()

    settings.IS_PRODUCTION = True
    assert "Demo accounts" not in client.get("/login/").content.decode()


def test_account_saves_language_and_mail(client: Client, member: Person) -> None:
    client.force_login(member)
    response = client.post("/account/", {"language": "zh-hans", "mail_mode": "digest"})

    assert response.status_code == 302
    member.refresh_from_db()
    assert (member.language, member.mail_mode) == ("zh-hans", "digest")
    assert client.get("/account/")["Content-Language"] == "zh-hans"


def test_account_refuses_unknown_choice(client: Client, member: Person) -> None:
    client.force_login(member)

    assert client.post("/account/", {"language": "fr", "mail_mode": "each"}).status_code == 422


def test_password_change_ends_every_session(client: Client, member: Person) -> None:
    elsewhere = Client()
    elsewhere.force_login(member)
    client.force_login(member)
    new = "another quiet morning"
    response = client.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert response.status_code == 302
    assert elsewhere.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 302
    member.refresh_from_db()
    assert member.check_password(new)


def test_token_secret_is_shown_once(client: Client, member: Person) -> None:
    client.force_login(member)
    created = client.post("/account/tokens/", {"name": "nightly export"})
    token = ApiToken.objects.get(person=member)
    secret = created.context["secret"]

    assert created.status_code == 201
    assert secret in created.content.decode()
    assert person_for(secret) == member
    assert token.name == "nightly export"
    assert secret not in client.get("/account/tokens/").content.decode()


def test_token_of_someone_else_cannot_be_revoked(client: Client, member: Person, worker2: Person) -> None:
    token, _secret = issue_token(worker2, name="theirs", by=worker2)
    client.force_login(member)

    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    token.refresh_from_db()
    assert token.is_live


def test_token_revoke(client: Client, member: Person) -> None:
    token, secret = issue_token(member, name="mine", by=member)
    client.force_login(member)

    assert client.get(f"/account/tokens/{token.pk}/revoke/").status_code == 405
    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 302
    assert person_for(secret) is None


def test_second_factor_is_asked_for_except_of_demo_accounts(client: Client, member: Person) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret  # noqa: PLC0415 - needs the app registry

    TOTP.activate(member, generate_totp_secret())
    assert log_in(client)["Location"] == "/login/code/"
    assert "_auth_user_id" not in client.session
    assert client.get("/login/code/").status_code == 200

    Person.objects.filter(pk=member.pk).update(is_demo=True)
    assert log_in(Client())["Location"] == "/"


@pytest.mark.parametrize("address", ["/account/", "/account/password/", "/account/tokens/", "/account/mfa/"])
def test_account_pages_need_a_login(client: Client, address: str) -> None:
    assert client.get(address)["Location"].startswith("/login/?next=")


@pytest.mark.parametrize("address", ["/account/", "/account/password/", "/account/tokens/", "/account/mfa/"])
def test_account_pages_open(client: Client, member: Person, address: str) -> None:
    client.force_login(member)

    assert client.get(address).status_code == 200


def test_second_factor_is_changed_only_after_the_password_once_more(client: Client, member: Person) -> None:
    client.force_login(member)
    asked = client.get("/account/mfa/totp/activate/")
    assert asked["Location"].startswith("/account/confirm/?next=")
    assert client.get(asked["Location"]).status_code == 200

    confirmed = client.post(asked["Location"], {"password": PASSWORD}, follow=True)
    assert confirmed.status_code == 200
    assert "Scan this with an authenticator app" in confirmed.content.decode()


def test_tokens_are_told_in_the_history_of_their_person(client: Client, member: Person) -> None:
    client.force_login(member)
    client.post("/account/tokens/", {"name": "nightly export"})
    client.post(f"/account/tokens/{ApiToken.objects.get(person=member).pk}/revoke/")
    told = [entry.event.action for entry in history(member)]
    assert told == ["account.token_revoked", "account.token_made"]
    assert "nightly export" in history(member)[0].sentence
