"""Template tags and filters known in every template (a builtin library).

{% level code label %}  {% state code label %}  {% due at met=… stack=True %}  {% when moment %}  {{ day|day }}
{% person who note does you %}  {% ava who %}  {% ref number url %}  {% icon "wrench" %}
{% timeline entries %}  {% chain links %}  {% facts pairs %}  {% kpi … %}  {% empty_state … %}
{% banner … %}  {% pager page %}  {% chip … %}  {% field form.name %}  {% error_summary form %}  {% tri … %}  {% seg … %}
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from safetyplant.shell import moments
from safetyplant.shell.looks import LEVEL_LOOKS, state_look

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str) -> SafeString:
    """A decorative icon; the word stands beside it."""
    return format_html('<i class="bi bi-{}" aria-hidden="true"></i>', name)


@register.simple_tag
def level(code: Any, label: object = None, *, solid: bool = False) -> SafeString:
    """The level tile with its word. Takes a code (`g3`, `g2`, `g1`, `m`) and a label, or a level with `code` and `word`."""
    if code is None or code == "":
        return mark_safe("")
    label = label if label is not None else getattr(code, "word", code)
    key = str(getattr(code, "code", code)).lower()
    return _level_tile(key, str(label), solid)


@lru_cache(maxsize=128)
def _level_tile(key: str, label: str, solid: bool) -> SafeString:
    look, in_list, on_tile = LEVEL_LOOKS.get(key, ("g3", "info-lg", "info-circle-fill"))
    classes = f"sp-level {look}{' solid' if solid else ''}"
    return format_html('<span class="{}">{}{}</span>', classes, icon(on_tile if solid else in_list), label)


@register.simple_tag
def state(code: Any, label: object = None, *, tone: str = "", icon_name: str = "") -> SafeString:
    """The state chip: `{% state action.status action.get_status_display %}`. Lateness is not a state, see `due`."""
    look = state_look(str(code))
    label = label if label is not None else getattr(code, "label", code)
    classes = f"sp-state {tone or look.tone}".strip()
    return format_html('<span class="{}">{}{}</span>', classes, icon(icon_name or look.icon), label)


@register.simple_tag
def due(
    at: date | None, *, met: datetime | None = None, stack: bool = False, paused: bool = False, now: datetime | None = None
) -> SafeString:
    """A deadline: relative first, absolute after; late, done or ahead. `stack` puts them under each other (tables)."""
    if at is None:
        return mark_safe("")
    text = moments.due_text(at, met=met, paused=paused, now=now)
    classes = " ".join(part for part in ("sp-due", text.tone, "stack" if stack else "") if part)
    stamp = moments.local(at).isoformat() if isinstance(at, datetime) else at.isoformat()
    return format_html(
        '<span class="{}">{}<b>{}</b> <small><time datetime="{}">{}</time></small></span>',
        classes,
        icon(text.icon),
        text.relative,
        stamp,
        text.absolute,
    )


@register.simple_tag
def when(moment: date | None, *, now: datetime | None = None) -> SafeString:
    """`Yesterday 16:05` inside a <time> with the exact moment."""
    if moment is None:
        return mark_safe("")
    stamp = moments.local(moment).isoformat() if isinstance(moment, datetime) else moment.isoformat()
    return format_html('<time datetime="{}">{}</time>', stamp, moments.moment_text(moment, now=now))


@register.filter
def day(moment: date | None) -> str:
    """`18 June`; 6月18日."""
    return moments.day_text(moment) if moment else ""


@register.filter
def weekday(moment: date | None) -> str:
    """`Thu 18 June`; 6月18日 星期四."""
    return moments.day_text(moment, weekday=True) if moment else ""


@register.filter
def clock(moment: datetime | None) -> str:
    return moments.clock_text(moment) if moment else ""


@register.filter
def span(value: Any) -> str:
    """How long a timedelta is, in words."""
    return moments.span_text(value) if value is not None else ""


def initials_of(who: Any) -> str:
    """The surname character in Chinese, two capitals in Latin."""
    own = getattr(who, "initials", None)
    if own:
        return str(own)
    name = str(who).strip()
    if name and name[0] > "⺀":
        return name[0]
    return "".join(word[0] for word in name.split()[:2]).upper()


@register.simple_tag
def ava(who: Any, *, small: bool = False, you: Any = None) -> SafeString:
    """The avatar; `you` is the reader, whose own avatar is petrol."""
    is_me = you is not None and getattr(you, "pk", None) is not None and getattr(who, "pk", None) == you.pk
    classes = f"sp-ava{' sm' if small else ''}{' you' if is_me else ''}"
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, initials_of(who))


@register.simple_tag
def person(who: Any, *, note: object = "", does: object = "", you: Any = None, tight: bool = False, url: str = "") -> SafeString:
    """Name with avatar; `note` under it, `does` at the right (fixes it, checks it), `tight` for tables."""
    if not who:
        return format_html('<span class="muted">{}</span>', gettext("Nobody yet"))
    name = format_html('<a class="quiet" href="{}">{}</a>', url, who) if url else who
    if tight:
        return format_html('<span class="sp-person tight">{}<span>{}</span></span>', ava(who, small=True, you=you), name)
    is_me = you is not None and getattr(who, "pk", None) == getattr(you, "pk", object())
    mark = gettext("(you)")  # not inside an f-string: the collector of strings does not read those
    return format_html(
        '<div class="sp-person">{}<div><b>{}{}</b>{}</div>{}</div>',
        ava(who, you=you),
        name,
        f" {mark}" if is_me else "",
        format_html("<small>{}</small>", note) if note else "",
        format_html('<span class="does">{}</span>', does) if does else "",
    )


@register.simple_tag
def nav_sections(nav: Any) -> SafeString:
    """All pages by section: a heading and its links. Drawn once; it stands beside the page and in the phone's menu."""
    if nav.markup is None:
        nav.markup = format_html_join(
            "",
            '<div>{}<ul class="plain">{}</ul></div>',
            (
                (
                    format_html("<h2>{}</h2>", title) if title else "",
                    format_html_join("", "<li>{}</li>", ((nav_link(link, link.icon),) for link in links)),
                )
                for title, links in nav.sections
            ),
        )
    markup: SafeString = nav.markup
    return markup


