"""What stands in the sidebar, the bottom bar and the menus: pages that exist and that this person may open.

Rooms add items with `register(NavItem(...))` from their app's `ready()`, figures with `register_counter`.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.functional import Promise, cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from safetyplant.access.declared import rule_for
from safetyplant.access.rules import Rule

Counter = Callable[[Any], QuerySet]
Describer = Callable[[Any], str | Promise]


@dataclass(frozen=True)
class NavItem:
    """One link. `url_name` is a URL name or, for the outside contract's stable addresses, the path itself.

    Whoever may not open the page never sees the link: the view's own rule decides, `right_check` may narrow it.
    """

    section: str
    label: str | Promise
    icon: str
    url_name: str
    order: int
    right_check: Callable[[Any], bool] | None = None
    counter: str = ""


SECTIONS: dict[str, str | Promise] = {
    "mine": "",
    "field": pgettext_lazy("navigation", "Field"),
    "emergency": pgettext_lazy("navigation", "Emergency"),
    "management": pgettext_lazy("navigation", "Management"),
    "records": pgettext_lazy("navigation", "Organisation"),
}

_items: dict[str, NavItem] = {}
_counters: dict[str, Counter] = {}
_describers: list[Describer] = []


def register(item: NavItem) -> None:
    """Add an item, or replace the one that led to the same page."""
    _items[item.url_name] = item


def register_counter(key: str, count: Counter) -> None:
    """`inbox` (unread messages) and `work` (what one owes): the rows to count, capped. One query counts all, on every page."""
    _counters[key] = count


def register_describer(describe: Describer) -> None:
    """The line under a person's name: the room of responsibilities knows the role, the shell does not."""
    _describers[:] = [describe]


def describe(person: Any) -> str:
    return str(_describers[0](person)) if _describers else str(person.get_username())


for _item in (
    NavItem("mine", _("My work"), "house-door", "/", 10, counter="work"),
    NavItem("mine", _("Inbox"), "inbox", "/inbox/", 20, counter="inbox"),
    NavItem("mine", _("Dashboard"), "bar-chart-line", "/dashboard/", 30),
    NavItem("field", _("Inspections"), "clipboard-check", "/inspections/", 10),
    NavItem("field", _("Hazards"), "exclamation-triangle", "/hazards/", 20),
    NavItem("field", _("Violations"), "person-exclamation", "/violations/", 30),
    NavItem("field", _("Actions"), "wrench", "/actions/", 40),
    NavItem("field", _("Deadlines"), "alarm", "/deadlines/", 50),
    NavItem("field", _("On this phone"), "phone", "/field/", 60),
    NavItem("emergency", _("Drills"), "megaphone", "/drills/", 10),
    NavItem("emergency", _("Plans"), "journal-text", "/plans/", 20),
    NavItem("emergency", _("Accidents"), "bandaid", "/accidents/", 30),
    NavItem("management", _("Responsibilities"), "diagram-3", "/responsibilities/", 10),
    NavItem("management", _("Meetings"), "people", "/meetings/", 20),
    NavItem("management", _("Regulations"), "book", "/regulations/", 30),
    NavItem("management", _("Standards"), "list-check", "/standards/", 40),
    NavItem("management", _("Campaigns"), "trophy", "/campaigns/", 50),
    NavItem("records", _("Units"), "building", "/units/", 10),
    NavItem("records", _("People"), "person-vcard", "/people/", 20),
    NavItem("records", _("Imports"), "file-earmark-arrow-up", "/imports/", 90),
):
    register(_item)


@lru_cache(maxsize=256)
def _page(url_name: str) -> tuple[str, Rule] | None:
    """Address and access rule of a page; None when it does not exist (yet), so that no link is a dead end."""
    try:
        path = url_name if url_name.startswith("/") else reverse(url_name)
        match = resolve(path)
    except (NoReverseMatch, Resolver404):
        return None
    rule = rule_for(match.func, match)
    return None if rule is None else (path, rule)


def address(url_name: str, person: Any) -> str | None:
    """The page's address when it exists and this person may open it."""
    page = _page(url_name)
    return page[0] if page and page[1].admits(person) else None


@dataclass(frozen=True)
class Link:
    label: str | Promise
    icon: str
    url: str
    is_current: bool
    count: int = 0
    counter: str = ""

    @property
    def current_icon(self) -> str:
        return f"{self.icon}-fill" if self.is_current and self.icon in FILLED else self.icon


FILLED = {"house-door", "inbox", "camera", "trophy", "people", "bandaid", "megaphone", "clipboard-check"}


def count_together(rows: dict[str, QuerySet]) -> dict[str, int]:
    """The number of rows of each, in one statement."""
    counts = dict.fromkeys(rows, 0)
    statements: dict[str, str] = {}
    params: list[Any] = []
    for key, queryset in rows.items():
        with suppress(EmptyResultSet):
            ids = queryset.values("pk") if queryset.query.is_sliced else queryset.order_by().values("pk")
            sql, values = ids.query.sql_with_params()
            statements[key] = f"(SELECT count(*) FROM ({sql}) AS counted)"  # noqa: S608 - compiled by the ORM, values apart
            params += values
    if statements:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(statements.values())}", params)
            counts |= dict(zip(statements, cursor.fetchone(), strict=True))
    return counts


class Navigation:
    """The links of one request; nothing is read before a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.person = request.user
        self.markup: SafeString | None = None

    @cached_property
    def counts(self) -> dict[str, int]:
        return count_together({key: count(self.person) for key, count in _counters.items()})

    @cached_property
    def sections(self) -> list[tuple[str | Promise, list[Link]]]:
        offered = [(item, address(item.url_name, self.person)) for item in _items.values()]
        open_to_me = [(i, url) for i, url in offered if url and (i.right_check is None or i.right_check(self.person))]
        current = self._current_of([url for _item, url in open_to_me])
        found: dict[str, list[tuple[int, Link]]] = {}
        for item, url in open_to_me:
            count = self.counts.get(item.counter, 0)
            link = Link(item.label, item.icon, url, url == current, count, item.counter)
            found.setdefault(item.section, []).append((item.order, link))
        order = [*SECTIONS, *sorted(set(found) - set(SECTIONS))]
        return [
            (SECTIONS.get(key, key), [link for _order, link in sorted(found[key], key=lambda pair: pair[0])])
            for key in order
            if key in found
        ]

    @cached_property
    def bottom(self) -> list[Link]:
        """The phone's bar: what one owes, look, report, what is new."""
        wanted = [
            (_("My work"), "house-door", ("/",), ""),
            (pgettext_lazy("navigation", "Inspect"), "clipboard-check", ("/inspections/new/", "/inspections/"), ""),
            (pgettext_lazy("navigation", "Report"), "camera", ("/hazards/new/",), ""),
            (_("Inbox"), "inbox", ("/inbox/",), "inbox"),
        ]
        links = []
        for label, icon, pages, counter in wanted:
            url = next((found for page in pages if (found := address(page, self.person))), None)
            if url is not None:
                links.append((label, icon, url, counter))
        current = self._current_of([url for _label, _icon, url, _counter in links])
        return [
            Link(label, icon, url, url == current, self.counts.get(counter, 0), counter) for label, icon, url, counter in links
        ]

    @cached_property
    def report_url(self) -> str | None:
        return address("/hazards/new/", self.person)

    @cached_property
    def search_url(self) -> str | None:
        return address("/search/", self.person)

    def _current_of(self, urls: list[str]) -> str:
        """The longest address the present page lies under; the home page only for itself."""
        path = self.request.path
        under = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
        return max(under, key=len, default="")
