"""Theme and language: person, then cookie, then browser."""

import pytest
from django.test import Client

from responsibilities.models import Person

pytestmark = pytest.mark.django_db
CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9"}


def language_of(client: Client, **headers: str) -> str:
    return client.get("/login/", headers=headers)["Content-Language"]


def test_language_of_browser_then_cookie(client: Client) -> None:
    assert language_of(client, **CHINESE) == "zh-hans"
    client.post("/language/", {"language": "en"})
    assert language_of(client, **CHINESE) == "en"


def test_language_of_person_wins_and_follows_them(client: Client, worker: Person) -> None:
    client.force_login(worker)
    client.post("/language/", {"language": "zh-hans"})
    elsewhere = Client()
    elsewhere.force_login(worker)

    page = elsewhere.get("/account/")
    assert page["Content-Language"] == "zh-hans"
    assert '<html lang="zh-Hans"' in page.content.decode()


@pytest.mark.parametrize("language", ["fr", "", "../en"])
def test_unknown_language_changes_nothing(client: Client, worker: Person, language: str) -> None:
    client.force_login(worker)

    assert client.post("/language/", {"language": language}).cookies == {}
    worker.refresh_from_db()
    assert worker.language == ""


@pytest.mark.parametrize(("theme", "scheme"), [("auto", "light dark"), ("light", "light"), ("dark", "dark")])
def test_theme_is_in_the_first_byte(client: Client, theme: str, scheme: str) -> None:
    client.post("/theme/", {"theme": theme})
    page = client.get("/login/").content.decode()

    assert f'data-bs-theme="{theme}"' in page
    assert f'<meta name="color-scheme" content="{scheme}">' in page


def test_theme_from_a_forged_cookie_is_ignored(client: Client) -> None:
    client.cookies["theme"] = '"><script>'

    assert 'data-bs-theme="auto"' in client.get("/login/").content.decode()


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
@pytest.mark.parametrize("address", ["/language/", "/theme/"])
def test_choices_never_lead_to_another_site(client: Client, address: str, url: str) -> None:
    assert client.post(address, {"next": url})["Location"] == "/"


def test_choices_lead_back(client: Client) -> None:
    assert client.post("/theme/", {"theme": "dark", "next": "/login/?next=/hazards/"})["Location"] == "/login/?next=/hazards/"


@pytest.mark.parametrize("address", ["/language/", "/theme/"])
def test_get_changes_nothing(client: Client, address: str) -> None:
    assert client.get(address).status_code == 405
