"""Who is asking: a bearer token, or the session of a signed-in page (then with its CSRF token on unsafe methods)."""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware
from ninja.errors import HttpError

SAFE = ("GET", "HEAD", "OPTIONS")


class _CsrfCheck(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def token_or_session(request: HttpRequest) -> Any:
    """The person, already recognised by the access middleware; None answers 401.

    SECURITY: API views are exempt from Django's CSRF check, so it is made here whenever the cookie decides who is asking.
    """
    if not request.user.is_authenticated:
        return None
    if not getattr(request, "api_token_used", False) and request.method not in SAFE:
        check = _CsrfCheck(lambda _request: None)  # type: ignore[arg-type,return-value]
        check.process_request(request)
        if check.process_view(request, _unexempt, (), {}):  # type: ignore[arg-type]
            raise HttpError(403, "CSRF")
    return request.user


def _unexempt() -> None:
    """A view without the exemption, so that the check is really made."""