@register.simple_tag
def nav_link(link: Any, icon_name: str) -> SafeString:
    current = mark_safe(' aria-current="page"') if link.is_current else ""
    return format_html('<a href="{}"{}>{}{}{}</a>', link.url, current, icon(icon_name), link.label, _count(link))


def _count(link: Any) -> SafeString | str:
    if not link.count:
        return ""
    shown = "99+" if link.count > 99 else link.count
    if link.counter == "inbox":
        words = gettext("unread")
        return format_html('<span class="sp-count num late">{}</span><span class="vh">{}</span>', shown, words)
    return format_html('<span class="sp-count num">{}</span>', shown)


@register.simple_tag(takes_context=True)
def my_menu(context: template.Context) -> SafeString:
    """What one does with one's own account; drawn once, shown beside the page and in the phone's menu."""
    shell = context["shell"]
    if shell.my_menu is None:
        shell.my_menu = context.template.engine.get_template("_shell/me.html").render(context)  # type: ignore[union-attr]
    menu: SafeString = shell.my_menu
    return menu


@register.simple_tag
def ref(number: object, url: str = "") -> SafeString:
    """A record or well number, which never breaks over a line."""
    if url:
        return format_html('<a class="ref num" href="{}">{}</a>', url, number)
    return format_html('<span class="ref num">{}</span>', number)


@register.inclusion_tag("_components/timeline.html")
def timeline(entries: Iterable[Any]) -> dict[str, Any]:
    """What happened, newest first: entries with actor, icon, tone, sentence, quote, time."""
    return {"entries": entries}


@register.inclusion_tag("_components/chain.html")
def chain(links: Iterable[Any], you: Any = None) -> dict[str, Any]:
    """Who answers: links with `person`, `title` (role), `note` (acting for…), `does`."""
    return {"links": links, "you": you}


@register.inclusion_tag("_components/facts.html")
def facts(pairs: Iterable[tuple[object, object]]) -> dict[str, Any]:
    """Label and value; empty values are left out."""
    return {"pairs": [(label, value) for label, value in pairs if value not in (None, "")]}


@register.simple_tag
def kpi(
    label: object,
    value: object,
    *,
    url: str = "",
    delta: object = "",
    delta_tone: str = "",
    delta_icon: str = "",
    definition: object = "",
) -> SafeString:
    """A key figure: figure (a link to its records), delta with its base, definition in words."""
    figure = format_html('<a class="num" href="{}">{}</a>' if url else '<span class="num figure">{1}</span>', url, value)
    change, words = SafeString(""), SafeString("")
    if delta:
        mark = icon(delta_icon) if delta_icon else ""
        change = format_html('<span class="sp-delta {}">{}{}</span>', delta_tone, mark, delta)
    if definition:
        words = format_html('<p class="def">{}</p>', definition)
    return format_html('<div class="sp-card sp-kpi"><h3>{}</h3><div class="fig">{}{}</div>{}</div>', label, figure, change, words)


@register.inclusion_tag("_components/empty.html")
def empty_state(
    title: object, text: object = "", *, icon_name: str = "inbox", url: str = "", action: object = ""
) -> dict[str, Any]:
    """Nothing yet: what to do first, one button."""
    return {"title": title, "text": text, "icon_name": icon_name, "url": url, "action": action}


BANNER_ICONS = {"late": "exclamation-circle-fill", "ok": "check-circle-fill", "check": "exclamation-circle"}


@register.inclusion_tag("_components/banner.html")
def banner(title: object, text: object = "", *, tone: str = "", url: str = "", action: object = "") -> dict[str, Any]:
    """Page-wide news: what happened, what was kept, what to do. Tones: late, ok, check or none."""
    icon_name = BANNER_ICONS.get(tone, "info-circle")
    return {"title": title, "text": text, "tone": tone, "icon_name": icon_name, "url": url, "action": action}


@register.inclusion_tag("_components/pager.html", takes_context=True)
def pager(context: template.Context, page: Any) -> dict[str, Any]:
    """Under a list: how many are shown in which order, and the way to more."""
    return {"page": page, "request": context.get("request")}


@register.inclusion_tag("_components/chip.html")
def chip(label: object, value: object, remove_url: str = "") -> dict[str, Any]:
    """A filter in force, as removable words."""
    return {"label": label, "value": value, "remove_url": remove_url}
