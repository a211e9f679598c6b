"""The language of each request: the person's own choice, else the cookie, else the browser's wish."""

from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

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
