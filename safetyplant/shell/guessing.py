"""How often a password may be guessed, so that whoever guesses gets nowhere and nobody else is shut out (docs/adr/0015).

A whole plant may sit behind one address, and anyone can type anyone's employee number. So wrong passwords are counted where they
are typed, never for an account as a whole:

- A device on which the account has signed in before (`devices`): by itself, whatever happens elsewhere.
- Any other device: by account and address. An address at which many things fail leaves each account fewer tries, but no account
  none; only far beyond what honest mistakes can add up to it takes nobody new for a while.
- An account that is guessed at from many addresses: counted over all those from which nobody has ever signed in.

SECURITY: what is counted is what was typed, known or not, before anything is looked up: neither answer nor time tells who exists.
"""

from collections.abc import Iterator

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest

from safetyplant.shell.devices import AGE, device_of

APP = "allauth.account"
#: The limits stand in settings.ACCOUNT_RATE_LIMITS.
KNOWN, PAIR, NOISY_PAIR, ELSEWHERE, NOISE, CEILING = (
    "login_failed_known",
    "login_failed",
    "login_failed_noisy",
    "login_failed_elsewhere",
    "login_failed_noise",
    "login_failed_ceiling",
)


class TooMany(Exception):
    """No more tries for now. `code` names the message of the account adapter."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def count_try(request: HttpRequest, username: str) -> ratelimit.RateLimitUsage:
    """Count a try before the password is looked at; a right one is rolled back. Raises TooMany, and then counts nothing."""
    taken = ratelimit.RateLimitUsage(usage=[])
    for action, key, code in _limits(request, name_of(username)):
        usage = ratelimit.consume(request, app=APP, action=action, key=key)
        if usage is None:
            taken.rollback()
            raise TooMany(code)
        taken.usage += usage.usage
    return taken


def name_of(username: str) -> str:
    return username.strip().casefold()


def _limits(request: HttpRequest, name: str) -> Iterator[tuple[str, str, str]]:
    """What this try counts against, in order: the limit, its key, and what is said when it is reached."""
    here, elsewhere = "too_many_login_attempts", "too_many_login_attempts_elsewhere"
    device = device_of(request)
    if device is not None and device.knows(name):
        yield KNOWN, f"{device.key}:{name}", here
        return
    pair = f"{name}:{ratelimit.get_ip(request)}"
    is_noisy = ratelimit.consume(request, app=APP, action=NOISE, dry_run=True) is None
    yield PAIR, pair, here
    if is_noisy:
        yield NOISY_PAIR, pair, here
    if not is_known_address(request):
        yield ELSEWHERE, name, elsewhere
    if not is_noisy:
        yield NOISE, "", here
    yield CEILING, "", here


def remember_address(request: HttpRequest) -> None:
    """Someone has signed in from here, so this is where people of the plant work: guesses made elsewhere shut nobody out here.

    Not remembered by account: who signs in for the very first time does it where the others work.
    """
    cache.set(_address_key(request), 1, AGE)


def is_known_address(request: HttpRequest) -> bool:
    return cache.get(_address_key(request)) is not None


def forget_guesses(username: str) -> None:
    """A new password was given: guesses at the old one keep nobody out."""
    ratelimit.clear(HttpRequest(), app=APP, action=ELSEWHERE, key=name_of(username))


def _address_key(request: HttpRequest) -> str:
    return f"signed-in-from:{ratelimit.get_ip(request)}"
