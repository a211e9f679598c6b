"""Every address declares who may enter (DESIGN §4.1)."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from safetyplant.access.declared import rule_for


class Match:
    """As much of a ResolverMatch as a rule looks at."""

    def __init__(self, pattern: URLPattern, namespaces: tuple[str, ...]) -> None:
        self.url_name, self.namespaces = pattern.name, list(namespaces)


def views_of(
    resolver: URLResolver, route: str = "", namespaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, URLPattern, tuple[str, ...]]]:
    for entry in resolver.url_patterns:
        below = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from views_of(entry, below, (*namespaces, *((entry.namespace,) if entry.namespace else ())))
        else:
            yield below, entry, namespaces


def rule_of(pattern: URLPattern, namespaces: tuple[str, ...]) -> Any:
    return rule_for(pattern.callback, Match(pattern, namespaces))


def test_every_address_declares_its_rule() -> None:
    undeclared = [route for route, pattern, namespaces in views_of(get_resolver()) if rule_of(pattern, namespaces) is None]

    assert undeclared == []


def test_public_addresses_are_few_and_known() -> None:
    public = {route for route, pattern, namespaces in views_of(get_resolver()) if rule_of(pattern, namespaces).is_public}

    assert public <= {
        "healthz",
        "readyz",
        "login/",
        "login/code/",
        "language/",
        "favicon.ico",
        "theme/",
        "sw.js",
        "manifest.webmanifest",
        "switch/",
        "q/<uuid:label>/",
        "q/<uuid:label>/report/",
        "report/",
        "report/<str:code>/",
        "calendar/<str:secret>.ics",
        "offline/",
    }
