"""Deny by default: a view without a declared rule admits nobody. And refusals raised by workflows become answers."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from safetyplant.access.declared import rule_for
from safetyplant.access.exceptions import Refusal
from safetyplant.access.rendering import error_response, is_api, is_partial, is_script, problem
from safetyplant.access.tokens import person_for, secret_in

logger = logging.getLogger(__name__)


#: What a device may keep: the phone's pages and what makes them work without a network, and files that are nobody's.
KEPT = ("/field/", "/sw.js", "/manifest.webmanifest", "/favicon.ico", settings.STATIC_URL)


class KeepingMiddleware:
    """What becomes of a response outside: no other site takes it in, and no browser or proxy stores it unless it says so itself.

    SECURITY: outermost, so that static files and errors pass here too. A page may show names, and on a shared computer the next
    person would find it behind the back button after logging out. Whether someone is signed in is not asked: that would cost a
    query, or fail where the database does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith(KEPT):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class RecordPersonMiddleware:
    """A phone says whose records it sends (`X-Record-Person`): they are never taken in under another name.

    SECURITY: people who share a phone take over from each other while it is sending; what is on the way then belongs to the one
    before. 401, so that the phone keeps it until that person is back. Before the check of the CSRF token, whose 403 would read as
    a refusal of the record.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        claimed = request.headers.get("X-Record-Person")
        if claimed is not None and claimed != str(request.user.pk):
            return problem(request, HTTPStatus.UNAUTHORIZED, _("Somebody else is signed in on this device now."))
        return self.get_response(request)


class DeclaredAccessMiddleware:
    """Reads the rule of the view that is about to run (DESIGN §4.1: an undeclared URL is denied)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        rule = rule_for(view, match) if match is not None else None
        if rule is None:
            logger.error("No access rule is declared for %s (%s): denied", match.route if match else "", request.path)
            return error_response(request, HTTPStatus.FORBIDDEN)
        if is_api(request):
            _take_token(request)
        if rule.admits(request.user):
            return None
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        return error_response(request, HTTPStatus.FORBIDDEN)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Workflows refuse by raising; the page and the API answer alike."""
        if isinstance(exception, Refusal):
            code = type(exception).__name__
            return error_response(request, exception.status, message=exception.message, code=code)
        if isinstance(exception, ValidationError):
            return error_response(request, HTTPStatus.UNPROCESSABLE_ENTITY, message=" ".join(exception.messages))
        return None


def _take_token(request: HttpRequest) -> None:
    """SECURITY: a bearer token decides alone who is asking; a wrong one never falls back to the session's cookie."""
    secret = secret_in(request)
    if secret is not None:
        request.api_token_used = True  # type: ignore[attr-defined]
        request.user = person_for(secret) or AnonymousUser()


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if is_partial(request) or is_script(request):
        response = problem(request, HTTPStatus.UNAUTHORIZED, _("Sign in and try again. Nothing was changed."))
        response["WWW-Authenticate"] = 'Bearer realm="SafetyPlant"'
        return response
    # After a POST there is nothing to return to: the address alone would only answer "not allowed".
    return redirect_to_login(request.get_full_path() if request.method in ("GET", "HEAD") else "/")
