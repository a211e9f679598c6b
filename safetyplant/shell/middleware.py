"""The language of each request: the person's own choice, else the cookie, else the browser's wish."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

KNOWN_LANGUAGES = {code for code, _name in settings.LANGUAGES}


def language_for(request: HttpRequest) -> str:
    """A signed-in person's language follows them to every device; before that the cookie, then the browser."""
    person = request.user
    if person.is_authenticated and getattr(person, "language", "") in KNOWN_LANGUAGES:
        return person.language
    return translation.get_language_from_request(request)


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
