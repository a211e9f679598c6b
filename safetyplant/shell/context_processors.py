"""What the page around everything needs: theme, languages, navigation. Lazy: an error page must not touch the database."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from safetyplant.access.declared import RECORDS
from safetyplant.shell.navigation import Navigation, describe
from safetyplant.shell.preferences import THEMES, theme_of

#: A language is named in itself: whoever cannot read the page can still find their own.
LANGUAGE_NAMES = {"en": ("en", "English"), "zh-hans": ("zh-Hans", "中文")}


class Shell:
    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.my_menu: SafeString | None = None

    @cached_property
    def nav(self) -> Navigation:
        return Navigation(self.request)

    @property
    def theme(self) -> str:
        return theme_of(self.request)

    @property
    def color_scheme(self) -> str:
        return {"auto": "light dark"}.get(self.theme, self.theme)

    @property
    def themes(self) -> list[tuple[str, Any, str]]:
        return [(key, label, icon) for key, (label, icon) in THEMES.items()]

    @property
    def html_language(self) -> str:
        return LANGUAGE_NAMES.get(get_language() or "en", ("en", ""))[0]

    @property
    def other_languages(self) -> list[tuple[str, str, str]]:
        """Languages one could switch to: code, HTML code, own name."""
        present = get_language()
        return [(code, *LANGUAGE_NAMES.get(code, (code, name))) for code, name in settings.LANGUAGES if code != present]

    @cached_property
    def role(self) -> str:
        return describe(self.request.user)

    @property
    def reads_records(self) -> bool:
        return RECORDS.admits(self.request.user)

    @property
    def here(self) -> str:
        return self.request.get_full_path()


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell(request)}
