"""Which accounts have signed in on a device before: a signed cookie that names nobody.

A whole plant may sit behind one address. Whoever guesses there uses up tries of others; people on their own devices get in all
the same, and each device has its own five wrong passwords per account (`guessing`).
"""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

SALT = "safetyplant.shell.devices"
AGE = 60 * 60 * 24 * 180
#: A control room's computer is shared by all shifts; the one longest unseen goes first.
MOST_ACCOUNTS = 40


@dataclass(frozen=True)
class Device:
    """`key` tells devices apart when wrong passwords are counted; `accounts` are digests, so that a lent cookie names nobody."""

    key: str
    accounts: tuple[str, ...] = ()

    def knows(self, username: str) -> bool:
        return _digest(username) in self.accounts


def device_of(request: HttpRequest) -> Device | None:
    """None for a device nobody has signed in on, and for a cookie that is not ours or too old."""
    try:
        key, *accounts = signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=AGE)
    except (signing.BadSignature, ValueError):
        return None
    return Device(key, tuple(accounts))


def remember(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Called once someone is signed in, with the second factor too where there is one."""
    known = device_of(request) or Device(secrets.token_urlsafe(12))
    mine = _digest(username)
    accounts = [mine, *(each for each in known.accounts if each != mine)][:MOST_ACCOUNTS]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps([known.key, *accounts], salt=SALT),
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _digest(username: str) -> str:
    return salted_hmac(SALT, username.strip().casefold(), algorithm="sha256").hexdigest()[:20]
