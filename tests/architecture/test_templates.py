"""Templates keep to the strict content security policy and to the reader's language."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

TEMPLATES = sorted(
    path
    for root in (
        settings.BASE_DIR / "templates",
        *settings.BASE_DIR.glob("*/templates"),
        *settings.BASE_DIR.glob("*/*/templates"),
    )
    if not {".venv", "node_modules", "var"} & set(root.relative_to(settings.BASE_DIR).parts)
    for path in root.rglob("*.html")
)
#: Mail readers know no style sheets: mail alone carries its styles with it, and no policy applies to it.
PAGES = [path for path in TEMPLATES if "emails" not in path.parts]

INLINE = {
    "script without src": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "event handler": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "javascript: address": re.compile(r"(?:href|src|action)\s*=\s*[\"']\s*javascript:", re.IGNORECASE),
    "foreign address": re.compile(r"<(?:script|link|img|iframe)[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
    "htmx expression": re.compile(r"\s(?:hx-on[:\w-]*|hx-vals\s*=\s*[\"']js:)", re.IGNORECASE),
}
COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?%}.*?{%\s*endcomment\s*%}", re.DOTALL)


def name_of(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR))


def source_of(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def test_templates_are_found() -> None:
    assert len(PAGES) > 30


@pytest.mark.parametrize("fault", INLINE)
def test_nothing_inline(fault: str) -> None:
    found = [f"{name_of(path)}: {match.group()}" for path in PAGES for match in INLINE[fault].finditer(source_of(path))]

    assert found == []


@pytest.mark.parametrize(
    ("fault", "markup"),
    [
        ("script without src", "<script>alert(1)</script>"),
        ("style element", "<style>p{}</style>"),
        ("style attribute", '<p class="x" style="color:red">'),
        ("event handler", '<a href="#" onclick="go()">'),
        ("javascript: address", '<a href="javascript:go()">'),
        ("foreign address", '<script src="//cdn.example/x.js">'),
        ("htmx expression", '<a hx-on:click="go()">'),
    ],
)
def test_faults_would_be_found(fault: str, markup: str) -> None:
    assert INLINE[fault].search(markup)


def test_every_post_form_carries_the_token() -> None:
    forms = re.compile(r"<form\b[^>]*method\s*=\s*[\"']post[\"'][^>]*>.*?</form>", re.IGNORECASE | re.DOTALL)
    found = [
        name_of(path)
        for path in PAGES
        for form in forms.findall(source_of(path))
        if "csrf_token" not in form and "{% crispy" not in form
    ]

    assert found == []


def test_templates_are_short() -> None:
    assert [name_of(path) for path in TEMPLATES if source_of(path).count("\n") > 150] == []


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_template_compiles(path: Path) -> None:
    """An unknown tag or an unclosed block shows here, not to the first reader of the page."""
    get_template(str(path.relative_to(next(parent for parent in path.parents if parent.name == "templates"))))
