"""Theme and language: kept in cookies so that the first page after them is already right."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import pgettext_lazy

THEME_COOKIE = "theme"
THEMES = {
    "auto": (pgettext_lazy("theme", "Auto"), "circle-half"),
    "light": (pgettext_lazy("theme", "Light"), "sun"),
    "dark": (pgettext_lazy("theme", "Dark"), "moon-stars"),
}
ONE_YEAR = 60 * 60 * 24 * 365


def theme_of(request: HttpRequest) -> str:
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return theme if theme in THEMES else "auto"


def keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=ONE_YEAR, samesite="Lax", secure=settings.LANGUAGE_COOKIE_SECURE, httponly=True)


def keep_theme(response: HttpResponse, theme: str) -> None:
    keep(response, THEME_COOKIE, theme)


def keep_language(response: HttpResponse, language: str) -> None:
    keep(response, settings.LANGUAGE_COOKIE_NAME, language)
