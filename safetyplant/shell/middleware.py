"""The language of each request: the person's own choice, else the cookie, else the browser's wish."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from safetyplant.access.rendering import is_partial, is_script, problem

KNOWN_LANGUAGES = {code for code, _name in settings.LANGUAGES}


def language_for(request: HttpRequest) -> str:
    """A signed-in person's language follows them to every device; before that the cookie, then the browser."""
    return _own_language(request) or translation.get_language_from_request(request)


def _own_language(request: HttpRequest) -> str:
    try:
        language = getattr(request.user, "language", "")
    except (OperationalError, InterfaceError):
        # Without database the error page that follows still speaks the reader's language, as far as the cookie knows it.
        return ""
    return language if language in KNOWN_LANGUAGES else ""


class OwnPasswordMiddleware:
    """Whoever signed in with a temporary password chooses one of their own before anything else."""

    ALLOWED = ("account_change_password", "account_logout", "account_login", "set_language", "language", "theme")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        if not getattr(request.user, "must_change_password", False):
            return None
        match = request.resolver_match
        if match is not None and (match.url_name in self.ALLOWED or match.route.startswith(("healthz", "readyz"))):
            return None
        if is_partial(request) or is_script(request):
            # Where the redirect leads is a page, which a script would take for success.
            return problem(request, 403, _("Choose a password of your own first. Nothing was changed."))
        return redirect("account_change_password")


class PersonLocaleMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_for(request)
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", language)
        return response
